"""Taking out of a text what could say who it is about or from, so that only the words for a thing are left.

Rather too much than too little: a capital in the middle of a sentence is taken for a name, and every word with a digit
goes.
"""

from __future__ import annotations

import re

from knowledge.dutch import fold

LONGEST = 100
LOOKED_AT = (
    400  # Characters; a purchase is named in its first lines, and the patterns take the square of the length.
)

_CONTACT = re.compile(r"\S*@\S*|\b(?:https?://|www\.)\S*|\b\w+\.(?:nl|com|org|net|eu)\b\S*", re.IGNORECASE)
_POSTCODE = re.compile(r"\b\d{4}\s?[A-Z]{2}\b")
_DIGITS = re.compile(r"\S*\d\S*")
_CAPITAL = r"[A-ZÀ-Þ][\w'’-]*"
_BETWEEN = r"(?:\s+(?:van|de|der|den|het|ter|ten|te|'t|’t|in|op)){0,3}\s+"
_FULL_NAME = re.compile(rf"\b{_CAPITAL}(?:{_BETWEEN}{_CAPITAL})+")
_WITH_INITIALS = re.compile(rf"\b(?:[A-Z]\.\s*)+(?:(?:van|de|der|den|ter|ten)\s+)*{_CAPITAL}")
_WANTS = re.compile(
    rf"^\s*{_CAPITAL}(?=\s+(?:wil|zoekt|heeft|vraagt|moet|gaat|kan|mag|zou|wenst|koopt|bestelt)\b)"
)
_TITLE = (
    r"(?:de\s+heer|meneer|mevrouw|mevr|dhr|mw|mr|drs|ing|ir|dr|collega|buurman|buurvrouw|wethouder|"
    r"heet|naam\s+is|ik\s+ben|groeten?\s+van|groet|namens|t\.?a\.?v)"
)
_CALLED = re.compile(rf"(?i:\b{_TITLE}\b)\.?,?\s+[\w'’-]+(?:{_BETWEEN}{_CAPITAL})*")
_ABBREVIATION = re.compile(r"[A-Z]{2,5}")
_LATER_CAPITAL = re.compile(rf"(?<=[^.!?\s])\s+({_CAPITAL})")
_WORDS = re.compile(r"[a-z][a-z'-]*")


def anonymous(text: str) -> str:
    """What is left of a text without names, numbers and addresses: lower case, at most a hundred characters."""
    if len(text) > LOOKED_AT:
        # Half an address at the end would no longer look like one, so the last word goes as well.
        text = " ".join(text[:LOOKED_AT].split()[:-1])
    mixed = text != text.upper()  # Of a text in capitals only, capitals say nothing.
    by_capital = (_WITH_INITIALS, _FULL_NAME, _WANTS) if mixed else ()
    for pattern in (_CONTACT, _POSTCODE, _DIGITS, _CALLED, *by_capital):
        text = pattern.sub(" ", text)
    if mixed:
        text = _LATER_CAPITAL.sub(lambda found: found[0] if _ABBREVIATION.fullmatch(found[1]) else " ", text)
    said = _WORDS.findall(fold(text))
    while len(" ".join(said)) > LONGEST:
        said.pop()
    return " ".join(said)
