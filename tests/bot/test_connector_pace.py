"""Moi never sends faster than Teams allows, loses nothing by that, and lets no request wait for it."""

from __future__ import annotations

import itertools

import pytest

from bot.app_credentials import Secret
from bot.connector import Connector
from bot.connector_errors import Throttled
from bot.connector_pace import OF_OWN_ACCORD, PER_CONVERSATION, Pace
from knowledge.shelf import Shelf
from tests.bot.channel_stage import BUYER, open_stage
from tests.fakes.connector import FakeConnector, Fault
from tests.fakes.identity import APP_ID, PASSWORD, TENANT, FakeIdentity

ROUNDING = 1e-6  # seconds


def sent(pace: Pace, conversations: int, seconds: float, *, answer: bool) -> list[float]:
    """The moments at which something is sent by whoever tries a hundred times a second in each conversation."""
    tries = itertools.product(range(int(seconds * 100)), range(conversations))
    return [
        step / 100
        for step, number in tries
        if not pace.take(f"c{number};messageid={step}", step / 100, answer=answer)
    ]


@pytest.mark.parametrize(("most", "seconds"), PER_CONVERSATION[:3])
def test_one_conversation(most: int, seconds: float) -> None:
    """In no window of a conversation, with all its threads, more is sent than Teams allows, and no less over time."""
    moments = sent(Pace(), 1, 70.0, answer=True)

    assert all(
        later - first > seconds - ROUNDING for first, later in zip(moments, moments[most:], strict=False)
    )
    assert len(moments) == 60 + 60 + 40


def test_hour() -> None:
    """A conversation gets at most 1.800 messages in an hour."""
    pace = Pace()
    given = [second for second in range(3600) if not pace.take("c", float(second), answer=True)]

    assert len(given) <= 1800


def test_all_together() -> None:
    """Of its own accord Moi sends at most 40 a second; answers do not wait for that."""
    [(most, seconds)] = OF_OWN_ACCORD
    moments = sent(Pace(), 100, 3.0, answer=False)

    assert all(
        later - first > seconds - ROUNDING for first, later in zip(moments, moments[most:], strict=False)
    )
    assert len(moments) == 3 * most
    assert len(sent(Pace(), 100, 0.01, answer=True)) == 100


async def test_no_call_is_made() -> None:
    """What is too fast is refused before it leaves, with the time after which it fits; nothing waits."""
    async with FakeConnector() as channel, FakeIdentity() as identity:
        proof = Secret(f"{identity.authority}/{TENANT}/oauth2/v2.0/token", APP_ID, PASSWORD)
        connector = Connector(credential=proof, clock=lambda: 100.0)
        for _ in range(7):
            await connector.send(channel.url, "19:x;messageid=1", {"type": "message"})
        with pytest.raises(Throttled) as refused:
            await connector.send(channel.url, "19:x;messageid=2", {"type": "message"})
        await connector.close()

    assert refused.value.wait == 1.0
    assert len(channel.calls) == 7


async def test_answers_wait_elsewhere(database_url: str, shelf: Shelf) -> None:
    """Answers that come too fast, or for which Teams has no room, are said later, each once; no request waits."""
    async with open_stage(database_url, shelf) as stage:
        stage.room.channel.faults.append(Fault(429, {"Retry-After": "1"}))
        statuses = [
            (
                await stage.room.post(
                    stage.room.activity(text=f"hulp{'?' * (number % 2)}", **{"from": BUYER})
                )
            ).status
            for number in range(9)
        ]
        at_once = len(stage.said("a:chat"))
        for count in itertools.count(at_once):
            if count >= 9:
                break
            await stage.room.channel.until(lambda: len(stage.said("a:chat")) > count)  # noqa: B023

    assert statuses == [200] * 9
    assert len(stage.said("a:chat")) == 9
    assert at_once <= 8
