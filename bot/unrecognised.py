"""What Moi did not recognise, for the owners of the knowledge: a list of words that belongs to nobody.

A text is kept without person, talk or moment, only with the weeks in which it was said first and last; names, numbers
and addresses are taken out before. What is no possible purchase is not kept at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.knowledge_tables import unrecognised
from bot.talk_state import Talk
from dialogs.what import refused
from knowledge.anonymous import anonymous
from knowledge.dutch import fold, words
from knowledge.knowledge import Knowledge

KEPT_FOR = timedelta(days=180)
"""Half a year: owners go through the list every quarter, and once more after a holiday. Counted from the last time."""
MOST_KEPT = 2_000  # Nobody reads a longer list, and nobody can fill the database with it.
MOST_WORDS = 12
NAME_OF_A_THING = 4  # Words; what is said longer must show that somebody wants something.
EMPTY = (
    "de",
    "het",
    "een",
    "voor",
    "van",
    "aan",
    "met",
    "om",
    "te",
    "er",
    "in",
    "op",
    "bij",
    "kun",
    "wat",
    "iets",
    "heeft",
    "je",
    "en",
    "zoekt",
)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A text that was not recognised, how often it was said, and the Mondays of the first and the last week."""

    text: str
    times: int
    first_week: date
    last_week: date


def missed(knowledge: Knowledge, text: str) -> str | None:
    """What may be kept of a text that was not recognised; None when it is no possible purchase or nothing is left.

    Only the words for the thing are left, so that "we zoeken een klimwand" and "klimwand" count as one.
    """
    if knowledge.recogniser.is_report(text) or len(text.split()) > MOST_WORDS:
        return None
    said = words(fold(anonymous(text)))
    wants, refusal = knowledge.vocabulary.intent, knowledge.vocabulary.refusal
    if not said or _within(said, (*refusal.private, *refusal.rules)):
        return None
    buys = _within(said, (*wants.verbs, *wants.strong_verbs))
    wishes = _within(said, wants.own) and _within(said, wants.wishes)
    asks = text.rstrip().endswith("?") or said[0] in refusal.question_words
    about_somebody = _within(said, (*refusal.persons, *refusal.telling_verbs))
    named = len(said) <= NAME_OF_A_THING and not about_somebody
    if not buys and (asks or _within(said, refusal.errands) or not (wishes or named)):
        return None
    empty = {*wants.verbs, *wants.strong_verbs, *wants.wishes, *wants.own, *refusal.chat, *EMPTY}
    left = [word for word in said if word not in empty]
    return " ".join(left) if any(len(word) > 2 for word in left) else None


def misunderstood(before: Talk | None, after: Talk | None) -> str:
    """What somebody wanted when they have just said that it is something else, or that could not be placed at all."""
    request = after.answers.get("wat") if after else None
    if after is None or not isinstance(request, Mapping):
        return ""
    known = before.answers if before and before.id == after.id else {}
    placed = any(request.get(key) for key in ("categorie", "groep", "suggesties", "dubbelzinnig"))
    no = any(refused(key, kept) and known.get(key) != kept for key, kept in after.answers.items())
    return str(request.get("tekst") or "") if no or (not placed and known.get("wat") != request) else ""


def note(connection: Connection, text: str, today: date) -> None:
    """Count a text that was missed, in the week of this day; a new one is not taken in when the list is full."""
    week = today - timedelta(days=today.weekday())
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    known = select(unrecognised.c.text).where(unrecognised.c.text == text)
    if (
        connection.execute(COUNT).scalar_one() >= MOST_KEPT
        and connection.execute(known).one_or_none() is None
    ):
        return
    fresh = insert(unrecognised).values(text=text, times=1, first_week=week, last_week=week)
    again = {"times": unrecognised.c.times + 1, "last_week": week}
    connection.execute(fresh.on_conflict_do_update(index_elements=["text"], set_=again))


def listed(connection: Connection) -> list[Unknown]:
    """Everything that was missed, what was said most first."""
    return [Unknown(row.text, row.times, row.first_week, row.last_week) for row in connection.execute(LIST)]


def remove(texts: Iterable[str], connection: Connection) -> None:
    """Take texts off the list, because they are recognised now."""
    rows: list[dict[str, Any]] = [{"gone": text} for text in texts]
    if rows:
        connection.execute(delete(unrecognised).where(unrecognised.c.text == bindparam("gone")), rows)


def forget_old(today: date, connection: Connection) -> None:
    """Forget what nobody said any more in the last half year."""
    connection.execute(delete(unrecognised).where(unrecognised.c.last_week < today - KEPT_FOR))


def _within(said: list[str], terms: Iterable[str]) -> bool:
    whole = f" {' '.join(said)} "
    return any(f" {fold(term)} " in whole for term in terms)


COUNT = select(func.count()).select_from(unrecognised)
LIST = select(unrecognised).order_by(unrecognised.c.times.desc(), unrecognised.c.text)
