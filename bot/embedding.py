"""Moi within a page of the intranet: one line of script, the talk in a frame, and signing in from there.

A frame of another website gets no ordinary cookies, and no sign-in page shows itself in one. So signing in opens a
window, and the frame goes on once it may know about that; where a browser never lets it, Moi opens in the window.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from aiohttp import web

from bot.directline import TOKEN_SECONDS
from bot.html import STATIC
from bot.tokens import Claim, Tokens

if TYPE_CHECKING:
    from bot.html import Html
    from bot.sessions import Sessions
    from bot.signin import SignIn

SCRIPT = STATIC / "insluiten.js"
SCRIPT_SECONDS = (
    3600  # How long a browser may keep the script; its address is on pages of others, so it has no hash.
)


class Embedding:
    """The script for pages of others, and the pages that show themselves within those."""

    def __init__(self, html: Html, sign_in: SignIn, sessions: Sessions, tokens: Tokens) -> None:
        self._html = html
        self._sign_in = sign_in
        self._sessions = sessions
        self._tokens = tokens

    def add_routes(self, app: web.Application) -> None:
        """Add the script and the frame."""
        app.router.add_get("/insluiten.js", self.script)
        app.router.add_get("/ingesloten", self.frame)
        app.router.add_get("/ingesloten/sessie", self.session)
        app.router.add_get("/ingesloten/klaar", self.done)

    async def script(self, _request: web.Request) -> web.FileResponse:
        """The one line on a page of others loads this; it says nothing about anybody."""
        headers = {
            "Cache-Control": f"public, max-age={SCRIPT_SECONDS}",
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        return web.FileResponse(SCRIPT, headers=headers)

    async def frame(self, request: web.Request) -> web.Response:
        """The talk for whoever is signed in, otherwise the way to sign in."""
        session = await self._sessions.embedded(request)
        person = session.person if session else self._sign_in.person(request)
        if person is None:
            return self._html.page(request, "ingesloten-aanmelden.html", framed=True)
        claim = Claim(person, uuid4().hex, session.began if session else 0.0)
        token = self._tokens.issue(claim, "directline", TOKEN_SECONDS)
        page = self._html.page(request, "ingesloten.html", framed=True, token=token, me=person.id)
        if session:
            self._sessions.renew_in_frame(page, session)
        return page

    async def session(self, request: web.Request) -> web.Response:
        """Whether the frame would know by now who looks at it."""
        return web.json_response({"aangemeld": await self._sessions.embedded(request) is not None})

    async def done(self, request: web.Request) -> web.Response:
        """The end of signing in from a frame, in the window that was opened for it."""
        self._sign_in.known(request)
        return self._html.page(request, "ingesloten-klaar.html")
