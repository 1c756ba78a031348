"""Hearing which option somebody means: a number, the label, a synonym, or something close to it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from rapidfuzz import fuzz

from knowledge.words import OptionWords

CLOSE = 86  # of 100: one or two typing errors in a label, measured on the labels of the dialogs.
DENIALS = frozenset({"niet", "geen", "zonder", "nooit"})
YES_OR_NO = frozenset({"ja", "nee"})  # "nee, niet huren" denies huren, and still says nee.
TAKEN_BACK = frozenset({"wacht", "oeps"})  # What was said before these words no longer counts.
NONE_OF_THESE = frozenset({"nee", "geen", "niets", "niemand", "niks", "geen van deze"})


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Lower case, without accents, punctuation and double spaces."""
    letters = unicodedata.normalize("NFKD", text[:500]).casefold()
    return " ".join(
        re.sub(r"[^a-z0-9]+", " ", "".join(c for c in letters if not unicodedata.combining(c))).split()
    )


def phrases(option: str, words: OptionWords) -> list[str]:
    """Everything by which people call an option, the label first."""
    return [plain(words.label), plain(option), *(plain(said) for said in words.said)]


def choose(text: str, options: Mapping[str, OptionWords], *, within: int = 1) -> str | None:
    """The option that these words name, or None when it is none or not clear which.

    A call of at least `within` words also counts in the middle of a sentence, unless it is denied there: "niet huren".
    """
    heard = plain(text)
    if not heard:
        return None
    if heard.isdecimal() and 1 <= int(heard) <= len(options):
        return list(options)[int(heard) - 1]
    named = {option: phrases(option, words) for option, words in options.items()}
    for option, calls in named.items():
        if heard in calls:
            return option
    if TAKEN_BACK & set(heard.split()):
        return None
    inside = {
        option: max((len(c) for c in calls if c.count(" ") >= within - 1 and _within(c, heard)), default=0)
        for option, calls in named.items()
    }
    best = sorted(inside.items(), key=lambda pair: -pair[1])
    if best and best[0][1] and (len(best) == 1 or best[0][1] > best[1][1]):
        return best[0][0]
    denied = DENIALS & set(heard.split())
    close = [
        (max(fuzz.ratio(heard, call) for call in calls if denied <= set(call.split())), option)
        for option, calls in named.items()
        if any(denied <= set(call.split()) for call in calls)
    ]
    close.sort(reverse=True)
    if close and close[0][0] >= CLOSE and (len(close) == 1 or close[0][0] > close[1][0]):
        return close[0][1]
    return None


def choose_several(text: str, options: Mapping[str, OptionWords]) -> list[str] | None:
    """All options that these words name; an empty list for "nee"; None when nothing is clear."""
    if plain(text) in NONE_OF_THESE:
        return []
    parts = re.split(r",|;|\ben\b|\+|&", text)
    chosen = [choose(part, options) for part in parts if part.strip()]
    if not chosen or None in chosen:
        whole = choose(text, options)
        return None if whole is None else [whole]
    return list(dict.fromkeys(option for option in chosen if option is not None))


def _within(call: str, heard: str) -> bool:
    """Whether the words of the call stand there together, and are not denied."""
    before, found, after = f" {heard} ".partition(f" {call} ") if call else ("", "", "")
    if not found or call in YES_OR_NO:
        return bool(found)
    # Denied just before ("niet opknappen of huren", but not "niet huren maar delen"), or at the end ("huren hoeft niet").
    said = re.split(r"\bmaar\b", before)[-1].split()[-3:]
    rest = after.split()
    return not DENIALS & {*said, *rest[:1]} and not (len(rest) <= 3 and "niet" in rest[-1:])
