"""The command line: what `app.py` can do, in Dutch. Each command loads only what it needs, so that it starts at once."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.settings import Settings


class Dutch(argparse.RawDescriptionHelpFormatter):
    """Help that begins in Dutch as well."""

    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, prefix or "gebruik: ")


FINE, WRONG, REFUSED = 0, 1, 2
BELONGS = {
    "json": ("doctor", "--json"),
    "diagram": ("walk", "--diagram"),
    "naar": ("teams-package", "--naar BESTAND"),
}

LISTS = {"depot": "bot.depot_commands", "contracts": "bot.contract_commands"}
"""Which module takes a list in from a file, and writes it to one."""

EXPLANATION = """\
Moi helpt voordat je iets koopt. Zonder opdracht start de server.

opdrachten:
  serve       start de server: de chat, het inkoopkanaal en Teams (standaard)
  chat        praat met Moi in dit scherm
  check       controleer de kennis; noemt elke fout met bestand en regel
  recognise   lees regels van de invoer en schrijf per regel wat Moi herkent, als JSON
  walk        loop alle paden van elk gesprek na en schrijf wat eruit komt, als JSON;
              met --diagram het stroomschema (Mermaid); de JSON gaat dan naar stderr
  doctor      kijk of alles er is en werkt, en zeg wat je moet doen; met --json voor een programma
  teams-package
              maak het pakket waarmee een beheerder Moi in Teams zet (een .zip); met --naar BESTAND
              zeg je waar
  followup    laat zien hoe vaak iets gelukt is, in totalen vanaf vijf collega's
  depot       lees de lijst van het depot uit een bestand, of schrijf hem; app.py depot --help
  counts      tel hoe aanvragen zijn opgelost, met de bedragen; app.py counts --help
  contracts   lees de lijst van lopende contracten uit een bestand, of schrijf hem; app.py contracts --help
  knowledge   werk aan de kennis; app.py knowledge --help noemt wat er kan

