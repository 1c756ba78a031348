"""Keeping: the answers of open talks, records and what the channel must still get, so that a turn is done or not.

Imports nothing of Teams or the web. One turn is one transaction; a turn that meets another is worked out again.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection

from bot import archive, channel_posts
from bot.channel_place import TeamsPlace, chosen, targets
from bot.channel_posts import FROM_MOI, PAGE, Post, Record
from bot.channel_work import Work, works
from bot.database import Database
from bot.kept_turn import KeptTurn, Settle, last_talk, talk_about, talk_by_id
from bot.my_data import forget_me
from bot.people import Person
from bot.sign_ins import SignIns
from bot.talk_state import Answer, Place, Response, Talk
from bot.web_log import (
    KeptConversation,
    append,
    keep_conversation,
    last_numbers,
    read_activities,
    read_conversation,
)
from cards.view import View
from dialogs.existing import WhatThereIs
from knowledge.edition import Edition

T = TypeVar("T")

MOST_POSTS = 500
SEEN_AT_MOST = 10_000
POLL_SECONDS = 1.0


class Records:
    """Everything Moi keeps. Open it once per process; all of it may be used from many tasks at once."""

    def __init__(self, database: Database, targets: Sequence[str]) -> None:
        self.database = database
        self.targets = tuple(targets)
        self.sign_ins = SignIns(database)
        self._seen: dict[str, date] = {}
        self._changed = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._when_due: list[Callable[[str, int, str], None]] = []
        self._when_said: list[Callable[[str], None]] = []

    @classmethod
    async def open(cls, url: str, targets: Sequence[str] = (PAGE,)) -> Records:
        """Open the database at a `sqlite:///` or `postgresql://` address and bring its tables up to date.

        Every record becomes due at each of the `targets`.
        """
        database = Database(url)
        await asyncio.to_thread(database.migrate)
        return cls(database, targets)

    async def close(self) -> None:
        """Finish what is being written and let go of the database."""
        await asyncio.to_thread(self.database.close)

    async def in_turn(
        self,
        person: Person,
        place: Place,
        delivery: str,
        work: Callable[[Talk | None], Response],
        again: Callable[[Talk | None], Sequence[View]],
        log: Callable[[Sequence[View]], Sequence[Mapping[str, Any]]] | None = None,
        talk_id: str | None = None,
        *,
        look: Callable[[WhatThereIs], Awaitable[None]] | None = None,
        settle: Settle | None = None,
    ) -> Answer:
        """Do one turn as a whole or not at all: `work` gets the person's open talk and says what becomes of it.

        When `work` cannot go on before something is looked up, `look` does that, and then it is worked out again. What
        `settle` does in the database is part of the turn.

        `work` runs in another thread, and again when another turn came first, so it must be pure. A `delivery` that
        was dealt with before is not worked out again: `again` repeats the question. `log` turns the views into the
        activities of the web log, with a `talk_id` the person's own talk of that id is used instead of the open one.
        Raises `BusyError` when the turn could not be kept.
        """
        today = datetime.now(UTC).date()
        new_today = today if self._seen.get(person.id) != today else None
        turn = KeptTurn(person, place, delivery, work, again, log, talk_id, self.targets, new_today, settle)
        done = await asyncio.wrap_future(self.database.look_and_write(turn.look))
        if done.look is not None and look is not None:
            await look(done.look)
            done = await asyncio.wrap_future(self.database.look_and_write(turn.look))
        if new_today and not done.answer.repeated:
            if len(self._seen) >= SEEN_AT_MOST:
                self._seen.clear()
            self._seen[person.id] = today
        if done.forgotten:
            self._seen.pop(person.id, None)
        if done.due:
            self._tell(done.due if done.sends else ())
        return done.answer

    async def add_note(
        self, note_id: str, outcome: str, advice: Mapping[str, Any], knowledge_version: str
    ) -> bool:
        """Put what Moi says by itself in the channel; False when a note with this id is there already."""
        now = datetime.now(UTC)
        note = Record(note_id, FROM_MOI, 1, outcome, None, None, "", advice, knowledge_version, now, now)
        new = await self.write(
            lambda connection: channel_posts.add_note(connection, note, targets(connection, self.targets))
        )
        if new:
            self._tell([(note_id, 1)])
        return new

    def _tell(self, due: Sequence[tuple[str, int]]) -> None:
        self.channel_changed()
        for record, version in due:
            for tell in self._when_due:
                tell(record, version, "")

    def when_due(self, tell: Callable[[str, int, str], None]) -> None:
        """Call `tell` with record, version and a mark after everything that leaves something to deliver.

        The same version with another mark is another delivery.
        """
        self._when_due.append(tell)

    def deliver_again(self, record: str) -> None:
        """Something was done with a record: whoever watches looks, and what is due of it is delivered."""
        self.channel_changed()
        for tell in self._when_due:
            tell(record, 0, uuid.uuid4().hex)

    def when_said(self, tell: Callable[[str], None]) -> None:
        """Call `tell` with the web conversation in which Moi said something of its own accord."""
        self._when_said.append(tell)

    def was_said(self, conversation: str) -> None:
        """Moi said something of its own accord in this web conversation."""
        for tell in self._when_said:
            tell(conversation)

    async def talk(self, talk_id: str) -> Talk | None:
        """The talk with this id, of whomever; None when there is none."""
        return await self.read(lambda connection: talk_by_id(connection, talk_id))

    async def last_talk(self, person_id: str) -> str | None:
        """The id of the talk that a person had last, open or not; None when there is none."""
        return await self.read(lambda connection: last_talk(connection, person_id))

    async def talk_about(self, record_id: str, person_id: str) -> Talk | None:
        """The person's own talk from which a record came; None when it is of somebody else or no longer kept."""
        return await self.read(lambda connection: talk_about(connection, record_id, person_id))

    async def record(self, record_id: str) -> Record | None:
        """The record with this id, of whomever; None when there is none."""
        return await self.read(lambda connection: channel_posts.read_record(connection, record_id))

    async def records_of(self, person_id: str) -> list[Record]:
        """What a person recorded, newest first."""
        return await self.read(lambda connection: channel_posts.records_of(connection, person_id))

    async def channel_place(self, setting: TeamsPlace | None) -> TeamsPlace | None:
        """The channel in Teams where summaries go: the connected one, or that of the settings when none ever was."""
        return await self.read(lambda connection: chosen(connection, setting))

    async def works(self, records: Sequence[str]) -> Mapping[str, Work]:
        """How far these records are with the people of procurement."""
        return await self.read(lambda connection: works(connection, records))

    async def posts(self) -> list[Post]:
        """What is in the channel or on its way there, newest first."""
        return (await self.posts_since(0))[1]

    async def posts_since(self, revision: int) -> tuple[int, list[Post]]:
        """The posts that changed after a revision, and the revision to ask with next time."""
        return await self.read(
            lambda connection: channel_posts.latest_posts(connection, revision, MOST_POSTS)
        )

    async def post_states(self) -> dict[str, int]:
        """How many posts are in which state."""
        return await self.read(channel_posts.count_states)

    async def wait_for_posts(self, revision: int) -> tuple[int, list[Post]]:
        """Wait until the channel changes after a revision, in this process or another, and give what changed."""
        while True:
            changed = self._changed
            now, found = await self.posts_since(revision)
            if now > revision:
                return now, found
            try:
                await asyncio.wait_for(changed.wait(), POLL_SECONDS)
            except TimeoutError:
                continue  # Another process may have changed the channel.

    def channel_changed(self) -> None:
        """Wake whoever waits for posts; may be called from any thread."""
        self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def open_conversation(
        self,
        person_id: str,
        channel: str,
        reference: Mapping[str, Any] | None = None,
        known_as: str | None = None,
    ) -> str:
        """Keep a conversation of a person, new or `known_as` its id in the channel; gives its id."""
        kept = KeptConversation(known_as or uuid.uuid4().hex, person_id, channel, reference)
        await self.write(lambda connection: keep_conversation(connection, kept))
        return kept.id

    async def conversation(self, conversation: str) -> KeptConversation | None:
        """The conversation with this id; None when there is none."""
        return await self.read(lambda connection: read_conversation(connection, conversation))

    async def activities(self, conversation: str, after: int = 0) -> list[tuple[int, dict[str, Any]]]:
        """What was said in a web conversation after a number, in order, each with its number."""
        return await self.read(lambda connection: read_activities(connection, conversation, after))

    async def last_said(self, conversations: Sequence[str]) -> Mapping[str, int]:
        """The number of what was said last in each of these web conversations."""
        return await self.read(lambda connection: last_numbers(connection, conversations))

    async def add_activity(self, conversation: str, activity: Mapping[str, Any]) -> int:
        """Add one activity outside a turn; gives its number. Raises `LookupError` for an unknown conversation."""
        return await self.write(lambda connection: append(connection, conversation, [activity]))

    async def forget(self, person_id: str) -> None:
        """Forget a person who asked for it on a page, everywhere at once."""
        await self.write(lambda connection: forget_me(connection, person_id))
        self._seen.pop(person_id, None)

    def keep_knowledge(self, edition: Edition) -> None:
        """Keep a version of the knowledge before anybody is advised from it. Waits, so call it in a thread."""
        self.database.write(partial(archive.keep, edition)).result()

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Look something up in one consistent view."""
        return await asyncio.wrap_future(self.database.read(work))

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Do all of `work` or nothing; it may run again, so it must change nothing but the database."""
        return await asyncio.wrap_future(self.database.write(work))
