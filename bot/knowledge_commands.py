"""`app.py knowledge …`: what the owners of the content can do with it.

One function per command, each loading only what it needs. A command gets the settings and what was said, and gives the
exit code: 0 fine, 1 something is wrong.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

from bot.settings import Settings

FINE, WRONG, REFUSED = 0, 1, 2

Run = Callable[[Settings, argparse.Namespace], int]


class UnclearCommandError(Exception):
    """What was typed is no command; the message says in Dutch what to do."""


class Parser(argparse.ArgumentParser):
    """Reads one command; what it cannot read it says in Dutch, where argparse would stop the program in English."""

    def error(self, message: str) -> NoReturn:
        if "required" in message:
            raise UnclearCommandError(
                f"Er ontbreekt iets. Zo gebruik je het: {self.format_usage()[7:].strip()}"
            )
        raise UnclearCommandError(
            f"Dat begrijp ik niet. Zo gebruik je het: {self.format_usage()[7:].strip()}"
        )


def parse(arguments: Sequence[str]) -> tuple[Run, argparse.Namespace] | str:
    """Read what stands after `app.py knowledge`: what to run with which arguments, or the help that was asked for.

    Raises `UnclearCommandError` when it is no command.
    """
    commands: dict[str, Parser] = {}

    def command(name: str, run: Run, explanation: str) -> Parser:
        commands[name] = Parser(prog=f"app.py knowledge {name}", description=explanation, add_help=False)
        commands[name].set_defaults(run=run)
        return commands[name]

    schemas = command("schemas", _schemas, "schrijf JSON-schema's, zodat een tekstprogramma meekijkt")
    schemas.add_argument("map", nargs="?", type=Path)

    export = command("export", _export, "schrijf de hele kennis naar een .xlsx, een .json of een map met CSV")
    export.add_argument("naar", type=Path)
    take_in = command("import", _import, "lees criteria uit CSV of Excel in een lijst om te beoordelen")
    take_in.add_argument("bestand", type=Path)
    for name in ("bron", "versie", "datum"):
        take_in.add_argument(f"--{name}", default="")
    accept = command("accept", _accept, "neem beoordeelde criteria over in de productgroepen")
    accept.add_argument("bestand", type=Path)
    coverage = command("matrix", _matrix, "laat zien welke criteria er per categorie, thema en niveau zijn")
    coverage.add_argument("--csv", action="store_true")
    reporting = command("report", _report, "laat per rol zien wat er aan de kennis te doen is")
    reporting.add_argument("--rol")
    command("versions", _versions, "noem elke versie die in gebruik was, met het aantal aanvragen")
    show = command("show", _show, "laat iets zien zoals het in een versie was (nu: de map zoals die nu is)")
    show.add_argument("versie")
    show.add_argument("item")
    diff = command("diff", _diff, "zeg wat een wijziging doet: onderdelen, vragen en open gesprekken")
    diff.add_argument("van", nargs="?")
    diff.add_argument("naar", nargs="?")

    unknown = command("unknown", _unknown, "noem wat collega's zochten en Moi niet herkende")
    unknown.add_argument("--alles", action="store_true")
    command("feedback", _feedback, "noem wat collega's van de vragen en het advies vinden")
    command("agreements", _agreements, "noem elke werkafspraak, en hoe vaak die gevolgd is of niet")
    word = command("word", _word, "voeg een zoekwoord toe aan een productgroep")
    word.add_argument("groep")
    word.add_argument("woord")

    if not arguments or arguments[0] in ("-h", "--help"):
        lines = [f"  {name:<10} {parser.description}" for name, parser in commands.items()]
        return "\n".join(["gebruik: app.py knowledge OPDRACHT", "", "opdrachten:", *lines])
    name, *rest = arguments
    if name not in commands:
        near = get_close_matches(name, commands, n=1)
        hint = f"Bedoel je {near[0]}?" if near else "Met app.py knowledge --help zie je wat er kan."
        raise UnclearCommandError(f"{name} ken ik niet. {hint}")
    said = commands[name].parse_args(rest)
    return said.run, said


def _schemas(settings: Settings, said: argparse.Namespace) -> int:
    from knowledge.schemas import write_schemas

    for path in write_schemas(said.map or settings.data_dir / "schemas"):
        print(path)
    return FINE


def _export(settings: Settings, said: argparse.Namespace) -> int:
    from bot.knowledge_files import export

    return export(settings, said)


def _import(settings: Settings, said: argparse.Namespace) -> int:
    from bot.knowledge_files import take_in

    return take_in(settings, said)


def _accept(settings: Settings, said: argparse.Namespace) -> int:
    from bot.knowledge_files import accept

    return accept(settings, said)


def _matrix(settings: Settings, said: argparse.Namespace) -> int:
    from cards.care import matrix_rows, matrix_text
    from knowledge.care.depth import matrix
    from knowledge.loading import load

    knowledge = load(settings.knowledge_dir)
    if said.csv:
        # With a byte order mark and semicolons a Dutch spreadsheet opens it at once.
        sys.stdout.write("\ufeff")
        csv.writer(sys.stdout, delimiter=";").writerows(matrix_rows(knowledge))
    else:
        print(matrix_text(knowledge))
    return WRONG if any(cell.holes for cell in matrix(knowledge)) else FINE


def _report(settings: Settings, said: argparse.Namespace) -> int:
    from cards.care import report_view
    from cards.plain import text
    from knowledge.care.report import report
    from knowledge.check import check_with_care
    from knowledge.mistakes import KnowledgeError, nearest

    checked = check_with_care(date.today(), settings.knowledge_dir)
    if checked.material is None:
        raise KnowledgeError(checked.errors)
    roles = {
        word.casefold(): role.name
        for role in checked.material.knowledge.roles.values()
        for word in (role.id, role.name)
    }
    role = roles.get(said.rol.casefold()) if said.rol else None
    if said.rol and role is None:
        print(f"De rol '{said.rol}' ken ik niet. {nearest(said.rol, set(roles.values()))}", file=sys.stderr)
        return REFUSED
    print(text(report_view(report(checked.material, checked.errors, checked.findings), role)))
    return FINE


def _versions(settings: Settings, said: argparse.Namespace) -> int:
    from bot.knowledge_history import versions

    return versions(settings, said)


def _show(settings: Settings, said: argparse.Namespace) -> int:
    from bot.knowledge_history import show

    return show(settings, said)


def _diff(settings: Settings, said: argparse.Namespace) -> int:
    from bot.knowledge_history import diff

    return diff(settings, said)


def _unknown(settings: Settings, said: argparse.Namespace) -> int:
    from bot.knowledge_words import unknown

    return unknown(settings, said)


def _feedback(settings: Settings, said: argparse.Namespace) -> int:
    from bot.knowledge_feedback import show

    return show(settings, said)


def _agreements(settings: Settings, said: argparse.Namespace) -> int:
    from bot.knowledge_agreements import show

    return show(settings, said)


def _word(settings: Settings, said: argparse.Namespace) -> int:
    from bot.knowledge_words import word

    return word(settings, said)
