"""The public keys with which the Bot Framework signs its messages, kept up to date without stopping the talk."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import jwt
import structlog

ALGORITHM = "RS256"
FRESH = 24 * 3600.0  # Seconds; Microsoft asks to read the keys again at least every day.
AFTER_FAILURE = 300.0  # Seconds before keys that could not be renewed are asked for again.
MOST_FETCHES, PER_SECONDS = 10, 60.0  # So that a flood of invented keys does not become a flood at Microsoft.
LONGEST_FETCH = 5.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A public key and the channels it may speak for; no channels named means it may speak for all."""

    key: jwt.PyJWK
    endorsements: frozenset[str]

    def speaks_for(self, channel: str) -> bool:
        """Whether a message of this channel may be signed with this key."""
        return not self.endorsements or channel in self.endorsements


class SigningKeys:
    """The keys behind an OpenID metadata address, by key id."""

    def __init__(
        self,
        session: Callable[[], aiohttp.ClientSession],
        metadata_url: str,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self._metadata_url = metadata_url
        self._clock = clock
        self._keys: Mapping[str, SigningKey] = {}
        self._stale_at = 0.0
        self._fetched: deque[float] = deque(maxlen=MOST_FETCHES)
        self._fetching = asyncio.Lock()

    def known(self, key_id: str) -> SigningKey | None:
        """The key if it is known and fresh, without asking anybody."""
        return self._keys.get(key_id) if self._clock() < self._stale_at else None

    async def find(self, key_id: str) -> SigningKey | None:
        """The key with this id; an unknown one is asked for at once, so that a new key works immediately.

        When the keys cannot be read, the known ones stay good.
        """
        if found := self.known(key_id):
            return found
        async with self._fetching:
            # Whoever waited here profits from what the one before fetched.
            if (found := self.known(key_id)) is None and self._may_fetch():
                await self._renew()
        return found or self._keys.get(key_id)

    def _may_fetch(self) -> bool:
        now = self._clock()
        full = len(self._fetched) == MOST_FETCHES
        return not full or now - self._fetched[0] >= PER_SECONDS

    async def _renew(self) -> None:
        self._fetched.append(self._clock())
        try:
            self._keys = await self._read()
            self._stale_at = self._clock() + FRESH
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError) as error:
            self._stale_at = max(self._stale_at, self._clock() + AFTER_FAILURE)
            log.warning("signing keys could not be read", reason=type(error).__name__, known=len(self._keys))

    async def _read(self) -> dict[str, SigningKey]:
        async with asyncio.timeout(LONGEST_FETCH):
            metadata = await self._get(self._metadata_url)
            answer = await self._get(str(metadata["jwks_uri"]))
        keys = dict(filter(None, map(_signing_key, answer["keys"])))
        if not keys:
            raise ValueError("the answer holds no key that can be used")
        return keys

    async def _get(self, address: str) -> dict[str, Any]:
        async with self._session().get(address, raise_for_status=True) as response:
            answer = await response.json(content_type=None)
        if not isinstance(answer, dict):
            raise TypeError("the answer is not an object")
        return answer


def _signing_key(data: Mapping[str, Any]) -> tuple[str, SigningKey] | None:
    """Read one key; one that cannot be used is passed over, so that it does not spoil the others."""
    try:
        if data["kty"] != "RSA" or data.get("use", "sig") != "sig":
            return None
        key = jwt.PyJWK.from_dict(dict(data), algorithm=ALGORITHM)
        return str(data["kid"]), SigningKey(key, frozenset(data.get("endorsements") or ()))
    except (jwt.PyJWTError, KeyError, TypeError, ValueError):
        return None
