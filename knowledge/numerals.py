"""Numbers in Dutch text: spelled or in digits, cleared of what only looks like a number of things or euros.

Pure: text in, tokens out. Amounts and quantities are read from these tokens.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from text_to_num import alpha2digit  # type: ignore[import-untyped]

LONGEST = 600  # Nobody names a price after six hundred characters; longer texts are pasted or hostile.
VAGUE = "vaag"  # Stands where somebody said "een paar honderd": an amount, but none that can be kept.

SCALES = {
    "k": 1e3,
    "duizend": 1e3,
    "mille": 1e3,
    "keuro": 1e3,
    "ton": 1e5,
    "tonnen": 1e5,
    "mln": 1e6,
    "miljoen": 1e6,
    "mio": 1e6,
    "mld": 1e9,
    "miljard": 1e9,
}

_MONTHS = "jan|feb|mrt|maart|apr|mei|jun|jul|aug|sep|okt|nov|dec"
_NOISE = re.compile(
    r"https?://\S+|www\.\S+|\S+@\S+"
    r"|\b\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)?\d{2}\b|\b20\d\d-\d{1,2}(?:-\d{1,2})?\b"  # dates
    rf"|\b\d{{1,2}}(?:e|ste|de)? (?:{_MONTHS})[a-z]*\.?(?: (?:19|20)\d\d)?\b"
    r"|\b\d{1,2}[:.]\d{2} ?(?:uur|u)\b|\b\d{1,2}:\d{2}\b"  # times
    r"|(?:\+31|\b0031|\(?\b0)[ -]?\d(?:[ )-]*\d){7,9}\b"  # telephone numbers
    r"|\d+(?:[.,]\d+)? ?(?:%|‰|procent\b|percent\b)"
    r"|\b\d{1,2}(?:e|ste|de)\b"  # ordinals
    r"|\b(?:nr|no|nummer|perceel|percelen|kavel|lot|segment|fase|week|artikel|art|bestek|zaak|blok|deel|versie|jaar|bedrijf|gebouw|kamer|lijn|route|wijk|postbus|code|type|klasse|niveau|schaal|maat|norm|iso|nen)"
    r"\.? ?\d+(?:\.\d+)*\b"
    r"|\b(?!eur)[a-z]{1,12}\d[\w.-]*"  # codes: A03.78, windows11
    r"|\b\d+(?:\.\d+){3,}\.?|\b0\d{3,}\b|\b\d{8,}\b(?![.,]?\d)(?! ?(?:euro|eur|€|,-))"
)
_SHORT_FORMS = (
    (re.compile(r"\bk ?€ ?(\d[\d.,]*)"), r"€ \1 k"),
    (re.compile(r"\bp[/.] ?j\b\.?"), "per jaar"),
    (re.compile(r"\bp[/.] ?m\b\.?"), "per maand"),
    (re.compile(r"\bp(?:[/.] ?(?:p|st|s)|p| st)\b\.?"), "per stuk"),
    (re.compile(r"/ ?(?=(?:stuk|jaar|jr|maand|mnd|week|uur|dag|persoon)\b)"), " per "),
)
_POSTCODE = re.compile(r"\b[1-9]\d{3} ?(?!EU|EX)[A-Z]{2}\b")
_VAGUE = re.compile(
    r"\b(?:een paar|paar|enkele|meerdere|verschillende|een hoop|heel wat|tig|veel|ettelijke)"
    r" (?:tientjes?|honderd(?:en|jes)?|duizend(?:en|jes)?|k|mille|ton(?:nen)?|miljoen(?:en)?|euro(?:'?s)?)\b"
    r"|\b(?:honderden|duizenden|tonnen|miljoenen|tienduizenden)\b"
)
_SCALE_WORDS = r"(duizend|mille|ton|miljoen|mln|mio|miljard|mld)\b"
_FRACTIONS = (
    (re.compile(rf"\b(?:een |1 )?driekwart {_SCALE_WORDS}"), r"0,75 \1"),
    (re.compile(rf"\b(?:drie|3) ?kwart {_SCALE_WORDS}"), r"0,75 \1"),
    (re.compile(rf"\b(?:een |1 )?kwart {_SCALE_WORDS}"), r"0,25 \1"),
    (re.compile(rf"\banderhal(?:f|ve) {_SCALE_WORDS}"), r"1,5 \1"),
    (re.compile(rf"\b(?:een |1 )?hal(?:f|ve) {_SCALE_WORDS}"), r"0,5 \1"),
    (re.compile(rf"\been {_SCALE_WORDS}"), r"1 \1"),
)
_AND_A_HALF = re.compile(rf"\b(?!een )([^\W_]+?)(?: en een |en een|en|ën|ëen) ?hal(?:f|ve) {_SCALE_WORDS}")
_AFTER_DIGITS = re.compile(r"(?<=\d) ?(duizend|miljoen|miljard)\b")
_HANGING = re.compile(r"([^\W\d_])-(?= (?:tot|à|a|en|of) )")
_BETWEEN_DIGITS = re.compile(r"[^\d]+")
_ARTICLE = re.compile(r"\been\b")
_SHORT = {"duizend": " k", "miljoen": " mln", "miljard": " mld"}

_TOKEN = re.compile(
    r"(?P<number>[1-9]\d{0,2}(?:[.' ]\d{3})+(?:,\d{1,2})?(?![\d])"
    r"|[1-9]\d{0,2}(?:,\d{3})+\.\d{2}(?!\d)|[1-9]\d{0,2}(?:,\d{3}){2,}(?!\d)"
    r"|\d+(?:[.,]\d+)?)"
    r"|(?P<dash>[,.](?:-+|–|=)|,(?=\s*€))"
    r"|(?P<word>[^\W\d_]+(?:['’-][^\W\d_]+)*|[€×*+<>≤≥~–/-])"
    r"|(?P<stop>[,;:.!?()])"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A number with its value, or a word; `glued` when no space came before it."""

    text: str
    value: float | None = None
    glued: bool = False

    @property
    def grouped(self) -> bool:
        """True for 25.000 and 1.250.000, which people write for money rather than for things."""
        return self.value is not None and re.search(r"\d[.' ,]\d{3}(?!\d)", self.text) is not None


