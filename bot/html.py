"""Pages as HTML: templates in which every value is escaped, and a policy under which a browser runs only our own files."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web
from aiohttp.typedefs import Handler
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.rights import may, readable, sees_small
from cards.marks import legible, runs

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.signin import SignIn

FOLDER = Path(__file__).parent / "web"
STATIC = FOLDER / "static"
NEEDED = ("vendor/webchat.js", "vendor/tokens.css", "vendor/adaptivecards.min.js")
EMPTY_STYLE = (
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"  # Web Chat puts one of nothing on the page.
)
YEAR = 365 * 24 * 3600

KEPT_OF_ERRORS = ("Allow", "Retry-After")

SORRY = {
    400: ("Dat kan ik niet lezen", "Ga een stap terug en probeer het nog eens."),
    401: ("Ik weet niet wie je bent", "Open Moi vanuit het intranet of vanuit Microsoft Teams."),
    403: ("Deze pagina is niet voor jou", "Denk je van wel? Vraag het aan het MVOI-team of aan Team Inkoop."),
    404: ("Deze pagina is er niet", "Misschien is de link oud, of is er iets weggevallen bij het kopiëren."),
    405: ("Dat kan hier niet", "Ga een stap terug en probeer het nog eens."),
    413: ("Dit is te groot", "Stuur minder tegelijk."),
    429: ("Even rustig aan", "Wacht een minuut en probeer het dan nog eens."),
}


class Html:
    """Renders the pages of Moi. Every page knows who looks at it."""

    def __init__(self, settings: Settings, sign_in: SignIn) -> None:
        if missing := [name for name in NEEDED if not (STATIC / name).is_file()]:
            raise FileNotFoundError(f"{', '.join(missing)} ontbreekt in {STATIC}. Draai eerst: uv sync")
        self._development = settings.development
        self._can_sign_in = bool(settings.oidc_issuer)
        self._frame_ancestors = settings.frame_ancestors.split()
        self._sign_in = sign_in
        self._files = static_files()
        self._addresses = {
            file.relative_to(STATIC).as_posix(): address for address, file in self._files.items()
        }
        self._environment = Environment(
            loader=FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
        )
        self._environment.filters |= {
            "runs": runs,
            "legible": legible,
            "kind": lambda block: type(block).__name__,
        }
        self._environment.globals["static"] = self.address

    def address(self, name: str) -> str:
        """Where a browser finds the file with this name."""
        return self._addresses[name]

    def page(
        self, request: web.Request, template: str, *, status: int = 200, framed: bool = False, **values: Any
    ) -> web.Response:
        """A page for whoever sends the request; `framed` when the intranet may show it within a page of its own."""
        nonce = secrets.token_urlsafe(18)
        person = self._sign_in.person(request)
        text = self._environment.get_template(template).render(
            nonce=nonce,
            path=request.path,
            person=person,
            keeps_depot=bool(person and may(person, "depot bijgewerkt")),
            sees_small=bool(person and sees_small(person)),
            keeps_contracts=bool(person and may(person, "contracten bijgewerkt")),
            writes_campaigns=bool(person and may(person, "campagne geschreven")),
            reads_log=bool(person and readable(person)),
            signed_in=self._sign_in.signed_in(request) is not None,
            development=self._development,
            can_sign_in=self._can_sign_in,
            **values,
        )
        rules = policy(nonce, self._frame_ancestors if framed else ())
        headers = {"Content-Security-Policy": rules, "Vary": "Accept, Cookie"}
        return web.Response(text=text, status=status, content_type="text/html", headers=headers)

    def add_routes(self, app: web.Application) -> None:
        """Add the files that pages need, and kind pages for what goes wrong."""

        async def file(request: web.Request) -> web.FileResponse:
            found = self._files.get(request.path)
            if found is None:
                raise web.HTTPNotFound
            # The address holds the hash of the file, so it never changes.
            return web.FileResponse(found, headers={"Cache-Control": f"public, max-age={YEAR}, immutable"})

        @web.middleware
        async def kind_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
            try:
                return await handler(request)
            except web.HTTPException as error:
                if error.status_code not in SORRY or error.content_type == "application/json":
                    raise
                return self.sorry(request, error)

        app.router.add_get("/static/{hash}/{name:.+}", file)
        app.middlewares.append(kind_errors)

    def sorry(self, request: web.Request, error: web.HTTPException) -> web.Response:
        """What went wrong, in Dutch: as a page for a browser, as JSON for a program."""
        title, advice = SORRY[error.status_code]
        if error.text and error.text != f"{error.status_code}: {HTTPStatus(error.status_code).phrase}":
            advice = error.text
        kept = {name: error.headers[name] for name in KEPT_OF_ERRORS if name in error.headers}
        if wants_json(request):
            said = {"error": {"code": HTTPStatus(error.status_code).name, "message": f"{title}. {advice}"}}
            return web.json_response(said, status=error.status_code, dumps=in_words, headers=kept)
        page = self.page(request, "fout.html", status=error.status_code, title=title, advice=advice)
        page.headers.update(kept)
        return page


def static_files() -> dict[str, Path]:
    """Every file that a page may ask for, by its address."""
    files = [file for file in sorted(STATIC.rglob("*")) if file.is_file() and file.suffix != ".gz"]
    return {
        f"/static/{hashlib.sha256(file.read_bytes()).hexdigest()[:16]}/{file.relative_to(STATIC).as_posix()}": file
        for file in files
    }


def policy(nonce: str, frame_ancestors: Iterable[str] = ()) -> str:
    """What a browser may do on a page: run scripts of this page, and talk to nobody but Moi.

    Only the `frame_ancestors` may show it within a page of theirs.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}' {EMPTY_STYLE}",
            "img-src 'self' data: blob:",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            " ".join(("frame-ancestors 'self'", *frame_ancestors)),
        )
    )


def wants_json(request: web.Request) -> bool:
    """Whether the client asks for JSON and not for a page."""
    accepts = request.headers.get("Accept", "")
    return "application/json" in accepts and "text/html" not in accepts


def in_words(value: Any) -> str:
    """JSON in which Dutch words can be read."""
    return json.dumps(value, ensure_ascii=False)
