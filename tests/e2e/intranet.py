"""An intranet page of another website, and a Moi that signs in with a provider and may be framed by it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import Page

from tests.fakes.provider import CLIENT, PASSWORD, Provider

SECRET = "q8Zk3vT1xW7mB5nR0cY4hL6jD2fS9aGe"
PAGE = """<!doctype html><html lang="nl"><meta charset="utf-8"><title>Intranet</title>
<body style="font: 16px sans-serif; margin: 24px auto; max-width: 800px"><h1>Inkopen</h1>
<p>Wil je iets kopen? Praat eerst met Moi.</p>
<script src="{moi}/insluiten.js" {more}></script></body></html>"""


class Intranet:
    """Pages under the name localhost, which is another website than 127.0.0.1, where Moi is."""

    def __init__(self, port: int) -> None:
        self.moi = ""
        self.address = f"http://localhost:{port}"

    def html(self, path: str) -> str:
        """The page at this path: `/knop` has the button, every other the frame."""
        return PAGE.format(moi=self.moi, more='data-vorm="knop"' if path == "/knop" else 'data-hoogte="560"')


class _Pages(BaseHTTPRequestHandler):
    def __init__(self, intranet: Intranet, *about: object) -> None:
        self._intranet = intranet
        super().__init__(*about)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        body = self._intranet.html(self.path).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_about: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[Intranet]:
    """The intranet for as long as it is needed; tell it where Moi is."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    intranet = Intranet(server.server_port)
    server.RequestHandlerClass = partial(_Pages, intranet)  # type: ignore[assignment]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield intranet
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def settings(provider: Provider, *frame_ancestors: str) -> dict[str, str]:
    """A Moi outside development that signs in with this provider."""
    return {
        "MOI_APP_ID": "11111111-2222-3333-4444-555555555555",
        "MOI_APP_PASSWORD": "only-for-tests",
        "MOI_TENANT_ID": "99999999-8888-7777-6666-555555555555",
        "MOI_SECRET": SECRET,
        "MOI_OIDC_ISSUER": provider.issuer,
        "MOI_OIDC_CLIENT_ID": CLIENT,
        "MOI_OIDC_CLIENT_SECRET": PASSWORD,
        "MOI_FRAME_ANCESTORS": " ".join(frame_ancestors),
        "MOI_LOG_LEVEL": "INFO",
    }


def sign_in(page: Page, subject: str) -> None:
    """Do at the provider what one does there."""
    page.get_by_placeholder("sub").fill(subject)
    page.get_by_role("button", name="Authorize").click()


def without_the_network(page: Page) -> None:
    """Let the pages of the provider do without the style that they want from elsewhere."""
    page.context.route("https://**", lambda route: route.abort())
