"""Moi's way out to Teams: one pooled client to the Bot Connector that knows when to try again and when not to.

Statuses that may be retried: Microsoft's rate-limit page for Teams bots (412, 429, 502, 503, 504).
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import aiohttp
from yarl import URL

from bot.addresses import is_loopback
from bot.app_credentials import Credential, from_settings
from bot.app_token import AppToken
from bot.connector_errors import (
    Blocked,
    ConnectorError,
    Gone,
    NotInstalled,
    Refused,
    Throttled,
    TooFast,
    Unavailable,
    Uncertain,
)
from bot.connector_pace import Pace
from cards.written import as_json

if TYPE_CHECKING:
    from bot.settings import Settings

TRIES = 5
PATIENCE = 10.0  # Seconds that one call may take with all its retries; a person is waiting.
CONNECT_WITHIN = 3.0
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 4.0
BUSY = frozenset({412, 429})
DOWN = frozenset({502, 503, 504})
BLOCKED_CODES = frozenset({"MessageWritesBlocked", "ConversationBlockedByUser"})


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation that Moi started, and the message that opened it, if there was one."""

    conversation: str
    activity: str | None


class Connector:
    """Sends, updates and deletes messages; every method raises a `ConnectorError` when it did not succeed."""

    def __init__(
        self,
        *,
        credential: Credential,
        patience: float = PATIENCE,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._open_session: aiohttp.ClientSession | None = None
        self._token = AppToken(self.session, credential, clock)
        self._pace = Pace()
        self._patience = patience
        self._clock = clock
        self._sleep = sleep
        self._chance = chance

    def session(self) -> aiohttp.ClientSession:
        """The one pool of connections, opened on first use because that needs a running event loop."""
        if self._open_session is None or self._open_session.closed:
            self._open_session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self._open_session

    async def close(self) -> None:
        """Give the connections back; the next call opens new ones."""
        if self._open_session is not None:
            await self._open_session.close()

    async def prove(self) -> None:
        """Get a token, as every call does; raises `NoToken` when it is refused, `Unavailable` when none can be had now."""
        await self._token.value()

    async def send(
        self, service_url: str, conversation: str, activity: Mapping[str, Any], *, once: bool = False
    ) -> str:
        """Put a message in a conversation and give its id; `once` for who has a better place to wait than here."""
        path = _path(service_url, conversation, "activities")
        return _id(await self._call("POST", path, conversation, activity, once=once))

    async def reply(
        self,
        service_url: str,
        conversation: str,
        reply_to: str,
        activity: Mapping[str, Any],
        *,
        once: bool = False,
    ) -> str:
        """Answer a message and give the id of the answer; `once` for who has a better place to wait than here."""
        path = _path(service_url, conversation, "activities", reply_to)
        return _id(await self._call("POST", path, conversation, activity, answer=True, once=once))

    async def update(
        self,
        service_url: str,
        conversation: str,
        activity_id: str,
        activity: Mapping[str, Any],
        *,
        once: bool = False,
    ) -> str:
        """Replace a message in place; safe to repeat."""
        path = _path(service_url, conversation, "activities", activity_id)
        changed = await self._call("PUT", path, conversation, activity, repeatable=True, once=once)
        return _id(changed) or activity_id

    async def delete(
        self, service_url: str, conversation: str, activity_id: str, *, once: bool = False
    ) -> None:
        """Take a message back; one that is already gone counts as taken back."""
        try:
            path = _path(service_url, conversation, "activities", activity_id)
            await self._call("DELETE", path, conversation, repeatable=True, once=once)
        except Gone:
            return

    async def create_conversation(self, service_url: str, parameters: Mapping[str, Any]) -> Opened:
        """Start a conversation with a colleague or a new thread in a channel."""
        answer = await self._call("POST", _path(service_url), "", parameters)
        return Opened(_id(answer), answer.get("activityId"))

    async def _call(
        self,
        method: str,
        address: URL,
        conversation: str,
        body: Mapping[str, Any] | None = None,
        *,
        repeatable: bool = False,
        answer: bool = False,
        once: bool = False,
    ) -> dict[str, Any]:
        payload = None if body is None else as_json(body)
        ends = self._clock() + self._patience
        for tried in range(1, TRIES + 1):
            try:
                # Who waits elsewhere counts over all conversations there, for all instances together.
                alone = answer or once
                if early := self._pace.take(conversation, self._clock(), answer=alone):
                    raise TooFast("faster than Teams allows", wait=early)
                return await self._once(method, address, payload, ends)
            except (Throttled, Unavailable, Uncertain) as problem:
                wait = self._pause(tried, problem.wait)
                again = repeatable or not isinstance(problem, Uncertain)
                # What nobody waits for now waits in a workflow, and an answer too where it can be handed over.
                elsewhere = once or (isinstance(problem, TooFast) and not answer)
                if not again or elsewhere or tried == TRIES or self._clock() + wait >= ends:
                    raise
            await self._sleep(wait)
        raise AssertionError("the last try returns or raises")

    async def _once(self, method: str, address: URL, payload: bytes | None, ends: float) -> dict[str, Any]:
        token = await self._token.value()
        status, headers, said = await self._exchange(method, address, payload, token, ends)
        if status == 401:
            # The token was withdrawn before its time: once more with a new one.
            self._token.drop(token)
            token = await self._token.value()
            status, headers, said = await self._exchange(method, address, payload, token, ends)
        if 200 <= status < 300:
            return _object(said)
        raise _problem(status, headers, said)

    async def _exchange(
        self, method: str, address: URL, payload: bytes | None, token: str, ends: float
    ) -> tuple[int, Mapping[str, str], bytes]:
        left = max(ends - self._clock(), 0.001)
        timeout = aiohttp.ClientTimeout(total=left, connect=min(left / 2, CONNECT_WITHIN))
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        try:
            # A redirect could carry the token to a stranger, so none is followed.
            async with self.session().request(
                method, address, data=payload, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                return response.status, response.headers, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Unavailable(f"no connection: {type(error).__name__}") from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Uncertain(f"sent, but the answer was lost: {type(error).__name__}") from error

    def _pause(self, tried: int, asked: float | None) -> float:
        """Seconds to wait: at least what the channel asked, else longer every time, and never all at once."""
        if asked is not None:
            return asked * (1 + self._chance() / 10)
        longest = min(FIRST_PAUSE * 2.0 ** (tried - 1), LONGEST_PAUSE)
        return longest * (0.5 + self._chance() / 2)


def connector_for(settings: Settings) -> Connector:
    """The connector that proves with these settings who Moi is; raises `ValueError` or `OSError` for a certificate that is none."""
    return Connector(credential=from_settings(settings))


def _path(service_url: str, conversation: str | None = None, *parts: str) -> URL:
    """The address of a call; refuses a service address over which the token would travel unprotected."""
    if not is_safe_service_url(service_url):
        raise Refused("the service address must be https")
    steps = ["v3", "conversations", *([conversation] if conversation else []), *parts]
    address = "/".join([service_url.rstrip("/"), *map(_quoted, steps)])
    return URL(address, encoded=True)


@lru_cache(maxsize=4096)  # The conversations of an hour, and the messages in them that pass by.
def _quoted(step: str) -> str:
    return quote(step, safe="")


@lru_cache(maxsize=256)
def is_safe_service_url(service_url: str) -> bool:
    """Whether a token may be sent there: https, or plain http that stays on this machine."""
    try:
        parts = urlsplit(service_url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)))


