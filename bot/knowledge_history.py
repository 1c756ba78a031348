"""`app.py knowledge versions | show | diff`: what was in use, what it said, and what a change does before it is used."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from rapidfuzz import process
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot import archive
from bot.knowledge_effects import Effects, effects, open_talks, subjects
from bot.library import NOW, Library, NotFoundError
from bot.rehearsal import rehearse
from bot.settings import Settings
from bot.talk_state import Talk
from knowledge.difference import Change, broken_promises, difference, left_behind
from knowledge.edition import Edition
from knowledge.items import Item, block, items
from knowledge.knowledge import Knowledge
from knowledge.loading import CPV, GROUPS, assembled
from knowledge.mistakes import KnowledgeError, Problem
from knowledge.showing import lines

HERE = ZoneInfo("Europe/Amsterdam")
FINE, WRONG = 0, 1
NEAR = 5
NEAR_ENOUGH = 60


def versions(settings: Settings, _said: Namespace) -> int:
    """List every version that was in use, the last one first."""
    with Library(settings) as library:
        uses = library.read(archive.uses) or []
        now = library.now().version
    if not uses:
        print("Er is nog geen versie in gebruik geweest. Start Moi een keer.")
    for use in uses:
        same = "  = de map zoals die nu is" if use.version == now else ""
        records = "1 aanvraag" if use.records == 1 else f"{use.records} aanvragen"
        since = f"sinds {_moment(use.first_used)}" if use.first_used else "inhoud niet bewaard"
        print(f"{use.version}  {since:<32}  {records}{same}")
    return FINE


def show(settings: Settings, said: Namespace) -> int:
    """Show an item as it was in a version."""
    with Library(settings) as library:
        try:
            edition = library.edition(said.versie)
            found = named(edition, said.item)
        except NotFoundError as error:
            print(error, file=sys.stderr)
            return WRONG
    contents = edition.contents(settings.knowledge_dir)
    not_right = {problem.file for problem in contents.problems}
    for number, item in enumerate(found):
        place = contents.shown(item.file) if said.versie == NOW else item.file
        print(f"{'' if number == 0 else chr(10)}{item.title}")
        print(f"{place}:{item.first_line} (versie {edition.version})\n")
        if contents.shown(item.file) in not_right:
            print("Zo stond het er toen. Moi leest dit nu anders, dus dit is de tekst uit het bestand:\n")
            print(block(edition, item))
        else:
            print("\n".join(lines(item.value)))
    return FINE


def named(edition: Edition, word: str) -> list[Item]:
    """The items that are called this: an id, or a file as a whole. Raises `NotFoundError` with what comes near."""
    every = items(edition)
    said = word.strip().casefold()
    if found := [item for item in every if said in (item.id.casefold(), item.name.casefold())]:
        return found
    for name, content in edition.files.items():
        if said in (name.casefold(), PurePosixPath(name).name.casefold()):
            last = content.count(b"\n") + 1
            text = content.decode("utf-8-sig", errors="replace")
            return [Item("Bestand", name, "", name, 1, last, text)]
    known = {item.id: item.id for item in every} | {item.name: item.id for item in every if item.name}
    near = process.extract(word, list(known), limit=NEAR, score_cutoff=NEAR_ENOUGH)
    ids = list(dict.fromkeys(known[match[0]] for match in near))
    hint = f"Lijkt op: {', '.join(ids)}." if ids else "Kijk hoe het in de bestanden heet."
    raise NotFoundError(f"{word} staat niet in versie {edition.version}. {hint}")


def diff(settings: Settings, said: Namespace) -> int:
    """Say what changes between two versions: items, questions, and talks that are open now."""
    with Library(settings) as library:
        try:
            before = library.edition(said.van) if said.van else library.last()
            after = library.edition(said.naar or NOW)
        except NotFoundError as error:
            print(error, file=sys.stderr)
            return WRONG
        talks = library.read(open_talks) or []
    old, new = before.contents(settings.knowledge_dir), after.contents(settings.knowledge_dir)
    problems: list[Problem] = list(new.problems)
    if not problems:
        knowledge = assembled(new)
        problems = rehearse(knowledge)
    if problems:
        print("De nieuwe versie klopt niet. Moi neemt die niet over.")
        print("\n".join(f"  {problem}" for problem in problems))
        print()
    print(f"Van {before.version} naar {after.version}{' (de map zoals die nu is)' if not said.naar else ''}.")
    changes = difference(before, after)
    print("\n".join([*_in_words(changes), *left_behind(before, after)]))
    if problems or not changes:
        return WRONG if problems else FINE
    try:
        known = assembled(old)
    except KnowledgeError:
        print("\nDe oude versie past niet meer bij dit programma, dus de gesprekken kan ik niet naspelen.")
        return FINE
    print("\n".join(_effects_in_words(_replayed(known, knowledge, _groups(changes), talks), knowledge)))
    return FINE


def _replayed(old: Knowledge, new: Knowledge, groups: set[str] | None, talks: list[Talk]) -> Effects:
    screen = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as progress:
        task = progress.add_task("gesprekken naspelen", total=len(subjects(old, groups)))
        return effects(old, new, groups, talks, date.today(), lambda: progress.advance(task))


def _in_words(changes: list[Change]) -> Iterator[str]:
    if not changes:
        yield "Er is niets anders."
        return
    for change in changes:
        place = f"{change.item.file}:{change.item.first_line}" if change.what != "weg" else change.item.file
        if len(change.lines) == 1:
            yield f"  {change.item.title} {change.what}: {change.lines[0]}  [{place}]"
        else:
            yield f"  {change.item.title} {change.what}{':' if change.lines else ''}  [{place}]"
            yield from (f"      {line}" for line in change.lines)
    if promises := list(broken_promises(changes)):
        yield "\nLet op: een sleutel is een belofte."
        yield from (f"  {promise}" for promise in promises)


def _groups(changes: list[Change]) -> set[str] | None:
    """The product groups that a change is about; None when it can be about all of them."""
    stems = set()
    for change in changes:
        folder, _, name = change.item.file.rpartition("/")
        if change.item.file in (CPV, "herkenning.yaml"):
            continue  # Recognising comes before the questions, and what was recognised stays.
        if folder != GROUPS:
            return None
        stems.add(PurePosixPath(name).stem)
    return stems


def _effects_in_words(found: Effects, new: Knowledge) -> Iterator[str]:
    names = {item.id: item.name for kind in (new.groups, new.categories) for item in kind.values()}
    yield "\nGesprek koop:"
    if not found.touched:
        yield "  geen enkele vraag wordt anders."
    for touched in found.touched:
        where = (
            "bij alles" if touched.everywhere else f"bij {_counted([names[one] for one in touched.subjects])}"
        )
        kind = f"vraag {touched.question}" if touched.question else "het advies aan het eind"
        yield f"  {kind}: {touched.how} {where}"
    talks = found.talks
    yield f"\nOpen gesprekken: {talks.open}."
    if talks.open and not talks.touched:
        yield "  In geen ervan verandert iets."
    for number, words in (
        (talks.ask_else, "krijgt nu een andere vraag"),
        (talks.ask_otherwise, "krijgt dezelfde vraag met andere woorden of keuzes"),
        (talks.lose_an_answer, "heeft een antwoord dat niet meer telt"),
        (talks.end_otherwise, "kan op een ander advies uitkomen"),
        (talks.stuck, "loopt vast"),
    ):
        if number:
            yield f"  {number} {words}"


def _counted(subjects: Sequence[str], most: int = 4) -> str:
    shown = ", ".join(subjects[:most])
    return shown if len(subjects) <= most else f"{shown} en nog {len(subjects) - most}"


def _moment(moment: datetime) -> str:
    day = format_date(moment.astimezone(HERE), "d MMMM y", locale="nl")
    return f"{day} {format_datetime(moment.astimezone(HERE), 'HH:mm', locale='nl')}"
