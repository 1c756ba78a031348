"""Files that take long to read: how far they are, and that a failure of our own is told and changes nothing."""

from __future__ import annotations

import asyncio

from bot.readings import FAILED, Counts, Reading, Readings
from knowledge.sheets import RefusedFileError


async def test_far() -> None:
    """What is not done soon goes on, and tells how far it is to whoever sent it."""
    readings, reading, go = Readings(soon=0), Reading("k", "lijst.csv"), asyncio.Event()

    halfway, done = asyncio.Event(), asyncio.Event()

    async def work(about: Reading) -> Counts:
        about.rows = 3
        about.advance(2)
        halfway.set()
        await go.wait()
        done.set()
        return {"nieuw": 3}

    await readings.begin(reading, work)
    await halfway.wait()
    before = (reading.done, reading.read, reading.rows)
    found = readings.find(reading.id, "k")
    nobody = readings.find(reading.id, "een ander")
    go.set()
    await done.wait()

    assert before == (False, 2, 3)
    assert (found, nobody) == (reading, None)
    assert reading.counts == {"nieuw": 3}


async def test_wrong() -> None:
    """A wrong file says what is wrong, and what Moi itself does wrong is said too."""
    readings, wrong, broken = Readings(), Reading("k", "a.csv"), Reading("k", "b.csv")

    async def refuse(_about: Reading) -> Counts:
        raise RefusedFileError(["rij 2"])

    async def fail(_about: Reading) -> Counts:
        raise RuntimeError

    await readings.begin(wrong, refuse)
    await readings.begin(broken, fail)

    assert (wrong.problems, broken.problems) == (["rij 2"], [FAILED])


async def test_stop() -> None:
    """What is not done when Moi stops is left."""
    readings, reading = Readings(soon=0), Reading("k", "a.csv")

    async def never(_about: Reading) -> Counts:
        await asyncio.Event().wait()
        return {}

    await readings.begin(reading, never)
    await readings.stop()

    assert not reading.done
