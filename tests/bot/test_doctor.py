"""The check-up, against real servers on loopback: all is well, and then each thing broken in turn."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from rich.console import Console

from bot import doctor_outside as outside
from bot.doctor import examine, looked
from bot.findings import Finding, as_json, tell, verdict, without_secrets
from bot.records import Records
from bot.settings import Settings
from bot.version import VERSION
from tests.bot.doctor_room import SECRET, Answers, Condition, Site, application, said
from tests.fakes.identity import FakeIdentity
from tests.fakes.town import NAME, open_town


@pytest_asyncio.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    """A site where all is well."""
    condition, answers = Condition(), Answers()
    app = application(condition, answers)
    async with FakeIdentity() as identity, open_town(app, tmp_path) as town:
        answers.issuer = town.address
        made = Site(town, identity, condition, tmp_path, answers)
        records = await Records.open(made.settings().database_url)
        await records.close()
        yield made


async def test_all_is_well(site: Site) -> None:
    """When everything is there, every part is green, but for the channel that nobody connected yet."""
    findings = await site.examine()

    assert [one for one in findings if one.state != "groen"] == [
        one for one in findings if one.part == "Kanaal in Teams"
    ]
    assert len({one.part for one in findings}) == 14
    assert verdict(findings) == "oranje"


@pytest.mark.parametrize(
    ("broken", "part", "expected"),
    [
        ({"app_password": ""}, "Instellingen", "rood: MOI_APP_PASSWORD ontbreekt"),
        ({"app_password": ""}, "App-registratie", "rood: Er is niets waarmee Moi bewijst wie het is"),
        ({"app_password": "fout-geheim"}, "Toegang tot Teams", "rood: Microsoft weigert het bewijs van de app (401"),
        ({"app_id": "moi"}, "App-registratie", "rood: MOI_APP_ID is geen GUID"),
        ({"tenant_id": "gemeente"}, "App-registratie", "rood: MOI_TENANT_ID is geen GUID"),
        ({"app_id": "", "development": True, "public_url": None}, "App-registratie", "oranje: Nog niet ingesteld"),
        ({"authority": "http://127.0.0.1:1"}, "Toegang tot Teams", "rood: Geen toegangsbewijs van http://127.0.0.1:1: geen verbinding"),
        ({"metadata_url": "http://127.0.0.1:1/"}, "Sleutels van Microsoft", "rood: Niet te lezen: geen verbinding"),
        ({"metadata_url": "http://127.0.0.1:1/"}, "Klok", "oranje: Niet te vergelijken"),
        ({"knowledge_dir": Path("nergens")}, "Kennis", "rood: De kennis in nergens klopt niet"),
        ({"database_url": "sqlite:///nergens/moi.sqlite"}, "Database", "oranje: Er is nog geen nergens/moi.sqlite"),
        ({"database_url": "postgresql://moi:wachtwoord@127.0.0.1:1/moi"}, "Database", "rood: 127.0.0.1/moi werkt niet"),
        ({"database_url": "dat is geen adres"}, "Database", "rood: MOI_DATABASE_URL kan ik niet lezen"),
        ({"database_url": "mysql://moi@127.0.0.1/moi"}, "Database", "rood: 127.0.0.1/moi werkt niet"),
        ({"port": 1}, "Moi op deze machine", "oranje: Moi draait nu niet op http://127.0.0.1:1."),
        ({"host": "0.0.0.0"}, "Moi op deze machine", f"groen: Versie {VERSION} draait"),
        ({"public_url": None}, "Adres voor collega's", "rood: Er is geen adres"),
        ({"public_url": f"http://{NAME}"}, "Adres voor collega's", f"rood: http://{NAME} kan Teams niet bereiken"),
        ({"public_url": "https://localhost"}, "Adres voor collega's", "rood: https://localhost kan Teams niet bereiken"),
        ({"public_url": "https://onbekend.example.nl"}, "Adres voor collega's", "de naam is niet bekend in DNS"),
        ({"public_url": f"https://{NAME}:1"}, "Adres voor collega's", "antwoordt niet: geen verbinding"),
        ({"oidc_issuer": ""}, "Aanmelden op het intranet", "oranje: Nog niet ingesteld"),
        ({"oidc_issuer": f"https://{NAME}:1"}, "Aanmelden op het intranet", "is niet te lezen: geen verbinding"),
        ({"channel_service_url": "https://smba.example.nl", "channel_conversation": "19:x"}, "Kanaal in Teams", "groen: Verbonden"),
    ],
)  # fmt: skip
async def test_broken(site: Site, broken: dict[str, Any], part: str, expected: str) -> None:
    """What is missing or wrong in the settings is named at its own part, and the check-up gets to its end."""
    findings = await site.examine(**broken)

    assert expected in said(findings, part)
    assert len({one.part for one in findings}) >= 12


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [(0.0, "groen: Gelijk"), (105.0, "oranje: Deze klok loopt 10"), (-1005.0, "rood: Deze klok loopt 100")],
)
async def test_clock(site: Site, ahead: float, expected: str) -> None:
    """A clock that differs is a remark, and a fault once tokens would be refused for it."""
    site.identity.ahead = ahead
    found = said(await site.examine(), "Klok")

    # A second goes by between asking and hearing, so the last figure is left out.
    assert found.startswith(expected)


async def test_microsoft_is_down(site: Site) -> None:
    """When Microsoft has trouble that is said, and not that the secret is wrong."""
    site.identity.up = False

    findings = await site.examine()

    assert "een storing, 503" in said(findings, "Toegang tot Teams")
    assert said(findings, "Sleutels van Microsoft").startswith("rood: Niet te lezen")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (404, "Stuurt de proxy ook het pad /api/messages door?"),
        (502, "De proxy bereikt Moi niet."),
        (302, "Het adres verwijst door"),
        (403, "zonder eigen aanmelding van de proxy"),
        (200, "zonder eigen aanmelding van de proxy"),
    ],
)
async def test_proxy(site: Site, status: int, expected: str) -> None:
    """What stands between Teams and Moi is recognised by what it answers."""
    site.answers.messages = status
    found = said(await site.examine(), "Adres voor collega's")

    assert found.startswith("rood")
    assert expected in found


async def test_wrong_certificate(site: Site) -> None:
    """A certificate that nobody trusts is named as such."""
    (found,) = await outside.public_address(site.settings(), site.town.stranger)

    assert found.state == "rood"
    assert "het certificaat klopt niet" in found.found


async def test_running_but_not_well(site: Site) -> None:
    """A running Moi is asked how it is doing: what does not work, and knowledge that it could not take over."""
    site.condition.problems = ["themas.yaml:3: geen thema"]
    old = said(await site.examine(), "Moi op deze machine")
    site.condition.works["bezorging"] = False
    broken = said(await site.examine(), "Moi op deze machine")

    assert old.startswith("oranje: Moi draait met oudere kennis")
    assert broken.startswith("rood: Moi draait, maar dit werkt niet: bezorging.")


@pytest.mark.parametrize(
    ("answer", "port_says", "address_says"),
    [
        ({"versie": "0.0.1"}, "oranje: Op http://127.0.0.1", "oranje"),
        (["iets anders"], "rood: Op http://127.0.0.1", "groen"),
    ],
)
async def test_another_at_the_door(tmp_path: Path, answer: Any, port_says: str, address_says: str) -> None:
    """Another version, or another program, at the port and the address of Moi is noticed."""

    async def health(_request: web.Request) -> web.Response:
        return web.json_response(answer)

    async def messages(_request: web.Request) -> web.Response:
        return web.Response(status=401)

    async def ready(_request: web.Request) -> web.Response:
        return web.json_response({"onderdelen": {}, "problemen": []})

    app = web.Application()
    app.add_routes(
        [web.get("/healthz", health), web.get("/readyz", ready), web.post("/api/messages", messages)]
    )
    async with open_town(app, tmp_path) as town:
        settings = Settings(port=town.port, public_url=town.address)
        (port,) = await outside.running(settings, town.visitor)
        (address,) = await outside.public_address(settings, town.visitor)

    assert f"{port.state}: {port.found}".startswith(port_says)
    assert address.state == address_says


async def test_another_provider(site: Site) -> None:
    """A provider that calls itself something else is not the one in the settings."""
    address = f"http://127.0.0.1:{site.town.port}"
    found = said(await site.examine(oidc_issuer=address), "Aanmelden op het intranet")

    assert found.startswith("rood: Het adres hoort bij een andere aanbieder")


async def test_a_check_that_fails_itself() -> None:
    """A check that breaks is a finding as well, and the others go on."""

    async def broken() -> list[Finding]:
        raise RuntimeError("onverwacht")

    (found,) = await looked("Iets", broken())

    assert (found.state, "RuntimeError" in found.found) == ("rood", True)


async def test_no_secrets(site: Site) -> None:
    """No secret is shown, whatever is broken and however it got into a message."""
    password = "w@chtwoord van moi"
    url = "postgresql://moi:w%40chtwoord%20van%20moi@127.0.0.1:1/moi"
    settings = site.settings(app_password="geheim-van-de-app", database_url=url, app_id="moi")
    findings = await examine(settings, {}, site.town.visitor)
    shouted = [Finding("x", "rood", f"{SECRET} {password} {url}", "geheim-van-de-app")]
    hidden = [*findings, *without_secrets(shouted, settings)]

    told = as_json(hidden)

    assert all(
        secret not in told for secret in (SECRET, "geheim-van-de-app", password, "w%40chtwoord%20van%20moi")
    )
    assert hidden[-1].advice == "…"


def test_told_to_people_and_programs() -> None:
    """The state is a word, not only a colour; the JSON has the same findings."""
    findings = [
        Finding("Kennis", "groen", "In orde."),
        Finding("Klok", "rood", "Loopt achter.", "Zet NTP aan."),
    ]
    paper = StringIO()

    tell(findings, Console(file=paper, width=40))

    lines = paper.getvalue().splitlines()
    assert lines[0].split() == ["groen", "Kennis", "In", "orde."]
    assert lines[2].strip() == "Doe dit: Zet NTP aan."
    assert lines[-1] == f"Moi {VERSION}: rood (1 rood, 1 groen)."
    assert json.loads(as_json(findings))["onderdelen"][1] == {
        "onderdeel": "Klok",
        "oordeel": "rood",
        "bevinding": "Loopt achter.",
        "doen": "Zet NTP aan.",
    }
