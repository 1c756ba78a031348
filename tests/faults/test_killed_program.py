"""The real program is killed and started again under people who talk to it: a talk that was cut reads like one that was not."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass

import pytest

from tests.faults.program import Colleague, Program, Start, until
from tests.faults.talks import TALKS, carry_on, examples, without_id

pytestmark = pytest.mark.fault

SEED = 20261124
KILLS = 10
AT_ONCE = 3  # Talks that are cut by one kill, each somewhere else.
LAST = 0.4  # The part of them that is cut at the message that sends the talk.
IN_FLIGHT = 0.02  # Seconds; a message takes about half of that.
DELIVERING = 0.3


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
