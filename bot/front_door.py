"""Signing in and out on the web, as pages: to the provider and back to the page one came from."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING
from urllib.parse import quote

import structlog
from aiohttp import ClientSession, ClientTimeout, web
from aiohttp.typedefs import Handler

from bot.identity import Identity, Stranger
from bot.logs import pseudonym
from bot.oidc import NotNow, Pending, Provider, SignInError, Stopped
from bot.sealed import Seal
from bot.sessions import session_of
from bot.signin import own_path

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.health import Metrics
    from bot.html import Html
    from bot.sessions import Sessions
    from bot.settings import Settings
    from bot.sign_ins import SignIns

BACK = "/aanmelden/terug"
PENDING_SECONDS = 600  # Long enough for a password and a second factor.

SORRY: dict[type[SignInError], tuple[int, str, str]] = {
    NotNow: (
        503,
        "Aanmelden lukt nu even niet",
        "De aanmelddienst van de gemeente antwoordt niet. Probeer het over een paar minuten nog eens. "
        "In Microsoft Teams kun je wel met Moi praten.",
    ),
    Stopped: (
        403,
        "Je bent niet aangemeld",
        "Het aanmelden is gestopt. Wil je toch verder? Meld je dan opnieuw aan.",
    ),
    Stranger: (
        403,
        "Dit account hoort niet bij de gemeente",
        "Meld je aan met je account van de gemeente. Kun je geen ander account kiezen? Open Moi dan in een "
        "privévenster.",
    ),
    SignInError: (
        400,
        "Aanmelden is niet gelukt",
        "Dat kan gebeuren als het lang duurde, of als je in een andere browser begon. Probeer het nog eens. "
        "Blijft het misgaan? Vertel het aan beheer.",
    ),
}

log = structlog.stdlib.get_logger("moi")


class FrontDoor:
    """The pages of signing in and out, for one provider."""

    def __init__(
        self, settings: Settings, html: Html, sessions: Sessions, sign_ins: SignIns, metrics: Metrics
    ) -> None:
        self._html = html
        self._sessions = sessions
        self._sign_ins = sign_ins
        self._metrics = metrics
        self._secret = settings.secret
        self._address = settings.address
        self._https = settings.address.startswith("https:")
        self._seal = Seal(settings.secret, "signing in")
        self._identity = Identity(settings)
        self._client: ClientSession | None = None
        self._provider = Provider(
            self._session,
            issuer=settings.oidc_issuer,
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret,
        )

    def add_routes(self, app: web.Application) -> None:
        """Add the pages; whoever opens another page without being signed in comes here first."""
        app.router.add_get("/aanmelden", self.begin)
        app.router.add_get(BACK, self.finish)
        app.router.add_post("/afmelden", self.leave)
        app.router.add_get("/afgemeld", self.left)
        app.middlewares.append(self.first_sign_in)
        app.cleanup_ctx.append(self._open)

    async def begin(self, request: web.Request) -> web.Response:
        """Send the browser to the provider, with a cookie that ties the answer to this browser."""
        try:
            address, pending = await self._provider.begin(
                self._address + BACK, own_path(request.query.get("terug"))
            )
        except SignInError as error:
            return self._sorry(request, error)
        away = web.HTTPFound(address)
        # A cookie per sign-in: after a restart of the browser many tabs come here at once.
        away.set_cookie(
            self._cookie(pending.state),
            self._seal.close(asdict(pending)),
            max_age=PENDING_SECONDS,
            path="/",
            httponly=True,
            samesite="Lax",
            secure=self._https,
        )
        raise away

    async def finish(self, request: web.Request) -> web.Response:
        """Take the answer of the provider: sign in and go back to the page one came from, or say kindly why not."""
        cookie = self._cookie(request.query.get("state", ""))
        sealed = self._seal.open(request.cookies.get(cookie, ""), PENDING_SECONDS)
        try:
            if sealed is None:
                raise SignInError("not begun in this browser, or too long ago")
            pending = Pending(**sealed)
            claims = await self._provider.finish(pending, self._address + BACK, request.query)
            person = self._identity.person(claims)
        except SignInError as error:
            answer = self._sorry(request, error)
            answer.del_cookie(cookie, path="/", secure=self._https, httponly=True)
            return answer
        about = self._identity
        await self._sign_ins.keep(person, about.domain(claims), about.accounts(claims))
        self._count("done")
        log.info("signed in", person=pseudonym(person.id, self._secret), roles=sorted(person.roles))
        hint = claims.get("login_hint")
        away = web.HTTPSeeOther(pending.back)
        away.del_cookie(cookie, path="/", secure=self._https, httponly=True)
        self._sessions.begin(away, person, hint if isinstance(hint, str) and len(hint) < 500 else "")
        raise away

    async def leave(self, request: web.Request) -> web.Response:
        """Sign out here, in every browser of this person, and go on to sign out at the provider."""
        answer = web.HTTPSeeOther("/afgemeld")
        session = await self._sessions.end(request, answer)
        onward = await self._provider.goodbye(f"{self._address}/afgemeld", session.hint if session else "")
        if session is None or onward is None:
            raise answer
        # A page and not a redirect: a form of Moi may lead to no other website, and that includes where it redirects.
        page = self._html.page(request, "afmelden.html", onward=onward)
        page.cookies.update(answer.cookies)
        return page

    async def left(self, request: web.Request) -> web.Response:
        """Say that one is signed out, and stay there: going on would sign in again at once."""
        return self._html.page(request, "afgemeld.html")

    @web.middleware
    async def first_sign_in(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Send whoever opens a page without being signed in to the provider, and back to that page."""
        try:
            return await handler(request)
        except web.HTTPUnauthorized:
            opens_page = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
            # The sign-in page of a provider does not show itself in a frame.
            framed = request.headers.get("Sec-Fetch-Dest") == "iframe"
            # Whoever is signed in already would be sent round in circles.
            if not opens_page or framed or session_of(request):
                raise
            asked = request.rel_url.raw_path_qs
            raise web.HTTPSeeOther(f"/aanmelden?terug={quote(asked, safe='')}") from None

    def _sorry(self, request: web.Request, error: SignInError) -> web.Response:
        status, title, advice = SORRY[type(error)]
        self._count("stopped" if isinstance(error, Stopped) else "not now" if status == 503 else "refused")
        log.warning("not signed in", reason=error.reason)
        return self._html.page(
            request, "fout.html", status=status, title=title, advice=advice, onward="/aanmelden"
        )

    def _count(self, result: str) -> None:
        self._metrics.sign_ins.labels(result).inc()

    def _cookie(self, state: str) -> str:
        mark = "".join(filter(str.isalnum, state))[:12] if state.isascii() else ""
        return f"{'__Host-' if self._https else ''}moi-aanmelden-{mark}"

    def _session(self) -> ClientSession:
        if self._client is None:
            raise RuntimeError("the application is not running")
        return self._client

    async def _open(self, _app: web.Application) -> AsyncIterator[None]:
        async with ClientSession(timeout=ClientTimeout(total=30)) as self._client:
            yield
        self._client = None
