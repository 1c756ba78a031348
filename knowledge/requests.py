"""Several requests in one message: what is asked for, line by line, each with the words in which it was asked.

A message is parted where people part it: at a new line, a dash, a comma, "en". A part is a line of its own when it names
something to buy; any other part stays with the line before it, so no word is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from knowledge.amounts import read_amount, read_quantity
from knowledge.dutch import fold
from knowledge.intent import Refusal
from knowledge.recognition import Recognition

MOST_LINES = 6
"""What one card shows; who asks for more gets the rest after sending."""
LONGEST = 2000  # characters of a message that are looked at; a line keeps 500.

_DAY = r"(?:maan|dins|woens|donder|vrij|zater|zon)dag"
_MONTH = (
    r"(?:jan(?:uari)?|feb(?:ruari)?|mrt|maart|apr(?:il)?|mei|juni?|juli?|aug(?:ustus)?|sept?(?:ember)?"
    r"|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = rf"\d{{1,2}} {_MONTH}\b\.?(?: 20\d\d)?|\d{{1,2}}-\d{{1,2}}(?:-(?:20)?\d\d)?"
_WHEN = re.compile(
    rf"\b(?:(?:(?:volgende|komende|aanstaande|a\.s\.) )?{_DAY}(?:ochtend|middag|avond)?(?: (?:{_DATE}))?|{_DATE}"
    r"|overmorgen|morgen(?:ochtend|middag|avond)?|vandaag|volgende (?:week|maand)|eind(?:e)? (?:van de )?(?:week|maand)|week \d{1,2})"
    r"(?: (?:om )?\d{1,2}(?:[:.]\d{2})? ?uur)?\b",
    re.IGNORECASE,
)
_SHORTENED = r"(?<!\bst)(?<!\bca)(?<!\bnr)(?<!\bevt)(?<!\bp)(?<!\bmax)(?<!\bmin)(?<!\bincl)(?<!\bexcl)(?<!\ba\.s)(?<!\bp\.st)"
_NEW_LINE = re.compile(r"[\r\n]+\s*(?:[-•*–]|\d{1,2}[.)])?\s*|\s[-•*–]\s(?!\d+\s*(?:€|euro))")
_SENTENCE = re.compile(rf"{_SHORTENED}[.!?]+(?=\s|$)|;|(?<=:)\s")
_PART = re.compile(
    r"\s*(?:,(?!\d)|(?<=\D),)\s*(?:(?:en|plus)\s+)?(?!-)|\s+(?:en|plus|alsook|alsmede)\s+|\s+[+&]\s+",
    re.IGNORECASE,
)
_FRAME = re.compile(
    r"^\W*(?:(?:hoi|hallo|hi|hey|moi|beste|collega's?|facilitair|goedemorgen|goedemiddag|dag|en|ook|graag|nog|verder|daarnaast|dan|plus|of|wij|we|ik|wil|willen"
    r"|wilt|heb|hebben|hebt|zoek|zoeken|nodig|kun|kan|kunnen|kunt|je|jij|jullie|u|er|iemand|bestel|bestellen|doe|regel|ajb|aub|svp|zou|zouden|mag|mogen|ons|mij|me"
    r"|moet|moeten|weer|even|misschien|maar|bestelling|boodschappen|lijstje|alstublieft|alsjeblieft)\b\W*)+",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"\b(?:regelen|bestellen|klaarzetten|komen|krijgen|aub|ajb|svp|graag|nodig|aanvullen|a\.?u\.?b\.?)\W*$",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:hoi|hallo|beste|goedemorgen|goedemiddag|graag|kun|kunnen|kunt|wil je|willen|wilt u|aub|ajb|svp|alvast|groet(?:en|jes)?|bestel(?:len)?|nodig|regelen|doe maar)\b",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^\W*(?:(?:met )?(?:vriendelijke|hartelijke|veel) )?(?:groet(?:en|jes)?|gr|mvg|dank(?: je| u)?(?: wel)?|dankjewel|bedankt|thanks|alvast|fijne? \w+)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"^\W*(?:(?:ca|circa|ongeveer|zo'n|minstens|om|voor|om en nabij)\W+)*(?:een|één|wat|paar)\b"
)
_FOR_PEOPLE = r"(?:voor|met|van|op)\s+(?:de |onze |ongeveer |circa |zo'n )?{number}\b|\b{number} (?:personen|pers|mensen|man|gasten|collega|deelnemers|bezoekers|werkplekken|keer|euro)"
_ONLY_A_NUMBER = re.compile(
    r"^\W*(?:(?:dus|maar|nu|dit|deze|keer|wel|graag|in totaal|samen|met)\W+)*"
    r"\d+(?: ?(?:stuks?|st|x|personen|mensen|man|pers|gasten|dozen|pakken|pp|per persoon))?\W*$"
)
_OF_WHICH = re.compile(r"\b(?:waarvan|waaronder|namelijk)\b", re.IGNORECASE)
# "3 pakken koffie" is about coffee, "2 dozen pennen" about pens.
_PACKED = re.compile(
    r"\b(\d+|een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|twaalf|paar) "
    r"(?:pakken|pak|dozen|doos|dzn|rollen|rol|zakken|zak|flessen|kratten|stuks|paar)\s+(?=\w[\w-]{2})",
    re.IGNORECASE,
)
_TOGETHER = re.compile(r"\b(?:samen|budget|totaal|bij elkaar|alles|allemaal)\b")
_SHORT = 4  # words; what stands in a list without a number is seldom longer
_MOST_BESIDES = 80  # characters of what is said about all lines at once, that every line takes along


@dataclass(frozen=True, slots=True)
class Part:
    """One request: its words, when it is wanted as that was said, and what was recognised."""

    text: str
    when: str
    found: Recognition


@dataclass(slots=True)
class _Line:
    """A request while its words are gathered."""

    text: str
    found: Recognition
    counted: bool


def requests(text: str, recognise: Callable[[str], Recognition]) -> tuple[Part, ...]:
    """Part a message into its requests; none when it holds no more than one, for then the message as a whole says most."""
    pieces = list(_pieces(text[:LONGEST]))
    if len(pieces) < 2:
        return ()
    lines: list[_Line] = []
    besides: list[str] = []
    for piece, new_row in pieces:
        named = _FRAME.sub("", piece)
        bare = _REQUEST.sub("", named).strip()
        found = recognise(_PACKED.sub(r"\1 ", bare)) if bare else None
        counted = _counted(bare)
        if piece.endswith(":") and not counted:
            besides += [piece[:-1]] if bare else []
        elif found is None or not _names_something(bare, found, counted=counted, after=lines[-1:]):
            if lines:
                lines[-1].text += f", {piece}"
            elif bare:
                besides.append(piece)
        elif lines and not _own_line(lines[-1], bare, found, counted=counted, new_row=new_row):
            lines[-1].text += f", {piece}"
        else:
            lines.append(_Line(named, found, counted))
    asked = any(line.counted for line in lines) or _ASKS.search(text)
    if len(lines) < 2 or not asked or not any(line.found.group for line in lines):
        return ()
    about_all = ", ".join(besides)
    return tuple(
        _part(line, about_all if len(about_all) <= _MOST_BESIDES else _when(about_all)) for line in lines
    )


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The smallest parts of a message up to its closing words, each with whether a row or a sentence begins there."""
    for row in _NEW_LINE.split(text):
        for sentence in _SENTENCE.split(row):
            found: list[str] = []
            for piece in filter(None, map(str.strip, _PART.split(sentence))):
                if _CLOSING.match(piece):
                    yield from _each(found)
                    return
                if found and _ONLY_A_NUMBER.match(fold(piece)):
                    found[-1] += f", {piece}"  # "nieuwe mokken, 24 stuks"
                else:
                    found.append(piece)
            yield from _each(found)


