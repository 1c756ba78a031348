"""A summary reaches the channel, once, in order, and whatever happens in between."""

from __future__ import annotations

import asyncio
import dataclasses
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.channel_posts import Record
from bot.channel_work import Work
from bot.connector_errors import ConnectorError, Refused, Throttled, Unavailable, Uncertain
from bot.delivery import Delivery
from bot.people import Person
from bot.posting import Rendered, changes
from bot.records import Records
from bot.talk_state import Place, RecordDraft, Response, Talk

BUYER = Person("p1", "Inkoper")
WEB = Place("web", "c1")
DRAFT = RecordDraft("niet-gekocht", "kantoor", "stoelen", "v1", {}, "k1")
EVERY_SECOND = "* * * * * *"


def render(record: Record, _work: Work) -> Rendered:
    lines = {"Waarde": record.value_band}
    return Rendered({"waarde": record.value_band}, f"versie {record.version}", lines)


class Channel:
    """A channel outside Moi that keeps what it was sent, and fails first in the ways it is told to."""

    def __init__(self, *problems: ConnectorError | None) -> None:
        self.problems = list(problems)
        self.cards: dict[str, Mapping[str, Any]] = {}
        self.said: list[str] = []
        self.calls = 0
        self.tried = asyncio.Event()

    async def post(self, card: Mapping[str, Any], summary: str) -> str:
        self._fail()
        external = f"kaart-{len(self.cards)}"
        self.cards[external] = card
        return external

    async def update(self, external: str, card: Mapping[str, Any], summary: str) -> None:
        self._fail()
        self.cards[external] = card

    async def notice(self, external: str, text: str) -> None:
        self._fail()
        self.said.append(text)

    def _fail(self) -> None:
        self.calls += 1
        self.tried.set()
        if self.problems and (problem := self.problems.pop(0)):
            raise problem


@asynccontextmanager
async def delivering(url: str, channel: Channel, render: Callable[..., Any] = render) -> AsyncIterator[Moi]:
    """A Moi that keeps and delivers, for as long as it lasts."""
    records = await Records.open(url, ("page", "teams"))
    delivery = Delivery(records, render, {"teams": channel}, sweep=EVERY_SECOND)
    await delivery.start()
    try:
        yield Moi(records, delivery)
    finally:
        await delivery.close()
        await records.close()


@dataclasses.dataclass
class Moi:
    """The two halves that are tested together."""

    records: Records
    delivery: Delivery

    async def record(self, value: str = "v1", talk: str | None = None) -> str:
        """Send a record, of a new talk or again of an older one; gives the talk."""
        return await record(self.records, value, talk)

    async def until(self, **states: str) -> None:
        """Wait until the only post has these states."""
        await until(self.records, **states)


async def record(records: Records, value: str = "v1", talk_id: str | None = None) -> str:
    new = talk_id or uuid.uuid4().hex

    def work(talk: Talk | None) -> Response:
        now = dataclasses.replace(talk or Talk(new, BUYER.id, "inkoop"), state="done")
        return Response(now, (), dataclasses.replace(DRAFT, value_band=value))

    await records.in_turn(BUYER, WEB, uuid.uuid4().hex, work, lambda _talk: (), talk_id=talk_id)
    return new


async def until(records: Records, **states: str) -> None:
    async with asyncio.timeout(20):
        revision, [post] = await records.posts_since(0)
        while dict(post.states) != states:
            revision, found = await records.wait_for_posts(revision)
            post = found[0]


async def test_lands(database_url: str) -> None:
    """A record lands on the page and in Teams by itself."""
    channel = Channel()
    async with delivering(database_url, channel) as moi:
        await moi.record()
        await moi.until(page="posted", teams="posted")

    assert channel.cards == {"kaart-0": {"waarde": "v1"}}
    assert channel.said == []


async def test_changed_in_place(database_url: str) -> None:
    """A changed record changes its own card and adds one short notice."""
    channel = Channel()
    async with delivering(database_url, channel) as moi:
        talk = await moi.record("v1")
        await moi.until(page="posted", teams="posted")
        await moi.record("v2", talk)
        await moi.until(page="posted", teams="posted")

    assert channel.cards == {"kaart-0": {"waarde": "v2"}}
    assert channel.said == ["Bijgewerkt: versie 2\n• Waarde: v1 → v2"]


async def test_quick_changes(database_url: str) -> None:
    """Of versions that follow each other quickly the last one stays, on one card."""
    channel = Channel()
    async with delivering(database_url, channel) as moi:
        talk = await moi.record("v1")
        for version in range(2, 6):
            await moi.record(f"v{version}", talk)
        await moi.until(page="posted", teams="posted")

    assert channel.cards == {"kaart-0": {"waarde": "v5"}}


