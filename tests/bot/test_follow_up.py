"""Is het gelukt? Asked at its time, by day, once a week at most; the answer is kept with the request and nowhere twice."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import get_args

import pytest
from sqlalchemy import Connection, select, update

from bot.follow_up import (
    CARD_EVERY,
    due_cards,
    follow_up_id,
    follow_up_of,
    is_day,
    mark,
    until_day,
)
from bot.my_data import count_mine, read_mine, readable
from bot.own_chat import BUSY, SENT, UNCERTAIN, WAITING
from bot.records import Records
from bot.tables import audit, follow_ups, records
from cards.follow_up import GIVEN, subjects
from dialogs.advice import ENDS
from knowledge.follow_up import FollowUpPolicy, Outcome
from knowledge.shelf import Shelf
from tests.bot.follow_up_stage import HERE, Stage, shown, yes
from tests.bot.test_retention import NEVER, moved
from tests.bot.web_room import BUYER, COLLEAGUE


@pytest.fixture
def stage(records: Records, shelf: Shelf) -> Stage:
    """Over an empty database, of both kinds."""
    return Stage(records, shelf)


@pytest.fixture
async def talk(sqlite_url: str, shelf: Shelf) -> AsyncIterator[Stage]:
    """Over an empty database in a file, for what does not differ between databases."""
    kept = await Records.open(sqlite_url)
    yield Stage(kept, shelf)
    await kept.close()


@pytest.fixture
def policy(shelf: Shelf) -> FollowUpPolicy:
    """When to ask, as it is in the repository."""
    assert shelf.current.follow_up
    return shelf.current.follow_up


def test_periods_are_proposals(policy: FollowUpPolicy) -> None:
    """A small purchase is asked about once, a large one three times, and every period says that it is a proposal."""
    moments = {
        (end, form): len(policy.moments(end, start_form=form)) for end in ENDS for form in (False, True)
    }

    assert get_args(Outcome) == ENDS
    assert {rule.certainty for rule in policy.rules} | {policy.certainty} == {"voorstel"}
    assert moments == {
        ("niet-gekocht", False): 1, ("niet-gekocht", True): 1,
        ("anders-opgelost", False): 1, ("anders-opgelost", True): 3,
        ("koop-met-mvoi", False): 1, ("koop-met-mvoi", True): 3,
        ("koop-zonder-mvoi", False): 0, ("koop-zonder-mvoi", True): 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-25 09:00", "2026-11-25 09:00"),
        ("2026-11-25 08:59", "2026-11-25 09:00"),
        ("2026-11-25 16:00", "2026-11-26 09:00"),
        ("2026-11-27 15:59", "2026-11-27 15:59"),
        ("2026-11-27 16:00", "2026-11-30 09:00"),
        ("2026-11-28 10:00", "2026-11-30 09:00"),
        ("2026-10-24 23:30", "2026-10-26 09:00"),  # The clock goes back in this night.
        ("2026-10-25 02:30", "2026-10-26 09:00"),
        ("2027-03-26 17:00", "2027-03-29 09:00"),  # It goes forward in this weekend.
        ("2027-03-28 03:30", "2027-03-29 09:00"),
    ],
)
def test_only_by_day(policy: FollowUpPolicy, moment: str, opens: str) -> None:
    """In the night, in the weekend and around the hour that is lost or comes twice, nothing is sent before nine."""
    now, then = (
        datetime.fromisoformat(words).replace(tzinfo=HERE).astimezone(UTC) for words in (moment, opens)
    )

    assert now + timedelta(seconds=until_day(policy, now)) == then
    assert is_day(policy, then)
    assert is_day(policy, now) == (now == then)


async def test_asked_and_kept(stage: Stage) -> None:
    """When it is due the card comes, everything that was applied is answered at once, and it stands with the request."""
    record = await stage.buy()
    stage.clock.move(80)
    early = await stage.due()
    stage.clock.move(11)
    [id_] = await stage.due()
    await stage.deliver(id_)
    waits = await stage.told(id_)
    [card] = await stage.desk.late(BUYER)
    again = await stage.desk.late(BUYER)
    key = uuid.uuid4().hex
    answers = [await stage.say(key=key, **yes(card)) for _ in range(2)]
    other = await stage.say(**yes(card))
    [work] = (await stage.kept.works([record])).values()
    logged = await stage.kept.read(
        lambda connection: connection.execute(select(audit.c.person_id, audit.c.about)).all()
    )

    assert early == set()
    assert waits == WAITING
    assert again == ()
    assert "Is het gelukt? · Kantoormeubilair" in card.summary
    assert all("Dit staat nu bij je aanvraag" in shown(views) for views in answers[:1])
    assert "Dit had je al gezegd" in shown(other)
    assert {line.verdict for line in work.realised[0].lines} == {"ja"}
    assert work.realised[0].lines[0].about == "weg"
    assert len(work.realised[0].lines) >= 2
    assert [tuple(row) for row in logged] == [("moi", "collega's: 1")]
    stage.clock.move(400)
    assert await stage.due() == set()


async def test_reasons(talk: Stage) -> None:
    """Deels and nee want a reason, from a list or typed; what was answered is kept before that, and can be changed."""
    record, id_ = await talk.asked()
    advice = (await talk.found(id_)).advice
    assert advice
    keys = [f"{GIVEN}{subject.key}" for subject in subjects(advice)]
    half = await talk.say(act="antwoord", item=id_, **{keys[0]: "ja"})
    verdicts = dict(zip(keys, ("deels", *["nee"] * len(keys)), strict=False))
    why = await talk.say(act="antwoord", item=id_, **verdicts)
    before = (await talk.kept.works([record]))[record].realised
    typed = "Zie [hier](https://kwaad.example) **zelf**"
    await talk.say(act="waardoor", item=id_, oorzaak="markt", woorden=typed)
    [between] = (await talk.kept.works([record]))[record].realised
    change = await talk.say(act="wijzig", item=id_)
    await talk.say(act="antwoord", item=id_, anders="ja", **dict.fromkeys(keys, "ja"))
    [after] = (await talk.kept.works([record]))[record].realised

    assert "Kies bij elke regel" in shown(half)
    assert "Waardoor lukte het niet helemaal?" in shown(why)
    assert [line.verdict for line in before[0].lines] == list(verdicts.values())
    assert "Wat moet het zijn?" in shown(change)
    assert {(line.verdict, line.because) for line in between.lines} == {
        ("deels", "De leverancier kon of wilde het niet"),
        ("nee", "De leverancier kon of wilde het niet"),
    }
    assert between.words == typed
    assert {(line.verdict, line.because) for line in after.lines} == {("ja", "")}


async def test_once_a_week(stage: Stage) -> None:
    """Of three requests of one person, two instances at the same moment make one card due; the next comes a week later."""
    for _ in range(3):
        await stage.buy()
    await stage.buy(COLLEAGUE)
    second = await Records.open(str(stage.kept.database.url.render_as_string(hide_password=False)))
    other = Stage(second, stage.talks.shelf, stage.clock)
    stage.clock.move(91)
    await asyncio.gather(*(one.desk.ask() for one in (stage, other) * 3))
    first = await stage.kept.read(due_cards)
    for id_ in first:
        await stage.kept.write(partial(mark, id_, stage.clock.now, SENT))
    stage.clock.now += CARD_EVERY - timedelta(minutes=1)
    early = await stage.due()
    stage.clock.now += timedelta(minutes=1)
    next_week = await stage.due()
    await second.close()

    assert len(first) == 2
    assert early == set()
    assert len(next_week) == 2 - 1


async def test_reminded_once(talk: Stage) -> None:
    """Whoever does not answer is reminded once; put off, it is asked once more; "laat maar" ends it, also for later moments."""
    _, id_ = await talk.asked()
    counts = []
    for _ in range(4):
        talk.clock.move(14)
        counts.append(len(await talk.due()))
        await talk.kept.write(partial(mark, id_, talk.clock.now, SENT))
    later = [shown(await talk.say(act="later", item=id_)) for _ in range(2)]
    talk.clock.move(60)
    moved = await talk.due()
    await talk.kept.write(partial(mark, id_, talk.clock.now, SENT))
    no_more = shown(await talk.say(act="later", item=id_))
    stopped = [shown(await talk.say(act="laat-maar", item=id_)) for _ in range(2)]
    talk.clock.move(30)

    assert counts == [1, 0, 0, 0]
    assert later[0] == later[1]
    assert "Ik vraag het nog één keer, rond" in later[0]
    assert moved == {id_}
    assert "maar één keer op" in no_more
    assert set(stopped) == {"Goed, ik vraag er niet meer naar."}
    assert await talk.due() == set()


async def test_old_card(talk: Stage) -> None:
    """A card of before the request was changed asks about what it says now; of a colleague, or made up, it does nothing."""
    record, id_ = await talk.asked()
    old = {"act": "antwoord", "item": id_, f"{GIVEN}weg": "ja", f"{GIVEN}bestaat-niet": "ja"}
    changed = shown(await talk.say(**old))
    stranger = shown(await talk.say(who=COLLEAGUE, act="antwoord", item=id_, **{f"{GIVEN}weg": "ja"}))
    made_up = [
        shown(await talk.say(act=act, item=item))
        for act, item in (("antwoord", "x"), ("x", id_), ("waardoor", id_), ("klaar", id_), ("wijzig", id_))
    ]

    assert "intussen gewijzigd" in changed
    assert all("kan ik niet vinden" in words for words in (stranger, *made_up))
    assert await talk.kept.works([record]) == {}


async def test_says_what_it_says_now(talk: Stage) -> None:
    """A request that was sent again is asked about so many days after that, with what it says then; with nothing, not at all."""
    record = await talk.buy()
    talk.clock.move(91)
    [id_] = await talk.due()
    bare = update(records).where(records.c.id == record).values(outcome="koop-zonder-mvoi")

    def change(connection: Connection) -> None:
        found = connection.execute(select(records.c.advice).where(records.c.id == record)).scalar_one()
        advice = {**found, "outcome": "koop-zonder-mvoi", "themes": []}
        connection.execute(bare.values(advice=advice))

    await talk.kept.write(change)
    wait = await talk.deliver(id_)

    assert wait is None
    assert await talk.told(id_) == SENT
    assert await talk.desk.late(BUYER) == ()
    assert await talk.due() == set()


async def test_cut_off(talk: Stage) -> None:
    """What was cut off while it was sent is not sent again; what became due in the evening waits for the morning."""
    await talk.buy()
    talk.clock.move(91)
    [id_] = await talk.due()
    talk.clock.now += timedelta(hours=8)
    wait = await talk.deliver(id_)
    await talk.kept.write(partial(mark, id_, talk.clock.now, BUSY))
    left = await talk.kept.read(due_cards)
    await talk.deliver(id_)

    assert wait
    assert 3600 * 10 < wait < 3600 * 24 * 4
    assert await talk.desk.ask() == 0
    assert left == {id_}
    assert await talk.told(id_) == UNCERTAIN
    assert await talk.kept.read(due_cards) == set()


async def test_forgotten(stage: Stage) -> None:
    """Mijn gegevens holds the questions and answers; a person who is deleted is not asked, and answers stay without a name."""
    await stage.buy()
    record, id_ = await stage.asked()
    card = stage.desk.card(await stage.found(id_))
    assert card
    await stage.say(**yes(card))
    stage.clock.move(14)
    due = await stage.due()
    mine = await stage.kept.read(partial(read_mine, BUYER.id))
    number = (await stage.kept.read(partial(count_mine, BUYER.id))).followed
    await stage.kept.forget(BUYER.id)
    left = await stage.kept.read(
        lambda connection: connection.execute(select(follow_ups.c.id)).scalars().all()
    )
    stage.clock.move(98)

    assert len(due) == 1
    assert number == len(mine.followed) == 2
    assert "Circulariteit: gelukt" in readable(mine, {})
    assert "niet beantwoord" in readable(mine, {})
    assert left == [id_] == [follow_up_id(record, "geleverd")]
    assert await stage.due() == set()


async def test_as_long_as_the_request(talk: Stage) -> None:
    """A question and its answer go with the request they are about."""
    _, id_ = await talk.asked()
    went = await moved(talk.kept, 12, **NEVER | {"keep_records_days": 10}).batch()

    assert went > 0
    assert await talk.kept.read(lambda connection: follow_up_of(connection, id_)) is None


async def test_three_times(talk: Stage) -> None:
    """A large purchase is asked about at each moment, one question at a time; "laat maar" holds after an answer as well."""
    record = await talk.buy()
    advice = {**(await talk.kept.records_of(BUYER.id))[0].advice, "startform": True}
    large = update(records).where(records.c.id == record).values(advice=advice)
    await talk.kept.write(lambda connection: connection.execute(large))
    asked = []
    for days in (120, 120):
        talk.clock.move(days)
        asked += await talk.due()
        await talk.kept.write(partial(mark, asked[-1], talk.clock.now, SENT))
    talk.clock.move(14)
    reminded = await talk.due()
    card = talk.desk.card(await talk.found(asked[1]))
    assert card
    await talk.say(**yes(card))
    stopped = shown(await talk.say(act="laat-maar", item=asked[1]))
    late = shown(await talk.say(act="later", item=asked[0]))
    talk.clock.move(490)

    assert [(await talk.found(id_)).moment for id_ in asked] == ["publicatie", "gunning"]
    assert reminded == {asked[1]}
    assert "Staat dit in wat je met de leverancier hebt afgesproken?" in shown((card,))
    assert stopped == late == "Goed, ik vraag er niet meer naar."
    assert await talk.due() == set()
    assert len((await talk.kept.works([record]))[record].realised) == 1


async def test_week_from_arrival(talk: Stage) -> None:
    """When Teams was away for days, the week until the next card begins when the first one was there."""
    for _ in range(2):
        await talk.buy()
    talk.clock.move(91)
    [id_] = await talk.due()
    talk.clock.now += timedelta(days=3)
    await talk.kept.write(partial(mark, id_, talk.clock.now, SENT))
    talk.clock.now += timedelta(days=4)
    early = await talk.desk.ask()
    talk.clock.move(3)

    assert early == 0
    assert len(await talk.due()) == 1
