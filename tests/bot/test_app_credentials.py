"""How Moi proves who it is: each way gives a token of a real server, once, and what is wrong is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from bot.app_credentials import Certificate, Credential, ManagedIdentity, from_settings
from bot.connector import Connector
from bot.connector_errors import NoToken
from bot.refusals import refusals
from bot.settings import Settings
from tests.fakes.connector import FakeConnector
from tests.fakes.identity import APP_ID, PASSWORD, TENANT, FakeIdentity, rsa_key

NAME = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "moi")])


def certificate() -> x509.Certificate:
    key, now = rsa_key(7), datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(NAME).issuer_name(NAME).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    return made.sign(key, SHA256())


def pem(key: int = 7) -> str:
    private = rsa_key(key).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return (private + certificate().public_bytes(Encoding.PEM)).decode()


async def tokens(credential: Credential, times: int = 2) -> list[str]:
    """The tokens with which messages arrive."""
    async with FakeConnector() as channel:
        connector = Connector(credential=credential)
        try:
            for _ in range(times):
                await connector.send(channel.url, "c", {"type": "message"})
        finally:
            await connector.close()
        return [call.token for call in channel.calls]


async def test_certificate(tmp_path: Path) -> None:
    """With a certificate in a file no secret travels; one token serves many messages."""
    file = tmp_path / "moi.pem"
    file.write_text(pem())
    async with FakeIdentity() as identity:
        identity.certificate = certificate()
        settings = Settings(
            app_id=APP_ID, tenant_id=TENANT, authority=identity.authority, app_certificate_file=file
        )
        used = await tokens(from_settings(settings))

    assert used == ["app-token-1", "app-token-1"]
    assert "client_secret" not in identity.forms[0]


async def test_other_certificate() -> None:
    """A certificate that Entra does not know gives no token, and is named as that."""
    async with FakeIdentity() as identity:
        with pytest.raises(NoToken):
            await tokens(Certificate(f"{identity.authority}/{TENANT}/oauth2/v2.0/token", APP_ID, pem()))


@pytest.mark.parametrize("text", ["", "geen pem", pem(key=8)])
def test_unreadable_certificate(text: str) -> None:
    """A text without a certificate, or with the key of another one, is refused at the start, in Dutch."""
    with pytest.raises(ValueError, match=r"."):
        Certificate("https://login.example.nl/token", APP_ID, text)
    settings = Settings(app_id=APP_ID, tenant_id=TENANT, secret="x" * 40, app_certificate=text or "x")

    assert any("MOI_APP_CERTIFICATE is geen PEM" in problem for problem in refusals(settings))


@pytest.mark.parametrize("header", ["", PASSWORD])
async def test_managed_identity(header: str) -> None:
    """On a machine and in an app service of Azure the machine gives the token; nothing secret is set."""
    async with FakeIdentity() as identity:
        used = await tokens(ManagedIdentity(APP_ID, f"{identity.authority}/machine/token", header))

    assert used == ["machine-token-1", "machine-token-1"]
    assert (
        refusals(
            Settings(app_id=APP_ID, tenant_id=TENANT, secret="abcdefghij" * 4, app_managed_identity=True)
        )
        == []
    )