@lru_cache(maxsize=64)  # A text is read for its amount, its quantity and its parts.
def tokens(text: str) -> tuple[Token, ...]:
    """Read the numbers and words of a text; dates, codes, telephone numbers and percentages are left out."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST].replace("½", ",5")).replace("’", "'")
    plain = _POSTCODE.sub(" ; ", plain)
    plain = " ".join(plain.lower().split())
    for short, full in _SHORT_FORMS:
        plain = short.sub(full, plain)
    plain = _in_digits(_NOISE.sub(" ; ", _VAGUE.sub(f" {VAGUE} ", plain)))
    found: list[Token] = []
    end = 0
    for match in _TOKEN.finditer(plain):
        written = match.group()
        value = _value(written) if match.lastgroup == "number" else None
        if match.lastgroup == "dash":
            written = ",-"
        found.append(Token(written, value, glued=match.start() == end and end > 0))
        end = match.end()
    return tuple(found)


def _in_digits(text: str) -> str:
    """Write "anderhalve ton" and "zesduizend" in digits, and keep the scale after digits as a word."""
    text = _AND_A_HALF.sub(lambda m: f"{_spelled(m[1])},5 {m[2]}", text)
    for pattern, digits in _FRACTIONS:
        text = pattern.sub(digits, text)
    text = _AFTER_DIGITS.sub(lambda match: _SHORT[match[1]], _HANGING.sub(r"\1", text))
    return _BETWEEN_DIGITS.sub(lambda match: _spelled(match[0]), text)


def _spelled(words: str) -> str:
    # text2num reads the article "een" as 1, which would turn every "een bureau" into a number.
    written: str = alpha2digit(_ARTICLE.sub("\x00", words), "nl", threshold=0)
    return written.replace("\x00", "een")


def _value(number: str) -> float:
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d{2})?", number):
        return float(number.replace(",", ""))
    if re.search(r"[.' ]\d{3}(?!\d)", number):
        return float(re.sub(r"[.' ]", "", number).replace(",", "."))
    return float(number.replace(",", "."))
