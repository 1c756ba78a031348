"""Telling the MVOI team that a campaign is done: one note in the channel, with what somebody still has to look at."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from bot.campaign_replies import waiting
from bot.campaign_tables import campaigns
from bot.campaigns import totals
from bot.channel_posts import CAMPAIGN
from bot.tables import records
from cards.campaign import BACK
from knowledge.shelf import Shelf

if TYPE_CHECKING:
    from bot.records import Records

STILL_NEWS = timedelta(days=7)
ENDED = {"done": "klaar", "stopped": "gestopt"}
"""What is said of a campaign that ended so."""


class CampaignNews:
    """Puts a note in the channel for every campaign that is done, once, whoever looks and how often."""

    def __init__(
        self, keep: Records, shelf: Shelf, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._records = keep
        self._shelf = shelf
        self._now = now

    async def post(self) -> None:
        """Say what is not said yet; may be called as often as one likes."""
        for id_, state, title in await self._records.read(self._ended):
            lines = await self._records.read(partial(self._lines, id_))
            note = {
                "title": self._say(ENDED[state]),
                "campaign": id_,
                "campaign_title": title,
                "lines": lines,
            }
            await self._records.add_note(note_id(id_), CAMPAIGN, note, self._shelf.current.version)

    def _ended(self, connection: Connection) -> list[tuple[str, str, str]]:
        """Campaigns that are done, and of which nothing was said."""
        late = campaigns.c.state.in_(ENDED), campaigns.c.changed > self._now() - STILL_NEWS
        found = connection.execute(
            select(campaigns.c.id, campaigns.c.state, campaigns.c.title).where(*late)
        ).all()
        ids = {note_id(row.id): row for row in found}
        said = connection.execute(select(records.c.id).where(records.c.id.in_(ids))).scalars()
        for id_ in said:
            del ids[id_]
        return [(row.id, row.state, row.title) for row in ids.values()]

    def _lines(self, id_: str, connection: Connection) -> list[list[str]]:
        states = totals(connection, id_)
        lines = [[name[0].upper() + name[1:], str(number)] for name, number in states.items() if number]
        lines.append(["Samen", str(sum(states.values()))])
        questions = waiting(connection, id_)
        work = {
            "klaar-mislukt": states["mislukt"],
            "klaar-onzeker": states["onzeker"],
            "klaar-vragen": questions,
        }
        to_do = [f"{self._say(name)} ({number})" for name, number in work.items() if number]
        return [*lines, [self._say("klaar-doen"), " · ".join(to_do) or self._say("klaar-niets")]]

    def _say(self, key: str) -> str:
        return self._shelf.current.words.say(BACK, key)


def note_id(campaign: str) -> str:
    """The record of the note on this campaign: the same for every instance, so that it is made once."""
    return hashlib.sha256(f"campagne klaar {campaign}".encode()).hexdigest()[:32]
