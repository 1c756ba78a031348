"""Who sits behind a page: whoever signed in, and in development whoever chose a role on this machine."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import uuid4

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.people import Person
from bot.sessions import Sessions, session_of

if TYPE_CHECKING:
    from bot.html import Html
    from bot.settings import Settings
    from bot.sign_ins import SignIns

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LONGEST_PATH = 300
NOT_SET_UP = (
    "Op deze pagina kun je je nog niet aanmelden. In Microsoft Teams kun je wel met Moi praten. "
    "Voor beheer: vul MOI_OIDC_ISSUER, MOI_OIDC_CLIENT_ID en MOI_OIDC_CLIENT_SECRET in."
)
OWN_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]*")  # What a browser cannot take for another website.


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
        "Praat met Moi over kleine aankopen, ziet de dag van Facilitair en houdt het depot bij.",
    ),
    "mvoi": Choice(
        Person("ontwikkel:mvoi", "MVOI-team", frozenset({"buyer", "mvoi"})),
        "Praat met Moi, leest het inkoopkanaal, schrijft campagnes en houdt de kalender bij.",
    ),
    "inkoop": Choice(
        Person("ontwikkel:inkoop", "Team Inkoop", frozenset({"buyer", "inkoop"})),
        "Praat met Moi, leest het inkoopkanaal en houdt de kalender bij.",
    ),
    "beheer": Choice(
        Person("ontwikkel:beheer", "Beheer", frozenset({"buyer", "beheer"})),
        "Praat met Moi, leest het inkoopkanaal en zorgt dat alles werkt.",
    ),
}
EVERYBODY = Person("ontwikkel:proef", "Proefaccount", frozenset({"buyer", "inkoop", "mvoi"}))
"""Who sends a request in development without having signed in."""


class SignIn:
    """Knows who sends a request. `add_choosing` adds choosing a role, which exists in development only."""

    def __init__(self, settings: Settings) -> None:
        self._development = settings.development
        self._address = urlsplit(settings.address).netloc
        self._unknown = None if settings.oidc_issuer else NOT_SET_UP

    def person(self, request: web.Request) -> Person | None:
        """Whoever signed in; in development otherwise the trial account, elsewhere nobody."""
        return self.signed_in(request) or (EVERYBODY if self._development else None)

    def signed_in(self, request: web.Request) -> Person | None:
        """Whoever the cookie proves this to be."""
        session = session_of(request)
        return session.person if session else None

    def trial(self, name: object = None) -> Person:
        """In development, somebody of their own for a program that brings a user id, or nobody in particular."""
        asked = re.sub(r"[^\w-]", "", name)[:64] if isinstance(name, str) else ""
        return replace(EVERYBODY, id=f"ontwikkel:programma-{asked or uuid4().hex}")

    def known(self, request: web.Request) -> Person:
        """Whoever sends the request; raises 401 when that is not known."""
        person = self.person(request)
        if person is None:
            raise web.HTTPUnauthorized(text=self._unknown)
        return person

    @web.middleware
    async def only_own_forms(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuse with 403 whatever changes something and was sent by a page of somebody else.

        With an Authorization header it is no form, and no browser adds that by itself.
        """
        if request.method not in SAFE_METHODS and "Authorization" not in request.headers:
            refuse_elsewhere(request, self._address)
        return await handler(request)

    def add_choosing(
        self, app: web.Application, html: Html, sessions: Sessions, sign_ins: SignIns | None = None
    ) -> None:
        """Add choosing a role, which `sign_ins` keeps as any sign-in, and letting go of it. Call it in development only."""
        if not self._development:
            raise RuntimeError("choosing a role is for development")

        async def choose(request: web.Request) -> web.Response:
            return html.page(request, "aanmelden.html", choices=CHOICES, current=self.person(request))

        async def chosen(request: web.Request) -> web.Response:
            choice = CHOICES.get(str((await request.post()).get("rol", "")))
            if choice is None:
                raise web.HTTPBadRequest(text="Kies een van de rollen.")
            away = web.HTTPSeeOther("/")
            if sign_ins:
                await sign_ins.keep(choice.person)
            sessions.begin(away, choice.person)
            raise away

        async def leave(request: web.Request) -> web.Response:
            away = web.HTTPSeeOther("/aanmelden")
            await sessions.end(request, away)
            raise away

        app.router.add_get("/aanmelden", choose)
        app.router.add_post("/aanmelden", chosen)
        app.router.add_post("/afmelden", leave)


def refuse_elsewhere(request: web.Request, address: str | None = None) -> None:
    """Refuse a form that was sent from a page of somebody else; raises 403.

    `address` is the host under which colleagues know Moi, for when a proxy asks for it under another name.
    """
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    # Without either it is no browser, so it carries no cookie of somebody else.
    if site not in (None, "same-origin") or (
        site is None and origin and origin.partition("://")[2] not in (request.host, address)
    ):
        raise web.HTTPForbidden(text="Dit formulier komt van een andere website.")


def own_path(path: str | None) -> str:
    """The path when it is one of Moi itself, so that nobody is sent to another website; otherwise the first page."""
    if not path or len(path) > LONGEST_PATH or not OWN_PATH.fullmatch(path):
        return "/"
    return "/" if path.startswith(("/aanmelden", "/afmelden")) else path
