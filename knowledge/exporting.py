"""The whole knowledge in a form that other programs read: one JSON document, or a table for each kind of item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.eforms import EformsFile
from knowledge.knowledge import Knowledge
from knowledge.loading import CPV, GROUPS, WORDS, Contents, assembled, gather
from knowledge.model import Codes, WrittenGroup
from knowledge.sheets import Table

Cell = str | int | float | bool | None
OF_CRITERIA = (
    "id", "productgroep", "categorie", "thema", "type", "niveau", "tekst", "bewijs", "omdat", "let_op",
    "bron", "zekerheid", "eigenaar", "herzien_op", "eforms",
)  # fmt: skip


def as_json(folder: Path) -> dict[str, Any]:
    """Everything in a folder of knowledge but the CPV list, by file, as plain JSON. KnowledgeError when it is not right."""
    contents = gather(folder)
    known = assembled(contents)
    return {
        "versie": known.version,
        "peildatum": known.date.isoformat(),
        "bestanden": {name: _plain(document.value) for name, document in contents.documents.items()},
        "cpv": f"zie {CPV}: Publicatiebureau van de Europese Unie, CC BY 4.0",
    }


def tables(folder: Path) -> tuple[Table, ...]:
    """Everything in a folder of knowledge as tables, for a spreadsheet. KnowledgeError when it is not right."""
    contents = gather(folder)
    made = [_criteria(assembled(contents))]
    made += _of_groups(contents)
    for name, document in contents.documents.items():
        stem = name.removesuffix(".yaml")
        if name.startswith(f"{GROUPS}/"):
            continue
        if name.startswith(f"{WORDS}/") or not isinstance(document.value, tuple):
            made.append(_by_place(stem.replace("/", "-"), document.value))
        else:
            made.append(_of_items(stem, document.value))
    return tuple(made)


def _criteria(known: Knowledge) -> Table:
    """Every criterion once, with what holds for it: also source, owner and review date of its group or theme."""
    rows = []
    for criterion in known.every_criterion.values():
        group = known.groups[criterion.group] if criterion.group else None
        rows.append(
            (
                criterion.id,
                group.id if group else "",
                group.category if group else "",
                criterion.theme,
                criterion.type,
                criterion.level,
                criterion.text,
                criterion.proof,
                criterion.because,
                criterion.caution or "",
                criterion.source,
                criterion.certainty,
                criterion.owner,
                criterion.review_on.isoformat(),
                _codes(known.eforms, known.eforms.of(criterion)),
            )
        )
    return Table("criteria", OF_CRITERIA, tuple(rows))


def _codes(eforms: EformsFile, codes: Codes) -> str:
    return "; ".join(f"{listed.term} {', '.join(found)}" for listed, found in eforms.named([codes]))


def _of_groups(contents: Contents) -> Iterator[Table]:
    """The product groups, and a table for each list that they hold."""
    groups = [
        document.value
        for name, document in contents.documents.items()
        if isinstance(contents.values.get(name), WrittenGroup)
    ]
    lists = dict.fromkeys(
        key
        for group in groups
        for key, value in group.items()
        if isinstance(value, tuple) and key != "criteria"
    )
    yield _of_items(
        GROUPS, [{k: v for k, v in group.items() if k not in (*lists, "criteria")} for group in groups]
    )
    for key in lists:
        items = [
            {"productgroep": group["id"]} | (dict(item) if isinstance(item, Mapping) else {key: item})
            for group in groups
            for item in group.get(key, ())
        ]
        yield _of_items(f"{GROUPS}-{key}", items)


def _of_items(name: str, items: Sequence[Mapping[str, Any]]) -> Table:
    """A row per item, with a column for every key that one of them has."""
    columns = tuple(dict.fromkeys(key for item in items for key in item))
    return Table(name, columns, tuple(tuple(_cell(item.get(column)) for column in columns) for item in items))


def _by_place(name: str, value: Any) -> Table:
    """What is no list of items: a row per text, with the keys that lead to it."""
    return Table(name, ("plaats", "waarde"), tuple(_texts(value, ())))


def _texts(value: Any, place: tuple[str, ...]) -> Iterator[tuple[Cell, ...]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, (*place, str(key)))
    elif isinstance(value, tuple) and any(isinstance(item, Mapping) for item in value):
        for number, inner in enumerate(value, 1):
            yield from _texts(inner, (*place, str(number)))
    else:
        yield " / ".join(place), _cell(value)


def _cell(value: Any) -> Cell:
    match value:
        case None | str() | bool() | int() | float():
            return value
        case date():
            return value.isoformat()
        case tuple() if not any(isinstance(item, Mapping | tuple) for item in value):
            return ", ".join(str(item) for item in value)
    return "; ".join(f"{place}: {text}" for place, text in _texts(value, ()))


def _plain(value: Any) -> Any:
    match value:
        case Mapping():
            return {str(key): _plain(inner) for key, inner in value.items()}
        case tuple():
            return [_plain(inner) for inner in value]
        case date():
            return value.isoformat()
    return value
