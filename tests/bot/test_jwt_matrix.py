"""Who may deliver to `/api/messages`: only the Bot Framework, for this bot, this organisation and this service address."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import jwt
import pytest
import pytest_asyncio
from aiohttp import ClientSession

from bot.callers import Callers
from bot.signing_keys import SigningKeys
from tests.bot.teams_room import Room, open_room
from tests.fakes.identity import APP_ID, TENANT, FakeIdentity


@pytest_asyncio.fixture
async def room() -> AsyncIterator[Room]:
    async with open_room() as opened:
        yield opened


async def test_good_token(room: Room) -> None:
    """A message with a good token is answered."""
    response = await room.post()

    assert response.status == 200
    assert room.said() == ["hallo"]


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": time.time() - 301},
        {"exp": None},
        {"nbf": time.time() + 4000},
        {"aud": "another-bot"},
        {"aud": [APP_ID, "another-bot"]},
        {"aud": None},
        {"iss": "https://sts.windows.net/somebody/"},
        {"iss": None},
    ],
    ids=lambda claims: str(next(iter(claims))),
)
async def test_bad_claims(room: Room, claims: dict[str, Any]) -> None:
    """A token that is expired, too early, or for or from somebody else is refused."""
    response = await room.post(token=room.identity.sign(room.channel.url, **claims))

    assert response.status == 401
    assert room.heard == []


@pytest.mark.parametrize("seconds", [-299, 290])
async def test_clocks_differ(room: Room, seconds: int) -> None:
    """Five minutes between two clocks is no reason to refuse."""
    now = time.time()
    token = room.identity.sign(room.channel.url, nbf=now + max(seconds, -10), exp=now + max(seconds, -299))
    response = await room.post(token=token)

    assert response.status == 200


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic bW9pOm1vaQ==",
        "Bearer a.b.c",
        "Bearer ...",
        "Bearer " + "x" * 4000,
        "Bearer é.é.é",
    ],
)
async def test_garbage(room: Room, header: str) -> None:
    """Anything that is not a token is refused, and nobody is asked for keys because of it."""
    response = await room.post(token="", headers={"Authorization": header} if header else {})

    assert response.status == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert room.identity.keys_read == 0


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none", "kid": "key-0"},
        {"alg": "RS256"},
        {"alg": "RS256", "kid": None},
        {"alg": "RS256", "kid": ["key-0"]},
        {"alg": "RS256", "kid": "key-0", "crit": ["x"]},
        {"alg": "RS384", "kid": "key-0"},
        [],
        "RS256",
    ],
    ids=str,
)
async def test_strange_headers(room: Room, header: Any) -> None:
    """A token cannot choose how it is checked."""
    _, claims, signature = room.identity.sign(room.channel.url).split(".")
    start = _part(json.dumps(header).encode())
    response = await room.post(token=f"{start}.{claims}.{signature}")

    assert response.status == 401


async def test_alg_none(room: Room) -> None:
    """A token without a signature is refused."""
    claims = jwt.decode(room.identity.sign(room.channel.url), options={"verify_signature": False})
    token = jwt.encode(claims, "", algorithm="none", headers={"kid": "key-0"})
    response = await room.post(token=token)

    assert response.status == 401


async def test_signed_with_the_public_key(room: Room) -> None:
    """The public key, which everybody has, does not work as a password."""
    _, claims, _ = room.identity.sign(room.channel.url).split(".")
    signed = _part(b'{"alg":"HS256","kid":"key-0","typ":"JWT"}') + "." + claims
    digest = hmac.new(room.identity.public_pem(), signed.encode(), hashlib.sha256).digest()
    response = await room.post(token=f"{signed}.{_part(digest)}")

    assert response.status == 401


async def test_changed_claims(room: Room) -> None:
    """A token whose words were changed after signing is refused."""
    good = room.identity.sign(room.channel.url, exp=int(time.time()) + 60)
    other = room.identity.sign(room.channel.url)
    token = ".".join([*other.split(".")[:2], good.split(".")[2]])
    response = await room.post(token=token)

    assert response.status == 401


async def test_unknown_key(room: Room) -> None:
    """A token signed with a key that is not published is refused, whatever key it names."""
    unknown = await room.post(token=room.identity.sign(room.channel.url, key=99))
    borrowed = await room.post(token=room.identity.sign(room.channel.url, key=99, headers={"kid": "key-0"}))

    assert (unknown.status, borrowed.status) == (401, 401)


@pytest.mark.parametrize("claims", [{"aud": "another-bot"}, {"iss": "nobody"}, {"exp": 1}], ids=str)
async def test_hopeless_token(room: Room, claims: dict[str, Any]) -> None:
    """A token that would not do with any key costs Microsoft no question."""
    response = await room.post(token=room.identity.sign(room.channel.url, key=99, **claims))

    assert response.status == 401
    assert room.identity.keys_read == 0


@pytest.mark.parametrize(
    "claims",
    [{"serviceurl": "https://elsewhere.example/"}, {"serviceurl": None}, {"serviceurl": 1}],
    ids=str,
)
async def test_service_address(room: Room, claims: dict[str, Any]) -> None:
    """A token for another service address is refused, so that answers cannot be sent to a stranger."""
    response = await room.post(token=room.identity.sign(room.channel.url, **claims))

    assert response.status == 403
    assert room.heard == []


@pytest.mark.parametrize("address", ["http://elsewhere.example/", "file:///etc/passwd", "", "https:///x"])
async def test_unsafe_service_address(room: Room, address: str) -> None:
    """An address over which the bot's own token would travel unprotected is refused, also in a good token."""
    token = room.identity.sign(address)
    response = await room.post(room.activity(serviceUrl=address), token=token)

    assert response.status == 403


