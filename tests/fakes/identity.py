"""A Microsoft Entra and a Bot Framework login on loopback: gives tokens, publishes its keys, and rolls them over."""

from __future__ import annotations

import functools
import itertools
import json
import time
from email.utils import formatdate
from typing import Any, Self

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
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
        right = (form.get("client_id"), form.get("client_secret"), request.match_info["tenant"])
        if self.refuse or right != (APP_ID, PASSWORD, TENANT):
            return web.json_response({"error": "invalid_client"}, status=401)
        self.tokens_given += 1
        token = f"app-token-{next(self._numbers)}"
        return web.json_response(
            {"token_type": "Bearer", "access_token": token, "expires_in": self.token_lasts}
        )

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
