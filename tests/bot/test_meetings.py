"""Looking together: offered under the advice, and nobody hears a name before both said yes."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, update

from bot.conversation import Conversation
from bot.meeting_desk import MeetingLetters
from bot.meetings import due_meetings
from bot.my_data import count_mine, forget_person, read_mine, readable
from bot.people import Person
from bot.records import Records
from bot.retention import RULES
from bot.tables import audit, meetings
from bot.tables import records as kept_records
from bot.talk_state import Message, Place
from cards.plain import text
from cards.view import Action, View
from knowledge.shelf import Shelf
from tests.bot.channel_stage import open_stage

ANNA, BEN, CAS = (Person(f"p-{name}", name) for name in ("Anna", "Ben", "Cas"))
TALK = ("4 bureaustoelen", "ja", "kapot", "volgens het voorstel", "versturen")
NOT_NEEDED = ("4 bureaustoelen", "ja", "niet nodig", "versturen")
OFFERED = "Een collega zocht dit ook"
ASKED = "Een collega zoekt wat jij ook zocht"
YES = "Ja, breng ons in contact"


class Two:
    """Colleagues who talk with Moi where nobody reads along, and what is delivered to them."""

    def __init__(self, kept: Records, shelf: Shelf) -> None:
        self.kept = kept
        self.talk = Conversation(shelf, kept)
        self.letters = MeetingLetters(kept, self.talk.meetings)

    async def say(self, who: Person, *words: str, shared: bool = False) -> tuple[View, ...]:
        """Say these things; gives what comes back on the last."""
        views: tuple[View, ...] = ()
        for one in words:
            place = Place("terminal", f"c-{who.id}", shared)
            views = (await self.talk.turn(who, Message(uuid.uuid4().hex, one), place)).views
        return views

    async def tap(self, who: Person, views: tuple[View, ...], label: str = YES) -> str:
        """Press a button."""
        data = next(
            a.data for view in views for a in view.actions if isinstance(a, Action) and a.label == label
        )
        message = Message(uuid.uuid4().hex, tap=data)
        return shown((await self.talk.turn(who, message, Place("terminal", f"c-{who.id}"))).views)

    async def back(self, who: Person) -> tuple[View, ...]:
        """Deliver what is due, and let somebody come back who was nowhere."""
        for one in await self.kept.read(due_meetings):
            for _ in range(2):
                await self.letters.deliver(one)
        message = Message(uuid.uuid4().hex, arrived=True)
        return (await self.talk.turn(who, message, Place("terminal", f"c-{who.id}"))).views

    async def later(self, days: int) -> None:
        """Let all that happened be so many days longer ago."""

        def move(connection: Connection) -> None:
            for table, columns in ((meetings, ("at", "before", "changed")), (kept_records, ("made",))):
                for row in connection.execute(select(table)).all():
                    moved = {name: getattr(row, name) - timedelta(days=days) for name in columns}
                    connection.execute(update(table).where(table.c.id == row.id).values(moved))

        await self.kept.write(move)

    async def states(self) -> list[str]:
        """How far all of them are."""
        return await self.kept.read(lambda c: list(c.execute(select(meetings.c.state)).scalars()))


def shown(views: tuple[View, ...]) -> str:
    return "\n".join(map(text, views))


@pytest.fixture
async def here(sqlite_url: str, shelf: Shelf) -> AsyncIterator[Two]:
    """The same on SQLite alone, for what no database could do otherwise."""
    kept = await Records.open(sqlite_url)
    yield Two(kept, shelf)
    await kept.close()


@pytest.fixture
async def two(records: Records, shelf: Shelf) -> Two:
    """Nobody sent anything yet; on each kind of database."""
    return Two(records, shelf)


async def test_both_say_yes(two: Two) -> None:
    """It is offered under the advice, then the other is asked, and after two yeses each hears who it is, once."""
    first = await two.say(BEN, *TALK)
    await two.later(8)
    offered = await two.say(ANNA, *TALK)
    nothing_yet = await two.back(BEN)
    said = [await two.tap(ANNA, offered) for _ in range(2)]
    asked = await two.back(BEN)
    again = await two.back(BEN)
    told = [await two.tap(BEN, asked) for _ in range(2)]
    heard = await two.back(ANNA)
    heard_again = await two.back(ANNA)
    before = shown(offered) + shown(asked) + "".join(said)
    about = await two.kept.read(lambda c: c.execute(select(audit.c.action, audit.c.person_id)).all())

    assert OFFERED not in shown(first)
    assert "Gedaan. Het staat in het inkoopkanaal." in text(offered[0])
    assert "Vorige week zocht een collega ook kantoormeubilair" in text(offered[-1])
    assert ASKED not in shown(nothing_yet)
    assert all("Ik vraag het je collega." in one for one in said)
    assert "Vorige week zocht jij kantoormeubilair" in shown(asked)
    assert ASKED not in shown(again)
    assert not [name for name in ("Anna", "Ben") if name in before]
    assert all("Je collega: Anna" in one for one in told)
    assert "Je collega: Ben" in shown(heard)
    assert "Ben" not in shown(heard_again)
    assert [tuple(row) for row in about] == [("samen zoeken toegezegd", "moi")] * 2


async def test_no(two: Two) -> None:
    """A no is told to nobody: whoever asked hears the same as before, and sees nothing else in "mijn gegevens"."""
    await two.say(BEN, *TALK)
    offered = await two.say(ANNA, *TALK)
    await two.tap(ANNA, offered)
    before = (await two.kept.read(partial(read_mine, ANNA.id))).together
    asked = await two.back(BEN)
    said = await two.tap(BEN, asked, "Nee")
    regretted = await two.tap(BEN, asked)
    after = (await two.kept.read(partial(read_mine, ANNA.id))).together

    assert "Niemand hoort je naam" in said
    assert "Deze vraag is er niet meer" in regretted
    assert "Ik vraag het je collega." in await two.tap(ANNA, offered)
    assert before == after
    assert [row["state"] for row in after] == ["jij zei ja"]
    assert ASKED not in shown(await two.back(ANNA))


async def test_first_says_no(here: Two) -> None:
    """Who does not want it does nothing, or says no: the other never hears that there was a question."""
    await here.say(BEN, *TALK)
    offered = await here.say(ANNA, *TALK)
    silent = await here.back(BEN)
    said = await here.tap(ANNA, offered, "Nee")
    other = await here.kept.read(partial(read_mine, BEN.id))

    assert ASKED not in shown(silent)
    assert "Goed, dan doe ik niets" in said
    assert "Deze vraag is er niet meer" in await here.tap(ANNA, offered)
    assert ASKED not in shown(await here.back(BEN))
    assert other.together == []


async def test_once_a_week(here: Two) -> None:
    """Nobody is asked twice in a week, on either side and counted from when it was; a week later they may be asked again."""
    await here.say(BEN, *TALK)
    first = await here.say(ANNA, *TALK)
    await here.later(6)
    await here.tap(ANNA, first)
    await here.later(2)
    second = await here.say(ANNA, *TALK)
    third = await here.say(CAS, *TALK)
    await here.later(8)
    later = await here.say(ANNA, *TALK)

    assert OFFERED in shown(first)
    assert OFFERED not in shown(second) + shown(third)
    assert OFFERED in shown(later)


async def test_old_card(here: Two) -> None:
    """A yes on a card of more than a month ago asks nobody."""
    await here.say(BEN, *TALK)
    offered = await here.say(ANNA, *TALK)
    await here.later(31)

    assert "Deze vraag is er niet meer" in await here.tap(ANNA, offered)
    assert await here.states() == ["offered"]


async def test_two_ask_at_once(two: Two) -> None:
    """Of two who want to be brought together with the same colleague at the same moment one asks."""
    await two.say(BEN, *TALK)
    both = {who.id: await two.say(who, *TALK) for who in (ANNA,)}
    await two.kept.write(
        lambda c: c.execute(update(meetings).values(at=datetime.now(UTC) - timedelta(days=8)))
    )
    both[CAS.id] = await two.say(CAS, *TALK)
    aimed = update(meetings).values(other_id=BEN.id, at=datetime.now(UTC))
    await two.kept.write(lambda c: c.execute(aimed))
    said = await asyncio.gather(*(two.tap(who, both[who.id]) for who in (ANNA, CAS)))

    assert sorted("Ik vraag het je collega." in one for one in said) == [False, True]
    assert sorted(await two.states()) == ["asked", "withdrawn"]


@pytest.mark.parametrize("why", ["long ago", "not bought", "nothing needed", "another thing", "shared"])
async def test_not_offered(here: Two, why: str) -> None:
    """Not for what was long ago, was not bought, or is something else; and not where others read along."""
    await here.say(BEN, *(NOT_NEEDED if why == "not bought" else TALK))
    if why == "long ago":
        await here.later(31)
    words = {"nothing needed": NOT_NEEDED, "another thing": ("een beamer", *TALK[1:2], "nieuw", *TALK[3:])}
    said = shown(await here.say(ANNA, *words.get(why, TALK), shared=why == "shared"))

    assert "Gedaan." in said
    assert OFFERED not in said


async def test_sent_again(here: Two) -> None:
    """It is offered when a request is sent, not when it is changed."""
    await here.say(ANNA, *TALK)
    await here.say(BEN, *TALK)
    await here.later(8)
    changed = await here.say(ANNA, "wijzig gekozen weg", "volgens het voorstel", "versturen")

    assert "Aangepast." in shown(changed)
    assert OFFERED not in shown(changed)


async def test_not_theirs(here: Two) -> None:
    """Somebody else, or a made-up button, changes nothing."""
    await here.say(BEN, *TALK)
    offered = await here.say(ANNA, *TALK)
    before = await here.states()
    taps: tuple[dict[str, Any], ...] = ({"do": "samen"}, {"do": "samen", "act": "ja", "id": "x"})
    said = [await here.tap(CAS, offered)]
    for tap in taps:
        answer = await here.talk.turn(ANNA, Message(uuid.uuid4().hex, tap=tap), Place("terminal", "c"))
        said.append(shown(answer.views))
    # The other cannot say yes before they are asked.
    said.append(await here.tap(BEN, offered))

    assert all("Deze vraag is er niet meer" in one for one in said)
    assert await here.states() == before == ["offered"]


async def test_forgotten(here: Two) -> None:
    """ "Mijn gegevens" tells it without the other; it goes when either of the two is forgotten."""
    await here.say(BEN, *TALK)
    await here.tap(ANNA, await here.say(ANNA, *TALK))
    mine = await here.kept.read(partial(read_mine, BEN.id))
    counted = await here.kept.read(partial(count_mine, BEN.id))
    said = json.loads(mine.dump())["samen"] + [readable(mine, {})]
    await here.kept.write(lambda connection: forget_person(connection, BEN.id))
    left = await here.kept.read(lambda c: c.execute(select(func.count()).select_from(meetings)).scalar_one())

    assert counted.together == 1
    assert "aan jou gevraagd" in str(said)
    assert "p-Anna" not in str(said)
    assert left == 0


async def test_kept_long_enough(here: Two) -> None:
    """It goes when its period is over, and not before."""
    await here.say(BEN, *TALK)
    await here.say(ANNA, *TALK)
    now = datetime.now(UTC)
    clear = RULES["samen zoeken"].clear
    went = [
        await here.kept.write(partial(clear, before=now + timedelta(days=days), _now=now)) for days in (-1, 1)
    ]

    assert went == [0, 1]
    assert await here.states() == []


async def test_in_teams(sqlite_url: str, shelf: Shelf) -> None:
    """In Teams the question comes in the own chat of the other by itself, and so does the name."""
    bo, kim = ({"id": f"29:{name}", "name": name, "aadObjectId": name} for name in ("Bo", "Kim"))
    async with open_stage(sqlite_url, shelf) as stage:
        for who in (bo, kim):
            for words in TALK:
                await stage.chat(words, who=who, where=f"a:{who['name']}")
        found = await stage.records.read(lambda c: c.execute(select(meetings.c.id)).scalar_one())
        tap = {"do": "samen", "act": "ja", "id": found}
        await stage.press(tap, kim, "a:Kim")
        await stage.room.channel.until(lambda: any(ASKED in said for said in stage.said("a:Bo")))
        await stage.press(tap, bo, "a:Bo")
        await stage.room.channel.until(
            lambda: any("Jullie zoeken allebei" in said for said in stage.said("a:Kim"))
        )
        states = await stage.records.read(lambda c: list(c.execute(select(meetings.c.state)).scalars()))

    assert states == ["met"]
