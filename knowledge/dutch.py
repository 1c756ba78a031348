"""Dutch words in the form in which they are compared: lower case, without accents, without endings.

The stem is a key, not a word ("daken" and "dak" both give "dak", "bomen" and "boom" both "bom"). A dictionary of
lemmas knows more, but takes longer to read than Moi may take to start, and does not know "rioolrenovaties".
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST = 400  # characters of a text that are looked at; a purchase is named in its first lines

_WORD = re.compile(r"[a-z0-9][a-z0-9'&]*")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f]")
_ENDINGS = ("'s", "etjes", "tjes", "etje", "tje", "pjes", "pje", "jes", "je")
_VOWELS = "aeiou"


def fold(text: str) -> str:
    """Lower case, without accents and invisible characters, cut to a sane length."""
    plain = text[:LONGEST]
    if not plain.isascii():  # Most of our words are, and then there is nothing to take off.
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _INVISIBLE.sub("", plain).replace("’", "'").replace("`", "'").lower()


def words(folded: str) -> list[str]:
    """The words of a folded text, in order; hyphens and slashes part words."""
    return _WORD.findall(folded)


@lru_cache(maxsize=4096)  # The same few words make up most of what people say.
def stem(word: str) -> str:
    """The key under which all forms of a folded word are found."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            word = word[: -len(ending)]
            break
    word = _without_s(word)
    if len(word) > 4 and word.endswith("en") and word[-3] not in "aeou":
        word = word[:-2]
    elif len(word) > 4 and word.endswith("e") and word[-2] not in _VOWELS:
        word = word[:-1]
    return _without_s(_closed(word))


def _without_s(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] != "s" else word


def _closed(word: str) -> str:
    """Undo what Dutch spelling does between stem and ending: boom/bomen, bus/bussen, huis/huizen."""
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in _VOWELS:
        word = word[:-1]
    if len(word) > 3 and word[-2] == word[-3] and word[-2] in "aeou" and word[-1] not in _VOWELS:
        word = word[:-2] + word[-1]
    if len(word) > 3 and word[-1] in "zv":
        word = word[:-1] + ("s" if word[-1] == "z" else "f")
    return word