def _problem(status: int, headers: Mapping[str, str], said: bytes) -> ConnectorError:
    """Name what the channel's refusal means for whoever wanted to send."""
    code = _code(said)
    what = f"the channel answered {status} {code}".rstrip()
    if status in BUSY:
        return Throttled(what, status=status, code=code, wait=_retry_after(headers))
    if status in DOWN:
        return Unavailable(what, status=status, code=code, wait=_retry_after(headers))
    if status >= 500:
        return Uncertain(what, status=status, code=code)
    if status == 403:
        kind = Blocked if code in BLOCKED_CODES else NotInstalled
        return kind(what, status=status, code=code)
    return (Gone if status == 404 else Refused)(what, status=status, code=code)


def _code(said: bytes) -> str:
    """The reason in the answer; Teams puts the more precise one in `subCode` or inside `innerHttpError`."""
    error = _object(said).get("error")
    if not isinstance(error, dict):
        return ""
    inner = error.get("innerHttpError")
    body = inner.get("body") if isinstance(inner, dict) else None
    for place in (body if isinstance(body, dict) else {}, error):
        for name in ("subCode", "code"):
            if isinstance(place.get(name), str):
                return str(place[name])
    return ""


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait as the channel asked; a date is measured against the channel's own clock."""
    asked = headers.get("Retry-After", "")
    if asked.isdecimal():
        return float(asked)
    try:
        until, now = parsedate_to_datetime(asked), parsedate_to_datetime(headers.get("Date", ""))
        return max((until - now).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None


def _object(said: bytes) -> dict[str, Any]:
    try:
        read = json.loads(said) if said else {}
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def _id(answer: Mapping[str, Any]) -> str:
    return str(answer.get("id") or "")
