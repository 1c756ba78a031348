"""The only markup our own words may use, and how words of other people stay words.

Every renderer (cards, plain text, pages, documents) takes its runs from here, so bold is bold everywhere and nothing
else in a text is ever read as Markdown.
"""

from __future__ import annotations

import re
from typing import Literal

Style = Literal["plain", "bold", "italic"]

_MARKED = re.compile(r"\*\*(?=\S)(?P<bold>[^\n]+?)(?<=\S)\*\*|\*(?=[^\s*])(?P<italic>[^*\n]*[^\s*])\*")
# Control characters, unpaired surrogates, overrides of the writing direction and code points that XML forbids.
_ILLEGIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile("\r\n|[\r\x85\u2028\u2029]")
_BRACES = re.compile(r"\{(?=\{)")
_MARKDOWN = re.compile(r"[\\`*_\[\]<~|]|(?m:^\s*(?:[#>+-]|\d+(?=[.)])))")


def runs(text: str) -> list[tuple[str, Style]]:
    """Our own text -> pieces with their style, in order; asterisks without a partner stay as they are."""
    text = legible(text)
    if "*" not in text:
        return [(text, "plain")]
    pieces: list[tuple[str, Style]] = []
    end = 0
    for found in _MARKED.finditer(text):
        if found.start() > end:
            pieces.append((text[end : found.start()], "plain"))
        style: Style = "bold" if found["bold"] is not None else "italic"
        pieces.append((found[style], style))
        end = found.end()
    if end < len(text):
        pieces.append((text[end:], "plain"))
    return pieces


def unmarked(text: str) -> str:
    """Our own text without its marks, for places that know no bold."""
    return "".join(words for words, _ in runs(text))


def legible(text: str) -> str:
    """Words without characters that cannot be shown or that turn the reading direction of what stands around them."""
    if text.isascii() and text.isprintable():
        return text
    return _ILLEGIBLE.sub("", _LINE_END.sub("\n", text))


def literal(text: str) -> list[str]:
    """Typed words -> the pieces in which a card shows them to the letter; together they are the words.

    Card clients replace {{DATE(...)}} inside a single run, so the two braces never stand in the same one.
    """
    return _BRACES.sub("{\x00", legible(text)).split("\x00")


def without_markdown(text: str) -> str:
    """Our own text for the few places where a card client insists on reading Markdown, such as headings."""
    return _MARKDOWN.sub(_escaped, unmarked(text))


def _escaped(found: re.Match[str]) -> str:
    mark = found[0]
    return f"{mark}\\" if mark[-1].isdigit() else f"{mark[:-1]}\\{mark[-1]}"


def shortened(text: str, most: int) -> str:
    """Words cut to `most` characters, with "…" where something was left out."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
