"""A town of one server: Moi as colleagues reach it, at a name of its own with a certificate, beside the plain port."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import AF_INET, AddressFamily

from aiohttp import ClientSession, ClientTimeout, TCPConnector, web
from aiohttp.abc import AbstractResolver, ResolveResult
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.fakes.identity import rsa_key

NAME = "moi.example.nl"


class Signpost(AbstractResolver):
    """Knows one name, and finds it on this machine."""

    async def resolve(self, host: str, port: int = 0, family: AddressFamily = AF_INET) -> list[ResolveResult]:
        if host != NAME:
            raise OSError(f"{host} is not known here")
        return [ResolveResult(hostname=host, host="127.0.0.1", port=port, family=AF_INET, proto=0, flags=0)]

    async def close(self) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Town:
    """Where Moi is, and two visitors: one who trusts its certificate and one who does not."""

    port: int
    address: str
    visitor: ClientSession
    stranger: ClientSession


@asynccontextmanager
async def open_town(app: web.Application, folder: Path) -> AsyncIterator[Town]:
    """Serve the application on loopback, with and without TLS; the folder is for the certificate."""
    file = _certificate(folder)
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(file)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=server).start()
    plain, safe = (address[1] for address in runner.addresses)
    patience = ClientTimeout(total=5)
    trust = TCPConnector(resolver=Signpost(), ssl=ssl.create_default_context(cafile=str(file)))
    distrust = TCPConnector(resolver=Signpost())
    try:
        async with (
            ClientSession(connector=trust, timeout=patience) as visitor,
            ClientSession(connector=distrust, timeout=patience) as stranger,
        ):
            yield Town(plain, f"https://{NAME}:{safe}", visitor, stranger)
    finally:
        await runner.cleanup()


def _certificate(folder: Path) -> Path:
    name, key, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)]), rsa_key(0), datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, SHA256())
    )
    file = folder / "certificate.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(private + certificate.public_bytes(Encoding.PEM))
    return file
