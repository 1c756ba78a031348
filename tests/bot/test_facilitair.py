"""The desk of Facilitair, on the page and by `vandaag`: what is shown to whom, and that it is answered and closed from there."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select

from bot.channel_posts import QUESTION, Record
from bot.channel_tables import channel_work
from bot.channel_work import NOTHING_YET, Exchange, Work
from bot.conversation import Conversation
from bot.depot import Reservation, reservations, reserve, withdraw
from bot.depot_letters import DepotLetters, due_decisions
from bot.people import Person
from bot.records import Records
from bot.rights import ACTIONS, CALENDAR_ACTIONS, CAMPAIGN_ACTIONS, OF_MVOI, NotYoursError, may
from bot.small import is_small
from bot.tables import audit, records
from bot.talk_state import Message, Place
from bot.today import check, lent, today
from cards.today import back_in_words
from cards.view import Action, View
from knowledge.shelf import Shelf
from tests.bot.channel_stage import BUYER as BUYER_IN_TEAMS
from tests.bot.channel_stage import COLLEAGUE as SAM
from tests.bot.channel_stage import open_stage
from tests.bot.test_depot import FACILITAIR, TODAY, fill, shown
from tests.bot.web_room import BUYER, COLLEAGUE, Room, buy, open_page
from tests.fakes.connector import Fault

BO = Person("aad:bo", "Bo")
INKOOP = Person("p9", "Sam", frozenset({"buyer", "inkoop"}))
BEHEER = Person("p7", "Bo", frozenset({"buyer", "beheer"}))
NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
ADVICE: Mapping[str, Any] = {
    "title": "Kantoormeubilair",
    "said": "50 stoelen",
    "quantity": 50,
    "way": "Lenen",
    "startform": False,
    "money": [],
    "contacts": [],
}
SENT_HERE = {"contacts": [{"role": "facilitair"}]}


def record(
    id_: str = "a" * 32, made: datetime = NOW, outcome: str = "anders-opgelost", **advice: Any
) -> Record:
    """A small purchase as it is kept."""
    kept = {**ADVICE, **advice}
    return Record(id_, BUYER.id, 1, outcome, "c", None, "geen uitgave", kept, "v", made, made)


async def keep(kept: Records, *found: Record) -> None:
    rows = [
        {name: getattr(one, name) for name in Record.__dataclass_fields__ if name != "group"}
        | {"product_group": one.group}
        for one in found
    ]
    await kept.write(lambda connection: connection.execute(insert(records), rows))


async def page(room: Room, who: Person, path: str = "/facilitair") -> tuple[int, str]:
    async with room.get(path, headers=room.cookie(who)) as answer:
        return answer.status, await answer.text()


async def press(room: Room, who: Person, path: str, act: str, **fields: str) -> tuple[int, str]:
    data = {"act": act, **fields}
    async with room.post(f"/facilitair/{path}", data=data, headers=room.cookie(who)) as answer:
        return answer.status, answer.headers.get("Location", "")


async def wanted(kept: Records, shelf: Shelf, who: Person = BUYER) -> str:
    """A reservation that waits; gives its id."""
    ids = await fill(kept, shelf, [("Bureaustoel", 3)])
    wish = partial(reserve, person=who, item=ids["Bureaustoel"], number=2, today=TODAY)
    return (await kept.write(wish)).id


async def chat(
    talks: Conversation, who: Person, words: str = "", *, shared: bool = False, key: str = "", **tap: str
) -> tuple[View, ...]:
    message = Message(key or uuid.uuid4().hex, words, tap or None)
    return (await talks.turn(who, message, Place("terminal", "", shared))).views


async def logged(kept: Records) -> list[tuple[str, str]]:
    def read(connection: Connection) -> list[tuple[str, str]]:
        rows = connection.execute(select(audit).order_by(audit.c.at))
        return [(row.person_id, row.action) for row in rows]

    return await kept.read(read)


async def test_page(room: Room, shelf: Shelf) -> None:
    """Facilitair sees what was asked, how many and what came of it, not by whom; a buyer is refused and hears who may."""
    record = await buy(room)
    one = await wanted(room.house.records, shelf, COLLEAGUE)
    pages = {who.id: await page(room, who) for who in (FACILITAIR, INKOOP, BEHEER, BUYER)}
    seen = pages[FACILITAIR.id][1]

    assert [status for status, _ in pages.values()] == [200, 200, 200, 403]
    assert "aantal 50" in seen
    assert "Anders opgelost" in seen
    assert "opknappen of repareren" in seen.casefold()
    assert "Inkoper" not in seen
    assert f"/facilitair/depot/{one}" in seen
    assert f"/facilitair/depot/{one}" in pages[BEHEER.id][1]
    assert "/facilitair/depot/" not in pages[INKOOP.id][1]
    assert f'action="/facilitair/{record}"' in pages[INKOOP.id][1]
    assert f'action="/facilitair/{record}"' not in pages[BEHEER.id][1]
    assert "Team Inkoop, Facilitair en beheer" in pages[BUYER.id][1]
    assert 'href="/facilitair"' not in pages[BUYER.id][1]


async def test_work(room: Room) -> None:
    """From the page a check is picked up, asked about and closed, as from the channel, and it is in the log."""
    one = await buy(room)
    for act, fields in (("oppakken", {}), ("vragen", {"vraag": "Welke kleur?"}), ("besproken", {})):
        answer = await press(room, FACILITAIR, one, act, **fields)
    seen = (await page(room, FACILITAIR))[1]

    assert answer == (303, f"/facilitair#p-{one}")
    assert "opgepakt door Fenna (Facilitair)" in seen
    assert "Welke kleur?" in seen
    assert "Toch niet besproken" in seen
    assert await logged(room.house.records) == [
        (FACILITAIR.id, action) for action in ("opgepakt", "vraag gesteld", "besproken")
    ]


async def test_only_small(room: Room) -> None:
    """A purchase with a startformulier is not for Facilitair: not to see, not to read and not to do anything with."""
    small, large, note = record(), record("b" * 32, startform=True), record("c" * 32, outcome=QUESTION)
    await keep(room.house.records, small, large, note)
    statuses = [(await page(room, FACILITAIR, f"/aanvraag/{one.id}"))[0] for one in (small, large, note)]
    refused = await press(room, BUYER, small.id, "oppakken")
    for one in (large, note):
        await press(room, FACILITAIR, one.id, "oppakken")
    seen = (await page(room, FACILITAIR))[1]

    assert statuses == [200, 404, 404]
    assert refused[0] == 403
    assert large.id not in seen
    assert await logged(room.house.records) == []


def test_with_small() -> None:
    """With a small purchase Facilitair may do what procurement does with all, and a buyer still nothing."""
    more = {
        who.id: {a for a in ACTIONS if may(who, a, small=True) and not may(who, a)}
        for who in (FACILITAIR, BUYER)
    }

    assert more == {FACILITAIR.id: OF_MVOI - {*CAMPAIGN_ACTIONS, *CALENDAR_ACTIONS}, BUYER.id: set()}


@pytest.mark.parametrize(
    ("advice", "small"),
    [
        ({}, True),
        ({"startform": True}, False),
        ({"startform": None}, False),
        ({"money": [{"kind": "niet uitgegeven", "low": 25000.0}]}, True),
        ({"money": [{"kind": "niet uitgegeven", "low": 25000.01}]}, False),
        ({"money": [{"kind": "meerkosten", "low": 90000.0}]}, True),
    ],
)
def test_small(shelf: Shelf, advice: dict[str, Any], small: bool) -> None:
    """Small is what needs no startformulier and is not known to be about more than that limit, bought or not."""
    assert is_small(shelf.current, record(**advice)) is small


@pytest.mark.parametrize(
    ("work", "advice", "state"),
    [
        (NOTHING_YET, {}, "new"),
        (NOTHING_YET, SENT_HERE, "waiting"),
        (Work(taken_by="Fenna"), SENT_HERE, "busy"),
        (Work(exchanges=(Exchange("q", "Fenna", "Welke?"),)), {}, "busy"),
        (Work(taken_by="Fenna", exchanges=(Exchange("q", "Fenna", "Welke?", "Rood"),)), {}, "waiting"),
        (Work(discussed=NOW), SENT_HERE, "done"),
    ],
)
def test_state(work: Work, advice: dict[str, Any], state: str) -> None:
    """What was sent to Facilitair and what was answered waits, until it is picked up and discussed."""
    assert check(record(**advice), work).state == state


async def test_days(records: Records, shelf: Shelf) -> None:
    """Of earlier days only what is not finished is there, the oldest of it when somebody began with it."""
    ago = {name: NOW - timedelta(days=days) for name, days in {"b": 1, "c": 1, "d": 15, "e": 40}.items()}
    found = [record("a" * 32), record("b" * 32, ago["b"], **SENT_HERE), record("c" * 32, ago["c"])]
    found += [record("d" * 32, ago["d"], **SENT_HERE), record("e" * 32, ago["e"])]
    await keep(records, *found)
    taken = insert(channel_work).values(record="e" * 32, taken_by=FACILITAIR.id, taken_role="Facilitair")
    await records.write(lambda connection: connection.execute(taken))
    seen = await records.read(partial(today, person=FACILITAIR, knowledge=shelf.current, now=NOW))

    assert [one.id[0] for one in seen.checks] == ["a"]
    assert [one.id[0] for one in seen.before] == ["b", "e"]
    assert [one.id[0] for one in seen.in_state("waiting")] == ["b"]
    assert not seen.more
    with pytest.raises(NotYoursError):
        await records.read(partial(today, person=BUYER, knowledge=shelf.current, now=NOW))


def test_due_back(shelf: Shelf) -> None:
    """What must be back first stands first; without a date it says so."""
    day = date(2026, 11, 26)
    out = [
        Reservation(id_, "i", "Beamer", "Loods", 1, "p", "Kim", "confirmed", NOW, until)
        for id_, until in (("a", None), ("b", day + timedelta(days=3)), ("c", day - timedelta(days=1)))
    ]
    said = {one.id: back_in_words(shelf.current, one) for one in lent(out, day)}

    assert said == {
        "c": "had terug moeten zijn op 25 november",
        "b": "terug voor 29 november",
        "a": "geen einddatum bekend",
    }


async def test_vandaag(room: Room, shelf: Shelf) -> None:
    """By `vandaag` Facilitair gets the day, and from the card decides and picks up; the depot says what became of it."""
    kept = room.house.records
    talks = Conversation(shelf, kept, "https://moi.example")
    await keep(kept, record(made=datetime.now(UTC), **SENT_HERE))
    one = await wanted(kept, shelf)
    day, asked = await chat(talks, FACILITAIR, "Vandaag")
    look = next(action for action in day.actions if isinstance(action, Action))
    [seen] = await chat(talks, FACILITAIR, **{name: str(value) for name, value in look.data.items()})
    confirm = next(action for action in asked.actions if isinstance(action, Action))
    decided = [
        shown(await chat(talks, who, **{name: str(value) for name, value in confirm.data.items()}))
        for who in (BUYER, FACILITAIR, FACILITAIR)
    ]
    [reserved] = await kept.read(reservations)

    assert "Wacht op jou: 1 uit het depot · 1 kleine inkoop" in shown((day,))
    assert "aantal 50 · Anders opgelost (lenen)" in shown((day,))
    assert look.label.startswith("Bekijk: 50 stoelen")
    assert "kan ik niet meer laten zien" in shown((seen,))
    assert {"oppakken", "vragen", "besproken"} <= {
        str(a.data["act"]) for a in seen.actions if isinstance(a, Action)
    }
    assert [words.partition(".")[0] for words in decided] == [
        "Dit kan ik niet voor je doen",
        "Bevestigd",
        "Dat kon niet meer",
    ]
    assert (reserved.id, reserved.state) == (one, "confirmed")


async def test_kindly(room: Room, shelf: Shelf) -> None:
    """A buyer who types it hears whose it is and goes on; where colleagues read along no names are shown."""
    talks = Conversation(shelf, room.house.records)
    await wanted(room.house.records, shelf)
    in_a_channel = shown(await chat(talks, FACILITAIR, "vandaag", shared=True))
    gone = shown(await chat(talks, FACILITAIR, do="vandaag", record="f" * 32))
    desk = await open_page(room)
    await desk.say("we willen 50 nieuwe bureaustoelen, zo'n 15k")
    await desk.hear()
    await desk.say("wat is er vandaag?")
    said = str(await desk.hear())
    await desk.say("ja")

    assert "in je eigen gesprek" in in_a_channel
    assert "Inkoper" not in in_a_channel
    assert "kan ik niet vinden" in gone
    assert "Dit overzicht is voor Facilitair" in said
    assert "Ga verder" in said
    assert "Hebben we het wel nodig?" in str(await desk.hear())


async def test_hears_of_it(room: Room, shelf: Shelf) -> None:
    """Everybody of Facilitair hears once that something was reserved, but not of their own or of what was taken back."""
    kept, desk = room.house.records, room.house.depot
    fenna = await open_page(room, FACILITAIR)
    await fenna.say("moi")
    for who in (FACILITAIR, INKOOP, Person("f2", "Femke", frozenset({"buyer", "facilitair"}))):
        await kept.sign_ins.keep(who)
    one = await wanted(kept, shelf)
    own = await wanted(kept, shelf, FACILITAIR)
    back = await wanted(kept, shelf, COLLEAGUE)
    await kept.write(lambda connection: withdraw(connection, COLLEAGUE.id, back))
    await fenna.hear()
    due = await kept.read(due_decisions)
    letters = DepotLetters(kept, say=desk.told)
    for _ in range(2):
        for reservation in (one, own, back):
            await letters.deliver(reservation)
    said = [activity.get("summary") for activity in await fenna.hear()]

    assert due == {one, own, back}
    assert await kept.read(due_decisions) == set()
    assert said == ["Iemand wil iets uit het depot"]


async def test_hears_in_teams(sqlite_url: str, shelf: Shelf) -> None:
    """In Teams Facilitair gets the reservation in the own chat by itself, also when there was no room for it at first."""
    async with open_stage(sqlite_url, shelf, role_members={"facilitair": ["sam"]}) as stage:
        ids = await fill(stage.records, shelf)
        await stage.chat("moi", who=SAM, where="a:sam")
        await stage.chat("moi", who=BUYER_IN_TEAMS)
        wish = partial(reserve, person=BO, item=ids["Flip-over"], number=1, today=TODAY)
        done = await stage.records.write(wish)
        stage.room.channel.faults.append(Fault(429, {"Retry-After": "0"}))
        stage.records.deliver_again(done.id)
        await stage.room.channel.until(lambda: any("uit het depot" in said for said in stage.said("a:sam")))
        [one] = await stage.records.read(reservations)
        await stage.press({"do": "depot", "act": "bevestigen", "item": one.id}, SAM, "a:sam")
        await stage.room.channel.until(lambda: any("is bevestigd" in said for said in stage.said("a:chat")))

    assert sum("Iemand wil iets" in said for said in stage.said("a:sam")) == 1
