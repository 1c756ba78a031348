"""Where somebody who found a leak can tell so (RFC 9116); Dutch governments agreed to have this file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from bot.settings import Settings

ADDRESS = "/.well-known/security.txt"
GOOD_FOR = timedelta(days=180)


def add_security_txt(app: web.Application, settings: Settings) -> None:
    """Add the file when there is a contact; it is good for half a year from the moment it is asked for."""
    if not settings.security_contact:
        return

    async def security_txt(_request: web.Request) -> web.Response:
        expires = (datetime.now(UTC) + GOOD_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
        lines = [
            f"Contact: {settings.security_contact}",
            f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
            "Preferred-Languages: nl, en",
        ]
        if settings.public_url:
            lines.append(f"Canonical: {settings.address}{ADDRESS}")
        return web.Response(text="\n".join(lines) + "\n", content_type="text/plain", charset="utf-8")

    app.router.add_get(ADDRESS, security_txt)
