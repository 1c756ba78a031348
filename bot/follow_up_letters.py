"""Asking in somebody's own chat whether it worked out, once, and only by day; what came too late waits for the next day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from bot.follow_up import NOBODY, FollowUp, follow_up_of, let_go, mark, until_day
from bot.own_chat import BUSY, DUE, OwnChat, Sends
from bot.records import Records
from cards.view import View
from knowledge.follow_up import FollowUpPolicy


class FollowUpLetters:
    """Delivers the cards that are due; `say` shows one, or gives None when there is nothing to ask any more."""

    def __init__(
        self,
        records: Records,
        *,
        say: Callable[[FollowUp], View | None],
        policy: Callable[[], FollowUpPolicy | None],
        now: Callable[[], datetime],
        way_out: Sends | None = None,
    ) -> None:
        self._records = records
        self._say = say
        self._policy = policy
        self._now = now
        self._own_chat = OwnChat(records, way_out)

    async def deliver(self, id_: str) -> float | None:
        """Bring this card, when it is due; gives the seconds after which to try again, if any."""
        asked = await self._records.read(lambda connection: follow_up_of(connection, id_))
        if asked is None or asked.state != "open" or asked.told not in (DUE, BUSY):
            return None
        policy = self._policy()
        view = self._say(asked) if asked.record.person_id not in NOBODY else None
        if policy is None or view is None:
            await self._records.write(partial(let_go, id_))
            return None
        if asked.told == DUE and (wait := until_day(policy, self._now())):
            return wait
        return await self._own_chat.bring_once(
            asked.record.person_id, view, partial(mark, id_, self._now()), asked.told
        )
