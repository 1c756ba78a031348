"""A Microsoft Entra and a Bot Framework login on loopback: gives tokens, publishes its keys, and rolls them over."""

from __future__ import annotations

import functools
import itertools
import json
import time
from base64 import urlsafe_b64encode
from email.utils import formatdate
from typing import Any, Self

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import Certificate
from jwt.algorithms import RSAAlgorithm

APP_ID = "11111111-2222-3333-4444-555555555555"
TENANT = "99999999-8888-7777-6666-555555555555"
PASSWORD = "only-for-tests"
ISSUER = "https://api.botframework.com"


@functools.cache
def rsa_key(number: int) -> rsa.RSAPrivateKey:
    """The private key with this number; made once per run, because making one is slow."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class FakeIdentity:
    """Use as `async with FakeIdentity() as identity`.

    `up = False` makes every endpoint answer 503. `refuse = True` refuses the bot's own credentials. `ahead` is
    how many seconds its clock is ahead of ours. Counters say how
    often each endpoint was asked.
    """

    def __init__(self) -> None:
        self.up = True
        self.refuse = False
        self.certificate: Certificate | None = None
        self.token_lasts = 3600
        self.ahead = 0.0
        self.endorsements: list[str] = ["msteams"]
        self.tokens_given = 0
        self.keys_read = 0
        self.forms: list[dict[str, str]] = []
        self._numbers = itertools.count(1)
        self._published = [0]
        self._runner: web.AppRunner | None = None
        self._port = 0

    @property
    def authority(self) -> str:
        """Where the bot gets its own token."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def metadata_url(self) -> str:
        """Where the bot finds the keys."""
        return f"{self.authority}/v1/.well-known/openidconfiguration"

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.add_routes(
            [
                web.post("/{tenant}/oauth2/v2.0/token", self._token),
                web.get("/machine/token", self._machine_token),
                web.get("/v1/.well-known/openidconfiguration", self._metadata),
                web.get("/v1/.well-known/keys", self._keys),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(self, *exception: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def roll_over(self, *, keep_old: bool = True) -> None:
        """Sign with a new key from now on; the old one stays published unless told otherwise."""
        new = self._published[-1] + 1
        self._published = [*self._published, new] if keep_old else [new]

    def sign(
        self,
        service_url: str,
        *,
        key: int | None = None,
        headers: dict[str, Any] | None = None,
        **claims: Any,
    ) -> str:
        """A token as the Bot Framework gives with an activity; a claim that is None is left out."""
        number = self._published[-1] if key is None else key
        now = int(time.time())
        said: dict[str, Any] = {
            "iss": ISSUER,
            "aud": APP_ID,
            "nbf": now - 10,
            "exp": now + 3600,
            "serviceurl": service_url,
            **claims,
        }
        said = {name: value for name, value in said.items() if value is not None}
        return jwt.encode(
            said, rsa_key(number), algorithm="RS256", headers={"kid": f"key-{number}", **(headers or {})}
        )

    def public_pem(self) -> bytes:
        """The public key that is in use, as text; for those who try to sign with it."""
        return (
            rsa_key(self._published[-1])
            .public_key()
            .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        )

    async def _token(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.forms.append(form)
        if not self.up:
            return web.Response(status=503)
        right = form.get("client_id") == APP_ID and request.match_info["tenant"] == TENANT
        if self.refuse or not right or not self._proven(form):
            return web.json_response({"error": "invalid_client"}, status=401)
        self.tokens_given += 1
        token = f"app-token-{next(self._numbers)}"
        return web.json_response(
            {"token_type": "Bearer", "access_token": token, "expires_in": self.token_lasts}
        )

    def _proven(self, form: dict[str, str]) -> bool:
        """By the secret, or by what only the holder of the key of `certificate` can have signed."""
        if self.certificate is None or "client_assertion" not in form:
            return form.get("client_secret") == PASSWORD
        try:
            said = jwt.decode(
                form["client_assertion"],
                self.certificate.public_key(),  # type: ignore[arg-type]  # it is an RSA key
                ["PS256"],
                audience=f"{self.authority}/{TENANT}/oauth2/v2.0/token",
                issuer=APP_ID,
                options={"require": ["exp", "nbf", "jti", "sub"]},
            )
        except jwt.PyJWTError:
            return False
        thumbprint = urlsafe_b64encode(self.certificate.fingerprint(SHA256())).rstrip(b"=").decode()
        header = jwt.get_unverified_header(form["client_assertion"])
        return bool(said["sub"] == APP_ID and header.get("x5t#S256") == thumbprint)

    async def _machine_token(self, request: web.Request) -> web.Response:
        """What Azure answers inside a machine, or inside an app service when its header comes along."""
        service = request.headers.get("X-IDENTITY-HEADER") == PASSWORD
        right = service or request.headers.get("Metadata") == "true"
        if not right or request.query.get("client_id") != APP_ID:
            return web.json_response({"error": "invalid_request"}, status=400)
        self.tokens_given += 1
        lasts = {"expires_on": str(int(time.time()) + 3600)} if service else {"expires_in": "3600"}
        return web.json_response({"access_token": f"machine-token-{self.tokens_given}", **lasts})

    async def _metadata(self, request: web.Request) -> web.Response:
        if not self.up:
            return web.Response(status=503)
        return web.json_response(
            {"issuer": ISSUER, "jwks_uri": f"{self.authority}/v1/.well-known/keys"},
            headers={"Date": formatdate(time.time() + self.ahead, usegmt=True)},
        )

    async def _keys(self, request: web.Request) -> web.Response:
        self.keys_read += 1
        if not self.up:
            return web.Response(status=503)
        keys = []
        for number in self._published:
            key = json.loads(RSAAlgorithm.to_jwk(rsa_key(number).public_key()))
            keys.append({**key, "kid": f"key-{number}", "use": "sig", "endorsements": self.endorsements})
        return web.json_response({"keys": keys})
