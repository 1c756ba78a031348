"""Criteria from a file of the team: never live unseen. They wait in a review list, where a person decides about each.

The list is YAML beside the knowledge, not in it. Per criterion it says from where it comes, what it looks like, and
`besluit: open`. Who reviews writes `overnemen` or `niet`; only then it goes into the file of its product group.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, get_args

from rapidfuzz import fuzz, process, utils

from knowledge.knowledge import Knowledge
from knowledge.mistakes import nearest
from knowledge.model import CriteriaLevel, CriterionType, ProductGroup, Theme, WrittenCriterion
from knowledge.sheets import RefusedFileError, Row, SheetError, read_rows

NEEDED = ("productgroep", "type", "thema", "niveau", "tekst", "bewijs", "omdat")
OPTIONAL = ("let_op", "bron", "bron_id", "versie", "datum")
CALLED = {
    "criterium": "tekst",
    "tekst_criterium": "tekst",
    "bewijsmiddel": "bewijs",
    "verificatie": "bewijs",
    "toelichting": "omdat",
    "reden": "omdat",
    "ambitieniveau": "niveau",
    "soort": "type",
    "groep": "productgroep",
    "id": "bron_id",
    "bronid": "bron_id",
}
"""Other names that people give to columns."""

OPEN, TAKE, LEAVE, TAKEN = "open", "overnemen", "niet", "overgenomen"
ALIKE = 80  # From this likeness on, a criterion is shown beside the one that it looks like.
COPIED = 90  # From this likeness on, a text is the same text.


@dataclass(frozen=True, slots=True)
class Proposed:
    """A criterion from a file, for one product group; `like` names the known criterion that it looks most like."""

    group: str
    criterion: WrittenCriterion
    like: str
    own: bool


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file comes from, for rows that do not say so themselves."""

    source: str = ""
    version: str = ""
    day: str = ""


def read_criteria(path: Path, known: Knowledge, origin: Origin) -> tuple[Proposed, ...]:
    """Read a CSV or Excel file of criteria, whole or not at all. Raises `RefusedFileError` with every problem in it."""
    try:
        columns, rows = read_rows(path)
    except SheetError as error:
        raise RefusedFileError([str(error)]) from error
    names = {column: CALLED.get(column, column) for column in columns}
    if missing := [name for name in NEEDED if name not in names.values()]:
        found = ", ".join(columns)
        raise RefusedFileError(
            [f"{path.name}, rij 1: de kolom '{name}' ontbreekt. Gevonden: {found}." for name in missing]
        )
    named = [Row(row.number, {names[column]: text for column, text in row.cells.items()}) for row in rows]
    problems = [f"{path.name}, {problem}" for row in named for problem in _problems(row, known, origin)]
    if not named:
        problems = [f"{path.name}: er staat geen enkel criterium in."]
    if problems:
        raise RefusedFileError(problems)
    return tuple(_proposed(named, known, origin))


def _problems(row: Row, known: Knowledge, origin: Origin) -> Iterator[str]:
    choices: Mapping[str, Sequence[str]] = {
        "type": get_args(CriterionType),
        "thema": tuple(known.themes),
        "niveau": get_args(CriteriaLevel),
        "productgroep": tuple(known.groups),
    }
    for column in NEEDED:
        text = row.cells[column]
        if not text:
            yield f"rij {row.number}, kolom {column}: er staat niets. Vul het in."
        elif column in choices and _chosen(text, column, known) not in choices[column]:
            yield f"rij {row.number}, kolom {column}: '{text}' ken ik niet. {nearest(text, choices[column])}"
    if not (row.cells.get("bron") or origin.source):
        yield f"rij {row.number}, kolom bron: er staat niets. Vul de bron in, of noem hem met --bron."
    day = row.cells.get("datum") or origin.day
    if day and not _is_day(day):
        yield f"rij {row.number}, kolom datum: '{day}' is geen datum. Schrijf jaar-maand-dag, bijvoorbeeld 2026-11-25."


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _chosen(text: str, column: str, known: Knowledge) -> str:
    """What a cell chooses: ids as they are, and the names of themes and product groups as people write them."""
    folded = text.casefold()
    named: Mapping[str, Theme | ProductGroup] = {}
    if column in ("thema", "productgroep"):
        named = known.themes if column == "thema" else known.groups
    by_name = {item.name.casefold(): id_ for id_, item in named.items()}
    return by_name.get(folded, folded.replace(" ", "_") if column == "thema" else folded)


