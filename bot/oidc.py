"""Signing in with OpenID Connect: the authorization code flow with PKCE, a secret, state and nonce.

Rules: OpenID Connect Core 1.0 (3.1), Discovery 1.0, RP-Initiated Logout 1.0, RFC 7636 (PKCE) and RFC 9700 (security).
Nothing here knows a page or a person: an address to go to, an answer that comes back, and what it proves.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
import jwt
import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from bot.addresses import is_safe_address
from bot.signing_keys import ALGORITHM, SigningKeys

WELL_KNOWN = "/.well-known/openid-configuration"
SCOPE = "openid profile"
FRESH = 24 * 3600.0  # Seconds after which the provider is asked again where its addresses are.
LONGEST_FETCH = 10.0
LEEWAY = 60  # Seconds that clocks may differ.
LARGEST_ANSWER = 256 * 1024  # bytes; Entra puts at most 200 groups in a token.

log = structlog.stdlib.get_logger("moi")


class SignInError(Exception):
    """Nobody is signed in; `reason` is for the log and the numbers, in a few words without anything personal."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotNow(SignInError):  # noqa: N818  the provider's trouble, not an error of anybody here
    """The provider cannot be reached, or does not answer as it should."""


class Stopped(SignInError):  # noqa: N818
    """The person, or the provider, broke it off."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A sign-in that is under way: what only this browser knows, and the page to go back to."""

    state: str
    nonce: str
    verifier: str
    back: str


