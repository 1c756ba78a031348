"""A site around the check-up: a Moi that colleagues reach, with what is behind it, all of which a test can break."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.doctor import examine
from bot.findings import Finding
from bot.health import Metrics, add_health
from bot.settings import Settings
from tests.fakes.identity import APP_ID, PASSWORD, TENANT, FakeIdentity
from tests.fakes.town import Town

SECRET = "q8Zk3vT1xW7mB5nR0cY4hL6jD2fS9aGe"


class WithSignIn(Settings):
    """Settings in which somebody signs people in on the web."""

    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""


@dataclass
class Condition:
    """How a running Moi is doing; a test changes it."""

    works: dict[str, bool] = field(default_factory=lambda: {"database": True, "bezorging": True})
    problems: list[str] = field(default_factory=list)

    async def parts(self) -> Mapping[str, bool]:
        return self.works

    async def posts(self) -> Mapping[str, int]:
        return {}

    def knowledge_version(self) -> str:
        return "a1b2c3"

    def knowledge_problems(self) -> list[str]:
        return self.problems


@dataclass
class Answers:
    """What is answered at two addresses; a test changes it."""

    messages: int = 401
    issuer: str = ""


def application(condition: Condition, answers: Answers) -> web.Application:
    """What Teams, a browser and a provider see of the site."""

    async def messages(_request: web.Request) -> web.Response:
        return web.Response(status=answers.messages, headers={"Location": "/"})

    async def discovery(_request: web.Request) -> web.Response:
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        return web.json_response({"issuer": answers.issuer, **dict.fromkeys(names, answers.issuer)})

    app = web.Application()
    add_health(app, metrics=Metrics(), condition=condition)
    app.router.add_post("/api/messages", messages)
    app.router.add_get("/.well-known/openid-configuration", discovery)
    return app


@dataclass
class Site:
    """A Moi that colleagues can reach, with everything around it."""

    town: Town
    identity: FakeIdentity
    condition: Condition
    folder: Path
    answers: Answers

    def settings(self, **said: Any) -> Settings:
        """Settings with which all is well, but for what is said."""
        whole = {
            "port": self.town.port,
            "app_id": APP_ID,
            "app_password": PASSWORD,
            "tenant_id": TENANT,
            "secret": SECRET,
            "data_dir": self.folder,
            "public_url": self.town.address,
            "authority": self.identity.authority,
            "metadata_url": self.identity.metadata_url,
            "oidc_issuer": self.town.address,
            "oidc_client_id": "moi",
            "oidc_client_secret": SECRET,
        }
        return WithSignIn(**(whole | said))

    async def examine(self, **said: Any) -> list[Finding]:
        """The check-up of this site."""
        return await examine(self.settings(**said), {}, self.town.visitor)


def said(findings: Sequence[Finding], part: str) -> str:
    """What was found about one part, with its state in front."""
    return " / ".join(f"{one.state}: {one.found} {one.advice}" for one in findings if one.part == part)
