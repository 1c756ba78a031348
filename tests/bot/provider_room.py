"""A browser that signs in step by step, and the settings of a Moi that signs in with a provider on loopback."""

from __future__ import annotations

from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from tests.bot.web_room import Room
from tests.fakes.provider import CLIENT, PASSWORD, Provider

HTML = {"Accept": "text/html"}
TENANT = "99999999-8888-7777-6666-555555555555"


def with_provider(provider: Provider, **more: Any) -> dict[str, Any]:
    """Settings of a Moi outside development that signs in with this provider."""
    return {
        "development": False,
        "tenant_id": TENANT,
        "oidc_issuer": provider.issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": PASSWORD,
        **more,
    }


@dataclass
class Browser:
    """A browser: it keeps cookies and follows where it is sent, one step at a time."""

    room: Room
    cookies: dict[str, str] = field(default_factory=dict)
    page: str = ""
    location: str = ""

    async def open(self, path: str, *, post: bool = False, **headers: str) -> int:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        ask = self.room.post if post else self.room.get
        async with ask(path, headers=HTML | headers | ({"Cookie": cookies} if cookies else {})) as answer:
            for said in answer.headers.getall("Set-Cookie", []):
                for name, kept in SimpleCookie(said).items():
                    self.cookies[name] = kept.value
                    if not kept.value:
                        del self.cookies[name]
            self.page = await answer.text()
            self.location = answer.headers.get("Location", "")
            return int(answer.status)

    async def at_provider(self, address: str, subject: str = "anna", **more: str) -> str:
        """Sign in there; gives the path at which one comes back."""
        form = more or {"sub": subject}
        async with self.room.browser.post(address, data=form, allow_redirects=False) as answer:
            back = urlsplit(answer.headers["Location"])
            return f"{back.path}?{back.query}"

    async def sign_in(self, subject: str = "anna", back: str = "/kanaal") -> int:
        """The whole way; gives the status of the last step."""
        await self.open(f"/aanmelden?terug={back}")
        return await self.open(await self.at_provider(self.location, subject))
