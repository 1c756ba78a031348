"""The token with which Moi shows the Bot Connector who it is: fetched once, kept, and renewed before it ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp

from bot.app_credentials import Credential
from bot.connector_errors import NoToken, Unavailable

RENEW_BEFORE = 300.0  # Seconds before its end at which a token is replaced.
STILL_GOOD = 30.0  # A token with less left than this is not sent any more.
LONGEST_FETCH = 5.0


class AppToken:
    """The bot's own access token from Microsoft Entra (single tenant), by whichever credential it has."""

    def __init__(
        self,
        session: Callable[[], aiohttp.ClientSession],
        credential: Credential,
        clock: Callable[[], float],
    ) -> None:
        self._session = session
        self._credential = credential
        self._clock = clock
        self._token = ""
        self._ends = 0.0
        self._fetching = asyncio.Lock()

    async def value(self) -> str:
        """Give a token that is good for at least half a minute; many callers at once cause one request.

        Raises `NoToken` when the credentials are refused, `Unavailable` when no token can be had now.
        """
        if self._left() > RENEW_BEFORE or (self._left() > STILL_GOOD and self._fetching.locked()):
            return self._token
        async with self._fetching:
            if self._left() <= RENEW_BEFORE:
                await self._renew()
        return self._token

    def drop(self, token: str) -> None:
        """Forget this token, because the Bot Connector did not take it; a newer one is kept."""
        if token == self._token:
            self._ends = 0.0

    def _left(self) -> float:
        return self._ends - self._clock()

    async def _renew(self) -> None:
        try:
            self._token, lasts = await self._fetch()
        except (NoToken, Unavailable):
            # The old token still works for a few minutes, and the next message asks again.
            if self._left() <= STILL_GOOD:
                raise
        else:
            self._ends = self._clock() + lasts

    async def _fetch(self) -> tuple[str, float]:
        timeout = aiohttp.ClientTimeout(total=LONGEST_FETCH)
        ask = self._credential.request()
        try:
            async with self._session().request(
                "GET" if ask.form is None else "POST",
                ask.url,
                data=ask.form,
                headers=ask.headers,
                timeout=timeout,
                allow_redirects=False,
            ) as response:
                if response.status >= 500 or response.status == 429:
                    raise Unavailable(f"the authority answered {response.status}", status=response.status)
                if response.status != 200:
                    raise NoToken(f"the authority answered {response.status}", status=response.status)
                answer = await response.json(content_type=None)
                return str(answer["access_token"]), _lasts(answer)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unavailable(f"the authority cannot be reached: {type(error).__name__}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise Unavailable("the authority gave no token in its answer") from error


def _lasts(answer: Mapping[str, Any]) -> float:
    """Seconds that a token lasts; an app service in Azure only says when it ends."""
    if "expires_in" in answer:
        return float(answer["expires_in"])
    return float(answer["expires_on"]) - time.time()
