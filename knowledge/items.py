"""What the files of the knowledge hold, item by item, with the place of each: to show one, and to compare two versions.

Works on YAML alone, so that a version from before a change of the models can still be looked into.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from knowledge.edition import Edition
from knowledge.lines import Document, Step, decoded, parse
from knowledge.loading import GROUPS, WORDS
from knowledge.mistakes import KnowledgeError
from knowledge.words import FILL_INS, SENTENCES

CRITERION, GROUP, THEME, QUESTION, SENTENCE, LIMIT = (
    "Criterium",
    "Productgroep",
    "Thema",
    "Vraag",
    "Zin",
    "Grens",
)
CALLED: Mapping[str, str] = {
    "themas": THEME,
    "categorieen": "Categorie",
    "contractvormen": "Contractvorm",
    "keurmerken": "Keurmerk",
    "redenen": "Reden",
    "rollen": "Rol",
    "voorbeelden": "Voorbeeld",
    "dubbelzinnig": "Woord met meer betekenissen",
    "fasen": "Fase",
    "grenzen": LIMIT,
    "social_return": "Regel voor social return",
    "nationaal": "Eigen procedures",
    "ambities": "Ambitie",
    "niveaus": "Organisatieniveau",
    "herkenning": "Woorden om te herkennen",
    "kennis": "Over de kennis",
    "werkafspraken": "Werkafspraak",
    "regels": "Regel voor opvolging",
    "oorzaken": "Oorzaak",
    "campagnes": "Sjabloon voor een campagne",
}
"""What an item is called, by its file or by the key of its list; others by the key itself."""
NAMES = ("naam", "label", "vraag")
OWN_NAMES = ("id", "code", "woord")
CRITERIA = {GROUP: "criteria", THEME: "algemene_criteria"}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that can be shown or changed: what it is, what it is called, where it stands and what it says."""

    kind: str
    id: str
    name: str
    file: str
    first_line: int
    last_line: int
    value: Any
    part_of: str = ""

    @property
    def title(self) -> str:
        """ "Criterium bkl-01 (Bedrijfskleding)"."""
        about = self.part_of or self.name
        return f"{self.kind} {self.id} ({about})" if about and about != self.id else f"{self.kind} {self.id}"


def items(edition: Edition, beside: Edition | None = None) -> list[Item]:
    """Everything in an edition, in the order of its files, or only what is in files that are not the same `beside` it.

    Of a file that is no YAML (any more) there is nothing.
    """
    found: list[Item] = []
    same = beside.files if beside else {}
    for name, content in edition.files.items():
        if name.endswith(".yaml") and same.get(name) != content:
            try:
                document = parse(name, content)
            except KnowledgeError:
                continue
            found += _of_file(document)
    return found


def block(edition: Edition, item: Item) -> str:
    """The lines of an item as they stand in its file, without what comes after it."""
    lines = decoded(item.file, edition.files[item.file]).split("\n")[item.first_line - 1 : item.last_line]
    while len(lines) > 1 and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines.pop()
    return "\n".join(lines)


def _of_file(document: Document) -> Iterator[Item]:
    path = PurePosixPath(document.file)
    value = document.value
    if path.parts[0] == WORDS and isinstance(value, Mapping):
        yield from _of_words(document, path.stem)
    elif path.parts[0] == GROUPS and isinstance(value, Mapping):
        yield from _with_criteria(document, GROUP, str(value.get("id", path.stem)), (), value)
    elif isinstance(value, tuple):
        yield from _of_list(document, path.stem, path.stem, ())
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(inner, tuple) and inner and all(isinstance(one, Mapping) for one in inner):
                yield from _of_list(document, key, key, (key,))
            else:
                kind = CALLED.get(key) or CALLED.get(path.stem, path.stem.capitalize())
                yield _item(document, kind, f"{path.stem}/{key}", (key,), inner)


def _of_words(document: Document, dialog: str) -> Iterator[Item]:
    for key, value in document.value.items():
        if key in (SENTENCES, FILL_INS) and isinstance(value, Mapping):
            kind = SENTENCE if key == SENTENCES else "Invulwoord"
            between = "" if key == SENTENCES else f"{FILL_INS}/"
            for name, text in value.items():
                yield _item(document, kind, f"{dialog}/{between}{name}", (key, name), text)
        else:
            yield _item(document, QUESTION, f"{dialog}/{key}", (key,), value)


def _of_list(document: Document, called: str, key: str, path: tuple[Step, ...]) -> Iterator[Item]:
    value = document.value[path[0]] if path else document.value
    for place, one in enumerate(value):
        own = next((str(one[name]) for name in OWN_NAMES if name in one), None)
        level = one.get("niveau") if "thema" not in one else None
        parts = (one.get("thema"), one.get("team"), level, one.get("productgroep"))
        shared = "-".join(str(part) for part in parts if part is not None) or str(place + 1)
        kind = CALLED.get(called, called.replace("_", " ").capitalize())
        yield from _with_criteria(document, kind, own or f"{key}/{shared}", (*path, place), one)


def _with_criteria(
    document: Document, kind: str, id_: str, path: tuple[Step, ...], value: Mapping[str, Any]
) -> Iterator[Item]:
    """An item, and after it the criteria that stand in it, which are items of their own."""
    inner = CRITERIA.get(kind, "")
    criteria = value.get(inner, ())
    yield _item(document, kind, id_, path, {key: said for key, said in value.items() if key != inner})
    for place, criterion in enumerate(criteria if isinstance(criteria, tuple) else ()):
        if isinstance(criterion, Mapping) and "id" in criterion:
            here = (*path, inner, place)
            part_of = str(value.get("kort") or value.get("naam") or id_)
            yield _item(document, CRITERION, str(criterion["id"]), here, criterion, part_of)


def _item(
    document: Document, kind: str, id_: str, path: tuple[Step, ...], value: Any, part_of: str = ""
) -> Item:
    name = next((str(value[key]) for key in NAMES if key in value), "") if isinstance(value, Mapping) else ""
    first, last = document.line(path), document.last_line(path)
    return Item(kind, id_, name, document.file, first, last, value, part_of)
