"""A turn is kept as a whole or not at all, once, and nothing of it is lost."""

from __future__ import annotations

import asyncio
import dataclasses
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.database import Database
from bot.kept_turn import CURRENT, NAMED, forget_deliveries
from bot.migrations.upgrade import upgrade
from bot.people import Person
from bot.records import Records
from bot.settings import PROJECT
from bot.tables import VERSION, metadata
from bot.talk_state import Answer, ChannelNote, Place, RecordDraft, Response, Talk
from cards.view import Text, View

BUYER = Person("p1", "Inkoper")
WEB = Place("web", "c1")
TEAMS = Place("teams", "t1")
DRAFT = RecordDraft("niet-gekocht", "kantoor", "stoelen", "tot 25.000", {"wat": "stoelen"}, "k1")


def view(text: str) -> View:
    return View((Text(text),))


def said(key: str) -> Callable[[Talk | None], Response]:
    """A turn that adds one answer to the talk, or begins one."""

    def work(talk: Talk | None) -> Response:
        now = talk or Talk(uuid.uuid4().hex, BUYER.id, "inkoop")
        return Response(dataclasses.replace(now, answers={**now.answers, key: "ja"}), (view(key),))

    return work


def sent(draft: RecordDraft = DRAFT) -> Callable[[Talk | None], Response]:
    """A turn that ends the talk with a record."""

    def work(talk: Talk | None) -> Response:
        assert talk
        return Response(dataclasses.replace(talk, state="done"), (view("gedaan"),), draft)

    return work


def asked_again(talk: Talk | None) -> tuple[View, ...]:
    return (view(f"nog eens: {sorted(talk.answers) if talk else None}"),)


async def turn(
    records: Records, work: Callable[[Talk | None], Response], delivery: str, place: Place = WEB
) -> Answer:
    return await records.in_turn(BUYER, place, delivery, work, asked_again)


async def open_talk(records: Records) -> Talk | None:
    """The open talk, looked up by a turn that changes nothing."""
    found: list[Talk | None] = []

    def look(talk: Talk | None) -> Response:
        found[:] = [talk]
        return Response(talk, ())

    await turn(records, look, uuid.uuid4().hex)
    return found[0]


async def test_answer_kept(records: Records) -> None:
    """An answer is there at the next turn, also on the other channel."""
    await turn(records, said("wat"), "1", WEB)
    await turn(records, said("nodig"), "2", TEAMS)
    talk = await open_talk(records)

    assert talk
    assert talk.answers == {"wat": "ja", "nodig": "ja"}
    assert talk.version == 2


async def test_repeated_delivery(records: Records) -> None:
    """A message that is delivered twice counts once, and the question is asked again."""
    await turn(records, said("wat"), "1")
    answer = await turn(records, said("anders"), "1")

    assert answer == Answer((view("nog eens: ['wat']"),), repeated=True)


async def test_same_id_elsewhere(records: Records) -> None:
    """The same id on another channel is another message."""
    await turn(records, said("wat"), "1", WEB)

    assert not (await turn(records, said("nodig"), "1", TEAMS)).repeated


async def test_duplicates_at_once(records: Records) -> None:
    """One message delivered five times at the same moment is worked out once."""
    answers = await asyncio.gather(*(turn(records, said("wat"), "1") for _ in range(5)))

    assert sorted(answer.repeated for answer in answers) == [False, True, True, True, True]


async def test_ten_at_once(records: Records) -> None:
    """Of ten messages at the same moment in one talk, the first included, none is lost."""
    await asyncio.gather(*(turn(records, said(str(n)), f"m{n}") for n in range(10)))
    talk = await open_talk(records)

    assert talk
    assert sorted(talk.answers) == sorted(str(n) for n in range(10))


async def test_failing_turn(records: Records) -> None:
    """A turn that fails leaves nothing behind, so the same message can be tried again."""

    def fail(_talk: Talk | None) -> Response:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await turn(records, fail, "1")
    answer = await turn(records, said("wat"), "1")

    assert not answer.repeated


async def test_record(records: Records) -> None:
    """Sending makes a record that belongs to the talk and is due in the channel."""
    await turn(records, said("wat"), "1")
    await turn(records, sent(), "2")
    [record] = await records.records_of(BUYER.id)
    [post] = await records.posts()

    assert (record.version, record.outcome, record.group) == (1, "niet-gekocht", "stoelen")
    assert post.record == record
    assert post.states == {"page": "posted"}
    assert await open_talk(records) is None


async def test_changed_record(records: Records) -> None:
    """Changing what was sent changes the same record; sending the same again changes nothing."""
    await turn(records, said("wat"), "1")
    first = await open_talk(records)
    await turn(records, sent(), "2")
    assert first
    dearer = dataclasses.replace(DRAFT, value_band="meer")
    for delivery, draft in (("3", DRAFT), ("4", dearer)):
        await records.in_turn(BUYER, WEB, delivery, sent(draft), asked_again, talk_id=first.id)
    [record] = await records.records_of(BUYER.id)

    assert (record.version, record.value_band) == (2, "meer")
    assert [post.record.version for post in await records.posts()] == [2]


async def test_new_talk_sets_old_aside(records: Records) -> None:
    """Beginning a new talk stops the open one and keeps its answers."""
    await turn(records, said("wat"), "1")
    old = await open_talk(records)
    fresh = Talk(uuid.uuid4().hex, BUYER.id, "inkoop")
    await turn(records, lambda _talk: Response(fresh, ()), "2")
    now = await open_talk(records)
    assert old
    aside = await records.talk(old.id)

    assert now
    assert aside
    assert (now.id, aside.state, aside.answers) == (fresh.id, "stopped", old.answers)


