"""What may not go out as it stands: errors of the check, though none of them stops a running Moi.

A label that stands alone (Aanbestedingswet 2012, art. 2.78a), a brand (art. 2.76), a criterion that says nothing where
its proof, source or owner should be, an owner that is no role, and levels of one scale in the place of another.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from knowledge.care.material import Passage, Path, passages
from knowledge.loading import Contents
from knowledge.mistakes import Problem, nearest
from knowledge.plain_words import PlainWords

SAYS_NOTHING = re.compile(
    r"\W*(?:nvt|n\.?v\.?t\.?|geen|onbekend|volgt|nog bepalen|nader te bepalen|ntb|n\.?t\.?b\.?|tbd|x+)?\W*",
    re.IGNORECASE,
)
PARTS_OF_A_BASE = frozenset({"criterium", "bewijs", "omdat", "let op", "kans", "alternatief", "kosten", "contractvorm"})  # fmt: skip


def not_to_send(contents: Contents, words: PlainWords | None) -> Iterator[Problem]:
    """Name everything that may not be said to a supplier or a buyer like this, in what was read without mistakes."""
    texts = list(passages(contents))
    labels = _words(
        name for label in contents.values.get("keurmerken.yaml", ()) if label.or_equal for name in label.names
    )
    brands = _words(words.brands if words else ())
    ladders = _ladders(contents)
    for passage in texts:
        for message in (
            *_label_alone(passage, labels),
            *_brand(passage, brands),
            *_scales(passage, ladders),
        ):
            yield contents.documents[passage.name].problem(passage.path, message)
    yield from _hollow(contents, texts)
    yield from _owners(contents)


def _words(words: Iterable[str]) -> re.Pattern[str] | None:
    listed = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, listed))})(?!\w)") if listed else None


def _label_alone(passage: Passage, labels: re.Pattern[str] | None) -> Iterator[str]:
    asked = passage.part in ("criterium", "bewijs")
    if labels and asked and "gelijkwaardig" not in passage.text and (found := labels.search(passage.text)):
        yield f"het keurmerk '{found[1]}' staat er alleen. Zet er 'of gelijkwaardig' achter."


MARK = re.compile(r"(?i:\bmerk(?:en)?:?)\s+([A-Z][\w-]+)|(\w+)\s?[®™]")


def _brand(passage: Passage, brands: re.Pattern[str] | None) -> Iterator[str]:
    for pattern in (brands, MARK):
        if pattern and (found := pattern.search(passage.text)):
            name = next(part for part in found.groups() if part)
            yield f"'{name}' is een merk. Beschrijf wat het moet kunnen; een merk noem je niet."
            return


Ladders = dict[str, set[str]]


def _ladders(contents: Contents) -> Ladders:
    found: Ladders = {}
    if "naslag.yaml" in contents.values:
        for step in contents.values["naslag.yaml"].ladders:
            found.setdefault(step.ladder, set()).add(step.step)
    return found


SPEAKS_OF_LEVELS = re.compile(r"niveau|trede|ambitie|\bR[0-9]", re.IGNORECASE)
CRITERIA_LEVEL = r"(?:basis|significant|ambitieus)"
LEVEL_OF_A_NUMBER = re.compile(r"\b(?:organisatie|ambitie|criterium)?niveau\s+([0-9])\b", re.IGNORECASE)
NAMED_LEVEL = re.compile(rf"\bniveau\s+'?{CRITERIA_LEVEL}\b", re.IGNORECASE)
AMBITION_IN_WORDS = re.compile(
    rf"\b(?:ambitie|organisatieniveau|ambitieweb)\b[^.]{{0,40}}\b{CRITERIA_LEVEL}\b", re.IGNORECASE
)
STEP = re.compile(r"\btrede\s+([0-9])\b", re.IGNORECASE)
R_STEP = re.compile(r"\bR([0-9]+)\b")


def _scales(passage: Passage, ladders: Ladders) -> Iterator[str]:
    """The four scales apart: organisation levels 1-5, levels of criteria, Ambitieweb 1-3, and ladders of products."""
    text = passage.text
    if passage.part == "trede" or not SPEAKS_OF_LEVELS.search(text):
        return
    on_ladder = next((ladder for ladder in ladders if re.search(rf"\b{re.escape(ladder)}\b", text)), None)
    level, in_web = LEVEL_OF_A_NUMBER.search(text), "ambitieweb" in text.lower()
    if level and on_ladder:
        yield f"{on_ladder} heeft treden, geen niveaus. Schrijf 'trede {level[1]}'."
    elif level and in_web and level[1] not in "123":
        yield f"het Ambitieweb heeft niveau 1, 2 en 3, geen niveau {level[1]}. Verbeter het nummer."
    elif level and not in_web and passage.part in PARTS_OF_A_BASE:
        yield (
            f"'{level[0]}' is een niveau van de organisatie of het Ambitieweb. "
            "Een criterium is basis, significant of ambitieus; zet dat bij 'niveau' en haal het uit de tekst."
        )
    if NAMED_LEVEL.search(text) and (passage.part not in PARTS_OF_A_BASE or in_web):
        yield "basis, significant en ambitieus zijn niveaus van criteria. Noem hier het nummer van het niveau."
    elif AMBITION_IN_WORDS.search(text):
        yield "een ambitie is een niveau van 1 tot en met 5. Basis, significant en ambitieus horen bij criteria."
    if step := STEP.search(text):
        if on_ladder is None:
            yield f"bij '{step[0]}' staat niet van welke ladder. Noem de ladder erbij."
        elif step[1] not in ladders[on_ladder]:
            yield f"{on_ladder} heeft geen trede {step[1]}. Kijk in naslag.yaml welke treden er zijn."
    if (code := R_STEP.search(text)) and int(code[1]) > 9:
        yield f"de R-ladder loopt van R0 tot en met R9; '{code[0]}' bestaat niet. Verbeter de code."


def _hollow(contents: Contents, texts: Iterable[Passage]) -> Iterator[Problem]:
    """What has a key but says nothing, so that a criterion has no proof, source or owner after all."""
    for name, path, key, text in _said(contents, texts):
        if SAYS_NOTHING.fullmatch(text):
            message = f"bij '{key}' staat '{text.strip()}', en dat zegt niets. Vul het in."
            yield contents.documents[name].problem((*path, key), message)


def _said(contents: Contents, texts: Iterable[Passage]) -> Iterator[tuple[str, Path, str, str]]:
    for passage in texts:
        if passage.part in PARTS_OF_A_BASE and isinstance(key := passage.path[-1], str):
            yield passage.name, passage.path[:-1], key, passage.text
    for name in contents.values:
        for path, item in _items(contents.documents[name].value):
            for key in ("bron", "eigenaar"):
                if isinstance(said := item.get(key), str):
                    yield name, path, key, said


def _items(value: object, path: Path = ()) -> Iterator[tuple[Path, dict[str, object]]]:
    if isinstance(value, dict):
        yield path, value
        for key, inner in value.items():
            yield from _items(inner, (*path, key))
    elif isinstance(value, tuple):
        for place, inner in enumerate(value):
            yield from _items(inner, (*path, place))


def _owners(contents: Contents) -> Iterator[Problem]:
    """An owner is one of the roles in rollen.yaml, by its name or its id; never a person."""
    if "rollen.yaml" not in contents.values:
        return
    roles: Collection[str] = {
        known for role in contents.values["rollen.yaml"] for known in (role.id, role.name)
    }
    for name in contents.values:
        for path, item in _items(contents.documents[name].value):
            owner = item.get("eigenaar")
            if isinstance(owner, str) and owner not in roles and not SAYS_NOTHING.fullmatch(owner):
                message = f"'{owner}' is geen rol in rollen.yaml. {nearest(owner, roles)}"
                yield contents.documents[name].problem((*path, "eigenaar"), message)
