"""Knowledge in and out by files: export for other programs, import as a review list, and taking over what was reviewed."""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.settings import Settings
from knowledge.check import check
from knowledge.exporting import as_json, tables
from knowledge.lines import parse
from knowledge.loading import GROUPS, load
from knowledge.mistakes import KnowledgeError
from knowledge.model import WrittenCriterion
from knowledge.review import TAKE, TAKEN, Origin, as_yaml, decided, read_criteria, with_criterion
from knowledge.sheets import RefusedFileError, write_csv, write_workbook

FINE, WRONG = 0, 1
HERE = ZoneInfo("Europe/Amsterdam")
REVIEWS = "beoordelen"


def export(settings: Settings, said: argparse.Namespace) -> int:
    """Write the whole knowledge: `.json` and `.xlsx` by the name of the file, anything else is a folder of CSV files."""
    to: Path = said.naar
    match to.suffix.lower():
        case ".json":
            written = as_json(settings.knowledge_dir)
            to.write_text(json.dumps(written, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        case ".xlsx":
            write_workbook(to, tables(settings.knowledge_dir))
        case _:
            write_csv(to, tables(settings.knowledge_dir))
    print(f"De hele kennis staat in {to}.")
    return FINE


def take_in(settings: Settings, said: argparse.Namespace) -> int:
    """Read a file of criteria into a review list beside the knowledge; nothing of it is in use."""
    known = load(settings.knowledge_dir)
    try:
        proposed = read_criteria(said.bestand, known, Origin(said.bron, said.versie, said.datum))
    except RefusedFileError as error:
        return _problems(
            error.problems, "Er is niets ingelezen. Verbeter het bestand en probeer het opnieuw."
        )
    today = datetime.now(HERE).date()
    to = (
        settings.knowledge_dir.parent / REVIEWS / f"{today.isoformat()}-{_plain_name(said.bestand.stem)}.yaml"
    )
    if to.exists():
        return _problems([f"{to} is er al."], "Geef het bestand een andere naam, of haal de oude lijst weg.")
    to.parent.mkdir(exist_ok=True)
    to.write_text(as_yaml(said.bestand.name, today, proposed), encoding="utf-8")
    print(f"{len(proposed)} criteria staan klaar om te beoordelen in {to}. Ze zijn nog niet in gebruik.")
    return FINE


def accept(settings: Settings, said: argparse.Namespace) -> int:
    """Put what was reviewed and is to be taken over in the files of its product groups: all of it, or nothing."""
    listed: Path = said.bestand
    try:
        content = listed.read_bytes()
    except OSError:
        return _problems([f"{listed} kan ik niet lezen. Kijk of het bestand er is."], "")
    taken, wrong = _reviewed(listed.name, content)
    if wrong or not taken:
        return _problems(wrong or ["Er staat nergens 'besluit: overnemen'."], "Er is niets overgenomen.")
    changed, wrong = _changed(settings.knowledge_dir, taken)
    if wrong:
        return _problems(wrong, "Er is niets overgenomen. Verbeter de lijst en probeer het opnieuw.")
    for path, text in changed.items():
        _replace(path, text)
    done = re.sub(rf"^- besluit: {TAKE}\b.*$", f"- besluit: {TAKEN}", content.decode(), flags=re.MULTILINE)
    _replace(listed, done)
    print(f"{len(taken)} criteria zijn overgenomen. Een draaiende Moi gebruikt ze binnen enkele seconden.")
    return FINE


def _reviewed(name: str, content: bytes) -> tuple[list[tuple[str, WrittenCriterion]], list[str]]:
    """What is to be taken over, by product group, and what is wrong with the list."""
    try:
        items = parse(name, content).value
    except KnowledgeError as error:
        return [], [str(problem) for problem in error.problems]
    if not isinstance(items, tuple):
        return [], [f"{name}: hier hoort een lijst van criteria, zoals knowledge import die maakt."]
    taken, wrong = [], []
    for number, item in enumerate(items, 1):
        found = decided(item, number)
        if isinstance(found, str):
            wrong.append(found)
        elif found is not None:
            taken.append((str(item.get("productgroep")), found))
    return taken, wrong


def _changed(folder: Path, taken: list[tuple[str, WrittenCriterion]]) -> tuple[dict[Path, str], list[str]]:
    """The files as they will be, and what would be wrong with them: tried on a copy before anything is touched."""
    files: dict[Path, str] = {}
    for group, criterion in taken:
        path = folder / GROUPS / f"{group}.yaml"
        if not path.is_file():
            return {}, [f"De productgroep '{group}' bestaat niet."]
        files[path] = with_criterion(files.get(path) or path.read_text(encoding="utf-8"), criterion)
    with tempfile.TemporaryDirectory() as place:
        copy = Path(shutil.copytree(folder, Path(place) / folder.name))
        for path, text in files.items():
            (copy / path.relative_to(folder)).write_text(text, encoding="utf-8")
        return files, [str(problem) for problem in check(copy)]


def _replace(path: Path, text: str) -> None:
    """Write a file in one step, so that a running Moi never reads half of it."""
    half = path.with_name(f".{path.name}.nieuw")
    half.write_text(text, encoding="utf-8")
    os.replace(half, path)


def _plain_name(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "criteria"


def _problems(problems: list[str], remedy: str) -> int:
    for problem in problems:
        print(problem, file=sys.stderr)
    if remedy:
        print(remedy, file=sys.stderr)
    return WRONG
