"""The real program is killed and started again under people who talk to it: a talk that was cut reads like one that was not."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.faults.program import CHANGES_PER_TALK, Colleague, Program, until

pytestmark = pytest.mark.fault

SEED = 20261124
KILLS = 10
AT_ONCE = 3  # Talks that are cut by one kill, each somewhere else.
LAST = 0.4  # The part of them that is cut at the message that sends the talk.
IN_FLIGHT = 0.02  # Seconds; a message takes about half of that.
DELIVERING = 0.3
Start = Callable[..., Awaitable[Program]]

TALKS = {
    "anders-opgelost": (
        "we willen 50 nieuwe bureaustoelen, zo'n 15k",
        "ja",
        "het is oud, maar heel",
        "opknappen",
        "3000",
        "neem ik mee",
        "versturen",
    ),
    "niet-gekocht": ("50 bureaustoelen, zo'n 15k", "ja", "we stellen het uit", "ja"),
    "koop-met-mvoi": (
        "20 laptops",
        "ja",
        "weet ik niet",
        "toch kopen",
        "ik weet het niet",
        "weet ik niet",
        "neem ik mee",
        "versturen",
    ),
    "koop-zonder-mvoi": (
        "€ 300.000 voor het schoonmaakcontract, en mvoi doen we niet",
        "ja",
        "het contract loopt af",
        "toch kopen",
        "nee",
        "te duur",
        "bijna alles",
        "weet ik niet",
        "nee",
        "versturen",
    ),
}


@dataclass(frozen=True)
class Example:
    """A talk that was not cut: what was said, and the summary of it."""

    log: list[str]
    post: dict[str, Any]


@pytest.fixture
async def start(database_url: str, tmp_path: Path) -> AsyncIterator[Start]:
    """Starts the program on one database; what still runs at the end is killed."""
    started: list[Program] = []

    async def start(folder: str = "data", **settings: str) -> Program:
        moi = await Program.start(tmp_path / folder, database_url, **settings)
        started.append(moi)
        return moi

    yield start
    for moi in started:
        await moi.kill()


async def carry_on(colleague: Colleague, words: tuple[str, ...], first: int = 0) -> None:
    for number, text in enumerate(words[first:], first):
        assert await colleague.say(text, f"m{number}") == 200


async def examples(moi: Program) -> dict[str, Example]:
    """Every talk once, without anything going wrong."""
    found = {}
    for outcome, words in TALKS.items():
        colleague = await Colleague.arrive(moi)
        await carry_on(colleague, words)
        log = await colleague.heard()
        (record,) = colleague.records()
        (post,) = [post for post in await moi.channel() if post["id"] == record]
        assert post["outcome"] == outcome
        found[outcome] = Example(log, without_id(post))
    return found


def without_id(post: dict[str, Any]) -> dict[str, Any]:
    return {name: CHANGES_PER_TALK.sub("…", str(value)) for name, value in post.items()}


@dataclass
class Cut:
    """A talk that is to be cut at one message: `before` it is posted, `while` it is taken in, or `after` that."""

    outcome: str
    at: int
    moment: str
    colleague: Colleague
    acknowledged: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        return TALKS[self.outcome]

    async def begin(self) -> None:
        for number, text in enumerate(self.words[: self.at]):
            assert await self.colleague.say(text, f"m{number}") == 200

    async def say(self) -> None:
        self.acknowledged = await self.colleague.try_to_say(self.words[self.at], f"m{self.at}")

    async def go_on(self, moi: Program, log: list[str]) -> None:
        """Go on at the restarted program; what is there must be what there was, as `log` has it."""
        self.colleague.moi = moi
        kept = await self.colleague.heard()
        without, with_it = until(log, self.at), until(log, self.at + 1)
        assert kept == with_it or (kept == without and not self.acknowledged)
        await carry_on(self.colleague, self.words, self.at)
        assert await self.colleague.heard() == log


async def arrive(moi: Program, chance: random.Random) -> Cut:
    """Somebody whose talk will be cut somewhere, often at its last message."""
    outcome = chance.choice(list(TALKS))
    end = len(TALKS[outcome]) - 1
    moment = chance.choice(("before", "while", "while", "after"))
    at = end if chance.random() < LAST else chance.randrange(end)
    return Cut(outcome, at, moment, await Colleague.arrive(moi))


async def pull_the_plug(moi: Program, cuts: list[Cut], chance: random.Random) -> None:
    """Kill the program at the moments that the talks are to be cut."""
    await asyncio.gather(*(cut.say() for cut in cuts if cut.moment == "after"))
    saying = [asyncio.create_task(cut.say()) for cut in cuts if cut.moment == "while"]
    landing = asyncio.create_task(moi.landed())
    longest = IN_FLIGHT if saying else DELIVERING
    await asyncio.wait([*saying, landing], timeout=chance.uniform(0, longest))
    landing.cancel()
    await moi.kill()
    await asyncio.gather(*saying)
    await asyncio.gather(landing, return_exceptions=True)


async def test_killed_anywhere(start: Start) -> None:
    """Thirty talks are each cut at some point by a kill: what was acknowledged is there, nothing is double, and
    each talk has its one summary."""
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    moi = await start()
    whole = await examples(moi)
    expected = [example.post for example in whole.values()]
    records: set[str] = set()
    for number in range(KILLS):
        cuts = [await arrive(moi, chance) for _ in range(AT_ONCE)]
        await asyncio.gather(*(cut.begin() for cut in cuts))
        if number % 3 == 0:
            await moi.ready()
        await pull_the_plug(moi, cuts, chance)
        moi = await start()
        for cut in cuts:
            await cut.go_on(moi, whole[cut.outcome].log)
            expected.append(whole[cut.outcome].post)
            records |= cut.colleague.records()
    posts = await moi.landed()
    code, log = await moi.stop()

    assert sorted(map(str, map(without_id, posts))) == sorted(map(str, expected))
    assert records <= {post["id"] for post in posts}
    assert len(records) == KILLS * AT_ONCE
    assert {post["version"] for post in posts} == {1}
    assert code == 0
    assert '"level": "error"' not in log


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_two_instances(start: Start) -> None:
    """Of two instances on one database one is killed: its talks go on at the other, and each summary comes once."""
    secret = {"MOI_SECRET": secrets.token_urlsafe(48)}
    one, two = await asyncio.gather(start("one", **secret), start("two", **secret))
    whole = await examples(two)
    await asyncio.gather(one.ready(), two.ready())
    words = TALKS["anders-opgelost"]
    halfway, sending, sent = [await Colleague.arrive(one) for _ in range(3)]
    await carry_on(halfway, words[:3])
    await carry_on(sending, words[:-1])
    await carry_on(sent, words)
    in_flight = asyncio.create_task(sending.try_to_say("versturen", f"m{len(words) - 1}"))
    await asyncio.wait([in_flight], timeout=IN_FLIGHT / 2)
    await one.kill()
    await in_flight
    for colleague, first in ((halfway, 3), (sending, len(words) - 1), (sent, len(words))):
        colleague.moi = two
        await carry_on(colleague, words, first)
        assert await colleague.heard() == whole["anders-opgelost"].log
    posts = await two.landed()

    expected = [example.post for example in whole.values()] + [whole["anders-opgelost"].post] * 3
    assert sorted(map(str, map(without_id, posts))) == sorted(map(str, expected))


async def test_ten_at_once(start: Start) -> None:
    """Ten messages at the same moment are dealt with one after another: none is refused, lost or mixed with another."""
    moi = await start()
    colleague = await Colleague.arrive(moi)
    await colleague.say("we willen 50 nieuwe bureaustoelen, zo'n 15k", "first")
    tap = await colleague.button("Ja, klopt")
    at_once: list[str | dict[str, Any]] = [
        tap,
        "ja",
        "oud, maar heel",
        "opknappen",
        "3000",
        "waarom?",
        "terug",
        "20 laptops",
        "hoi",
        "9",
    ]
    keys = [f"m{number}" for number in range(len(at_once))]
    statuses = await asyncio.gather(*map(colleague.say, at_once, keys))
    log = await colleague.hear()
    ids = [activity["id"] for activity in log]
    said = [activity for activity in log if activity["from"]["role"] == "user"][1:]
    order = [activity["channelData"]["clientActivityID"] for activity in said]
    answered = {activity.get("replyToId") for activity in log}

    other = await Colleague.arrive(moi)
    await other.say("we willen 50 nieuwe bureaustoelen, zo'n 15k", "first")
    own = await other.button("Ja, klopt")
    for key in order:
        what = at_once[keys.index(key)]
        assert await other.say(own if what is tap else what, key) == 200

    assert statuses == [200] * 10
    assert sorted(order) == sorted(keys)
    assert {activity["id"] for activity in said} <= answered
    assert len(set(ids)) == len(ids)
    assert await other.heard() == await colleague.heard()


async def test_one_message_ten_times(start: Start) -> None:
    """One message that is delivered ten times at the same moment is dealt with once, the last of a talk as well."""
    moi = await start()
    whole = (await examples(moi))["niet-gekocht"]
    colleague = await Colleague.arrive(moi)
    for number, text in enumerate(TALKS["niet-gekocht"]):
        statuses = await asyncio.gather(*(colleague.say(text, f"m{number}") for _ in range(10)))
        assert statuses == [200] * 10
    posts = await moi.landed()

    assert await colleague.heard() == whole.log
    assert [without_id(post) for post in posts].count(whole.post) == 2
    assert len(posts) == len(TALKS) + 1


async def test_restart(start: Start) -> None:
    """Stopped and started in the middle of a talk: the page goes on with its token and its watermark."""
    moi = await start()
    whole = (await examples(moi))["koop-zonder-mvoi"]
    words = TALKS["koop-zonder-mvoi"]
    colleague = await Colleague.arrive(moi)
    for number, text in enumerate(words[:4]):
        await colleague.say(text, f"m{number}")
    await colleague.hear()
    code, log = await moi.stop()
    colleague.moi = await start()
    await carry_on(colleague, words, 4)
    posts = await colleague.moi.landed()

    assert code == 0
    assert "Traceback" not in log
    assert await colleague.heard() == whole.log
    assert [without_id(post) for post in posts].count(whole.post) == 2
