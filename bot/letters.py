"""Questions from the procurement channel to a buyer, and the answers back in the thread: delivered once, to the letter.

Works as `bot.posting` does: what can be done now is done, and what was cut off while it was sent is not sent again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Row, select, update

from bot.channel_posts import TEAMS, Record, read_record, sending
from bot.channel_tables import channel_messages
from bot.channel_work import Exchange, Work, work_of
from bot.own_chat import BUSY, DUE, SENT, SOON, UNCERTAIN, OwnChat, Sends
from bot.records import Records
from cards.view import View

T = TypeVar("T")


class Thread(Protocol):
    """The channel in Teams: something short in the thread of a card."""

    async def notice(self, external: str, text: str) -> None:
        """Say it; raises a `ConnectorError`."""


class Letters:
    """Delivers the questions and answers of a record; `ask` shows a question, `answer` is the line in the thread."""

    def __init__(
        self,
        records: Records,
        *,
        ask: Callable[[Record, Exchange], View],
        answer: Callable[[str, str], str],
        way_out: Sends | None = None,
        thread: Thread | None = None,
    ) -> None:
        self._records = records
        self._ask = ask
        self._answer = answer
        self._own_chat = OwnChat(records, way_out)
        self._thread = thread

    async def deliver(self, record: str) -> float | None:
        """Bring what is due of this record; gives the seconds after which to try again, if any."""
        waits = []
        for letter in await self._read(partial(_due_of, record)):
            if letter.state == BUSY:
                await self._mark(letter.id, UNCERTAIN)
            elif letter.question is None:
                waits.append(await self._to_buyer(letter))
            else:
                waits.append(await self._to_thread(letter))
            self._records.channel_changed()
        return max((wait for wait in waits if wait is not None), default=None)

    async def _to_buyer(self, letter: Row[Any]) -> float | None:
        record, work = await self._read(partial(_with_work, letter.record))
        asked = next(one for one in work.exchanges if one.id == letter.id)
        return await self._own_chat.bring(
            letter.to_id, self._ask(record, asked), partial(_set_state, letter.id)
        )

    async def _to_thread(self, letter: Row[Any]) -> float | None:
        posts = {
            post.target: post
            for post in await self._read(lambda connection: sending(connection, letter.record))
        }
        post = posts.get(TEAMS)
        if post is None or self._thread is None or post.state in ("failed", "uncertain"):
            await self._mark(letter.id, SENT)  # The page shows it, and there is no thread.
            return None
        if post.external is None:
            return SOON
        _, work = await self._read(partial(_with_work, letter.record))
        asked = next(one for one in work.exchanges if one.id == letter.question)
        text = self._answer(asked.question, letter.text)
        notice = partial(self._thread.notice, post.external, text)
        done, wait = await self._own_chat.attempt(notice, partial(_set_state, letter.id))
        if not done:
            await self._mark(letter.id, "failed")
        return wait

    async def _mark(self, letter: str, state: str) -> None:
        await self._write(partial(_set_state, letter, state))

    async def _read(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self._records.database.read(work))

    async def _write(self, work: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self._records.database.write(work))


def due_letters(connection: Connection) -> set[str]:
    """The records of which a question or an answer must still be delivered."""
    found = select(channel_messages.c.record).where(channel_messages.c.state.in_((DUE, BUSY))).distinct()
    return set(connection.execute(found).scalars())


def _due_of(record: str, connection: Connection) -> list[Row[Any]]:
    is_due = channel_messages.c.record == record, channel_messages.c.state.in_((DUE, BUSY))
    rows = connection.execute(select(channel_messages).where(*is_due).order_by(channel_messages.c.at))
    return list(rows)


def _with_work(record: str, connection: Connection) -> tuple[Record, Work]:
    found = read_record(connection, record)
    if found is None:
        raise LookupError(record)
    return found, work_of(connection, record)


def _set_state(letter: str, state: str, connection: Connection) -> None:
    connection.execute(update(channel_messages).where(channel_messages.c.id == letter).values(state=state))
