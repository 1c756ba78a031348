"""Who sits behind a page: from a signed cookie, and in development by choosing a role on this machine."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import uuid4

from aiohttp import web

from bot.people import Person
from bot.tokens import Claim, TokenError, Tokens

if TYPE_CHECKING:
    from bot.html import Html
    from bot.settings import Settings

COOKIE = "moi"
SIGNED_IN_SECONDS = 12 * 3600


@dataclass(frozen=True, slots=True)
class Choice:
    """A role that can be chosen in development: the person one then is, and what that person can do."""

    person: Person
    does: str


CHOICES = {
    "opdrachtgever": Choice(
        Person("ontwikkel:opdrachtgever", "Opdrachtgever", frozenset({"buyer"})),
        "Praat met Moi over een aankoop.",
    ),
    "facilitair": Choice(
        Person("ontwikkel:facilitair", "Facilitair", frozenset({"buyer", "facilitair"}), "Facilitair"),
        "Praat met Moi over kleine aankopen.",
    ),
    "mvoi": Choice(
        Person("ontwikkel:mvoi", "MVOI-team", frozenset({"buyer", "mvoi"})),
        "Praat met Moi en leest het inkoopkanaal.",
    ),
    "inkoop": Choice(
        Person("ontwikkel:inkoop", "Team Inkoop", frozenset({"buyer", "inkoop"})),
        "Praat met Moi en leest het inkoopkanaal.",
    ),
    "beheer": Choice(
        Person("ontwikkel:beheer", "Beheer", frozenset({"buyer", "beheer"})),
        "Praat met Moi, leest het inkoopkanaal en zorgt dat alles werkt.",
    ),
}
EVERYBODY = Person("ontwikkel:proef", "Proefaccount", frozenset({"buyer", "inkoop", "mvoi"}))
"""Who sends a request in development without having signed in."""


class SignIn:
    """Knows who sends a request. `add_routes` adds choosing a role, which exists in development only."""

    def __init__(self, settings: Settings, tokens: Tokens) -> None:
        self._development = settings.development
        self._https = settings.https
        self._tokens = tokens

    def person(self, request: web.Request) -> Person | None:
        """Whoever signed in; in development otherwise the trial account, elsewhere nobody."""
        return self.signed_in(request) or (EVERYBODY if self._development else None)

    def signed_in(self, request: web.Request) -> Person | None:
        """Whoever the cookie proves this to be."""
        try:
            return self._tokens.read(request.cookies.get(COOKIE, ""), "page").person
        except TokenError:
            return None

    def trial(self, name: object = None) -> Person:
        """In development, somebody of their own for a program that brings a user id, or nobody in particular."""
        asked = re.sub(r"[^\w-]", "", name)[:64] if isinstance(name, str) else ""
        return replace(EVERYBODY, id=f"ontwikkel:programma-{asked or uuid4().hex}")

    def known(self, request: web.Request) -> Person:
        """Whoever sends the request; raises 401 when that is not known."""
        person = self.person(request)
        if person is None:
            raise web.HTTPUnauthorized
        return person

    def add_routes(self, app: web.Application, html: Html) -> None:
        """Add signing in and out; without development there is nothing to choose and these addresses do not exist."""
        if not self._development:
            return

        async def choose(request: web.Request) -> web.Response:
            return html.page(request, "aanmelden.html", choices=CHOICES, current=self.person(request))

        async def chosen(request: web.Request) -> web.Response:
            refuse_elsewhere(request)
            choice = CHOICES.get(str((await request.post()).get("rol", "")))
            if choice is None:
                raise web.HTTPBadRequest(text="Kies een van de rollen.")
            away = web.HTTPSeeOther("/")
            away.set_cookie(
                COOKIE,
                self._tokens.issue(Claim(choice.person), "page", SIGNED_IN_SECONDS),
                max_age=SIGNED_IN_SECONDS,
                httponly=True,
                samesite="Lax",
                secure=self._https,
            )
            raise away

        async def leave(request: web.Request) -> web.Response:
            refuse_elsewhere(request)
            away = web.HTTPSeeOther("/aanmelden")
            away.del_cookie(COOKIE)
            raise away

        app.router.add_get("/aanmelden", choose)
        app.router.add_post("/aanmelden", chosen)
        app.router.add_post("/afmelden", leave)


def refuse_elsewhere(request: web.Request) -> None:
    """Refuse a form that was sent from a page of somebody else; raises 403."""
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    # Without either it is no browser, so it carries no cookie of somebody else.
    if site not in (None, "same-origin") or (
        site is None and origin and urlsplit(origin).netloc != request.host
    ):
        raise web.HTTPForbidden(text="Dit formulier komt van een andere website.")
