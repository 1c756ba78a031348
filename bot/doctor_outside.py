"""The check-up of what is on the other side: Microsoft, the address for colleagues, and whoever signs people in."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp

from bot.callers import LEEWAY
from bot.connector import connector_for
from bot.connector_errors import ConnectorError, Unavailable
from bot.findings import Finding, State
from bot.settings import Settings
from bot.teams_package import is_guid, is_public
from bot.version import VERSION

ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  (compared with, not listened on)
TEAMS_ADDRESS = "/api/messages"
NOTABLE = 30.0  # Seconds that a clock may differ before it is worth a word.
NOT_SET_UP = "Nog niet ingesteld: Moi draait zonder Teams."
DISCOVERY = "/.well-known/openid-configuration"


class Clock:
    """How many seconds other machines are ahead of this one, as far as they told."""

    def __init__(self) -> None:
        self.ahead: list[float] = []

    def hear(self, headers: Mapping[str, str]) -> None:
        """Compare with the moment in an answer, if there is one."""
        try:
            self.ahead.append(parsedate_to_datetime(headers.get("Date", "")).timestamp() - time.time())
        except ValueError:
            return


async def registration(settings: Settings) -> Sequence[Finding]:
    """Whether the ids of the app are there and look like ids, and with what the app proves who it is."""
    part = "App-registratie"
    if not settings.app_id:
        return [Finding(part, "oranje", NOT_SET_UP, "Vul MOI_APP_ID in; docs/installeren.md, stap 2.")]
    for name in ("app_id", "tenant_id"):
        if not is_guid(getattr(settings, name)):
            found = f"MOI_{name.upper()} is geen GUID (vijf groepen letters en cijfers met streepjes)."
            advice = "Kopieer hem opnieuw van de overzichtspagina van de app-registratie."
            return [Finding(part, "rood", found, advice)]
    proofs = [
        f"MOI_{name.upper()}"
        for name in type(settings).model_fields
        if name.startswith("app_") and name != "app_id" and getattr(settings, name)
    ]
    if not proofs:
        advice = "Vul MOI_APP_PASSWORD in, of stel een certificaat of beheerde identiteit in; stap 2."
        return [Finding(part, "rood", "Er is niets waarmee Moi bewijst wie het is.", advice)]
    return [Finding(part, "groen", f"App {settings.app_id}, bewijs met {' en '.join(proofs)}.")]


async def token(settings: Settings) -> Sequence[Finding]:
    """Whether Microsoft gives the bot a token for what it will send."""
    part = "Toegang tot Teams"
    if not settings.app_id:
        return [Finding(part, "oranje", NOT_SET_UP)]
    connector = connector_for(settings)
    try:
        await connector.prove()
    except Unavailable as error:
        reason = f"een storing, {error.status}" if error.status else "geen verbinding"
        advice = f"Laat uitgaand verkeer naar {settings.authority} toe (https, poort 443)."
        return [Finding(part, "rood", f"Geen toegangsbewijs van {settings.authority}: {reason}.", advice)]
    except ConnectorError as error:
        code = f", {error.code}" if error.code else ""
        found = f"Microsoft weigert het bewijs van de app ({error.status or 'geen antwoord'}{code})."
        advice = (
            "Kijk of MOI_APP_ID en MOI_TENANT_ID van dezelfde app-registratie zijn, en of het geheim of certificaat "
            "nog geldig is. Neem van een geheim de waarde (Value) over, niet de Secret ID."
        )
        return [Finding(part, "rood", found, advice)]
    finally:
        await connector.close()
    return [Finding(part, "groen", "Microsoft gaf een toegangsbewijs.")]


async def keys(settings: Settings, session: aiohttp.ClientSession, clock: Clock) -> Sequence[Finding]:
    """Whether the keys can be read with which messages from Teams are checked."""
    part = "Sleutels van Microsoft"
    advice = (
        f"Laat uitgaand verkeer naar {settings.metadata_url} toe; anders weigert Moi elk bericht van Teams."
    )
    try:
        async with session.get(settings.metadata_url) as answer:
            clock.hear(answer.headers)
            metadata = await answer.json(content_type=None)
        async with session.get(metadata["jwks_uri"]) as answer:
            number = len((await answer.json(content_type=None))["keys"])
    except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError) as error:
        state: State = "rood" if settings.app_id else "oranje"
        return [Finding(part, state, f"Niet te lezen: {_why(error)}.", advice)]
    return [Finding(part, "groen", f"Gelezen: {number}.")]


async def compare(clock: Clock) -> Sequence[Finding]:
    """Whether the clock of this machine is right, by what others told."""
    part = "Klok"
    if not clock.ahead:
        return [Finding(part, "oranje", "Niet te vergelijken: geen andere klok bereikt.")]
    off = min(clock.ahead, key=abs)
    if abs(off) <= NOTABLE:
        return [Finding(part, "groen", "Gelijk met die van Microsoft.")]
    found = f"Deze klok loopt {abs(off):.0f} seconden {'achter' if off > 0 else 'voor'}."
    advice = "Zet tijdsynchronisatie (NTP) aan; anders worden berichten en aanmeldingen geweigerd."
    return [Finding(part, "rood" if abs(off) > LEEWAY else "oranje", found, advice)]


async def running(settings: Settings, session: aiohttp.ClientSession) -> Sequence[Finding]:
    """Whether Moi runs here, which version, and whether all its parts work."""
    part = "Moi op deze machine"
    host = ANYWHERE.get(settings.host, settings.host)
    # Where the numbers have a port of their own, that is the one to ask.
    port = settings.model_dump().get("inside_port") or settings.port
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    try:
        async with session.get(f"{address}/healthz") as answer:
            version = (await answer.json())["versie"]
        async with session.get(f"{address}/readyz") as answer:
            said = await answer.json()
            broken = [name for name, works in said["onderdelen"].items() if not works]
            problems = said["problemen"]
    except aiohttp.ClientConnectorError:
        return [Finding(part, "oranje", f"Moi draait nu niet op {address}.", "Start Moi met: uv run app.py.")]
    except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError, AttributeError):
        advice = "Stop dat programma, of kies een andere MOI_PORT."
        return [Finding(part, "rood", f"Op {address} antwoordt iets, maar niet Moi.", advice)]
    if version != VERSION:
        found = f"Op {address} draait nog versie {version}; hier staat {VERSION}."
        return [Finding(part, "oranje", found, "Start Moi opnieuw.")]
    if broken:
        found = f"Moi draait, maar dit werkt niet: {', '.join(broken)}."
        return [Finding(part, "rood", found, "Zoek in het logboek naar 'error', en begin bij de database.")]
    if problems:
        found = f"Moi draait met oudere kennis; een wijziging wordt niet gebruikt: {problems[0]}"
        return [Finding(part, "oranje", found, "Draai app.py check en verbeter wat daar staat.")]
    return [Finding(part, "groen", f"Versie {version} draait op {address}, en alles werkt.")]


async def public_address(settings: Settings, session: aiohttp.ClientSession) -> Sequence[Finding]:
    """Whether Teams and colleagues can reach Moi at its address, as far as one can see from this machine."""
    part = "Adres voor collega's"
    address = (settings.public_url or "").rstrip("/")
    if not address:
        state: State = "oranje" if settings.development else "rood"
        advice = "Vul MOI_PUBLIC_URL in, bijvoorbeeld https://moi.example.nl; stap 4."
        return [Finding(part, state, "Er is geen adres waarop Teams en collega's Moi bereiken.", advice)]
    if not is_public(address):
        advice = (
            "Gebruik een adres dat met https:// begint en dat Microsoft via internet kan bereiken; stap 4."
        )
        return [Finding(part, "rood", f"{address} kan Teams niet bereiken.", advice)]
    try:
        async with session.post(address + TEAMS_ADDRESS, json={}, allow_redirects=False) as answer:
            status = answer.status
    except (aiohttp.ClientError, TimeoutError) as error:
        advice = "Kijk naar de naam in DNS, de firewall, het certificaat en de reverse proxy; stap 4."
        return [Finding(part, "rood", f"{address} antwoordt niet: {_why(error)}.", advice)]
    if status != 401:  # What Moi answers whoever has no token.
        return [Finding(part, "rood", f"{address}{TEAMS_ADDRESS} geeft {status}.", _advice(status))]
    try:
        async with session.get(address + "/healthz", allow_redirects=False) as answer:
            version = (await answer.json())["versie"] if answer.status == 200 else None
    except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError):
        version = None
    if version and version != VERSION:
        found = f"Op {address} antwoordt versie {version}; hier staat {VERSION}."
        return [
            Finding(part, "oranje", found, "Werk die Moi bij, of kijk of het adres naar deze machine wijst.")
        ]
    which = f"versie {version}" if version else "welke versie is van buiten niet te zien, en dat is goed"
    found = f"{address} antwoordt zoals Teams het nodig heeft ({which}). Gezien vanaf deze machine."
    return [Finding(part, "groen", found)]


async def sign_in(settings: Settings, session: aiohttp.ClientSession) -> Sequence[Finding]:
    """Whether whoever signs people in on the web can be reached, and is who the settings say."""
    part = "Aanmelden op het intranet"
    issuer = str(settings.model_dump().get("oidc_issuer") or "").rstrip("/")
    if not issuer:
        found = "Nog niet ingesteld: op het intranet kan niemand zich aanmelden. Teams werkt zonder."
        return [
            Finding(
                part, "oranje", found, "Volg docs/installeren.md, stap 8, als je de pagina wilt gebruiken."
            )
        ]
    try:
        async with session.get(issuer + DISCOVERY) as answer:
            said: dict[str, Any] = await answer.json(content_type=None)
            named = str(said["issuer"]).rstrip("/")
            complete = said["authorization_endpoint"] and said["token_endpoint"] and said["jwks_uri"]
    except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError) as error:
        advice = "Kijk of MOI_OIDC_ISSUER klopt en of uitgaand verkeer daarheen mag."
        return [Finding(part, "rood", f"{issuer}{DISCOVERY} is niet te lezen: {_why(error)}.", advice)]
    if named != issuer or not complete:
        found = f"Het adres hoort bij een andere aanbieder: {named}."
        return [
            Finding(part, "rood", found, "Neem als MOI_OIDC_ISSUER precies over wat daar bij issuer staat.")
        ]
    return [Finding(part, "groen", f"{issuer} is bereikbaar.")]


def _advice(status: int) -> str:
    match status:
        case 404 | 405:
            return "Draait daar een Moi met MOI_APP_ID? Stuurt de proxy ook het pad /api/messages door?"
        case 502 | 503 | 504:
            return "De proxy bereikt Moi niet. Draait Moi, en klopt de poort in de proxy?"
        case _ if 300 <= status < 400:
            return "Het adres verwijst door, en dat volgt Teams niet. Zet in MOI_PUBLIC_URL het eindadres."
        case _:
            return "Stuur alle paden zonder eigen aanmelding van de proxy door naar Moi."


def _why(error: Exception) -> str:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return "het certificaat klopt niet"
    if isinstance(error, TimeoutError):
        return "geen antwoord binnen tien seconden"
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return "de naam is niet bekend in DNS"
    if isinstance(error, aiohttp.ClientConnectorError):
        return "geen verbinding"
    return f"onverwacht antwoord ({type(error).__name__})"
