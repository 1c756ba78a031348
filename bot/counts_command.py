"""`app.py counts`: how requests were solved in a period, on the screen or in a file."""

from __future__ import annotations

import sys
from argparse import Namespace
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

from bot.counts import FILE, HERE, KINDS, Found, found, in_words, money_in_words, tables, this_year
from bot.library import Library
from bot.settings import Settings
from dialogs.counting import Count
from knowledge.knowledge import Knowledge
from knowledge.loading import load
from knowledge.sheets import write_csv, write_workbook

FINE, WRONG = 0, 1
OPTIONS = ("--van", "--tot", "--naar")
USAGE = """\
gebruik: app.py counts [--van DAG] [--tot DAG] [--naar BESTAND]

Hoe aanvragen zijn opgelost, per productgroep, met de drie bedragen en waar die op steunen. Een dag schrijf je als
2026-11-24; zonder dagen is het dit jaar tot en met vandaag. Met --naar komt het in een .xlsx, of in twee .csv's: de
telling en de aannames. Van minder dan vijf collega's laat Moi niets zien."""


class UnclearError(Exception):
    """What was typed is not right; the message says in Dutch what is."""


def parse(arguments: list[str], today: date) -> Namespace:
    """What was typed -> the first and the last day, and the file if there is one. Raises `UnclearError`."""
    given = dict(zip(arguments[::2], arguments[1::2], strict=False))
    if len(arguments) % 2 or not given.keys() <= set(OPTIONS):
        raise UnclearError(USAGE)
    try:
        first, last = (date.fromisoformat(given[name]) if name in given else None for name in OPTIONS[:2])
    except ValueError as error:
        raise UnclearError("Een dag schrijf je als 2026-11-24.") from error
    file = Path(given["--naar"]) if "--naar" in given else None
    if file and file.suffix.lower() not in (".xlsx", ".csv"):
        raise UnclearError(f"{file} eindigt niet op .xlsx of .csv.")
    of_year = this_year(last or today)
    return Namespace(first=first or of_year[0], last=last or today, file=file)


def run(settings: Settings, said: Namespace) -> int:
    """Count, and show it or write it."""
    knowledge = load(settings.knowledge_dir)
    asked = partial(found, knowledge=knowledge, first=said.first, last=said.last, only_small=False)
    with Library(settings) as library:
        about = library.read(asked)
    if about is None:
        print("Er is nog geen database van Moi. Start Moi een keer.", file=sys.stderr)
        return WRONG
    if said.file:
        write(knowledge, about, said.file)
    else:
        show(knowledge, about)
    return FINE


def write(knowledge: Knowledge, about: Found, file: Path) -> None:
    """Write an Excel file with two sheets, or two CSV files beside each other; says where they are."""
    made = tables(knowledge, about)
    if file.suffix.lower() == ".xlsx":
        write_workbook(file, made)
        print(file)
        return
    names = (file.stem, f"{file.stem}-aannames")
    named = [replace(table, name=name) for table, name in zip(made, names, strict=True)]
    print(*write_csv(file.parent, named), sep="\n")


def show(knowledge: Knowledge, about: Found) -> None:
    """Print every group, then all together, and what the figures rest on."""
    say, counts = partial(knowledge.words.say, FILE), about.counts
    print(f"Van {about.first} tot en met {about.last}: {len(about.solutions)} aanvragen.")
    if counts.total is None:
        print(say("te-weinig"))
        return
    for count in counts.groups:
        _print(knowledge, count.name, count)
    if counts.rest:
        _print(knowledge, say("overige"), counts.rest)
    _print(knowledge, "Alles", counts.total)
    for option in knowledge.words.question(FILE, "geld").options.values():
        print(f"{option.label}: {option.explain}")
    print(say("optellen"), say("uitgesteld"), sep="\n")


def _print(knowledge: Knowledge, name: str, count: Count) -> None:
    print(f"{name}: {count.requests} aanvragen")
    print(f"  {in_words(knowledge, count)}")
    options = knowledge.words.question(FILE, "geld").options
    for kind in KINDS:
        print(f"  {options[kind].label}: {money_in_words(knowledge, count, kind)}")


def today() -> date:
    """The day it is here."""
    return datetime.now(HERE).date()