async def test_opening_old_talk(records: Records) -> None:
    """Opening a talk again that was sent sets another open talk aside."""
    await turn(records, said("wat"), "1")
    first = await open_talk(records)
    await turn(records, sent(), "2")
    await turn(records, said("iets"), "3")
    second = await open_talk(records)
    assert first
    assert second

    def reopen(talk: Talk | None) -> Response:
        assert talk
        return Response(dataclasses.replace(talk, state="open"), ())

    await records.in_turn(BUYER, WEB, "4", reopen, asked_again, talk_id=first.id)
    now, aside = await open_talk(records), await records.talk(second.id)

    assert now
    assert aside
    assert (now.id, now.record is not None, aside.state) == (first.id, True, "stopped")


async def test_others_talk(records: Records) -> None:
    """The talk of somebody else cannot be used by its id."""
    other = Talk(uuid.uuid4().hex, "p2", "inkoop")
    await records.in_turn(Person("p2", "Collega"), WEB, "1", lambda _talk: Response(other, ()), asked_again)
    found: list[Talk | None] = []

    def look(talk: Talk | None) -> Response:
        found.append(talk)
        return Response(None, ())

    await records.in_turn(BUYER, WEB, "2", look, asked_again, talk_id=other.id)

    assert found == [None]


async def test_question_for_channel(records: Records) -> None:
    """A question for a person goes to the channel, and is no record of a purchase."""
    note = ChannelNote({"vraag": "Wie kan mij bellen?"}, "k1")
    await turn(records, lambda _talk: Response(None, (), note=note), "1")
    [post] = await records.posts()

    assert (post.record.outcome, post.record.advice) == ("vraag", note.advice)
    assert await records.records_of(BUYER.id) == []


async def test_web_log(records: Records) -> None:
    """What is said is added to the log of the conversation in the same turn, numbered in order."""
    web = Place("web", await records.open_conversation(BUYER.id, "web"))

    def log(views: object) -> list[dict[str, str]]:
        return [{"van": "persoon"}, {"van": "moi"}]

    await records.in_turn(BUYER, web, "1", said("wat"), asked_again, log)
    await records.in_turn(BUYER, web, "1", said("wat"), asked_again, log)
    await records.add_activity(web.conversation, {"van": "later"})

    assert [seq for seq, _ in await records.activities(web.conversation)] == [1, 2, 3]
    assert await records.activities(web.conversation, after=2) == [(3, {"van": "later"})]


async def test_unknown_conversation(records: Records) -> None:
    """Writing in a conversation that does not exist is an error, and the turn with it is not kept."""
    with pytest.raises(LookupError):
        await records.in_turn(BUYER, WEB, "1", said("wat"), asked_again, lambda _views: [{}])

    assert await open_talk(records) is None


async def test_waiting_for_posts(records: Records) -> None:
    """Who watches the channel hears of a new record, and only of that one the next time."""
    await turn(records, said("wat"), "1")
    waiting = asyncio.create_task(records.wait_for_posts(0))
    await turn(records, sent(), "2")
    revision, [post] = await waiting

    assert post.record.version == 1
    assert await records.posts_since(revision) == (revision, [])


@pytest.mark.postgres
async def test_waiting_elsewhere(postgres_url: str) -> None:
    """A change made by one instance is seen by who watches at another."""
    here, there = await asyncio.gather(Records.open(postgres_url), Records.open(postgres_url))
    waiting = asyncio.create_task(there.wait_for_posts(0))
    await turn(here, said("wat"), "1")
    await turn(here, sent(), "2")
    _, posts = await waiting
    await asyncio.gather(here.close(), there.close())

    assert len(posts) == 1


async def test_reopening(database_url: str) -> None:
    """What was kept is there after closing and opening; opening twice at once makes the tables once."""
    first, second = await asyncio.gather(Records.open(database_url), Records.open(database_url))
    await turn(first, said("wat"), "1")
    await first.close()
    talk = await open_talk(second)
    await second.close()

    assert talk
    assert talk.answers == {"wat": "ja"}


async def test_forgets_deliveries(records: Records) -> None:
    """Which messages were dealt with is forgotten after a while, and no sooner."""
    await turn(records, said("wat"), "oud")
    between = datetime.now(UTC)
    await turn(records, said("nodig"), "nieuw")
    await asyncio.wrap_future(records.database.write(partial(forget_deliveries, between)))

    assert not (await turn(records, said("wat"), "oud")).repeated
    assert (await turn(records, said("nodig"), "nieuw")).repeated


async def test_migrations(database_url: str) -> None:
    """The migrations lead an older database to exactly the tables that a new one gets."""
    database = Database(database_url)

    def differences(connection: Connection) -> list[Any]:
        upgrade(connection)
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    found = await asyncio.wrap_future(database.write(differences))
    database.close()
    records = await Records.open(database_url)
    posts = await records.posts_since(0)
    await records.close()

    assert (found, posts) == ([], (0, []))


async def test_newest_migration() -> None:
    """The version that a new database gets is that of the newest migration."""
    folder = ScriptDirectory(str(PROJECT / "bot" / "migrations"))

    assert folder.get_current_head() == VERSION


async def test_same_cost(sqlite_url: str) -> None:
    """Every lookup of a turn goes through an index, so it costs the same with many stored talks."""
    records = await Records.open(sqlite_url)

    def plan(connection: Connection) -> list[str]:
        asked = [str(query.compile(dialect=connection.dialect)) for query in (CURRENT, NAMED)]
        told = [
            connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", (None,) * sql.count("?")) for sql in asked
        ]
        return [step.detail for steps in told for step in steps]

    found = await asyncio.wrap_future(records.database.read(plan))
    await records.close()

    assert not [step for step in found if step.startswith(("SCAN talks", "SCAN deliveries"))]
    assert any("ix_talks_open" in step for step in found)