class Metadata(BaseModel):
    """Where the provider has its addresses."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None = None
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]


class Provider:
    """An OpenID Connect provider, for one client with a secret."""

    def __init__(
        self,
        session: Callable[[], aiohttp.ClientSession],
        *,
        issuer: str,
        client_id: str,
        client_secret: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self._issuer = issuer
        self._client_id = client_id
        self._client_secret = client_secret
        self._clock = clock
        self._address = issuer.rstrip("/") + WELL_KNOWN
        self._keys = SigningKeys(session, self._address)
        self._metadata: Metadata | None = None
        self._stale_at = 0.0
        self._reading = asyncio.Lock()

    async def begin(self, redirect: str, back: str) -> tuple[str, Pending]:
        """Where to send the browser, and what it must bring back; raises `NotNow`."""
        metadata = await self._known()
        pending = Pending(
            state=secrets.token_urlsafe(32),
            nonce=secrets.token_urlsafe(32),
            verifier=secrets.token_urlsafe(48),
            back=back,
        )
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": redirect,
            "scope": SCOPE,
            "state": pending.state,
            "nonce": pending.nonce,
            "code_challenge": challenge(pending.verifier),
            "code_challenge_method": "S256",
        }
        return _with_query(metadata.authorization_endpoint, asked), pending

    async def finish(self, pending: Pending, redirect: str, answer: Mapping[str, str]) -> Mapping[str, Any]:
        """What the provider says about the person; raises a `SignInError` unless everything fits."""
        if not hmac.compare_digest(answer.get("state", "").encode(), pending.state.encode()):
            raise SignInError("state")
        # RFC 9207: an answer of another provider is not for us.
        if answer.get("iss", self._issuer) != self._issuer:
            raise SignInError("issuer of the answer")
        if "error" in answer:
            raise Stopped("denied" if answer["error"] == "access_denied" else "refused by the provider")
        if not (code := answer.get("code")):
            raise SignInError("no code")
        token = await self._exchange(code, pending, redirect)
        claims = await self._verify(token)
        if not hmac.compare_digest(str(claims["nonce"]).encode(), pending.nonce.encode()):
            raise SignInError("nonce")
        return claims

    async def goodbye(self, back: str, hint: str) -> str | None:
        """Where to sign out at the provider as well; None when it has no such address, or cannot be reached."""
        try:
            address = (await self._known()).end_session_endpoint
        except NotNow:
            return None
        if not address or not is_safe_address(address):
            return None
        asked = {"client_id": self._client_id, "post_logout_redirect_uri": back}
        return _with_query(address, asked | ({"logout_hint": hint} if hint else {}))

    async def _known(self) -> Metadata:
        if self._metadata and self._clock() < self._stale_at:
            return self._metadata
        async with self._reading:
            if not self._metadata or self._clock() >= self._stale_at:
                try:
                    self._metadata = self._judged(await self._read(self._session().get(self._address)))
                    self._stale_at = self._clock() + FRESH
                except NotNow as error:
                    # Known addresses stay good as long as the provider does not say otherwise.
                    if self._metadata is None:
                        raise
                    log.warning("provider could not be read", reason=error.reason)
        return self._metadata

    def _judged(self, answer: object) -> Metadata:
        try:
            metadata = Metadata.model_validate(answer)
        except ValidationError as error:
            raise NotNow("discovery document") from error
        if metadata.issuer != self._issuer:
            raise NotNow("issuer of the discovery document")
        addresses = (metadata.authorization_endpoint, metadata.token_endpoint, metadata.jwks_uri)
        if not all(map(is_safe_address, addresses)):
            raise NotNow("an address of the provider is not https")
        return metadata

    async def _exchange(self, code: str, pending: Pending, redirect: str) -> str:
        metadata = await self._known()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            "code_verifier": pending.verifier,
        }
        headers = {"Accept": "application/json"}
        if "client_secret_post" in metadata.token_endpoint_auth_methods_supported:
            form |= {"client_id": self._client_id, "client_secret": self._client_secret}
        else:
            headers["Authorization"] = _basic(self._client_id, self._client_secret)
        answer = await self._read(
            self._session().post(metadata.token_endpoint, data=form, headers=headers, allow_redirects=False)
        )
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise SignInError("no token")
        return token

    async def _verify(self, token: str) -> Mapping[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            key_id = header.get("kid")
            # The token does not choose how it is checked.
            if header.get("alg") != ALGORITHM or not isinstance(key_id, str):
                raise SignInError("algorithm or key id of the token")
            if (found := await self._keys.find(key_id)) is None:
                raise SignInError("unknown key")
            claims: dict[str, Any] = jwt.decode(
                token,
                found.key,
                algorithms=[ALGORITHM],
                audience=self._client_id,
                issuer=self._issuer,
                leeway=LEEWAY,
                options={"require": ["exp", "iat", "iss", "aud", "sub", "nonce"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
            raise SignInError(type(error).__name__) from error
        # A token that is good for others as well could have been theirs.
        if claims["aud"] not in (self._client_id, [self._client_id]):
            raise SignInError("other audiences")
        return claims

    async def _read(self, asking: Any) -> dict[str, Any]:
        """The JSON object in an answer; raises `SignInError` for a 4xx, `NotNow` for anything else that is wrong."""
        try:
            async with asyncio.timeout(LONGEST_FETCH), asking as response:
                body = await _at_most(LARGEST_ANSWER, response)
                if 400 <= response.status < 500 and response.method == "POST":
                    raise SignInError("code refused")
                if response.status != 200:
                    raise NotNow(f"status {response.status}")
                answer = json.loads(body)
                if not isinstance(answer, dict):
                    raise ValueError("the answer is not an object")
        except (aiohttp.ClientError, TimeoutError, ValueError, RecursionError) as error:
            raise NotNow(type(error).__name__) from error
        return answer


async def _at_most(size: int, response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for part in response.content.iter_any():
        body += part
        if len(body) > size:
            raise ValueError("the answer is too large")
    return bytes(body)


def challenge(verifier: str) -> str:
    """What the provider may know of the verifier before it is shown (RFC 7636, S256)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _with_query(address: str, asked: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"


def _basic(name: str, password: str) -> str:
    # RFC 6749 wants both encoded as in a form, before they are put together.
    pair = f"{quote(name, safe='')}:{quote(password, safe='')}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"
