"""Sentences that stand (nearly) the same in several places: one of them can go, or says too little about its product.

Sentences that are alike share two words in a row that few other sentences have, so only those are compared; the time
grows with the number of sentences and not with its square.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from rapidfuzz import fuzz, utils

from knowledge.care.material import Finding, Material, Passage, passages

PARTS = frozenset({"criterium", "alternatief", "kans", "omdat", "kosten", "contractvorm", "let op", "vraag"})
ALIKE = 90  # From this likeness on (0-100) a reader sees the same sentence.
FEWEST_WORDS = 4  # Shorter texts are alike by nature: "plan van aanpak".
MOST_TOGETHER = 20  # With so many sentences that share two words a sentence is compared, the last ones first.


def doubles(material: Material) -> Iterator[Finding]:
    """Say once per sentence where else it stands."""
    by_part: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages(material.contents):
        if passage.part in PARTS and passage.name.startswith(("productgroepen/", "themas.yaml")):
            by_part[passage.part].append(passage)
    for part, found in by_part.items():
        for same in clusters([passage.text for passage in found]):
            yield _named(material, part, [found[place] for place in same])


def _named(material: Material, part: str, same: Sequence[Passage]) -> Finding:
    first, *others = same
    documents = material.contents.documents
    places = [
        f"{documents[passage.name].file}:{documents[passage.name].line(passage.path)}" for passage in others
    ]
    more = f" en nog {len(places) - 2} plaatsen" if len(places) > 2 else ""
    exact = "hetzelfde" if len({passage.text for passage in same}) == 1 else "bijna hetzelfde"
    message = (
        f"{part} '{_short(first.text)}' staat {exact} in {' en '.join(places[:2])}{more}. "
        "Maak het eigen voor dit product, of haal er een weg."
    )
    return material.finding("dubbel", first.name, first.path, message, len(same))


def _short(text: str) -> str:
    return text if len(text) <= 70 else f"{text[:67]}..."


def clusters(texts: Sequence[str]) -> list[list[int]]:
    """Group the places of texts that are alike; texts that are like no other are left out."""
    plain = [utils.default_process(text) for text in texts]
    together: dict[tuple[str, str], list[int]] = defaultdict(list)
    leader = list(range(len(texts)))
    words = [text.split() for text in plain]
    for place, said in enumerate(words):
        if len(said) < FEWEST_WORDS:
            continue
        near: set[int] = set()
        for pair in set(pairwise(said)):
            near.update(together[pair][-MOST_TOGETHER:])
            together[pair].append(place)
        for other in near:
            if _lead(leader, place) != _lead(leader, other) and _alike(plain[place], plain[other]):
                leader[_lead(leader, place)] = _lead(leader, other)
    found: dict[int, list[int]] = defaultdict(list)
    for place in range(len(texts)):
        found[_lead(leader, place)].append(place)
    return [places for places in found.values() if len(places) > 1]


def _lead(leader: Sequence[int], place: int) -> int:
    while leader[place] != place:
        place = leader[place]
    return place


def _alike(one: str, other: str) -> bool:
    return fuzz.ratio(one, other, score_cutoff=ALIKE) > 0
