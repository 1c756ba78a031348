"""Nudges about what comes up: at their moment, by day, once a week at most, answered with one tap, and nothing is lost."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import insert, select

from bot.contracts import Contract, row_of
from bot.depot_tables import contracts
from bot.digest import WeeklyDigest
from bot.nudges import CARD_EVERY, WAITS, due_nudges, mark, nudge_of, nudges_of
from bot.own_chat import BUSY, UNCERTAIN, WAITING
from bot.records import Records
from bot.summaries import summary
from bot.tables import audit
from bot.talk_state import Message
from bot.tender_tables import nudges
from bot.tenders import all_tenders, edit, history, tender_of
from cards.plain import text
from cards.tender import DO
from cards.view import Input
from knowledge.shelf import Shelf
from knowledge.tenders import TenderPolicy, months_earlier
from tests.bot.follow_up_stage import HERE
from tests.bot.nudge_stage import TERMINAL, Calendar, shown
from tests.bot.tender_stage import MVOI
from tests.bot.web_room import BUYER, COLLEAGUE


@pytest.fixture
async def calendar(sqlite_url: str, shelf: Shelf) -> AsyncIterator[Calendar]:
    """Over an empty database in a file, for what does not differ between databases."""
    kept = await Records.open(sqlite_url)
    yield Calendar(kept, shelf)
    await kept.close()


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        ("2026-07-31", None),
        ("2026-08-01", "verkennen"),
        ("2026-12-31", "verkennen"),
        ("2027-01-01", "voorbereiden"),
        ("2027-04-30", "voorbereiden"),
        ("2027-05-01", None),
    ],
)
def test_moments(shelf: Shelf, day: str, moment: str | None) -> None:
    """Each moment lasts until the next one or the start; all of it is a proposal, and the first is 6 to 9 months before."""
    policy = shelf.current.tenders
    assert policy
    found = policy.moment_on(date.fromisoformat(day), date(2027, 5, 1))

    assert (found.id if found else None) == moment
    assert policy.certainty == "voorstel"
    assert 6 <= policy.moments[0].months_before <= 9
    assert policy.look_ahead == 18
    assert months_earlier(date(2027, 5, 31), 3) == date(2027, 3, 1)


def test_policy_is_checked(shelf: Shelf) -> None:
    """A day without hours, moments out of order and ones that Moi does not look ahead to are refused, in words."""
    assert shelf.current.tenders
    right = shelf.current.tenders.model_dump(by_alias=True)
    first, second = right["momenten"]
    for wrong, says in (
        ({"van_uur": 16}, "later zijn dan"),
        ({"momenten": (second, first)}, "steeds een lager getal"),
        ({"vooruit_maanden": 6}, "minstens het eerste"),
    ):
        with pytest.raises(ValueError, match=says):
            TenderPolicy.model_validate({**right, **wrong})


async def test_two_instances(records: Records, shelf: Shelf) -> None:
    """Of two instances at the same moment one nudges, per purchase and moment once and per person once a week, the soonest first."""
    one = Calendar(records, shelf)
    second = await Records.open(str(records.database.url.render_as_string(hide_password=False)))
    other = Calendar(second, shelf, one.clock)
    await one.meet(BUYER, COLLEAGUE)
    far, soon = await one.plan(), await one.plan("Tafels", 200)
    theirs = await one.plan("Groen", 210, client=COLLEAGUE.name.upper())
    await one.plan("Veel later", 400)
    nobody = await one.plan("Verf", 220, client="Team dat Moi niet kent")
    await asyncio.gather(*(calendar.desk.ask() for calendar in (one, other) * 2))
    due = await records.read(due_nudges)
    first = {
        nudge.tender.id: nudge.person_id
        for id_ in due
        if (nudge := await records.read(partial(nudge_of, id_=id_)))
    }
    for id_ in due:
        await one.bring(id_)
    heard = await one.in_channel()
    one.clock.now += CARD_EVERY - timedelta(minutes=1)
    early = await one.due()
    one.clock.move(1)
    [next_week] = [await records.read(partial(nudge_of, id_=id_)) for id_ in await one.due()]
    logged = await records.read(
        lambda connection: (
            connection.execute(select(audit.c.about).where(audit.c.action == "seintje gegeven"))
            .scalars()
            .all()
        )
    )
    await second.close()

    assert first == {soon: BUYER.id, theirs: COLLEAGUE.id}
    assert early == set()
    assert next_week
    assert next_week.tender.id == far
    assert len(heard) == 1
    assert "Komt eraan, en ik weet niet van wie: 1" in heard[0]
    assert "Verf" not in heard[0]
    assert nobody in {row.tender for row in await records.read(lambda c: c.execute(select(nudges)).all())}
    assert logged[0] == "aan collega's: 2, aan het MVOI-team: 1"


async def test_card(calendar: Calendar) -> None:
    """The card has what comes up, what can still be done, three chances of that group and who helps; the words are literal."""
    _, card = await calendar.brought(what="Zie [hier](https://kwaad.example) **nu**", team="BOR")
    said = text(card)

    assert "Nu kan alles nog" in said
    assert "Zie [hier](https://kwaad.example) **nu**" in said
    assert said.count("• ") >= 4
    assert "Team: BOR" in said
    assert "MVOI" in said
    assert [one.label for one in card.actions] == [
        "Begin het gesprek", "Over een maand", "Over een kwartaal", "Niet meer van mij", "Laat maar",
    ]  # fmt: skip


async def test_opens_the_talk(calendar: Calendar) -> None:
    """The button opens the talk with all that is known, which is asked first when another talk is open; talk and record are kept."""
    id_, card = await calendar.brought(team="Facilitair")
    await calendar.say(BUYER, "20 laptops")
    asked = await calendar.press(card, "Begin het gesprek")
    begun = await calendar.press(asked[0], "Ja, begin hiermee")
    for words in ("het is oud, maar heel", "opknappen", "3000", "neem ik mee"):
        check = await calendar.say(BUYER, words)
    await calendar.say(BUYER, "versturen")
    [record] = await calendar.kept.records_of(BUYER.id)
    nudge = await calendar.kept.read(partial(nudge_of, id_=id_))
    later = shown(await calendar.press(card, "Over een maand"))
    calendar.clock.move(150)
    due = await calendar.due()

    assert "Hebben we het wel nodig?" in shown(begun)
    assert "(Facilitair, start" in str(record.advice)
    assert "Later, de datum ligt vast" in shown(check) + str(record.advice)
    assert record.group == "kantoormeubilair"
    assert nudge
    assert (nudge.state, nudge.record) == ("begun", record.id)
    assert "hier zeg ik niets meer over" in later
    assert due == set()
    seen = await calendar.kept.read(partial(nudges_of, ids=[nudge.tender.id]))
    assert seen[nudge.tender.id][0].record == record.id


async def test_digest(calendar: Calendar) -> None:
    """What came of the nudges stands in the weekly digest, in totals."""
    id_, card = await calendar.brought()
    await calendar.press(card, "Begin het gesprek")
    today = calendar.clock.now.astimezone(HERE).date()
    monday = today - timedelta(days=today.weekday()) + timedelta(days=7)
    await WeeklyDigest(calendar.kept, calendar.talks.shelf, lambda: monday).post()
    said = [text(summary(post.record)) for post in await calendar.kept.posts()]

    assert id_
    assert "Seintjes over wat eraan komt: 1" in said[0]
    assert "Gesprekken uit alle seintjes: 1" in said[0]
    assert "Aanvragen daaruit: 0" in said[0]


async def test_without_a_group(calendar: Calendar) -> None:
    """Of what Moi does not recognise the words open the talk; a card of somebody else, or one that is made up, does nothing."""
    id_, card = await calendar.brought(what="20 laptops", product_group="")
    of_another = [
        shown(await calendar.say(COLLEAGUE, do=DO, act=act, item=id_)) for act in ("later", "over", "begin")
    ]
    made_up = [shown(await calendar.say(BUYER, do=DO, act=act, item=id_)) for act in ("x", "later")]
    opened = await calendar.press(card, "Begin het gesprek")
    nudge = await calendar.kept.read(partial(nudge_of, id_=id_))

    assert "ICT-hardware" in shown(opened)
    assert nudge
    assert nudge.talk
    assert all("Dit kan ik niet vinden" in said for said in (*of_another[:2], *made_up))
    assert "van een eerder moment" in of_another[2]


async def test_later(calendar: Calendar) -> None:
    """Put off it comes back then, once; "laat maar" ends it for all later moments; after the start nothing comes."""
    id_, card = await calendar.brought(days=260)
    later = [shown(await calendar.press(card, "Over een maand")) for _ in range(2)]
    calendar.clock.move(20)
    early = await calendar.due()
    calendar.clock.move(11)
    again = await calendar.due()
    await calendar.bring(id_)
    calendar.clock.move(120)
    [preparing] = await calendar.due()
    await calendar.bring(preparing)
    late = shown(await calendar.press(await calendar.card(preparing), "Over een kwartaal"))
    calendar.clock.move(8)
    stopped = shown(await calendar.press(card, "Laat maar"))
    calendar.clock.move(10)

    assert later[0] == later[1]
    assert "Ik kom er rond" in later[0]
    assert (early, again) == (set(), {id_})
    assert "Je kunt de markt nog vragen" in text(await calendar.card(preparing))
    assert "Ik kom er rond" in late
    assert stopped == "Goed, hier zeg ik niets meer over."
    assert await calendar.due() == set()
    nudge = await calendar.kept.read(partial(nudge_of, id_=preparing))
    assert nudge
    calendar.clock.move(120)
    assert calendar.desk.card(nudge) is None


async def test_handed_over(calendar: Calendar) -> None:
    """Whose is it now? A colleague hears it, of a role or nobody the MVOI team does; who gave it on stands in the log."""
    id_, card = await calendar.brought()
    await calendar.meet(COLLEAGUE)
    asked = await calendar.press(card, "Niet meer van mij")
    empty = shown(await calendar.press(asked[0], "Geef door"))
    oneself = shown(await calendar.press(asked[0], "Geef door", aan=BUYER.name))
    given = [shown(await calendar.press(asked[0], "Geef door", aan=COLLEAGUE.name)) for _ in range(2)]
    due = await calendar.due()
    nudge = await calendar.kept.read(partial(nudge_of, id_=id_))
    assert nudge
    heard = await calendar.in_channel()
    calendar.clock.now += timedelta(minutes=15)
    lost = shown(await calendar.press(asked[0], "Weet ik niet", COLLEAGUE))
    await calendar.due()
    log = await calendar.kept.read(partial(history, id_=nudge.tender.id))
    tender = await calendar.kept.read(partial(tender_of, id_=nudge.tender.id))

    assert "Van wie is dit nu?" in empty
    assert [block.required for block in asked[0].blocks if isinstance(block, Input)] == [True]
    assert "Dat ben jij" in oneself
    assert given == ["Dank je, dat is doorgegeven. Ken ik die collega niet, dan hoort het MVOI-team het."] * 2
    assert due == {id_}
    assert nudge.person_id == COLLEAGUE.id
    assert heard == []
    assert "Het MVOI-team zoekt uit" in lost
    assert len(await calendar.in_channel()) == 1
    assert [(one.person_id, one.what) for one in log[:2]] == [
        (COLLEAGUE.id, "doorgegeven"),
        (BUYER.id, "doorgegeven"),
    ]
    assert tender
    assert (tender.values["client"], tender.by_hand) == ("", {"client"})


async def test_nothing_is_lost(calendar: Calendar) -> None:
    """Who is nowhere hears it when they come back; not within two weeks, the MVOI team does; cut off, it is not sent again."""
    await calendar.meet(BUYER, COLLEAGUE)
    await calendar.plan()
    await calendar.plan("Verf", client=COLLEAGUE.name)
    await calendar.plan("Kast", client="Nieuw")
    letters = calendar.desk.letters()
    due = await calendar.due()
    for id_ in due:
        await letters.deliver(id_)
    told = [nudge.told for id_ in due if (nudge := await calendar.kept.read(partial(nudge_of, id_=id_)))]
    arrived = Message(uuid.uuid4().hex, arrived=True)
    late = [
        (await calendar.talks.turn(BUYER, replaced, TERMINAL)).views
        for replaced in (arrived, Message("x", arrived=True))
    ]
    before = await calendar.in_channel()
    calendar.clock.now += WAITS
    calendar.clock.move(1)
    await calendar.due()
    after = await calendar.in_channel()
    await calendar.plan("Nieuwe kast")
    [third] = await calendar.due()
    await calendar.kept.write(partial(mark, third, calendar.clock.now, BUSY))
    await letters.deliver(third)
    cut_off = await calendar.kept.read(partial(nudge_of, id_=third))

    assert told == [WAITING, WAITING]
    assert ["Denk je alvast mee?" in shown(views) for views in late] == [True, False]
    assert (len(before), len(after)) == (1, 2)
    assert cut_off
    assert cut_off.told == UNCERTAIN


async def test_only_by_day(calendar: Calendar) -> None:
    """In the evening and in the weekend nothing is made due, and what was due then waits for the morning."""
    await calendar.meet(BUYER)
    await calendar.plan()
    here = calendar.clock.now.astimezone(HERE)
    calendar.clock.now = here.replace(hour=19)
    nothing = await calendar.due()
    calendar.clock.now = here
    [id_] = await calendar.due()
    calendar.clock.now = here.replace(hour=17)
    wait = await calendar.desk.letters().deliver(id_)

    assert nothing == set()
    assert wait
    assert 3600 * 15 < wait < 3600 * 24 * 4


async def test_new_client(calendar: Calendar) -> None:
    """When who keeps the calendar says of whom it is, that colleague hears what the MVOI team heard."""
    await calendar.meet(BUYER)
    tender_id = await calendar.plan(client="")
    await calendar.due()
    tender = await calendar.kept.read(partial(tender_of, id_=tender_id))
    assert tender

    known = {**tender.values, "client": BUYER.name}
    await calendar.kept.write(
        partial(edit, person=MVOI, tender=tender, values=known, follow=(), now=calendar.clock.now)
    )
    heard = len(await calendar.in_channel())

    assert heard == 1
    assert len(await calendar.due()) == 1


async def test_contracts(calendar: Calendar) -> None:
    """A running contract that ends comes up by itself, once; what a person changed of it stays, and without it it goes."""
    ends = (calendar.clock.now + timedelta(days=240)).date()
    contract = Contract(
        "c1",
        "Koffie",
        "automaten",
        "alle teams",
        None,
        ends,
        ends - timedelta(days=60),
        "bel",
        "",
        "facilitair",
        "zeker",
    )
    await calendar.kept.write(lambda connection: connection.execute(insert(contracts), row_of(contract)))
    await calendar.desk.ask()
    await calendar.desk.ask()
    [kept] = await calendar.kept.read(all_tenders)
    heard = await calendar.in_channel()
    await calendar.kept.write(lambda connection: connection.execute(contracts.delete()))
    await calendar.desk.ask()

    assert kept.values["client"] == "Facilitair"
    assert kept.start == ends - timedelta(days=60)
    assert kept.subject == "automaten"
    assert len(heard) == 1
    assert await calendar.kept.read(all_tenders) == []
