"""An OpenID Connect provider in a process of its own: oidc-provider-mock, made stricter, and dishonest when told to be.

The mock does not look at PKCE or at the secret of the client; here both are checked. `PUT /tamper` says what is wrong
with the next tokens: changed claims (null leaves one out), another algorithm, or a key that is not published.
"""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

CLIENT = "moi-op-het-web"
PASSWORD = "only-for-tests/with+signs"
PROJECT = Path(__file__).parents[2]

Start = Callable[..., Any]


class Provider:
    """The hand of a test on the provider."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def user(self, subject: str, **claims: Any) -> None:
        """Somebody who can sign in, and what the provider says about them."""
        self._put(f"/users/{subject}", claims)

    def tamper(self, **how: Any) -> None:
        """Give wrong tokens from now on: `claims`, `alg`, `key`, `kid` or `status`; nothing makes it honest again."""
        self._put("/tamper", how)

    def _put(self, path: str, body: Mapping[str, Any]) -> None:
        request = Request(
            self.issuer + path,
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
            method="PUT",
        )
        with urlopen(request, timeout=10) as answer:
            assert answer.status == 204


@contextmanager
def running() -> Iterator[Provider]:
    """The provider for as long as it is needed."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.fakes.provider"],
        cwd=PROJECT,
        env={**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout
        ready, _, _ = select.select([process.stdout], [], [], 60)
        port = process.stdout.readline().strip() if ready else ""
        assert port, "the provider did not start"
        yield Provider(f"http://127.0.0.1:{port}")
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


class Stricter:
    """Around the mock: checks what it does not, and tampers."""

    def __init__(self, app: Any) -> None:
        import jwt  # noqa: PLC0415  only the process itself needs these
        from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415

        self._jwt = jwt
        self._app = app
        self._own, self._other = (rsa.generate_private_key(65537, 2048) for _ in range(2))
        self._how: dict[str, Any] = {}
        self._challenges: dict[str, str] = {}

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if path == "/tamper":
            self._how = json.loads(_body(environ))
            start("204 No Content", [])
            return []
        if path == "/oauth2/token" and (wrong := self._wrong(environ)):
            return _say(start, "400 Bad Request", {"error": wrong})
        if self._how.get("status") and path == "/oauth2/token":
            return _say(start, f"{self._how['status']} Made Up", {"error": "server_error"})
        answered: list[Any] = []
        body = b"".join(self._app(environ, lambda *about: answered.extend(about[:2])))
        status, headers = answered[0], answered[1]
        if path == "/oauth2/authorize" and method == "POST":
            self._remember(environ, dict(headers).get("Location", ""))
        if path == "/jwks":
            return _say(start, status, {"keys": [*json.loads(body)["keys"], self._published()]})
        if path == "/oauth2/token" and status.startswith("200"):
            answer = json.loads(body)
            return _say(start, status, answer | {"id_token": self._token(answer["id_token"])})
        start(status, [(name, value) for name, value in headers if name.lower() != "content-length"])
        return [body]

    def _remember(self, environ: dict[str, Any], location: str) -> None:
        asked, answer = parse_qs(environ["QUERY_STRING"]), parse_qs(urlsplit(location).query)
        if "code" in answer and asked.get("code_challenge_method") == ["S256"]:
            self._challenges[answer["code"][0]] = asked["code_challenge"][0]

    def _wrong(self, environ: dict[str, Any]) -> str:
        from bot.oidc import challenge  # noqa: PLC0415

        form = parse_qs(_body(environ).decode())
        expected = base64.b64encode(f"{CLIENT}:only-for-tests%2Fwith%2Bsigns".encode()).decode()
        if environ.get("HTTP_AUTHORIZATION") != f"Basic {expected}":
            return "invalid_client"
        known = self._challenges.pop(form["code"][0], None)
        return "" if known and challenge(form["code_verifier"][0]) == known else "invalid_grant"

    def _published(self) -> dict[str, Any]:
        key: dict[str, Any] = json.loads(self._jwt.algorithms.RSAAlgorithm.to_jwk(self._own.public_key()))
        return {**key, "kid": "own", "use": "sig"}

    def _token(self, honest: str) -> str:
        """The same claims under a key id (the mock names none), with whatever a test wants to be wrong with them."""
        how = self._how
        claims = self._jwt.decode(honest, options={"verify_signature": False}) | how.get("claims", {})
        claims = {name: value for name, value in claims.items() if value is not None}
        for name in ("exp", "iat", "nbf"):
            if isinstance(claims.get(name), str):
                claims[name] = int(time.time()) + int(claims[name])
        algorithm = how.get("alg", "RS256")
        key: Any = self._other if how.get("key") == "other" else self._own
        if algorithm == "none":
            key = None
        if algorithm.startswith("HS"):
            key = how.get("secret", PASSWORD)
        token: str = self._jwt.encode(claims, key, algorithm, headers={"kid": how.get("kid", "own")})
        return token


def _body(environ: dict[str, Any]) -> bytes:
    """The body of a request, which can be read again after this."""
    import io  # noqa: PLC0415

    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return body


def _say(start: Start, status: str, answer: Mapping[str, Any]) -> list[bytes]:
    start(status, [("Content-Type", "application/json")])
    return [json.dumps(answer).encode()]


def main() -> None:
    """Serve on a free port, and say which."""
    warnings.simplefilter("ignore")
    import oidc_provider_mock  # noqa: PLC0415  takes seconds, and is for this process only
    from werkzeug.serving import make_server  # noqa: PLC0415

    server = make_server("127.0.0.1", 0, Stricter(oidc_provider_mock.app(require_nonce=True)), threaded=True)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
