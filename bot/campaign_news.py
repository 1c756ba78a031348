"""Telling the MVOI team that a campaign is done, or could not begin: one note in the channel, with what somebody still has to look at."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from bot.campaign_replies import waiting
from bot.campaign_tables import campaigns
from bot.campaigns import reached_nobody, totals
from bot.channel_posts import CAMPAIGN
from bot.tables import records
from cards.campaign import BACK
from knowledge.shelf import Shelf

if TYPE_CHECKING:
    from bot.records import Records

STILL_NEWS = timedelta(days=7)


class CampaignNews:
    """Puts a note in the channel for every campaign that is over, once, whoever looks and how often."""

    def __init__(
        self, keep: Records, shelf: Shelf, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._records = keep
        self._shelf = shelf
        self._now = now

    async def post(self) -> None:
        """Say what is not said yet; may be called as often as one likes."""
        for name, row in (await self._records.read(self._ended)).items():
            title, lines = await self._records.read(partial(self._told, row))
            note = {
                "title": self._say(title),
                "campaign": row.id,
                "campaign_title": row.title,
                "lines": lines,
            }
            await self._records.add_note(name, CAMPAIGN, note, self._shelf.current.version)

    def _ended(self, connection: Connection) -> dict[str, Any]:
        """Campaigns that are done, or could not begin, and of which nothing was said; by the note that is to say it."""
        row = campaigns.c
        over = row.state.in_(("done", "stopped")) | (row.state == "draft") & row.due.is_not(None)
        found = select(row.id, row.state, row.title, row.version).where(
            over, row.changed > self._now() - STILL_NEWS
        )
        ids = {_note_of(one): one for one in connection.execute(found)}
        said = connection.execute(select(records.c.id).where(records.c.id.in_(ids))).scalars()
        for id_ in said:
            del ids[id_]
        return ids

    def _told(self, row: Any, connection: Connection) -> tuple[str, list[list[str]]]:
        """The key of what is said of it, with the numbers and what somebody can do."""
        if row.state == "draft":
            return "niet-begonnen", [[self._say("klaar-doen"), self._say("klaar-ruimer")]]
        states = totals(connection, row.id)
        nobody = row.state == "done" and reached_nobody(states)
        lines = [[name[0].upper() + name[1:], str(number)] for name, number in states.items() if number]
        lines.append(["Samen", str(sum(states.values()))])
        work = {
            "klaar-mislukt": states["mislukt"],
            "klaar-onzeker": states["onzeker"],
            "klaar-vragen": waiting(connection, row.id),
        }
        to_do = [f"{self._say(name)} ({number})" for name, number in work.items() if number]
        nothing = self._say("klaar-ruimer" if nobody else "klaar-niets")
        lines.append([self._say("klaar-doen"), " · ".join(to_do) or nothing])
        return "niemand" if nobody else "klaar" if row.state == "done" else "gestopt", lines

    def _say(self, key: str) -> str:
        return self._shelf.current.words.say(BACK, key)


def _note_of(row: Any) -> str:
    """The record of the note: the same for every instance, so that it is made once; for each time that it did not begin."""
    time = f" {row.version}" if row.state == "draft" else ""
    return hashlib.sha256(f"campagne klaar {row.id}{time}".encode()).hexdigest()[:32]
