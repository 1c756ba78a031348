"""How fast anybody may go: so many requests a minute per person, and per address for whoever proves nothing."""

from __future__ import annotations

import ipaddress
import json
import math
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler
from throttled import RateLimiterType, Throttled, rate_limiter, store

from bot.campaign_pictures import PICTURES
from bot.signin import SignIn
from bot.tokens import TokenError, Tokens

if TYPE_CHECKING:
    from bot.health import Metrics
    from bot.settings import Settings

FREE = ("/static/", "/healthz")  # A browser keeps these files for a year, and a probe must never be refused.
PROVES_ITSELF = "/api/messages"  # All of Teams comes from a few addresses; what counts there is the token.
MOST_REMEMBERED = 20_000  # people and addresses; whoever was quiet longest is forgotten first
TOO_FAST = "Je gaat sneller dan ik kan bijhouden. Wacht {} en probeer het dan nog eens."


class Pace:
    """Counts requests in this process; use `add_pace`. A limit of 0 is no limit."""

    def __init__(self, metrics: Metrics, *, person_limit: int, address_limit: int, proxies: int) -> None:
        self._metrics = metrics
        self._people = _limiter(person_limit)
        self._addresses = _limiter(address_limit)
        self._proxies = proxies

    def person(self, person_id: str) -> None:
        """Count a request of a person; raises 429, which says in Dutch how long to wait."""
        self._count(self._people, person_id, "person")

    def address(self, request: web.Request) -> None:
        """Count a request of whoever proves nothing; raises 429."""
        self._count(self._addresses, address_of(request, self._proxies), "address")

    def _count(self, limiter: Throttled | None, key: str, of: str) -> None:
        if limiter and (found := limiter.limit(key or "?")).limited:
            # Counted and not logged: whoever floods us must not fill the log as well.
            self._metrics.too_fast.labels(of).inc()
            seconds = max(1, math.ceil(found.state.retry_after))
            wait = "één seconde" if seconds == 1 else f"{seconds} seconden"
            raise web.HTTPTooManyRequests(text=TOO_FAST.format(wait), headers={"Retry-After": str(seconds)})


PACE = web.AppKey("pace", Pace)


def add_pace(app: web.Application, settings: Settings, tokens: Tokens, metrics: Metrics) -> None:
    """Have every request keep the pace; call it after `add_pages`, so that a refusal becomes a kind page."""
    pace = app[PACE] = Pace(
        metrics,
        person_limit=settings.person_limit,
        address_limit=settings.address_limit,
        proxies=settings.trusted_proxies,
    )
    sign_in = SignIn(settings)

    @web.middleware
    async def keep_pace(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith(FREE):
            return await handler(request)
        if request.path.startswith(PICTURES):
            # All of Teams fetches them from a few addresses; what counts is guessing.
            try:
                return await handler(request)
            except web.HTTPNotFound:
                pace.address(request)
                raise
        if request.path == PROVES_ITSELF:
            answer = await handler(request)
            if answer.status == 401:
                pace.address(request)
            return answer
        try:
            if person := proven(request, sign_in, tokens):
                pace.person(person)
            else:
                pace.address(request)
        except web.HTTPTooManyRequests as refused:
            raise _in_its_own_form(refused, request) from None
        return await handler(request)

    app.middlewares.append(keep_pace)


def keep_pace_of(request: web.Request, person_id: str) -> None:
    """Count a request for a person whom only its handler knows; raises 429."""
    if pace := request.app.get(PACE):
        try:
            pace.person(person_id)
        except web.HTTPTooManyRequests as refused:
            raise _in_its_own_form(refused, request) from None


def proven(request: web.Request, sign_in: SignIn, tokens: Tokens) -> str | None:
    """The id of the person that the cookie or the token of a request proves; None when it proves nobody."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    with suppress(TokenError):
        if scheme.lower() == "bearer":
            return tokens.read(token.strip(), "directline").person.id
        if ticket := request.query.get("t"):
            return tokens.read(ticket, "stream").person.id
    person = sign_in.signed_in(request)
    return person.id if person else None


def address_of(request: web.Request, proxies: int) -> str:
    """The address that a request comes from; with IPv6 the network, because a household has all addresses of one.

    Of `X-Forwarded-For` only what our own proxies wrote is believed: each adds at the end whom it saw.
    """
    seen = [
        part.strip() for line in request.headers.getall("X-Forwarded-For", ()) for part in line.split(",")
    ]
    told = seen[-proxies] if 0 < proxies <= len(seen) else ""
    found = _parsed(told) or _parsed(request.remote or "")
    if isinstance(found, ipaddress.IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped or ipaddress.ip_network((found, 64), strict=False))
    return str(found or "")


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    for part in (text, _without_port(text)):
        with suppress(ValueError):
            return ipaddress.ip_address(part)
    return None


def _without_port(text: str) -> str:
    """Some gateways write the port along."""
    try:
        return urlsplit(f"//{text}").hostname or ""
    except ValueError:
        return ""


def _limiter(a_minute: int) -> Throttled | None:
    if not a_minute:
        return None
    return Throttled(
        using=RateLimiterType.GCRA.value,
        quota=rate_limiter.per_min(a_minute, burst=a_minute),
        store=store.MemoryStore(options={"MAX_SIZE": MOST_REMEMBERED}),
    )


def _in_its_own_form(refused: web.HTTPTooManyRequests, request: web.Request) -> web.HTTPTooManyRequests:
    """The refusal as a program can read it, unless a browser asks for a page."""
    if "text/html" in request.headers.get("Accept", ""):
        return refused
    said = {"error": {"code": "TooManyRequests", "message": refused.text}}
    headers = {"Retry-After": refused.headers["Retry-After"]}
    return web.HTTPTooManyRequests(
        text=json.dumps(said, ensure_ascii=False), content_type="application/json", headers=headers
    )
