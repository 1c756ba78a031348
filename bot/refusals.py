"""What makes settings unsafe: with these Moi does not start, and it says what to do."""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.addresses import is_loopback, is_safe_address
from bot.people import BY_CONFIGURATION, ROLES

if TYPE_CHECKING:
    from bot.settings import Settings

SHORTEST_SECRET = 32
OIDC = ("oidc_issuer", "oidc_client_id", "oidc_client_secret")
ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?", re.IGNORECASE)
MOST_DIFFERENT = 10  # A secret with fewer different characters than this is typed, not made.


def refusals(settings: Settings) -> list[str]:
    """Name what makes these settings unsafe, in Dutch and with what to do; empty when they are safe."""
    problems = _at_home(settings) if settings.development else _outside(settings)
    if settings.secret and (
        len(settings.secret) < SHORTEST_SECRET or len(set(settings.secret)) < MOST_DIFFERENT
    ):
        problems.append(
            f"MOI_SECRET is te makkelijk te raden. Maak er een van minstens {SHORTEST_SECRET} tekens, bijvoorbeeld met "
            '`python3 -c "import secrets; print(secrets.token_urlsafe(48))"`.'
        )
    if bool(settings.channel_service_url) != bool(settings.channel_conversation):
        problems.append(
            "MOI_CHANNEL_SERVICE_URL en MOI_CHANNEL_CONVERSATION horen bij elkaar. Vul ze allebei in, of geen van beide."
        )
    elif settings.channel_conversation and not settings.app_id:
        problems.append(
            "MOI_CHANNEL_CONVERSATION werkt alleen met een MOI_APP_ID. Vul die in, of haal het kanaal weg."
        )
    if settings.security_contact and not settings.security_contact.startswith(("mailto:", "https://")):
        problems.append("MOI_SECURITY_CONTACT moet met mailto: of https:// beginnen.")
    if settings.inside_port and settings.inside_port == settings.port:
        problems.append("MOI_INSIDE_PORT en MOI_PORT zijn gelijk. Kies twee verschillende poorten.")
    return (
        problems + _proof(settings) + _signing_in(settings) + _role_members(settings) + _in_a_frame(settings)
    )


def _at_home(settings: Settings) -> list[str]:
    problems = []
    if not is_loopback(settings.host):
        problems.append(
            f"MOI_DEVELOPMENT staat aan, maar MOI_HOST is {settings.host}. Dan kan iedereen op het netwerk een rol "
            "kiezen. Zet MOI_DEVELOPMENT=false, of gebruik MOI_HOST=127.0.0.1."
        )
    if settings.public_url and not is_loopback(urlsplit(settings.public_url).hostname or ""):
        problems.append(
            f"MOI_DEVELOPMENT staat aan, maar MOI_PUBLIC_URL is {settings.public_url}. Zet MOI_DEVELOPMENT=false, "
            "of haal MOI_PUBLIC_URL weg."
        )
    if settings.oidc_issuer:
        problems.append(
            f"MOI_DEVELOPMENT staat aan, maar MOI_OIDC_ISSUER is {settings.oidc_issuer}. Wie een rol kan kiezen, hoeft "
            "zich niet aan te melden. Zet MOI_DEVELOPMENT=false, of haal MOI_OIDC_ISSUER weg."
        )
    return problems


def _outside(settings: Settings) -> list[str]:
    return [
        f"MOI_{name.upper()} ontbreekt. Zonder MOI_DEVELOPMENT=true is die nodig; vraag hem aan beheer."
        for name in ("app_id", *_proof_missing(settings), "tenant_id", "secret")
        if not getattr(settings, name)
    ]


def _signing_in(settings: Settings) -> list[str]:
    problems = []
    named = [name for name in OIDC if getattr(settings, name)]
    if named and len(named) < len(OIDC):
        missing = " en ".join(f"MOI_{name.upper()}" for name in OIDC if name not in named)
        problems.append(
            f"{missing} ontbreekt. Voor aanmelden op het web zijn MOI_OIDC_ISSUER, MOI_OIDC_CLIENT_ID en "
            "MOI_OIDC_CLIENT_SECRET alle drie nodig; of haal ze alle drie weg."
        )
    if settings.oidc_issuer:
        # Over http anybody on the way can read the code with which one signs in.
        problems += [
            f"MOI_{name} moet met https beginnen om veilig aan te melden; nu staat er: {address!r}."
            for name, address in (("OIDC_ISSUER", settings.oidc_issuer), ("PUBLIC_URL", settings.address))
            if not is_safe_address(address)
        ]
    if unknown := sorted(set(settings.roles) - BY_CONFIGURATION):
        known = ", ".join(sorted(BY_CONFIGURATION))
        problems.append(f"MOI_ROLES noemt {', '.join(unknown)}. Die rol heeft Moi niet; kies uit {known}.")
    return problems


def _in_a_frame(settings: Settings) -> list[str]:
    return [
        f"MOI_FRAME_ANCESTORS noemt {origin}. Schrijf een website als https://intranet.example.nl, zonder pad en "
        "zonder sterretje."
        for origin in settings.frame_ancestors.split()
        if not (is_safe_address(origin) and ORIGIN.fullmatch(origin))
    ]


def _proof_missing(settings: Settings) -> tuple[str, ...]:
    """A client secret is only missed when Moi has no other way to prove who it is."""
    other = settings.app_certificate or settings.app_certificate_file or settings.app_managed_identity
    return () if other else ("app_password",)


def _proof(settings: Settings) -> list[str]:
    try:
        if settings.app_certificate or settings.app_certificate_file:
            # Cryptography takes time to load, which most commands need not spend.
            import_module("bot.app_credentials").from_settings(settings)
    except (ValueError, OSError):
        return [
            "MOI_APP_CERTIFICATE is geen PEM-tekst met een certificaat en de RSA-sleutel die erbij hoort. Zet ze samen in "
            "de tekst, of in het bestand van MOI_APP_CERTIFICATE_FILE."
        ]
    return []


def _role_members(settings: Settings) -> list[str]:
    return [
        f"MOI_ROLE_MEMBERS kent de rol {unknown} niet. Kies uit: {', '.join(sorted(ROLES))}."
        for unknown in sorted(settings.role_members.keys() - ROLES)
    ]
