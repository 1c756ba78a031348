"""What was kept long enough goes, what was not stays, by the settings and by itself; on every database."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prometheus_client import generate_latest
from sqlalchemy import Connection, func, insert, select

from bot.channel_posts import read_record
from bot.channel_tables import channel_messages, channel_work
from bot.channel_work import act
from bot.delivery import Delivery
from bot.health import Metrics
from bot.people import Person
from bot.posting import Rendered
from bot.records import Records
from bot.retention import AT_ONCE, RULES, Retention
from bot.rights import MOI
from bot.settings import Settings
from bot.tables import activities, audit, conversations, metadata, people, posts, records, sign_ins, talks
from bot.talk_state import Place, RecordDraft, Response, Talk

PERSON = Person("p1", "Een Aanvrager")
WEB = Place("web", "c1")
DRAFT = RecordDraft("niet-gekocht", "kantoor", "stoelen", "v1", {}, "k1")
SETTINGS = Settings(secret="x" * 40)
NEVER: dict[str, Any] = {rule.setting: 36500 for rule in RULES.values()}


@pytest.fixture
async def kept(database_url: str) -> AsyncIterator[Records]:
    """What Moi keeps, in an empty database."""
    opened = await Records.open(database_url)
    yield opened
    await opened.close()


def moved(kept: Records, days: float, metrics: Metrics | None = None, **settings: Any) -> Retention:
    """The retention with its clock moved by so many days."""
    now = datetime.now(UTC) + timedelta(days=days)
    used = SETTINGS.model_copy(update=settings)
    return Retention(kept, used, (metrics or Metrics()).forgotten, now=lambda: now)


async def fill(kept: Records) -> str:
    """One of everything: an open talk of a colleague, a sent one with its record, a web conversation with a message."""
    await kept.open_conversation(PERSON.id, "web", known_as="c1")

    def sent(talk: Talk | None) -> Response:
        return Response(replace(talk or Talk("t1", PERSON.id, "koop"), state="done"), (), DRAFT)

    def begun(talk: Talk | None) -> Response:
        return Response(talk or Talk("t2", "p2", "koop", {"wat": "laptops"}), ())

    said = [{"type": "message", "text": "moi"}]
    await kept.in_turn(PERSON, WEB, "1", sent, lambda _: (), lambda _: said)
    await kept.in_turn(Person("p2", "Ander"), Place("teams", "a"), "2", begun, lambda _: ())
    return (await kept.records_of(PERSON.id))[0].id


async def counts(kept: Records) -> dict[str, int]:
    def count(connection: Connection) -> dict[str, int]:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in (talks, records, posts, conversations, activities, people)
        }

    return await kept.read(count)


FULL = {"talks": 2, "records": 1, "posts": 1, "conversations": 1, "activities": 1, "people": 2}


@pytest.mark.parametrize(
    ("setting", "gone"),
    [
        ("keep_open_talks_days", {"talks": 1}),
        ("keep_finished_talks_days", {"talks": 1}),
        ("keep_web_log_days", {"activities": 0}),
        ("keep_conversations_days", {"activities": 0, "conversations": 0}),
        ("keep_people_days", {"activities": 0, "conversations": 0, "people": 0, "talks": 0}),
        ("keep_records_days", {"talks": 1, "records": 0, "posts": 0}),
        ("keep_audit_days", {}),
    ],
)
async def test_period(kept: Records, setting: str, gone: dict[str, int]) -> None:
    """Each period deletes its own kind when it is over, not a day before, and twice is as good as once."""
    await fill(kept)
    await moved(kept, 8, **NEVER | {setting: 10}).batch()
    before = await counts(kept)
    await moved(kept, 12, **NEVER | {setting: 10}).batch()
    after = await counts(kept)
    again = await moved(kept, 12, **NEVER | {setting: 10}).batch()

    assert before == FULL
    assert after == FULL | gone
    assert again == 0


async def test_sign_ins(kept: Records) -> None:
    """A sign-in goes after the period; one whose sessions were ended not before the last of those is over."""
    now = datetime.now(UTC)
    rows = [
        {"person_id": "old", "roles": ["mvoi"], "at": now, "ended": None},
        {"person_id": "ended", "roles": [], "at": now, "ended": now + timedelta(days=11.5)},
        {"person_id": "new", "roles": [], "at": now + timedelta(days=5), "ended": None},
    ]
    await kept.write(lambda connection: connection.execute(insert(sign_ins), rows))
    left = []
    for days in (9, 12, 13):
        await moved(kept, days, **NEVER | {"keep_people_days": 10}).batch()
        found = select(sign_ins.c.person_id).order_by(sign_ins.c.person_id)
        left.append(
            await kept.read(lambda connection, found=found: list(connection.execute(found).scalars()))
        )  # type: ignore[misc]

    assert left == [["ended", "new", "old"], ["ended", "new"], ["new"]]


async def test_forgotten_sign_in(kept: Records) -> None:
    """Of somebody who was forgotten the end of the sessions is kept for a day, for no old cookie to count again."""
    began = datetime.now(UTC).timestamp()
    await kept.sign_ins.keep(PERSON)
    await kept.forget(PERSON.id)
    counts_still = await kept.sign_ins.holds(PERSON.id, began)
    went = [await moved(kept, days, **NEVER | {"keep_people_days": 10}).batch() for days in (0.9, 1.1)]

    assert not counts_still
    assert went == [0, 1]


async def test_requests_stay(kept: Records) -> None:
    """By default a request stays for ever, without its sender once that person is forgotten."""
    record = await fill(kept)
    await moved(kept, 5000).batch()
    found = await kept.read(lambda connection: read_record(connection, record))

    assert found
    assert found.person_id == "verwijderd"


async def test_work_goes_along(kept: Records) -> None:
    """What the channel did with a request, asked and was answered goes together with that request."""
    record = await fill(kept)
    inkoop = Person("p9", "Sam", frozenset({"inkoop"}))

    def work(connection: Connection) -> None:
        for what in ("oppakken", "vragen"):
            act(connection, inkoop, what, record, "Hoeveel?")

    await kept.write(work)
    await moved(kept, 12, **NEVER | {"keep_records_days": 10}).batch()
    tables = (records, channel_work, channel_messages)
    left = await kept.read(
        lambda connection: [
            connection.execute(select(func.count()).select_from(one)).scalar_one() for one in tables
        ]
    )

    assert left == [0, 0, 0]


async def test_batches(kept: Records) -> None:
    """Much goes in batches, each in a transaction of its own, until there is no more."""
    old = datetime.now(UTC) - timedelta(days=4000)
    rows = [
        {"id": uuid.uuid4().hex, "person_id": "p", "action": "opgepakt", "about": "x", "at": old}
        for _ in range(2 * AT_ONCE + 1)
    ]
    await kept.write(lambda connection: connection.execute(insert(audit), rows))
    tidied = moved(kept, 0)
    went = [await tidied.batch() for _ in range(4)]

    assert went == [AT_ONCE, AT_ONCE, 1, 0]


async def test_seen(kept: Records) -> None:
    """What went is in the numbers, and in the log of actions as done by Moi itself."""
    await fill(kept)
    metrics = Metrics()
    await moved(kept, 100, metrics).batch()
    done = select(audit.c.person_id, audit.c.about).order_by(audit.c.about)
    logged = await kept.read(lambda connection: [tuple(row) for row in connection.execute(done)])

    assert logged == [(MOI.id, "open gesprekken: 1"), (MOI.id, "webberichten: 1")]
    assert b'moi_forgotten_total{kind="open gesprekken"} 1.0' in generate_latest(metrics.registry)


async def test_workflow(sqlite_url: str) -> None:
    """A Moi that starts deletes by itself what was kept long enough, batch after batch."""
    kept = await Records.open(sqlite_url)
    await fill(kept)
    tidied = moved(kept, 5000)
    nothing_left = asyncio.Event()

    async def batch() -> int:
        went = await tidied.batch()
        if not went:
            nothing_left.set()
        return went

    delivery = Delivery(kept, lambda _record, _work: Rendered({}, "", {}), tidy=batch)
    await delivery.start()
    try:
        async with asyncio.timeout(20):
            await nothing_left.wait()
        left = await counts(kept)
    finally:
        await delivery.close()
        await kept.close()

    assert left == FULL | {"talks": 0, "conversations": 0, "activities": 0, "people": 0}


def test_every_period_has_a_rule() -> None:
    """Every setting with a period deletes something, and every table with people has a period."""
    settings = {name for name in Settings.model_fields if name.startswith("keep_")}

    assert settings == {rule.setting for rule in RULES.values()}
    assert {table.name for table in metadata.sorted_tables if "person_id" in table.c} == {
        "talks", "conversations", "records", "audit", "sign_ins", "team_channels", "channel_messages",
        "depot_reservations", "meetings", "campaign_recipients", "campaign_returns",
        "campaign_optouts",
        "tender_changes", "tender_imports", "nudges",
    }  # fmt: skip
