"""The way out to Teams: what is tried again, what is not, and what the caller learns from it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from email.utils import formatdate

import pytest
import pytest_asyncio

from bot.app_credentials import Secret
from bot.connector import Connector
from bot.connector_errors import (
    Blocked,
    Gone,
    NotInstalled,
    NoToken,
    Refused,
    Throttled,
    Unavailable,
    Uncertain,
)
from tests.fakes.connector import FakeConnector, Fault
from tests.fakes.identity import APP_ID, PASSWORD, TENANT, FakeIdentity

CARD = {"type": "message", "summary": "Moi"}


class Clock:
    """Time that only passes when somebody waits."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.waited: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def channel() -> AsyncIterator[FakeConnector]:
    async with FakeConnector() as fake:
        yield fake


@pytest_asyncio.fixture
async def identity() -> AsyncIterator[FakeIdentity]:
    async with FakeIdentity() as fake:
        yield fake


@pytest_asyncio.fixture
async def connector(identity: FakeIdentity, clock: Clock) -> AsyncIterator[Connector]:
    made = _connector(identity, clock)
    yield made
    await made.close()


def _connector(identity: FakeIdentity, clock: Clock, password: str = PASSWORD, **more: float) -> Connector:
    proof = Secret(f"{identity.authority}/{TENANT}/oauth2/v2.0/token", APP_ID, password)
    return Connector(credential=proof, clock=clock, sleep=clock.sleep, chance=lambda: 1.0, **more)


async def test_a_message_lands(connector: Connector, channel: FakeConnector) -> None:
    """A message lands in its conversation, also when the id has slashes and colons in it."""
    sent = await connector.send(channel.url, "19:a/b@thread.v2;messageid=1", CARD)

    assert [(event.what, event.conversation, event.id) for event in channel.landed] == [
        ("send", "19:a/b@thread.v2;messageid=1", sent)
    ]


async def test_every_verb(connector: Connector, channel: FakeConnector) -> None:
    """A message can be answered, replaced and taken back, and a conversation can be opened."""
    opened = await connector.create_conversation(channel.url, {"isGroup": False})
    sent = await connector.send(channel.url, opened.conversation, CARD)
    reply = await connector.reply(channel.url, opened.conversation, sent, {**CARD, "summary": "antwoord"})
    await connector.update(channel.url, opened.conversation, sent, {**CARD, "summary": "nieuw"})
    await connector.delete(channel.url, opened.conversation, reply)

    assert [event.what for event in channel.landed] == ["create", "send", "reply", "update", "delete"]
    assert channel.landed[2].reply_to == sent
    assert channel.texts() == ["nieuw"]


async def test_one_token(connector: Connector, channel: FakeConnector, identity: FakeIdentity) -> None:
    """Twenty messages at once need one token, asked for as Microsoft describes."""
    await asyncio.gather(*(connector.send(channel.url, f"c{n}", CARD) for n in range(20)))

    assert identity.tokens_given == 1
    assert identity.forms[0]["scope"] == "https://api.botframework.com/.default"
    assert {call.token for call in channel.calls} == {"app-token-1"}


async def test_token_renewed_before_its_end(
    connector: Connector, channel: FakeConnector, identity: FakeIdentity, clock: Clock
) -> None:
    """A token is replaced five minutes before it ends."""
    await connector.send(channel.url, "c", CARD)
    clock.now += 3600 - 301
    await connector.send(channel.url, "c", CARD)
    clock.now += 2
    await connector.send(channel.url, "c", CARD)

    assert [call.token for call in channel.calls] == ["app-token-1", "app-token-1", "app-token-2"]


async def test_old_token_bridges_an_outage(
    connector: Connector, channel: FakeConnector, identity: FakeIdentity, clock: Clock
) -> None:
    """When no new token can be had, the old one is used as long as it is good."""
    await connector.send(channel.url, "c", CARD)
    identity.up = False
    clock.now += 3600 - 60
    await connector.send(channel.url, "c", CARD)

    assert [call.token for call in channel.calls] == ["app-token-1", "app-token-1"]


async def test_withdrawn_token(connector: Connector, channel: FakeConnector, identity: FakeIdentity) -> None:
    """A token that the channel no longer takes is replaced at once, without the message being lost."""
    await connector.send(channel.url, "c", CARD)
    channel.good_tokens = {"app-token-2"}
    await connector.send(channel.url, "c", CARD)

    assert len(channel.landed) == 2
    assert identity.tokens_given == 2


async def test_wrong_password(identity: FakeIdentity, channel: FakeConnector, clock: Clock) -> None:
    """Credentials that are refused are named as such and not tried again."""
    connector = _connector(identity, clock, password="wrong")
    with pytest.raises(NoToken):
        await connector.send(channel.url, "c", CARD)
    await connector.close()

    assert len(identity.forms) == 1
    assert channel.calls == []


async def test_authority_down(
    connector: Connector, channel: FakeConnector, identity: FakeIdentity, clock: Clock
) -> None:
    """Without an authority nothing is sent, and the caller may try later."""
    identity.up = False
    with pytest.raises(Unavailable):
        await connector.send(channel.url, "c", CARD)

    assert channel.calls == []
    assert len(identity.forms) == 5


@pytest.mark.parametrize("status", [412, 429, 502, 503, 504])
async def test_tried_again(status: int, connector: Connector, channel: FakeConnector, clock: Clock) -> None:
    """A busy or broken channel is tried again with growing pauses, and the message lands once."""
    channel.faults.extend([Fault(status), Fault(status)])
    await connector.send(channel.url, "c", CARD)

    assert clock.waited == [0.5, 1.0]
    assert len(channel.landed) == 1