@pytest.mark.parametrize(
    ("conversation", "channel_data"),
    [
        ("somebody-else", {"tenant": {"id": "somebody-else"}}),
        ("somebody-else", {"tenant": {"id": TENANT}}),
        (TENANT, {"tenant": {"id": "somebody-else"}}),
        (None, {"tenant": {"id": "somebody-else"}}),
        (None, {}),
        (None, None),
    ],
)
async def test_tenant(room: Room, conversation: str | None, channel_data: dict[str, Any] | None) -> None:
    """Another organisation is refused, and so is one that does not say who it is."""
    place = {"id": "a:chat", "conversationType": "personal", "tenantId": conversation}
    response = await room.post(room.activity(conversation=place, channelData=channel_data))

    assert response.status == 403
    assert room.heard == []


@pytest.mark.parametrize("channel", ["directline", "webchat", "emulator", ""])
async def test_other_channels(room: Room, channel: str) -> None:
    """On other channels anybody can give themselves a name, so only Teams is let in."""
    response = await room.post(room.activity(channelId=channel))

    assert response.status == 403


async def test_endorsements(room: Room) -> None:
    """A key that may not speak for Teams does not."""
    room.identity.endorsements = ["directline"]
    response = await room.post()

    assert response.status == 403


async def test_new_key_at_once(room: Room) -> None:
    """A message signed with a brand-new key is answered immediately, and the old key still works."""
    old = room.identity.sign(room.channel.url)
    statuses = []
    for _ in range(4):
        statuses.append((await room.post()).status)
        room.identity.roll_over()
    statuses.append((await room.post(token=old)).status)

    assert statuses == [200] * 5
    assert room.identity.keys_read == 4


async def test_withdrawn_key(room: Room) -> None:
    """A token that was good a moment ago is refused once its key is no longer published."""
    old = room.identity.sign(room.channel.url)
    before = await room.post(token=old)
    room.identity.roll_over(keep_old=False)
    await room.post()
    after = await room.post(token=old)

    assert (before.status, after.status) == (200, 401)


async def test_remembered_token(room: Room) -> None:
    """A token that was good for one message is still judged anew for the next."""
    token = room.identity.sign(room.channel.url)
    await room.post(token=token)
    elsewhere = await room.post(room.activity(serviceUrl="https://elsewhere.example/"), token=token)
    longer = await room.post(token=token + "A")

    assert (elsewhere.status, longer.status) == (403, 401)


async def test_login_down(room: Room) -> None:
    """When the keys cannot be read, messages with a known key are answered and others are refused."""
    await room.post()
    room.identity.up = False
    known = await room.post()
    room.identity.roll_over()
    unknown = await room.post()

    assert (known.status, unknown.status) == (200, 401)


async def test_login_down_from_the_start(room: Room) -> None:
    """Without any key nobody gets in, and it works as soon as the keys can be read."""
    room.identity.up = False
    before = await room.post()
    room.identity.up = True
    after = await room.post()

    assert (before.status, after.status) == (401, 200)


@pytest.mark.parametrize("name", ["app_id", "tenant_id"])
async def test_no_empty_ids(name: str) -> None:
    """An empty application id or tenant does not mean that everybody is let in."""
    async with ClientSession() as session:
        keys = SigningKeys(lambda: session, "http://127.0.0.1:1/")
        with pytest.raises(ValueError, match="needed"):
            Callers(keys, **({"app_id": APP_ID, "tenant_id": TENANT} | {name: ""}))


class Keys:
    """Signing keys with a clock of their own."""

    def __init__(self, identity: FakeIdentity, session: ClientSession) -> None:
        self.now = 1000.0
        self.keys = SigningKeys(lambda: session, identity.metadata_url, clock=lambda: self.now)


@pytest_asyncio.fixture
async def identity() -> AsyncIterator[FakeIdentity]:
    async with FakeIdentity() as fake:
        yield fake


@pytest_asyncio.fixture
async def ring(identity: FakeIdentity) -> AsyncIterator[Keys]:
    async with ClientSession() as session:
        yield Keys(identity, session)


async def test_flood_of_invented_keys(ring: Keys, identity: FakeIdentity) -> None:
    """A hundred invented key ids cost at most ten questions a minute, and a new key is found the minute after."""
    for number in range(100):
        await ring.keys.find(f"invented-{number}")
    asked = identity.keys_read
    identity.roll_over()
    ring.now += 60

    assert asked == 10
    assert await ring.keys.find("key-1") is not None


async def test_keys_are_read_every_day(ring: Keys, identity: FakeIdentity) -> None:
    """After a day the keys are read again, and a key that was withdrawn is no longer good."""
    await ring.keys.find("key-0")
    identity.roll_over(keep_old=False)
    ring.now += 24 * 3600 - 1
    within_the_day = await ring.keys.find("key-0")
    ring.now += 1
    after_a_day = await ring.keys.find("key-0")

    assert within_the_day is not None
    assert after_a_day is None
    assert identity.keys_read == 2


async def test_old_keys_in_an_outage(ring: Keys, identity: FakeIdentity) -> None:
    """When the keys cannot be renewed after a day, the known ones stay good and nobody is asked for five minutes."""
    await ring.keys.find("key-0")
    identity.up = False
    ring.now += 24 * 3600
    found = [await ring.keys.find("key-0") for _ in range(3)]

    assert None not in found
    assert identity.keys_read == 1


def _part(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
