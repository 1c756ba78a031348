"""How Moi proves to Microsoft Entra that it is Moi: a secret, a certificate, or the identity of the machine in Azure.

Sources: Microsoft identity platform, "certificate credentials"; Azure, "managed identities: use the REST endpoint".
"""

from __future__ import annotations

import os
import time
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate
from yarl import URL

if TYPE_CHECKING:
    from bot.settings import Settings

SCOPE = "https://api.botframework.com/.default"
RESOURCE = "https://api.botframework.com"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS = 300
MACHINE = "http://169.254.169.254/metadata/identity/oauth2/token"


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """The HTTP request that gives a token; without a form it is a GET."""

    url: URL
    form: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Credential(Protocol):
    """One way to prove who Moi is."""

    def request(self) -> TokenRequest:
        """The request for a new token."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A client secret, which has to be replaced before it ends."""

    token_url: str
    app_id: str
    password: str = field(repr=False)

    def request(self) -> TokenRequest:
        """The secret itself, in the form."""
        return TokenRequest(URL(self.token_url), _form(self.app_id) | {"client_secret": self.password})


class Certificate:
    """A certificate with its private key, as one PEM text; only a signature of a few minutes travels."""

    def __init__(self, token_url: str, app_id: str, pem: str, clock: Callable[[], float] = time.time) -> None:
        """Raises `ValueError` when the text has no certificate with an RSA key that belongs to it."""
        self._token_url = token_url
        self._app_id = app_id
        self._clock = clock
        certificate = load_pem_x509_certificate(pem.encode())
        key = load_pem_private_key(pem.encode(), None)
        if not isinstance(key, RSAPrivateKey) or key.public_key() != certificate.public_key():
            raise ValueError("the key is not an RSA key of this certificate")
        self._key = key
        self._thumbprint = urlsafe_b64encode(certificate.fingerprint(SHA256())).rstrip(b"=").decode()

    def request(self) -> TokenRequest:
        """A newly signed assertion, in the form."""
        now = int(self._clock())
        said = {
            "aud": self._token_url,
            "iss": self._app_id,
            "sub": self._app_id,
            "jti": str(uuid.uuid4()),
            "nbf": now,
            "exp": now + ASSERTION_SECONDS,
        }
        signed = jwt.encode(said, self._key, "PS256", headers={"x5t#S256": self._thumbprint})
        form = {"client_assertion_type": ASSERTION, "client_assertion": signed}
        return TokenRequest(URL(self._token_url), _form(self._app_id) | form)


@dataclass(frozen=True, slots=True)
class ManagedIdentity:
    """The identity that Azure gives the machine or the app service; there is no secret to keep.

    `endpoint` and `header` are what Azure sets in an app service or container app; without them the machine is asked.
    """

    app_id: str
    endpoint: str = ""
    header: str = field(default="", repr=False)

    @classmethod
    def here(cls, app_id: str) -> ManagedIdentity:
        """The identity of where Moi runs now."""
        return cls(app_id, os.environ.get("IDENTITY_ENDPOINT", ""), os.environ.get("IDENTITY_HEADER", ""))

    def request(self) -> TokenRequest:
        """A question to Azure itself, which only answers from inside."""
        asked = {"resource": RESOURCE, "client_id": self.app_id}
        if self.header:
            asked["api-version"] = "2019-08-01"
            return TokenRequest(
                URL(self.endpoint).with_query(asked), headers={"X-IDENTITY-HEADER": self.header}
            )
        asked["api-version"] = "2018-02-01"
        return TokenRequest(URL(self.endpoint or MACHINE).with_query(asked), headers={"Metadata": "true"})


def from_settings(settings: Settings) -> Credential:
    """The way that the settings name; raises `ValueError` or `OSError` for a certificate that is none."""
    if settings.app_managed_identity:
        return ManagedIdentity.here(settings.app_id)
    token_url = f"{settings.authority.rstrip('/')}/{settings.tenant_id}/oauth2/v2.0/token"
    file = settings.app_certificate_file
    if pem := settings.app_certificate or (file.read_text() if file else ""):
        return Certificate(token_url, settings.app_id, pem)
    return Secret(token_url, settings.app_id, settings.app_password)


def _form(app_id: str) -> dict[str, str]:
    return {"grant_type": "client_credentials", "client_id": app_id, "scope": SCOPE}