async def test_retry_after(connector: Connector, channel: FakeConnector, clock: Clock) -> None:
    """What the channel asks to wait is what is waited, and a little spread."""
    channel.faults.append(Fault(429, {"Retry-After": "3"}))
    await connector.send(channel.url, "c", CARD)

    assert clock.waited == [pytest.approx(3.3)]


async def test_retry_after_as_a_date(connector: Connector, channel: FakeConnector, clock: Clock) -> None:
    """A date to wait for is measured on the clock of the channel itself."""
    dates = {"Date": formatdate(1_000_000, usegmt=True), "Retry-After": formatdate(1_000_004, usegmt=True)}
    channel.faults.append(Fault(503, dates))
    await connector.send(channel.url, "c", CARD)

    assert clock.waited == [pytest.approx(4.4)]


async def test_too_long_to_wait(connector: Connector, channel: FakeConnector, clock: Clock) -> None:
    """A pause longer than a person waits is left to the caller, who learns how long it is."""
    channel.faults.append(Fault(429, {"Retry-After": "60"}))
    with pytest.raises(Throttled) as caught:
        await connector.send(channel.url, "c", CARD)

    assert (caught.value.wait, clock.waited) == (60.0, [])


async def test_tries_end(connector: Connector, channel: FakeConnector, clock: Clock) -> None:
    """A channel that stays down is given up within ten seconds and five tries."""
    channel.faults.extend([Fault(502)] * 9)
    with pytest.raises(Unavailable):
        await connector.send(channel.url, "c", CARD)

    assert len(channel.calls) == 5
    assert sum(clock.waited) < 10


async def test_unreachable(connector: Connector, channel: FakeConnector) -> None:
    """A channel that cannot be reached got nothing, and is tried again."""
    await channel.stop()
    with pytest.raises(Unavailable):
        await connector.send(channel.url, "c", CARD)
    await channel.start()
    await connector.send(channel.url, "c", CARD)

    assert len(channel.landed) == 1


@pytest.mark.parametrize(("moment", "landed"), [("before", 0), ("after", 1)])
async def test_dropped_after_sending(
    moment: str, landed: int, connector: Connector, channel: FakeConnector
) -> None:
    """A new message whose answer was lost is not sent again, because it may have landed."""
    channel.faults.append(Fault(drop=moment))  # type: ignore[arg-type]
    with pytest.raises(Uncertain):
        await connector.send(channel.url, "c", CARD)

    assert (len(channel.calls), len(channel.landed)) == (1, landed)


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_dropped_update(moment: str, connector: Connector, channel: FakeConnector) -> None:
    """Replacing a message can be repeated without harm, so it is."""
    channel.faults.append(Fault(drop=moment))  # type: ignore[arg-type]
    await connector.update(channel.url, "c", "m", CARD)

    assert channel.texts() == ["Moi"]


async def test_silence(identity: FakeIdentity, channel: FakeConnector, clock: Clock) -> None:
    """A channel that says nothing does not hold the turn for ever."""
    connector = _connector(identity, clock, patience=0.2)
    channel.faults.append(Fault(drop="silence"))
    with pytest.raises(Uncertain):
        await connector.send(channel.url, "c", CARD)
    await connector.close()

    assert len(channel.calls) == 1


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (403, {"error": {"code": "Forbidden", "subCode": "MessageWritesBlocked"}}, Blocked),
        (403, {"error": {"code": "ConversationBlockedByUser"}}, Blocked),
        (
            403,
            {"error": {"innerHttpError": {"statusCode": 403, "body": {"code": "MessageWritesBlocked"}}}},
            Blocked,
        ),
        (403, {"error": {"code": "BotNotInConversationRoster"}}, NotInstalled),
        (403, {"error": {"code": "BotDisabledByAdmin"}}, NotInstalled),
        (403, {"error": "what is this"}, NotInstalled),
        (404, {"error": {"code": "ConversationNotFound"}}, Gone),
        (400, {"error": {"code": "BadArgument"}}, Refused),
        (413, {"error": {"code": "MessageSizeTooBig"}}, Refused),
        (302, {}, Refused),
        (500, {}, Uncertain),
    ],
)
async def test_meaning(
    status: int, body: dict[str, object], kind: type[Exception], connector: Connector, channel: FakeConnector
) -> None:
    """A refusal has a name that says what to do, and is not tried again."""
    channel.faults.append(Fault(status, {"Location": channel.url}, body))
    with pytest.raises(kind) as caught:
        await connector.send(channel.url, "c", CARD)

    assert type(caught.value) is kind
    assert len(channel.calls) == 1


async def test_delete_what_is_gone(connector: Connector, channel: FakeConnector) -> None:
    """Taking back a message that is already gone succeeds."""
    channel.faults.append(Fault(404))
    await connector.delete(channel.url, "c", "m")

    assert len(channel.calls) == 1


@pytest.mark.parametrize(
    "address", ["http://example.org/", "ftp://127.0.0.1/", "", "https://", "http://[", "x"]
)
async def test_the_token_stays_home(address: str, connector: Connector, identity: FakeIdentity) -> None:
    """No token is fetched for, or sent to, an address that is not https."""
    with pytest.raises(Refused):
        await connector.send(address, "c", CARD)

    assert identity.forms == []