Instellingen komen uit omgevingsvariabelen die met MOI_ beginnen; in README.md staan ze allemaal."""


def main(arguments: list[str]) -> int:
    """Carry out one command and give the exit code: 0 fine, 1 something is wrong, 2 refused to start."""
    if arguments[:1] == ["knowledge"]:
        return _knowledge(arguments[1:])
    if arguments[:1] == ["counts"]:
        return _counts(arguments[1:])
    if arguments and arguments[0] in LISTS:
        return _list(arguments[0], arguments[1:])
    commands: dict[str, Callable[[Settings, argparse.Namespace], int]] = {
        "serve": _serve,
        "chat": _chat,
        "check": _check,
        "recognise": _recognise,
        "walk": _walk,
        "teams-package": _teams_package,
        "followup": _followup,
    }
    parser = argparse.ArgumentParser(
        prog="app.py",
        usage="app.py [serve | chat | check | recognise | walk [--diagram] | doctor [--json] | teams-package [--naar BESTAND] | followup | depot OPDRACHT | contracts OPDRACHT | counts | knowledge OPDRACHT]",
        description=EXPLANATION,
        formatter_class=Dutch,
        add_help=False,
    )
    options = parser.add_argument_group("opties")
    options.add_argument("-h", "--help", action="help", help="laat deze uitleg zien")
    options.add_argument("--diagram", action="store_true", help="bij walk: schrijf het stroomschema")
    options.add_argument("--json", action="store_true", help="bij doctor: schrijf JSON")
    options.add_argument(
        "--naar", nargs="?", metavar="BESTAND", help="bij teams-package: waar het pakket komt"
    )
    parser.add_argument("command", nargs="?", default="serve", help=argparse.SUPPRESS)
    said, unknown = parser.parse_known_args(arguments)
    if unknown or said.command not in (*commands, "doctor"):
        return _refuse([_unknown([*unknown, said.command][0], (*commands, "doctor"))])
    for option, (command, usage) in BELONGS.items():
        if getattr(said, option) and said.command != command:
            return _refuse([f"--{option} hoort bij {command}: app.py {command} {usage}."])

    if said.command == "doctor":
        return _doctor(said)
    # Only what talks to people needs a secret and a safe address.
    return _carry_out(commands[said.command], said, safe=said.command in ("serve", "chat"))


def _knowledge(arguments: list[str]) -> int:
    from bot.knowledge_commands import UnclearCommandError, parse

    try:
        found = parse(arguments)
    except UnclearCommandError as unclear:
        return _refuse([str(unclear)])
    if isinstance(found, str):
        print(found)
        return FINE
    run, said = found
    return _carry_out(run, said, safe=False)


def _list(name: str, arguments: list[str]) -> int:
    from importlib import import_module
    from pathlib import Path

    of_list = import_module(LISTS[name])
    if not arguments or arguments[0] in ("-h", "--help"):
        print(of_list.USAGE)
        return FINE
    run = of_list.RUNS.get(arguments[0])
    if run is None:
        return _refuse([_unknown(arguments[0], of_list.RUNS)])
    if len(arguments) != 2:
        return _refuse([f"Noem één bestand: app.py {name} {arguments[0]} BESTAND."])
    return _carry_out(run, argparse.Namespace(bestand=Path(arguments[1])), safe=False)


def _counts(arguments: list[str]) -> int:
    from bot.counts_command import USAGE, UnclearError, parse, run, today

    if arguments[:1] in (["-h"], ["--help"]):
        print(USAGE)
        return FINE
    try:
        said = parse(arguments, today())
    except UnclearError as unclear:
        return _refuse([str(unclear)])
    return _carry_out(run, said, safe=False)


def _carry_out(
    run: Callable[[Settings, argparse.Namespace], int], said: argparse.Namespace, *, safe: bool
) -> int:
    """Run a command with its settings; a mistake in the knowledge is named, and reading half of the output is fine."""
    from bot.settings import SettingsError, parse_settings, read_settings, unknown_settings

    try:
        settings = read_settings() if safe else parse_settings()
    except SettingsError as error:
        return _refuse(error.problems)
    for remark in unknown_settings(os.environ):
        print(remark, file=sys.stderr)

    from knowledge.mistakes import KnowledgeError

    try:
        return run(settings, said)
    except KnowledgeError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return WRONG
    except BrokenPipeError:
        # Somebody read enough, as `head` does; without this Python complains once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except KeyboardInterrupt:
        return FINE


def _serve(settings: Settings, _said: argparse.Namespace) -> int:
    from functools import partial

    from bot.logs import set_up_logs
    from bot.processes import AddressTaken, Doors, Seat, open_doors, side_by_side

    def answer(doors: Doors, seat: Seat) -> int:
        # What only who answers needs is loaded there, and not in the process that watches.
        from bot.server import run

        run(settings, doors, seat)
        return FINE

    readable = settings.development and sys.stderr.isatty()
    set_up_logs(settings.log_level, readable=readable, secrets=settings.secrets())
    try:
        with open_doors(settings) as doors:
            return side_by_side(settings.processes, partial(answer, doors))
    except AddressTaken as taken:
        return _refuse([str(taken)])


def _chat(settings: Settings, _said: argparse.Namespace) -> int:
    from bot.terminal import run

    run(settings)
    return FINE


def _check(settings: Settings, _said: argparse.Namespace) -> int:
    import gc
    from collections import Counter
    from datetime import date

    from knowledge.check import check_with_care

    gc.disable()  # All that is read is needed to the end, and looking through it again and again takes long.
    checked = check_with_care(date.today(), settings.knowledge_dir)
    # Errors last: they stand where one looks, just above what to do.
    for line in (*checked.findings, *checked.errors):
        print(line)
    print(_count(len(checked.errors)), file=sys.stderr)
    if checked.findings:
        often = Counter(finding.kind for finding in checked.findings).most_common()
        kinds = ", ".join(f"{count} {kind}" for kind, count in often)
        print(f"Waarschuwingen: {len(checked.findings)} ({kinds}). Die houden niets tegen.", file=sys.stderr)
    return WRONG if checked.errors else FINE


def _recognise(settings: Settings, _said: argparse.Namespace) -> int:
    from knowledge.loading import load
    from knowledge.recognition import as_json

    knowledge = load(settings.knowledge_dir)
    names = {category.id: category.name for category in knowledge.categories.values()}
    # The form of the input is agreed, whatever this machine takes as its own.
    for text in open(sys.stdin.fileno(), encoding="utf-8", errors="replace", closefd=False):  # noqa: SIM115
        found = as_json(knowledge.recognise(text.rstrip("\r\n")), names)
        print(json.dumps(found, ensure_ascii=False), flush=True)
    return FINE


def _walk(settings: Settings, said: argparse.Namespace) -> int:
    from bot.walk_command import run

    return run(settings, said)


def _doctor(said: argparse.Namespace) -> int:
    from rich.console import Console

    from bot.doctor import check_up, unreadable
    from bot.findings import as_json, tell, verdict
    from bot.settings import SettingsError, parse_settings

    try:
        findings = check_up(parse_settings(), os.environ)
    except SettingsError as error:
        findings = unreadable(error)
    if said.json:
        print(as_json(findings))
    else:
        tell(findings, Console(highlight=False))
    return WRONG if verdict(findings) == "rood" else FINE


def _followup(settings: Settings, said: argparse.Namespace) -> int:
    from bot.follow_up_totals import show

    return show(settings, said)


def _teams_package(settings: Settings, said: argparse.Namespace) -> int:
    from pathlib import Path

    from bot.teams_package import NotPossibleError, package
    from knowledge.loading import load

    file = Path(said.naar or settings.data_dir / "moi-teams.zip")
    try:
        content = package(settings, load(settings.knowledge_dir))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    except NotPossibleError as error:
        return _refuse(error.problems)
    except OSError as error:
        return _refuse([f"{file} kan ik niet schrijven: {error.strerror}. Kies met --naar een andere plek."])
    print(file)
    print("Upload dit in het Teams-beheercentrum; docs/installeren.md, stap 5, zegt hoe.", file=sys.stderr)
    return FINE


def _refuse(reasons: Iterable[str]) -> int:
    for reason in reasons:
        print(reason, file=sys.stderr)
    return REFUSED


def _unknown(word: str, commands: Iterable[str]) -> str:
    near = get_close_matches(word, commands, n=1)
    return f"{word} ken ik niet." + (f" Bedoel je {near[0]}?" if near else " Met --help zie je wat er kan.")


def _count(problems: int) -> str:
    match problems:
        case 0:
            return "De kennis klopt."
        case 1:
            return "1 fout. Verbeter die en controleer opnieuw."
        case _:
            return f"{problems} fouten. Verbeter ze en controleer opnieuw."