def _each(pieces: list[str]) -> Iterator[tuple[str, bool]]:
    return ((piece, not place) for place, piece in enumerate(pieces))


def _counted(piece: str) -> bool:
    """Whether a part counts what it names: "12 lunches", "een flipover"."""
    quantity = read_quantity(piece)
    folded = fold(piece)
    if quantity is not None and not re.search(_FOR_PEOPLE.format(number=quantity), folded):
        return True
    return _COUNTED.match(folded) is not None


def _names_something(piece: str, found: Recognition, *, counted: bool, after: list[_Line]) -> bool:
    """Whether a part names a thing: a known one, or an unknown one with a number that is no part of what stands before it."""
    if found.group is None and any(_OF_WHICH.search(line.text) for line in after):
        return False
    if found.purchase and found.words:
        return counted or (found.sure and len(piece.split()) <= 2 * _SHORT)
    unknown = found.purchase or found.refused is Refusal.UNKNOWN
    numbered = counted and read_quantity(piece) is not None and not _ONLY_A_NUMBER.match(fold(piece))
    return unknown and numbered and len(piece.split()) <= _SHORT and read_amount(piece, bare=False) is None


def _own_line(before: _Line, piece: str, found: Recognition, *, counted: bool, new_row: bool) -> bool:
    """Whether a part that names something is a request of its own, and not more about the one before it."""
    if counted:
        return True
    return found.group != before.found.group and (new_row or (found.sure and _is_short(piece)))


def _is_short(piece: str) -> bool:
    """Whether a part is no more than a name of things, before it says what they are for."""
    return len(re.split(r"\s(?:voor|tijdens|bij)\s", piece)[0].split()) <= _SHORT


def _when(piece: str) -> str:
    """When something is wanted, as it was said; "" when nothing was said."""
    said = _WHEN.search(piece)
    return said.group() if said else ""


def _part(line: _Line, about_all: str) -> Part:
    total = _TOGETHER.search(line.text)
    amount = None if total else read_amount(line.text, bare=False)
    found = replace(line.found, quantity=read_quantity(line.text), amount=amount)
    when = _when(line.text) or _when(about_all)
    text = f"{line.text} ({about_all})" if about_all else line.text
    return Part(text[:500], when, found)
