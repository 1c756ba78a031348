"""What colleagues think of what Moi said: thumbs and reactions in Teams, counted per question, of nobody.

Kept as what was not recognised is kept (`bot/unrecognised.py`): without person, talk or moment, only with the weeks of
the first and the last time; words lose their names and numbers before they are kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.channel_place import first_time
from bot.knowledge_tables import feedback
from bot.records import Records
from bot.unrecognised import KEPT_FOR, MOST_KEPT
from cards.adaptive import card
from cards.record import ABOUT
from cards.view import Action, Input, Text, View
from knowledge.anonymous import LONGEST, anonymous
from knowledge.shelf import Shelf

Verdict = Literal["up", "down"]
VERDICTS: Mapping[str, Verdict] = {
    "like": "up",
    "heart": "up",
    "dislike": "down",
    "sad": "down",
    "angry": "down",
}
"""What a thumb or a reaction says of Moi; a laugh or surprise may mean anything, and counts for nothing."""
OTHER = (
    "overig"  # What is about no question: a welcome, a remark, or something Moi said before it was restarted.
)
MOST_SPOKEN = 5000  # Messages of which is remembered what they are about.
WORDS_FIELD = "feedbackText"  # What Teams calls it in its own form.


@dataclass(frozen=True, slots=True)
class Opinion:
    """How often this was thought of a question, with these words or (empty) in all, and the Mondays of the weeks."""

    about: str
    verdict: Verdict
    text: str
    times: int
    first_week: date
    last_week: date


class Feedback:
    """Counts what people think. Which message is about what is remembered here, for as long as this process runs."""

    def __init__(self, shelf: Shelf, records: Records) -> None:
        self._shelf = shelf
        self._records = records
        self._spoken: dict[tuple[str, str], str] = {}

    def spoke(self, conversation: str, message: str, view: View) -> None:
        """Remember what a message of Moi is about."""
        if about := about_of(view):
            if len(self._spoken) >= MOST_SPOKEN:
                self._spoken.pop(next(iter(self._spoken)))
            self._spoken[conversation, message] = about

    async def reacted(
        self, delivery: str, conversation: str, message: str, added: Sequence[str], removed: Sequence[str]
    ) -> None:
        """Count reactions to a message, and no longer count those that were taken away; once per delivery."""
        about = self._spoken.get((conversation, message), OTHER)
        today = datetime.now(UTC).date()

        def work(connection: Connection) -> None:
            if first_time(connection, delivery):
                for verdict in _verdicts(added):
                    note(connection, about, verdict, today)
                for verdict in _verdicts(removed):
                    take_back(connection, about, verdict)

        await self._records.write(work)

    def form(self, reaction: str) -> dict[str, Any]:
        """The card on which somebody may say why."""
        say = self._shelf.current.words.say
        why = "oordeel-goed" if VERDICTS.get(reaction) == "up" else "oordeel-beter"
        blocks = (
            Text(say("algemeen", why), "lead"),
            Text(say("algemeen", "oordeel-uitleg"), "small"),
            Input(WORDS_FIELD, say("algemeen", "oordeel-veld"), "text", required=False, most=LONGEST),
        )
        return card(View(blocks, (Action("Versturen", {}, "positive"),)), "web")

    async def judged(self, delivery: str, conversation: str, message: str, value: object) -> bool:
        """Count a thumb, with the words if there are any; False when it is not one. Once per delivery."""
        found = read(value)
        if found is None:
            return False
        verdict, words = found
        # Only advice has thumbs, so that is what it is about, also after a restart.
        about = self._spoken.get((conversation, message), ABOUT)
        today = datetime.now(UTC).date()

        def work(connection: Connection) -> None:
            if first_time(connection, delivery):
                note(connection, about, verdict, today, anonymous(words))

        await self._records.write(work)
        return True


def about_of(view: View) -> str:
    """The name of the question that a view asks, or of the advice that it gives; empty for anything else."""
    return str(view.extra.get("about") or view.extra.get("key") or "").partition("/")[0]


def read(value: object) -> tuple[Verdict, str] | None:
    """The verdict and the words in what Teams sends of a thumb; None when it is something else."""
    said = value.get("actionValue") if isinstance(value, Mapping) else None
    if (
        not isinstance(value, Mapping)
        or value.get("actionName") != "feedback"
        or not isinstance(said, Mapping)
    ):
        return None
    verdict = VERDICTS.get(str(said.get("reaction")))
    words = said.get("feedback")
    try:
        fields = json.loads(words) if isinstance(words, str) else words
    except ValueError:
        fields = {WORDS_FIELD: words}
    text = fields.get(WORDS_FIELD) if isinstance(fields, Mapping) else None
    return (verdict, text if isinstance(text, str) else "") if verdict else None


def note(connection: Connection, about: str, verdict: Verdict, today: date, text: str = "") -> None:
    """Count a verdict in the week of this day, and its words beside it unless the list of those is full."""
    week = today - timedelta(days=today.weekday())
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    for words in dict.fromkeys(("", text)):
        if words and connection.execute(COUNT).scalar_one() >= MOST_KEPT:
            continue
        fresh = insert(feedback).values(
            about=about, verdict=verdict, text=words, times=1, first_week=week, last_week=week
        )
        again = {"times": feedback.c.times + 1, "last_week": week}
        connection.execute(
            fresh.on_conflict_do_update(index_elements=["about", "verdict", "text"], set_=again)
        )


def take_back(connection: Connection, about: str, verdict: Verdict) -> None:
    """Count a verdict no longer."""
    total = feedback.c.about == about, feedback.c.verdict == verdict, feedback.c.text == ""
    connection.execute(update(feedback).where(*total).values(times=feedback.c.times - 1))
    connection.execute(delete(feedback).where(feedback.c.times < 1))


def listed(connection: Connection) -> list[Opinion]:
    """Everything that people thought: per question the totals first, and then the words, newest first."""
    return [Opinion(**row) for row in connection.execute(LIST).mappings()]


def forget_old(today: date, connection: Connection) -> None:
    """Forget what nobody thought any more in the last half year."""
    connection.execute(delete(feedback).where(feedback.c.last_week < today - KEPT_FOR))


def _verdicts(reactions: Sequence[str]) -> list[Verdict]:
    return [VERDICTS[reaction] for reaction in reactions if reaction in VERDICTS]


COUNT = select(func.count()).select_from(feedback)
LIST = select(feedback).order_by(
    feedback.c.about, feedback.c.text != "", feedback.c.verdict, feedback.c.last_week.desc(), feedback.c.text
)
