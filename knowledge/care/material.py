"""What care looks at: everything that was read from a folder, the texts in it that people read, and whose they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from knowledge.agreements import FILE as AGREEMENTS
from knowledge.campaigns import FILE as CAMPAIGNS
from knowledge.knowledge import Knowledge
from knowledge.lines import Step
from knowledge.loading import Contents
from knowledge.mistakes import Problem

Kind = Literal["herziening", "einddatum", "onbereikbaar", "dubbel", "diepte", "taal"]
Path = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that asks for care and stops nothing: where and what, of which kind, and whose; the heaviest is worst."""

    problem: Problem
    kind: Kind
    owner: str
    weight: float = 1.0

    def __str__(self) -> str:
        place = self.problem
        return f"{place.file}:{place.line}: waarschuwing ({self.kind}): {place.message}"


@dataclass(frozen=True, slots=True)
class Passage:
    """One text that people read; `part` says what it is, such as "omdat" or "kans"."""

    name: str
    path: Path
    part: str
    text: str


@dataclass(frozen=True, slots=True)
class Material:
    """Contents that load, as one takes care of them on a day."""

    contents: Contents
    knowledge: Knowledge
    today: date

    def finding(self, kind: Kind, name: str, path: Path, message: str, weight: float = 1.0) -> Finding:
        """Say something about a place in a file, to the role that owns it."""
        problem = self.contents.documents[name].problem(path, message)
        return Finding(problem, kind, owner_of(self.contents, name, path), weight)


TEXTS: tuple[tuple[str, str, str], ...] = (
    ("productgroepen/", "kansen/*/tekst", "kans"),
    ("productgroepen/", "behoeftevraag", "vraag"),
    ("productgroepen/", "doorvragen/*", "vraag"),
    ("productgroepen/", "alternatieven/*/tekst", "alternatief"),
    ("productgroepen/", "alternatieven/*/omdat", "omdat"),
    ("productgroepen/", "contractvormen/*/wanneer", "contractvorm"),
    ("productgroepen/", "contractvormen/*/let_op", "let op"),
    ("productgroepen/", "kosten/*/waarom", "kosten"),
    ("productgroepen/", "criteria/*/tekst", "criterium"),
    ("productgroepen/", "criteria/*/bewijs", "bewijs"),
    ("productgroepen/", "criteria/*/omdat", "omdat"),
    ("productgroepen/", "criteria/*/let_op", "let op"),
    ("productgroepen/", "algemene_criteria/*/omdat", "omdat"),
    ("themas.yaml", "*/uitleg", "uitleg"),
    ("themas.yaml", "*/beleidsdoelen/*/tekst", "beleidsdoel"),
    ("themas.yaml", "*/algemene_criteria/*/tekst", "criterium"),
    ("themas.yaml", "*/algemene_criteria/*/bewijs", "bewijs"),
    ("themas.yaml", "*/algemene_criteria/*/omdat", "omdat"),
    ("themas.yaml", "*/algemene_criteria/*/let_op", "let op"),
    ("contractvormen.yaml", "*/past_bij", "contractvorm"),
    ("contractvormen.yaml", "*/let_op", "let op"),
    ("dubbelzinnig.yaml", "*/vraag", "vraag"),
    ("dubbelzinnig.yaml", "*/keuzes/*/label", "keuze"),
    ("fasen.yaml", "*/bereikt", "fase"),
    ("fasen.yaml", "*/wie_legt_uit", "fase"),
    ("fasen.yaml", "*/vraag", "vraag"),
    ("grenzen.yaml", "grenzen/*/gevolg", "grens"),
    ("grenzen.yaml", "social_return/*/tekst", "grens"),
    ("grenzen.yaml", "social_return/*/plan_van_aanpak", "grens"),
    ("grenzen.yaml", "nationaal/anders", "grens"),
    ("naslag.yaml", "r_ladder/*/betekenis", "trede"),
    ("naslag.yaml", "r_ladder/*/vraag", "vraag"),
    ("naslag.yaml", "ambitieweb/*/betekenis", "ambitieweb"),
    ("naslag.yaml", "productladders/*/betekenis", "trede"),
    ("naslag.yaml", "campagnemomenten/*/haak", "campagne"),
    (CAMPAIGNS, "*/titel", "campagne"),
    (CAMPAIGNS, "*/melding", "campagne"),
    (CAMPAIGNS, "*/tekst", "campagne"),
    (CAMPAIGNS, "*/vraag", "vraag"),
    (CAMPAIGNS, "*/keuzes/*", "keuze"),
    (CAMPAIGNS, "*/knoppen/*/tekst", "keuze"),
    ("redenen.yaml", "*/label", "reden"),
    ("rollen.yaml", "*/waarvoor", "rol"),
    ("rollen.yaml", "*/wanneer", "rol"),
    ("voorbeelden.yaml", "*/tekst", "voorbeeld"),
    ("wetten.yaml", "*/betekenis", "wet"),
    (AGREEMENTS, "*/standaardkeuze", "alternatief"),
    (AGREEMENTS, "*/omdat", "omdat"),
    (AGREEMENTS, "*/wanneer_wel", "werkafspraak"),
    (AGREEMENTS, "*/wanneer_niet", "werkafspraak"),
    (AGREEMENTS, "*/bestelroute", "werkafspraak"),
    ("woorden/", "zinnen/*", "zin"),
    ("woorden/", "*/vraag", "vraag"),
    ("woorden/", "*/uitleg", "uitleg"),
    ("woorden/", "*/waarom", "uitleg"),
    ("woorden/", "*/opties/*", "keuze"),
    ("woorden/", "*/opties/*/label", "keuze"),
    ("woorden/", "*/opties/*/uitleg", "uitleg"),
)
"""Which texts people read: in which file (or folder), where in it, and what it is. Search words are not among them."""


def passages(contents: Contents) -> Iterator[Passage]:
    """Give every text that people read, of the files in which nothing is wrong."""
    for name in contents.values:
        for file, pattern, part in TEXTS:
            if name == file or (file.endswith("/") and name.startswith(file)):
                for path, text in _texts(contents.documents[name].value, pattern.split("/")):
                    yield Passage(name, path, part, text)


def _texts(value: Any, pattern: Sequence[str], path: Path = ()) -> Iterator[tuple[Path, str]]:
    if not pattern:
        if isinstance(value, str):
            yield path, value
    elif pattern[0] == "*":
        items = value.items() if isinstance(value, dict) else enumerate(value) if _many(value) else ()
        for step, item in items:
            yield from _texts(item, pattern[1:], (*path, step))
    elif isinstance(value, dict) and pattern[0] in value:
        yield from _texts(value[pattern[0]], pattern[1:], (*path, pattern[0]))


def _many(value: Any) -> bool:
    return isinstance(value, tuple)


def owner_of(contents: Contents, name: str, path: Path) -> str:
    """The owner of a place in a file, as it is written there: of the item itself, else of what it is in, else of all."""
    value = contents.documents[name].value
    owner = contents.documents["kennis.yaml"].value["eigenaar"] if "kennis.yaml" in contents.values else ""
    for step in (None, *path):
        if step is not None:
            if not (isinstance(value, dict) and step in value) and not _many(value):
                break
            value = value[step]
        if isinstance(value, dict) and isinstance(value.get("eigenaar"), str):
            owner = value["eigenaar"]
    return owner
