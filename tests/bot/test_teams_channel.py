"""The procurement channel in Teams, tried against a connector that is a real server."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from bot.app_credentials import Secret
from bot.channel_place import TeamsPlace
from bot.connector import Connector
from bot.teams_channel import TeamsChannel
from tests.fakes.connector import FakeConnector
from tests.fakes.identity import APP_ID, PASSWORD, TENANT, FakeIdentity

CHANNEL = "19:inkoop@thread.tacv2"
CARD = {"type": "AdaptiveCard", "version": "1.5", "body": []}


@pytest_asyncio.fixture
async def fake() -> AsyncIterator[FakeConnector]:
    """A connector to send to."""
    async with FakeConnector() as fake:
        yield fake


@pytest_asyncio.fixture
async def channel(fake: FakeConnector) -> AsyncIterator[TeamsChannel]:
    """The channel at that connector."""
    async with FakeIdentity() as identity:
        token_url = f"{identity.authority}/{TENANT}/oauth2/v2.0/token"
        connector = Connector(credential=Secret(token_url, APP_ID, PASSWORD))

        async def where() -> TeamsPlace:
            return TeamsPlace(CHANNEL, fake.url)

        yield TeamsChannel(connector, where)
        await connector.close()


async def test_new_thread(channel: TeamsChannel, fake: FakeConnector) -> None:
    """A summary begins its own thread, as one card with a line for notifications and no text beside it."""
    external = await channel.post(CARD, "Anders opgelost · Kantoormeubilair")

    (landed,) = fake.landed
    assert (landed.what, f"{landed.conversation};messageid={landed.id}") == ("send", external)
    assert landed.activity["summary"] == "Anders opgelost · Kantoormeubilair"
    assert landed.activity["attachments"][0]["content"] == CARD
    assert "text" not in landed.activity


async def test_update_in_place(channel: TeamsChannel, fake: FakeConnector) -> None:
    """A changed record changes its own card, and no second one appears."""
    external = await channel.post(CARD, "eerst")
    await channel.update(external, CARD | {"lang": "nl"}, "later")

    assert fake.texts() == ["later"]


async def test_notice_in_thread(channel: TeamsChannel, fake: FakeConnector) -> None:
    """A notice comes below its card, as plain text, so that typed words cannot become a link."""
    external = await channel.post(CARD, "eerst")
    await channel.notice(external, "Bijgewerkt: [klik](https://example.nl)")

    notice = fake.landed[-1]
    assert notice.conversation == external
    assert notice.activity["textFormat"] == "plain"