@pytest.mark.parametrize("problem", [Throttled("429", wait=0.1), Unavailable("502")])
async def test_channel_down(sqlite_url: str, problem: ConnectorError) -> None:
    """A channel that has no room or is down gets the card later, once; the page does not wait for it."""
    channel = Channel(problem)
    async with delivering(sqlite_url, channel) as moi:
        await moi.record()
        await moi.until(page="posted", teams="due")
        await moi.until(page="posted", teams="posted")

    assert channel.calls == 2
    assert len(channel.cards) == 1


async def test_lost_answer(sqlite_url: str) -> None:
    """When it is unclear whether a card arrived it is not sent again, until a person asks for it."""
    channel = Channel(Uncertain("weg"))
    async with delivering(sqlite_url, channel) as moi:
        talk = await moi.record()
        await moi.until(page="posted", teams="uncertain")
        await moi.record("v2", talk)
        await moi.until(page="posted", teams="uncertain")
        calls = channel.calls
        kept = await moi.records.talk(talk)
        assert kept
        assert kept.record
        await moi.delivery.resend(kept.record, Person("p9", "Inkoop", frozenset({"inkoop"})))
        await moi.until(page="posted", teams="posted")

    assert calls == 1
    assert channel.cards == {"kaart-0": {"waarde": "v2"}}


async def test_lost_answer_to_update(sqlite_url: str) -> None:
    """An update whose answer was lost is sent again, for that does no harm; its notice is said once."""
    channel = Channel(None, Uncertain("weg"))
    async with delivering(sqlite_url, channel) as moi:
        talk = await moi.record()
        await moi.until(page="posted", teams="posted")
        await moi.record("v2", talk)
        await moi.until(page="posted", teams="posted")

    assert channel.cards == {"kaart-0": {"waarde": "v2"}}
    assert channel.said == ["Bijgewerkt: versie 2\n• Waarde: v1 → v2"]


async def test_notice_down(sqlite_url: str) -> None:
    """A notice that did not get through is said later, once."""
    channel = Channel(None, None, Throttled("429", wait=0.1))
    async with delivering(sqlite_url, channel) as moi:
        talk = await moi.record()
        await moi.until(page="posted", teams="posted")
        await moi.record("v2", talk)
        await moi.until(page="posted", teams="due")
        await moi.until(page="posted", teams="posted")

    assert channel.said == ["Bijgewerkt: versie 2\n• Waarde: v1 → v2"]


async def test_refused(sqlite_url: str) -> None:
    """What the channel will not have is marked as failed and not sent again and again."""
    channel = Channel(Refused("nee"))
    async with delivering(sqlite_url, channel) as moi:
        await moi.record()
        await moi.until(page="posted", teams="failed")

    assert channel.calls == 1


async def test_never_started(database_url: str) -> None:
    """A record for which no delivery was started, because the power went, is found and delivered once."""
    records = await Records.open(database_url, ("page", "teams"))
    await record(records)
    await records.close()
    channel = Channel()
    async with delivering(database_url, channel) as moi:
        await moi.until(page="posted", teams="posted")

    assert len(channel.cards) == 1


async def test_goes_on_after_restart(database_url: str) -> None:
    """A delivery that was waiting for the channel when Moi stopped goes on after the start."""
    channel = Channel(Unavailable("weg", wait=1.0))
    async with delivering(database_url, channel) as moi:
        await moi.record()
        await channel.tried.wait()
        await moi.until(page="posted", teams="due")
    calls = channel.calls
    async with delivering(database_url, channel) as moi:
        await moi.until(page="posted", teams="posted")

    assert (calls, channel.calls) == (1, 2)


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ({"Waarde": "a · b"}, {"Waarde": "a · c"}, ["Waarde: a · b → a · c"]),
        ({"Duurder": "€ 5 · x"}, {"Duurder": "€ 6 · y"}, ["Duurder: € 5 → € 6"]),
        ({"Duurder": "€ 5 · x"}, {"Duurder": "€ 5 · y"}, ["Duurder: € 5 · x → € 5 · y"]),
        ({"Duurder": "€ 5 · x"}, {}, ["Duurder: € 5 → leeg"]),
    ],
)
def test_figures_in_a_notice(before: dict[str, str], now: dict[str, str], told: list[str]) -> None:
    """Of a money figure that changed only the figure is told, and its assumption when that is all that changed."""
    assert changes(before, now) == told
