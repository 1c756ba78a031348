"""Being signed in on the web: an encrypted cookie that ends by itself, and that signing out ends everywhere."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.people import ROLES, Person
from bot.sealed import Seal

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.sign_ins import SignIns

LONGEST_SECONDS = (
    12 * 3600
)  # A working day with its breaks: nobody signs in twice, and nobody is still in tomorrow.
IDLE_SECONDS = 2 * 3600  # A lunch or a long meeting; an empty desk after work is not.
RENEW_AFTER = 300  # Seconds of use after which the cookie says so; more often would only be more cookies.

SESSION = web.RequestKey("session", object)


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who signed in: since when, when they were last there, and what the provider wants to hear on leaving.

    Moments are in seconds since 1970.
    """

    person: Person
    began: float
    seen: float
    hint: str = ""

    def ends(self) -> float:
        """When this session is over, if nothing happens until then."""
        return min(self.began + LONGEST_SECONDS, self.seen + IDLE_SECONDS)


class Sessions:
    """Reads, renews and ends the cookie of a session; put `known` before every request.

    Pages of others that may hold Moi in a frame get cookies of their own (`embedded`), which open nothing but that frame.
    """

    def __init__(
        self, settings: Settings, sign_ins: SignIns, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._seal = Seal(settings.secret, "session")
        self._sign_ins = sign_ins
        self._clock = clock
        self._https = settings.address.startswith("https:")
        self._framed = bool(settings.frame_ancestors)
        # A browser takes a name that begins like this only from this very host, over https.
        before = "__Host-" if self._https else ""
        self._name = f"{before}moi"
        # Third-party cookies: one for browsers that allow them, one for browsers that keep them apart per website.
        self._framed_names = (f"{before}moi-in-kader", f"{before}moi-in-dit-kader")

    @web.middleware
    async def known(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Find out whose request this is, and let use of Moi keep the session alive."""
        if request.path.startswith("/static/"):
            return await handler(request)
        session = await self.read(request.cookies.get(self._name, ""))
        request[SESSION] = session
        try:
            response = await handler(request)
        except web.HTTPException as other_answer:
            self._renew(request, other_answer, session)
            raise
        self._renew(request, response, session)
        return response

    async def embedded(self, request: web.Request) -> Session | None:
        """Who looks at the frame: whoever is signed in, or was when the frame could still be told so."""
        for name in (self._name, *self._framed_names):
            if session := await self.read(request.cookies.get(name, "")):
                return session
        return None

    async def read(self, cookie: str) -> Session | None:
        """The session in a cookie, as long as it lasts and was not ended; None otherwise."""
        if not cookie or (said := self._seal.open(cookie, LONGEST_SECONDS)) is None:
            return None
        session = _load(said)
        if session is None or self._clock() >= session.ends():
            return None
        return session if await self._sign_ins.holds(session.person.id, session.began) else None

    def begin(self, response: web.StreamResponse, person: Person, hint: str = "") -> Session:
        """Sign somebody in, in this browser."""
        now = self._clock()
        session = Session(person, now, now, hint)
        self._give(response, session)
        return session

    async def end(self, request: web.Request, response: web.StreamResponse) -> Session | None:
        """Sign out: no session of this person counts any more, in whatever browser; gives the one that ended."""
        session = session_of(request)
        request[SESSION] = None
        for name in (self._name, *self._framed_names):
            response.del_cookie(name, path="/", secure=self._https, httponly=True)
        if session:
            await self._sign_ins.end(session.person.id, self._clock())
        return session

    def cookie(self, session: Session) -> str:
        """The value of the cookie of a session."""
        return self._seal.close(_dump(session))

    def renew_in_frame(self, response: web.StreamResponse, session: Session) -> None:
        """Let a frame that was just opened keep the session alive as well."""
        self._give(response, replace(session, seen=self._clock()))

    def _renew(self, request: web.Request, response: web.StreamResponse, session: Session | None) -> None:
        if session is None or session_of(request) is None or response.prepared or _by_itself(request):
            return
        if "public" in response.headers.get("Cache-Control", ""):
            return  # Others may get the same answer.
        # Whoever signed in anew meanwhile has a newer cookie in this very answer.
        if self._clock() - session.seen > RENEW_AFTER and self._name not in response.cookies:
            self._give(response, replace(session, seen=self._clock()))

    def _give(self, response: web.StreamResponse, session: Session) -> None:
        value, age = self.cookie(session), int(session.ends() - self._clock())
        about: dict[str, Any] = {"max_age": age, "path": "/", "httponly": True}
        response.set_cookie(self._name, value, samesite="Lax", secure=self._https, **about)
        if self._framed:
            one, apart = self._framed_names
            response.set_cookie(one, value, samesite="None", secure=True, **about)
            # Python writes this attribute itself from 3.14 on.
            response.headers.add(
                "Set-Cookie",
                f"{apart}={value}; Max-Age={age}; Path=/; HttpOnly; Secure; SameSite=None; Partitioned",
            )


def session_of(request: web.Request) -> Session | None:
    """The session of whoever sends the request; None when nobody signed in."""
    found = request.get(SESSION)
    return found if isinstance(found, Session) else None


def _by_itself(request: web.Request) -> bool:
    """Whether an open page asks this without anybody doing anything."""
    path = request.path
    return (
        path == "/directline/tokens/refresh"
        or path.endswith("/live")
        or (request.method == "GET" and path.startswith("/directline/"))
    )


def _dump(session: Session) -> dict[str, Any]:
    person = session.person
    return {
        "id": person.id,
        "name": person.name,
        "roles": sorted(person.roles),
        "team": person.team,
        "began": session.began,
        "seen": session.seen,
        "hint": session.hint,
    }


def _load(said: dict[str, Any]) -> Session | None:
    try:
        # A role that no longer exists gives no rights.
        person = Person(said["id"], said["name"], frozenset(said["roles"]) & ROLES, said["team"])
        return Session(person, said["began"], said["seen"], said["hint"])
    except KeyError:
        return None  # It is of an older Moi; one signs in again.
