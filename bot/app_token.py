"""The token with which Moi shows the Bot Connector who it is: fetched once, kept, and renewed before it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import aiohttp

from bot.connector_errors import NoToken, Unavailable

SCOPE = "https://api.botframework.com/.default"
RENEW_BEFORE = 300.0  # Seconds before its end at which a token is replaced.
STILL_GOOD = 30.0  # A token with less left than this is not sent any more.
LONGEST_FETCH = 5.0


class AppToken:
    """The bot's own access token from Microsoft Entra (client credentials, single tenant)."""

    def __init__(
        self,
        session: Callable[[], aiohttp.ClientSession],
        *,
        authority: str,
        tenant_id: str,
        app_id: str,
        password: str,
        clock: Callable[[], float],
    ) -> None:
        self._session = session
        self._address = f"{authority.rstrip('/')}/{tenant_id}/oauth2/v2.0/token"
        self._form = {
            "grant_type": "client_credentials",
            "client_id": app_id,
            "client_secret": password,
            "scope": SCOPE,
        }
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
        try:
            async with self._session().post(
                self._address, data=self._form, timeout=timeout, allow_redirects=False
            ) as response:
                if response.status >= 500 or response.status == 429:
                    raise Unavailable(f"the authority answered {response.status}", status=response.status)
                if response.status != 200:
                    raise NoToken(f"the authority answered {response.status}", status=response.status)
                answer = await response.json(content_type=None)
                return str(answer["access_token"]), float(answer["expires_in"])
        except (aiohttp.ClientError, TimeoutError) as error:
            raise Unavailable(f"the authority cannot be reached: {type(error).__name__}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise Unavailable("the authority gave no token in its answer") from error
