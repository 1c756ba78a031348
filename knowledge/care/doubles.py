"""Sentences that stand (nearly) the same in several places: one of them can go, or says too little about its product.

Every two sentences that are alike share one of their rarest words, so only those are compared; the time grows with the
number of sentences and not with its square.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from math import ceil

from rapidfuzz import fuzz, utils

from knowledge.care.material import Material, Passage, Remark, passages

PARTS = frozenset({"criterium", "alternatief", "kans", "omdat", "kosten", "contractvorm", "let op", "vraag"})
SHARED = 0.7  # The part of their words that two sentences must share before they are compared by letters.
ALIKE = 90  # From this likeness on (0-100) a reader sees the same sentence.
FEWEST_WORDS = 4  # Shorter texts are alike by nature: "plan van aanpak".
MOST_TOGETHER = 200  # A word in more sentences than this is rare for none of them.


def doubles(material: Material) -> Iterator[Remark]:
    """Say once per sentence where else it stands."""
    by_part: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages(material.contents):
        if passage.part in PARTS and passage.name.startswith(("productgroepen/", "themas.yaml")):
            by_part[passage.part].append(passage)
    for part, found in by_part.items():
        for same in clusters([passage.text for passage in found]):
            yield _named(material, part, [found[place] for place in same])


def _named(material: Material, part: str, same: Sequence[Passage]) -> Remark:
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
    return material.remark("dubbel", first.name, first.path, message, len(same))


def _short(text: str) -> str:
    return text if len(text) <= 70 else f"{text[:67]}..."


def clusters(texts: Sequence[str]) -> list[list[int]]:
    """Group the places of texts that are alike; texts that are like no other are left out."""
    plain = [utils.default_process(text) for text in texts]
    words = [frozenset(text.split()) for text in plain]
    often = Counter(word for said in words for word in said)
    together: dict[str, list[int]] = defaultdict(list)
    leader = list(range(len(texts)))
    for place, said in enumerate(words):
        if len(said) < FEWEST_WORDS:
            continue
        rare = sorted(said, key=lambda word: (often[word], word))
        # Texts that share enough of their words share one of these (the prefix filter for set similarity).
        rarest = rare[: len(said) - ceil(SHARED * len(said)) + 1]
        for other in {other for word in rarest for other in together[word][-MOST_TOGETHER:]}:
            if _lead(leader, place) != _lead(leader, other) and _alike(
                words[place], words[other], plain[place], plain[other]
            ):
                leader[_lead(leader, place)] = _lead(leader, other)
        for word in rarest:
            together[word].append(place)
    found: dict[int, list[int]] = defaultdict(list)
    for place in range(len(texts)):
        found[_lead(leader, place)].append(place)
    return [places for places in found.values() if len(places) > 1]


def _lead(leader: Sequence[int], place: int) -> int:
    while leader[place] != place:
        place = leader[place]
    return place


def _alike(one: frozenset[str], other: frozenset[str], said: str, also: str) -> bool:
    if len(one & other) < SHARED * len(one | other):
        return False
    return fuzz.ratio(said, also, score_cutoff=ALIKE) > 0
