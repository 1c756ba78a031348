"""The check-up of what is on this side: settings, knowledge, files, disk and database."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import URL, Connection, func, inspect, make_url, select, update
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from bot.channel_place import connected, lost, targets
from bot.channel_posts import PAGE, TEAMS
from bot.database import BusyError, Database
from bot.findings import Finding, State
from bot.html import NEEDED
from bot.refusals import refusals
from bot.settings import Settings, unknown_settings
from bot.tables import VERSION, channel, migrated, posts, records
from knowledge.loading import load
from knowledge.mistakes import KnowledgeError

LITTLE_SPACE, TOO_LITTLE_SPACE = 2 * 1024**3, 200 * 1024**2  # bytes
PATIENCE = 10.0  # Seconds in which the database must answer.
CONNECTING = "5"  # Seconds in which PostgreSQL must let us in.
LONG = timedelta(minutes=15)  # After this a summary should have been delivered.
MOST_NAMED = 3
DATA_FOLDER = "Gegevensmap"


async def settings_are_safe(settings: Settings, environ: Mapping[str, str]) -> Sequence[Finding]:
    """Whether Moi would start with these settings, and whether there is one it does not know."""
    part = "Instellingen"
    wrong = [
        Finding(part, "rood", problem, "Verbeter de instelling; Moi start hier niet mee.")
        for problem in refusals(settings)
    ]
    strange = [
        Finding(part, "oranje", remark, "Verbeter de naam, of haal de variabele weg.")
        for remark in unknown_settings(environ)
    ]
    if wrong or strange:
        return [*wrong, *strange]
    if settings.development:
        found = "Moi start hiermee, als proef op deze machine (MOI_DEVELOPMENT)."
        return [Finding(part, "oranje", found, "Voor collega's: volg docs/installeren.md.")]
    return [Finding(part, "groen", "Moi start hiermee.")]


async def knowledge(settings: Settings) -> Sequence[Finding]:
    """Whether the knowledge can be read."""
    part = "Kennis"
    try:
        known = await asyncio.to_thread(load, settings.knowledge_dir)
    except KnowledgeError as error:
        named = " · ".join(str(problem) for problem in error.problems[:MOST_NAMED])
        found = f"De kennis in {settings.knowledge_dir} klopt niet: {named}"
        return [Finding(part, "rood", found, "Draai app.py check en verbeter wat daar staat.")]
    found = f"In orde: versie {known.version}, {len(known.groups)} productgroepen."
    return [Finding(part, "groen", found)]


async def page_files(folder: Path) -> Sequence[Finding]:
    """Whether the files of others that the pages need were fetched."""
    part = "Bestanden van de pagina's"
    if missing := [name for name in NEEDED if not (folder / name).is_file()]:
        found = f"{', '.join(missing)} ontbreekt in {folder}."
        return [Finding(part, "rood", found, "Draai uv sync op een machine met internet.")]
    return [Finding(part, "groen", "Aanwezig.")]


async def data_folder(settings: Settings) -> Sequence[Finding]:
    """Whether Moi may write where it keeps things, and whether there is room."""
    folder = settings.data_dir.absolute()
    there = next(place for place in (folder, *folder.parents) if place.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            return [room(folder, shutil.disk_usage(there).free)]
    except OSError as error:
        found = f"In {there} kan ik niet schrijven ({error.strerror})."
        advice = "Geef de gebruiker van Moi schrijfrecht, of kies een andere MOI_DATA_DIR."
        return [Finding(DATA_FOLDER, "rood", found, advice)]


def room(folder: Path, free: int) -> Finding:
    """Whether so many free bytes are enough."""
    found = f"{folder}: {free / 1024**3:.1f} GB vrij."
    if free >= LITTLE_SPACE:
        return Finding(DATA_FOLDER, "groen", found)
    advice = "Maak ruimte: ruim oude kopieën op, of vergroot de schijf."
    return Finding(DATA_FOLDER, "oranje" if free >= TOO_LITTLE_SPACE else "rood", found, advice)


@dataclass
class Kept:
    """What the database holds, as far as a check-up needs to know; no `version` when there are no tables yet.

    The channel in the settings no longer counts once one was connected or disconnected in Teams. `lost` is the name of
    a channel that is gone, and `homeless` is how many summaries wait for another.
    """

    version: str | None = None
    states: Counter[tuple[str, str]] = field(default_factory=Counter)
    waiting: int = 0
    connected: bool = False
    lost: str | None = None
    homeless: int = 0
    setting_counts: bool = True


async def database(settings: Settings) -> Sequence[Finding]:
    """Whether the database answers, takes something in and has the right tables; and what still has to be delivered."""
    part = "Database"
    try:
        url = make_url(settings.database_url)
    except ArgumentError:
        advice = "Gebruik postgresql://gebruiker:wachtwoord@server/naam, of laat hem leeg."
        return [Finding(part, "rood", "MOI_DATABASE_URL kan ik niet lezen.", advice)]
    if url.get_backend_name() == "sqlite":
        place = url.database or ""
        if not await asyncio.to_thread(Path(place).exists):
            found = f"Er is nog geen {place}; die komt er bij de eerste start."
            return [Finding(part, "oranje", found, "Start Moi een keer.")]
    else:
        place = f"{url.host or 'socket'}/{url.database}"
        url = url.update_query_dict({"connect_timeout": CONNECTING})
    try:
        kept = await asyncio.wait_for(asyncio.to_thread(_ask, url), PATIENCE)
    except TimeoutError:
        advice = "Kijk of de server het te druk heeft, of dat iets de database op slot houdt."
        return [Finding(part, "rood", f"{place} antwoordt niet binnen {PATIENCE:.0f} seconden.", advice)]
    except (SQLAlchemyError, BusyError, ImportError) as error:
        found = f"{place} werkt niet: {_reason(error)}."
        advice = "Kijk of de server draait, of MOI_DATABASE_URL klopt en of de gebruiker mag schrijven."
        return [Finding(part, "rood", found, advice)]
    return [_tables(place, kept), *_deliveries(settings, kept)]


def _ask(url: URL) -> Kept:
    opened = Database(url.render_as_string(hide_password=False))
    try:
        kept = opened.read(_look).result()
        if kept.version == VERSION:
            opened.write(_try_to_write).result()
    finally:
        opened.close()
    return kept


def _look(connection: Connection) -> Kept:
    if not inspect(connection).has_table(migrated.name):
        return Kept()
    kept = Kept(version=connection.execute(select(migrated.c.version_num)).scalar_one_or_none())
    if kept.version == VERSION:
        counted = select(posts.c.target, posts.c.state, func.count()).group_by(posts.c.target, posts.c.state)
        kept.states.update({(target, state): number for target, state, number in connection.execute(counted)})
        overdue = (
            select(func.count())
            .join_from(posts, records, posts.c.record == records.c.id)
            .where(posts.c.state.in_(("due", "sending")), records.c.changed < datetime.now(UTC) - LONG)
        )
        kept.connected = connected(connection) is not None
        kept.lost = lost(connection)
        kept.setting_counts = kept.connected or TEAMS in targets(connection, (TEAMS,))
        if not kept.setting_counts:
            kept.homeless = kept.states[TEAMS, "due"]
            overdue = overdue.where(posts.c.target != TEAMS)
        kept.waiting = connection.execute(overdue).scalar_one()
    return kept


def _try_to_write(connection: Connection) -> None:
    # The same value again: it proves that one may write, and changes nothing.
    connection.execute(update(channel).values(revision=channel.c.revision))


def _tables(place: str, kept: Kept) -> Finding:
    part = "Database"
    if kept.version == VERSION:
        return Finding(part, "groen", f"{place} antwoordt, en de tabellen zijn bij.")
    if kept.version is None:
        return Finding(
            part, "oranje", f"{place} is nog leeg; dat verandert bij de eerste start.", "Start Moi."
        )
    if kept.version < VERSION:
        found = f"De tabellen in {place} zijn van een oudere Moi ({kept.version}, deze heeft {VERSION})."
        return Finding(part, "oranje", found, "Maak een kopie en start Moi; die werkt ze bij.")
    found = f"De tabellen in {place} zijn van een nieuwere Moi ({kept.version}, deze kent {VERSION})."
    return Finding(part, "rood", found, "Installeer die nieuwere versie, of zet een oudere kopie terug.")


def _deliveries(settings: Settings, kept: Kept) -> list[Finding]:
    if kept.version != VERSION:
        return []
    part, states = "Bezorging", Counter[str]()
    for (_, state), number in kept.states.items():
        states[state] += number
    if kept.waiting:
        found = f"Samenvattingen die al langer dan een kwartier wachten: {kept.waiting}."
        delivery = Finding(part, "rood", found, "Draait Moi? Zoek in het logboek naar 'delivering'.")
    elif doubtful := states["failed"] + states["uncertain"]:
        found = f"Samenvattingen die niet of niet zeker zijn aangekomen: {doubtful}."
        delivery = Finding(part, "oranje", found, "Kijk op de pagina /kanaal welke, en verstuur ze opnieuw.")
    else:
        delivery = Finding(part, "groen", f"Geen achterstand; aangekomen: {states['posted']}.")
    return [delivery, _channel(settings, kept)]


def _channel(settings: Settings, kept: Kept) -> Finding:
    part = "Kanaal in Teams"
    arrived = sum(
        number for (target, state), number in kept.states.items() if target != PAGE and state == "posted"
    )
    if kept.connected or (settings.channel_conversation and kept.setting_counts):
        return Finding(part, "groen", f"Verbonden; daar aangekomen: {arrived}.")
    found = "Er is geen kanaal van Teams verbonden; samenvattingen staan op de pagina /kanaal."
    if kept.lost:
        found = f"{kept.lost} is weg: verwijderd, gearchiveerd, of Moi is uit het team gehaald. {found}"
    if kept.homeless:
        found += f" Er wachten er {kept.homeless} tot er weer een kanaal is."
    state: State = "rood" if kept.lost or kept.homeless else "oranje"
    return Finding(part, state, found, "Voeg Moi toe aan het team en typ daar: @Moi verbind dit kanaal.")


def _reason(error: Exception) -> str:
    cause = getattr(error, "orig", None) or error
    return " ".join(str(cause).split()).rstrip(".?") or type(cause).__name__
