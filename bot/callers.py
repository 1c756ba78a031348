"""Whether a request really comes from the Bot Framework, for this bot and for this organisation.

Rules: Microsoft's "Authenticate requests from the Bot Connector service to your bot".
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import jwt

from bot.activities import Incoming
from bot.connector import is_safe_service_url
from bot.signing_keys import ALGORITHM, SigningKey, SigningKeys

ISSUER = "https://api.botframework.com"
LEEWAY = 300  # Seconds that clocks may differ.
CHANNEL = "msteams"
MOST_REMEMBERED = 1000  # good tokens


class NotAllowed(Exception):  # noqa: N818  it is an answer, 401 or 403
    """The request is refused; `status` is the HTTP status to answer and `reason` is for the log only."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Caller:
    """What a good token says, and the key it was signed with."""

    claims: Mapping[str, Any]
    key_id: str
    key: SigningKey


class Callers:
    """The check at the door of `/api/messages`."""

    def __init__(self, keys: SigningKeys, *, app_id: str, tenant_id: str) -> None:
        # With an empty id any token for any bot would do.
        if not app_id or not tenant_id:
            raise ValueError("an application id and a tenant id are needed to know who calls")
        self._keys = keys
        self._app_id = app_id
        self._tenant_id = tenant_id
        self._good: dict[bytes, Caller] = {}

    async def identify(self, authorization: str | None) -> Caller:
        """Read the token in the Authorization header; raises `NotAllowed` (401) unless it is good in every respect."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotAllowed(401, "no bearer token")
        # The Bot Framework uses one token for an hour, and checking its signature is a third of the work of a turn.
        digest = sha256(token.encode(errors="surrogateescape")).digest()
        if (caller := self._good.get(digest)) and self._still_good(caller):
            return caller
        try:
            key_id, key = await self._key(token)
            caller = Caller(self._decode(token, key.key), key_id, key)
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
            raise NotAllowed(401, f"bad token: {type(error).__name__}") from error
        if len(self._good) >= MOST_REMEMBERED:
            self._good.clear()
        self._good[digest] = caller
        return caller

    def admit(self, caller: Caller, activity: Incoming) -> None:
        """Check that the token is for this very activity; raises `NotAllowed` (403) otherwise."""
        if activity.channel_id != CHANNEL or not caller.key.speaks_for(CHANNEL):
            raise NotAllowed(403, "not a channel that may speak here")
        if not is_safe_service_url(activity.service_url):
            raise NotAllowed(403, "service address is not https")
        claimed = caller.claims.get("serviceurl")
        if not isinstance(claimed, str) or claimed.rstrip("/") != activity.service_url.rstrip("/"):
            raise NotAllowed(403, "service address is not the one in the token")
        if activity.tenants() != {self._tenant_id}:
            raise NotAllowed(403, "not our tenant")

    def _still_good(self, caller: Caller) -> bool:
        """Whether a token that was good before is not expired, and its key not withdrawn or due to be read again."""
        return time.time() < int(caller.claims["exp"]) and self._keys.known(caller.key_id) is caller.key

    async def _key(self, token: str) -> tuple[str, SigningKey]:
        header = jwt.get_unverified_header(token)
        key_id = header.get("kid")
        # The header is the sender's own word: never let it choose another algorithm.
        if header.get("alg") != ALGORITHM or not isinstance(key_id, str):
            raise NotAllowed(401, "algorithm or key id")
        if found := self._keys.known(key_id):
            return key_id, found
        # Only a token that would do otherwise is worth a question to Microsoft.
        self._decode(token, None)
        if found := await self._keys.find(key_id):
            return key_id, found
        raise NotAllowed(401, "unknown key")

    def _decode(self, token: str, key: jwt.PyJWK | None) -> dict[str, Any]:
        return jwt.decode(
            token,
            key or "",
            algorithms=[ALGORITHM],
            audience=self._app_id,
            issuer=ISSUER,
            leeway=LEEWAY,
            options={
                "verify_signature": key is not None,
                "verify_exp": True,
                "verify_nbf": True,
                "verify_aud": True,
                "verify_iss": True,
                "strict_aud": True,
                "require": ["exp", "iss", "aud"],
            },
        )
