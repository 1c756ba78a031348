"""The real program under people who talk to it at once, at two instances, and over a restart: nothing is lost or double."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

import pytest

from tests.faults.program import Colleague, Start
from tests.faults.talks import TALKS, carry_on, examples, without_id

pytestmark = pytest.mark.fault

IN_FLIGHT = 0.01  # Seconds; a message takes about that.


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
    await asyncio.wait([in_flight], timeout=IN_FLIGHT)
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
