"""What every request passes: a number for the log, safe headers, kind errors, and only this machine in development."""

from __future__ import annotations

import uuid
from urllib.parse import urlsplit

import structlog
from aiohttp import HttpVersion11, web
from aiohttp.typedefs import Handler

from bot.addresses import is_loopback
from bot.health import Metrics

LARGEST_BODY = 256 * 1024
OF_A_PROXY = (
    "Forwarded",
    "Via",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Real-IP",
)
NUMBER = web.RequestKey("number", str)
YEAR = 365 * 24 * 3600

SAFE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}

SORRY = (
    '<!doctype html><html lang="nl"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>Er ging iets mis · Moi</title><main><h1>Er ging iets mis</h1>"
    "<p>Dat ligt aan ons. Probeer het zo nog eens. Wat je al had geantwoord, is bewaard.</p>"
    "<p>Blijft het misgaan? Geef dan dit nummer door aan beheer: <strong>{number}</strong>.</p></main></html>"
)

log = structlog.stdlib.get_logger("moi")


def put_up_doors(app: web.Application, metrics: Metrics, *, https: bool, only_this_machine: bool) -> None:
    """Put the doors before every request; `https` adds HSTS, `only_this_machine` is for development."""

    @web.middleware
    async def numbered(request: web.Request, handler: Handler) -> web.StreamResponse:
        number = uuid.uuid4().hex[:12]
        request[NUMBER] = number
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=number)
        try:
            return await handler(request)
        except web.HTTPException:
            raise
        except Exception:
            metrics.errors.inc()
            log.exception("error", method=request.method, route=_route(request))
            return _sorry(request, number)

    @web.middleware
    async def at_home(request: web.Request, handler: Handler) -> web.StreamResponse:
        # A proxy, or a page elsewhere that points its own name at this machine, must not reach the choice of roles.
        # A proxy that keeps itself hidden is known by what it still passes on, or by speaking an old HTTP.
        origin = request.headers.get("Origin", "").partition("://")[2]
        if (
            not is_loopback(_hostname(request.host))
            or (origin and not is_loopback(_hostname(origin)))
            or any(name in request.headers for name in OF_A_PROXY)
            or request.version < HttpVersion11
        ):
            raise web.HTTPMisdirectedRequest(
                text="Moi draait hier in ontwikkeling en is alleen bereikbaar op deze machine."
            )
        return await handler(request)

    async def safe_headers(request: web.Request, response: web.StreamResponse) -> None:
        for name, value in SAFE_HEADERS.items():
            response.headers.setdefault(name, value)
        # Which versions we run is of use to attackers only.
        response.headers.pop("Server", None)
        if https:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")
        if number := request.get(NUMBER):
            response.headers["X-Request-Id"] = number

    app.middlewares.append(numbered)
    if only_this_machine:
        app.middlewares.append(at_home)
    app.on_response_prepare.append(safe_headers)


def _sorry(request: web.Request, number: str) -> web.Response:
    """The answer when we failed: in Dutch, with the number under which it is in the log, and nothing else."""
    if "text/html" in request.headers.get("Accept", ""):
        return web.Response(status=500, text=SORRY.format(number=number), content_type="text/html")
    message = f"Er ging iets mis. Dat ligt aan ons. Nummer voor beheer: {number}."
    return web.json_response({"error": {"code": "InternalError", "message": message}}, status=500)


def _route(request: web.Request) -> str:
    """The route without what was filled in, because that holds conversation ids."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else ""


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
