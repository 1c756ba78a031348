"""The same as last time: the answers of an earlier purchase are put in the fields, never given in somebody's name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dialogs.comply import APPLY, EXPLANATION
from dialogs.listed import Requests
from dialogs.questions import Kept, Unclear
from dialogs.several import NEED, REASON, WAY
from knowledge.requests import LONGEST, MOST_LINES

_LAST_TIME = re.compile(
    r"\b(?:(?:het |de )?zelfde |hetzelfde |zoals |net ?als )?(?:als |zoals )?(?:de )?(?:vorige|laatste) (?:keer|maal)\b|\bweer (?:hetzelfde|zo)\b",
    re.IGNORECASE,
)
_ALSO = re.compile(r"\b(?:weer|nog een keer|nogmaals|(?:het |de )?zelfde|hetzelfde)\b", re.IGNORECASE)
_NOTHING_ELSE = re.compile(
    r"\W*(?:(?:hoi|hallo|graag|doe|maar|bestel|bestellen|regelen|kun|je|wil|willen|ik|we|aub|ajb|svp|weer|net|zo|de|het|een|lijst|bestelling|alvast|bedankt)\W*)*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A purchase that this person sent before: its product group, the answers, and when."""

    group: str
    answers: Mapping[str, Any]
    at: datetime

    @property
    def said(self) -> str:
        """The words in which it was asked."""
        return str(self.answers["wat"]["tekst"])


def asks_again(text: str) -> bool:
    """Whether somebody may mean something they asked before."""
    return bool(_LAST_TIME.search(text) or _ALSO.search(text))


def means_last_time(text: str) -> bool:
    """Whether somebody asks for what was asked the last time, without naming it."""
    return bool(_LAST_TIME.search(text) and _NOTHING_ELSE.fullmatch(_without(text)))


def _without(text: str) -> str:
    return _ALSO.sub(" ", _LAST_TIME.sub(" ", text))


def repeated(question: Requests, text: str, earlier: Sequence[Earlier]) -> Kept | None:
    """What is kept of words that ask for something again, with the earlier answers to propose; None when there are none.

    `earlier` has the newest first. Words that name nothing mean all that was sent together the last time.
    """
    if not earlier:
        return None
    try:
        kept = question.read(_without(text))
    except Unclear:
        if not means_last_time(text):
            return None
        last = sorted((one for one in earlier if one.at == earlier[0].at), key=lambda one: one.said)
        lines = [_as_before(one) for one in last[:MOST_LINES]]
        return {"tekst": text[:LONGEST], "regels": lines, "rest": ""}
    lines = [_with_before(line, earlier) for line in kept["regels"]]
    if len(lines) == 1:
        lines[0]["wat"]["tekst"] = text[:500]
    return {**kept, "regels": lines} if any("eerder" in line for line in lines) else None


def _as_before(one: Earlier) -> Kept:
    line = {"wat": {**one.answers["wat"], "groep": one.group}, "wanneer": "", "aantal": None, "waarde": None}
    return _proposing(line, one)


def _with_before(line: Mapping[str, Any], earlier: Sequence[Earlier]) -> Kept:
    """The line with the newest earlier purchase of what it is, or of what it could be."""
    wanted = line["wat"]
    could_be = [wanted["groep"]] if wanted["groep"] else wanted["suggesties"]
    found = next((one for one in earlier if one.group in could_be), None)
    return _proposing({**line, "wat": {**wanted, "groep": found.group}}, found) if found else dict(line)


def _proposing(line: dict[str, Any], one: Earlier) -> Kept:
    answers = one.answers
    decided = answers.get(f"pas-toe/{one.group}", {})
    codes = {code for key, code in decided.items() if key != EXPLANATION}
    before = {
        NEED: answers.get(f"nodig/{one.group}", ""),
        WAY: answers.get(f"anders/{one.group}", ""),
        REASON: codes.pop() if len(codes) == 1 and APPLY not in codes else "",
        "dag": one.at.date().isoformat(),
    }
    quantity = line["aantal"] or answers.get("aantal-anders") or answers.get("aantal")
    return {**line, "aantal": quantity, "eerder": before}