def _proposed(rows: Sequence[Row], known: Knowledge, origin: Origin) -> Iterator[Proposed]:
    texts = {id_: criterion.text for id_, criterion in known.every_criterion.items()}
    used = set(known.every_criterion)
    own = tuple(role.name.casefold() for role in known.roles.values())
    for row in rows:
        cells = row.cells
        group = _chosen(cells["productgroep"], "productgroep", known)
        source = cells.get("bron") or origin.source
        new = _new_id(known.groups[group].criteria, used)
        used.add(new)
        found = process.extractOne(
            cells["tekst"], texts, scorer=fuzz.token_sort_ratio, processor=utils.default_process
        )
        like = f"{found[2]} ({found[1]:.0f}%)" if found and found[1] >= ALIKE else ""
        criterion = WrittenCriterion.model_validate(
            {
                "id": new,
                **{key: _chosen(cells[key], key, known) for key in ("type", "thema", "niveau")},
                **{key: cells[key] for key in ("tekst", "bewijs", "omdat")},
                "let_op": cells.get("let_op") or None,
                "bron": _source(source, cells, origin),
                "zekerheid": "voorstel",
            }
        )
        yield Proposed(group, criterion, like, source.casefold().startswith(own))


def _source(source: str, cells: Mapping[str, str], origin: Origin) -> str:
    """One line that finds the original back: source, its own id, its version and its date."""
    version = cells.get("versie") or origin.version
    parts = (
        source,
        cells.get("bron_id", ""),
        f"versie {version}" if version else "",
        cells.get("datum") or origin.day,
    )
    return ", ".join(part for part in parts if part)


def _new_id(criteria: Sequence[WrittenCriterion], used: set[str]) -> str:
    prefix = criteria[0].id.rpartition("-")[0]
    number = next(n for n in range(1, 1000) if f"{prefix}-{n:02}" not in used)
    return f"{prefix}-{number:02}"


def as_yaml(file: str, on: date, proposed: Sequence[Proposed]) -> str:
    """The review list as a person reads it."""
    lines = [
        f"# Criteria uit {file}, ingelezen op {on.isoformat()}. Ze zijn nog niet in gebruik.",
        "# Schrijf bij elk criterium een besluit: overnemen of niet. Alles mag je eerst verbeteren.",
        "# Staat er 'oorspronkelijk', dan komt de tekst van een ander: schrijf 'tekst' eerst in eigen woorden.",
        "# Klaar? uv run app.py knowledge accept en de naam van dit bestand.",
    ]
    for item in proposed:
        kept = item.criterion
        lines += ["", f"- besluit: {OPEN}", f"  productgroep: {item.group}"]
        lines += [f"  lijkt_op: {_quoted(item.like)}"] if item.like else []
        lines += [] if item.own else [f"  oorspronkelijk: {_quoted(kept.text)}"]
        lines += [f"  {key}: {value}" for key, value in _keys(kept)]
    return "\n".join(lines) + "\n"


def _keys(criterion: WrittenCriterion) -> Iterator[tuple[str, str]]:
    for key, value in criterion.model_dump(by_alias=True, exclude_none=True).items():
        yield key, value if key in ("id", "type", "thema", "niveau", "zekerheid") else _quoted(value)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def block(criterion: WrittenCriterion) -> str:
    """A criterion as it stands in the file of a product group."""
    lines = [f"    {key}: {value}" for key, value in _keys(criterion)]
    return "  - " + "\n".join(lines).lstrip() + "\n"


def with_criterion(content: str, criterion: WrittenCriterion) -> str:
    """The file of a product group with one criterion more, behind its own; everything else stays as it is.

    Raises `RefusedFileError` when the file has no list of criteria.
    """
    start = re.search(r"^criteria:[^\n]*\n", content, flags=re.MULTILINE)
    if start is None:
        raise RefusedFileError(["In dit bestand staat geen lijst 'criteria:'. Zet die er eerst in."])
    after = re.compile(r"^\S", flags=re.MULTILINE).search(content, start.end())
    end = after.start() if after else len(content)
    before = content[:end].rstrip("\n")
    return f"{before}\n{block(criterion)}{content[end:]}"


def decided(item: Mapping[str, Any], number: int) -> WrittenCriterion | str | None:
    """What was decided about an item of a review list: the criterion to take over, why it cannot be, or None for later
    or never."""
    decision = item.get("besluit")
    if decision in (OPEN, LEAVE, TAKEN):
        return None
    if decision != TAKE:
        return f"nummer {number}: het besluit '{decision}' ken ik niet. Kies uit: {OPEN}, {TAKE}, {LEAVE}."
    keys = {field.alias or name for name, field in WrittenCriterion.model_fields.items()}
    original = item.get("oorspronkelijk")
    if original and fuzz.token_sort_ratio(original, item["tekst"], processor=utils.default_process) >= COPIED:
        return f"nummer {number}: de tekst is van een ander. Schrijf hem eerst in eigen woorden, of verwijs naar de bron."
    return WrittenCriterion.model_validate({key: value for key, value in item.items() if key in keys})
