"""The check-up: looks at every part that Moi needs and says in Dutch what is missing or wrong, and what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence

import aiohttp

from bot import doctor_here as here
from bot import doctor_outside as outside
from bot.findings import Finding, without_secrets
from bot.html import STATIC
from bot.settings import Settings, SettingsError

PATIENCE = aiohttp.ClientTimeout(total=10)


async def examine(
    settings: Settings, environ: Mapping[str, str], session: aiohttp.ClientSession
) -> list[Finding]:
    """Look at everything, told in an order in which one repairs: first this machine, then Microsoft and the address."""
    clock = outside.Clock()
    groups = await asyncio.gather(
        looked("Instellingen", here.settings_are_safe(settings, environ)),
        looked("Kennis", here.knowledge(settings)),
        looked("Bestanden van de pagina's", here.page_files(STATIC)),
        looked("Gegevensmap", here.data_folder(settings)),
        looked("Database", here.database(settings)),
        looked("App-registratie", outside.registration(settings)),
        looked("Toegang tot Teams", outside.token(settings)),
        looked("Sleutels van Microsoft", outside.keys(settings, session, clock)),
        looked("Moi op deze machine", outside.running(settings, session)),
        looked("Adres voor collega's", outside.public_address(settings, session)),
        looked("Aanmelden op het intranet", outside.sign_in(settings, session)),
    )
    # Only now, because the others told what time it is.
    groups.append(await looked("Klok", outside.compare(clock)))
    return without_secrets([finding for group in groups for finding in group], settings)


async def looked(part: str, check: Coroutine[None, None, Sequence[Finding]]) -> Sequence[Finding]:
    """What the check found; when it fails itself that is a finding too, because a check-up must get to its end."""
    try:
        return await check
    except Exception as error:
        reason = f"Dit kon ik niet onderzoeken ({type(error).__name__}: {error})."
        return [Finding(part, "rood", reason, "Geef deze regel door aan wie Moi bouwt.")]


def check_up(settings: Settings, environ: Mapping[str, str]) -> list[Finding]:
    """Look at everything, from a program that is not asynchronous."""

    async def look() -> list[Finding]:
        async with aiohttp.ClientSession(timeout=PATIENCE, cookie_jar=aiohttp.DummyCookieJar()) as session:
            return await examine(settings, environ, session)

    return asyncio.run(look())


def unreadable(error: SettingsError) -> list[Finding]:
    """What there is to say when the settings cannot be read; the rest depends on them."""
    advice = "Verbeter dit eerst; de rest kan ik pas daarna onderzoeken."
    return [Finding("Instellingen", "rood", problem, advice) for problem in error.problems]
