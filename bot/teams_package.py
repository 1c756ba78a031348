"""The app package for Microsoft Teams: who Moi is, what one can type, and the icons, as the zip that an administrator uploads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import yaml
from pydantic import BaseModel, ConfigDict, Field

from bot.addresses import is_loopback
from bot.settings import Settings
from bot.version import VERSION
from knowledge.knowledge import Knowledge

FOLDER = Path(__file__).parent / "teams_app"
SCHEMA_VERSION = "1.30"
SCHEMA = f"https://developer.microsoft.com/json-schemas/teams/v{SCHEMA_VERSION}/MicrosoftTeams.schema.json"
MAKER = "Gemeente Midden-Groningen"
ACCENT = "#105f26"  # The green of the mark.
ICONS = {"color": "kleur.png", "outline": "omtrek.png", "color32x32": "klein.png"}
DUTCH, ENGLISH = "nl", "en"
SCOPES = ("personal", "team", "groupChat")

COMMANDS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (
        ("personal",),
        (
            "hallo",
            "inspiratie",
            "criteria",
            "express",
            "verder",
            "wijzig",
            "stop",
            "mens",
            "mijn gegevens",
            "hulp",
        ),
    ),
    (("team", "groupChat"), ("hulp", "inspiratie", "criteria", "verbind dit kanaal")),
)
"""What Teams shows as one types, by where; of these only what Moi understands."""
ASKED_OF_A_CHAT = ({"name": "ChatMessageReadReceipt.Read.Chat", "type": "Application"},)
"""What Moi may know of a chat it is in: up to which message was read, where the person and the organisation allow that."""
ALWAYS = "opdrachten"  # The words of what one can always say.
SEARCH, FIELD = "inspiratie", "zoek"


class NotPossibleError(Exception):
    """No package can be made with these settings; `problems` says in Dutch what to do."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Search(BaseModel):
    """The words of the search from the compose box."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = Field(alias="titel", max_length=32)
    explain: str = Field(alias="uitleg", max_length=128)
    field: str = Field(alias="veld", max_length=32)
    field_explain: str = Field(alias="veld-uitleg", max_length=128)


class Texts(BaseModel):
    """How Moi introduces itself in one language; the lengths are limits of Teams."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(alias="naam", max_length=30)
    full_name: str = Field(alias="volledig", max_length=100)
    short: str = Field(alias="kort", max_length=80)
    long: str = Field(alias="lang", max_length=4000)
    commands: Mapping[str, str] = Field(alias="opdrachten")
    search: Search = Field(alias="zoeken")


def texts(language: str) -> Texts:
    """Read how Moi introduces itself in this language, "nl" or "en"."""
    return Texts.model_validate(yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8")))


def package(settings: Settings, knowledge: Knowledge) -> bytes:
    """Make the zip for Teams, the same for the same settings; raises `NotPossibleError`."""
    if problems := list(obstacles(settings)):
        raise NotPossibleError(problems)
    manifest = manifest_of(settings, knowledge)
    files = {
        "manifest.json": _json(manifest),
        f"{ENGLISH}.json": _json(translation(manifest, texts(ENGLISH))),
    }
    files |= {name: (FOLDER / name).read_bytes() for name in ICONS.values()}
    whole = BytesIO()
    with ZipFile(whole, "w", ZIP_DEFLATED) as packed:
        for name, content in files.items():
            # Without the moment of packing, so that one can see whether two packages differ.
            packed.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    return whole.getvalue()


def obstacles(settings: Settings) -> Iterator[str]:
    """Name in Dutch what must be set before a package can be made."""
    if not settings.app_id:
        yield "MOI_APP_ID ontbreekt. Vul de Application (client) ID van de app-registratie in; zie docs/installeren.md, stap 2."
    elif not is_guid(settings.app_id):
        yield f"MOI_APP_ID moet een GUID zijn, zoals 00000000-0000-0000-0000-000000000000; nu staat er: {settings.app_id!r}."
    if not settings.public_url:
        yield "MOI_PUBLIC_URL ontbreekt. Vul het adres in waarop collega's Moi bereiken, bijvoorbeeld https://moi.example.nl."
    elif not is_public(settings.public_url):
        yield (
            f"MOI_PUBLIC_URL moet met https:// beginnen en van buiten bereikbaar zijn; nu staat er: {settings.public_url!r}."
        )


def is_guid(text: str) -> bool:
    """Whether this is an id as Microsoft Entra gives it."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def is_public(address: str) -> bool:
    """Whether Teams could reach this address: https, and not this machine."""
    split = _split(address)
    return bool(split and split.scheme == "https" and split.hostname and not is_loopback(split.hostname))


def manifest_of(settings: Settings, knowledge: Knowledge) -> dict[str, Any]:
    """The manifest in Dutch, the first language of Moi."""
    said = texts(DUTCH)
    split = _split(settings.address)
    return {
        "$schema": SCHEMA,
        "manifestVersion": SCHEMA_VERSION,
        "version": VERSION,
        # One number for the bot and its app in Teams, so that there is one to copy and to look for.
        "id": settings.app_id.lower(),
        "localizationInfo": {
            "defaultLanguageTag": DUTCH,
            "additionalLanguages": [{"languageTag": ENGLISH, "file": f"{ENGLISH}.json"}],
        },
        "developer": {
            "name": MAKER,
            "websiteUrl": f"{settings.address}/",
            "privacyUrl": f"{settings.address}/privacy",
            "termsOfUseUrl": f"{settings.address}/voorwaarden",
        },
        "name": {"short": said.name, "full": said.full_name},
        "description": {"short": said.short, "full": said.long},
        "icons": dict(ICONS),
        "accentColor": ACCENT,
        "bots": [
            {
                "botId": settings.app_id.lower(),
                "scopes": list(SCOPES),
                "isNotificationOnly": False,
                "supportsFiles": False,
                "commandLists": [
                    {"scopes": list(scopes), "commands": _commands(understood(names, knowledge), said)}
                    for scopes, names in COMMANDS
                ],
            }
        ],
        "composeExtensions": [
            {
                "botId": settings.app_id.lower(),
                "commands": [_search(said.search)],
                # A link to the page of a package becomes its card.
                "messageHandlers": [
                    {"type": "link", "value": {"domains": [split.hostname] if split else []}}
                ],
            }
        ],
        "permissions": ["identity", "messageTeamMembers"],
        # Teams wants some address there; nothing is done with it.
        "webApplicationInfo": {"id": settings.app_id.lower(), "resource": settings.address},
        "authorization": {"permissions": {"resourceSpecific": list(ASKED_OF_A_CHAT)}},
        "validDomains": [split.netloc] if split else [],
        "defaultInstallScope": "personal",
        "defaultGroupCapability": {"team": "bot", "groupchat": "bot"},
    }


def translation(manifest: Mapping[str, Any], said: Texts) -> dict[str, str]:
    """The texts of the manifest in another language, by where they stand, as Teams reads them.

    What one types stays as it is, because Moi listens in Dutch.
    """
    command = "composeExtensions[0].commands[0]"
    words = {
        "$schema": SCHEMA.replace("schema.json", "Localization.schema.json"),
        "name.short": said.name,
        "name.full": said.full_name,
        "description.short": said.short,
        "description.full": said.long,
        f"{command}.title": said.search.title,
        f"{command}.description": said.search.explain,
        f"{command}.parameters[0].title": said.search.field,
        f"{command}.parameters[0].description": said.search.field_explain,
    }
    for number, listed in enumerate(manifest["bots"][0]["commandLists"]):
        for place, shown in enumerate(listed["commands"]):
            where = f"bots[0].commandLists[{number}].commands[{place}].description"
            words[where] = said.commands[shown["title"]]
    return words


def understood(names: Iterable[str], knowledge: Knowledge) -> list[str]:
    """Those of the commands that Moi has words for, in the same order."""
    known = set()
    for question in knowledge.words.dialogs[ALWAYS].questions.values():
        for key, option in question.options.items():
            known |= {_plain(phrase) for phrase in (key, option.label, *option.said)}
    return [name for name in names if _plain(name) in known]


def _commands(names: Iterable[str], said: Texts) -> list[dict[str, str]]:
    return [{"title": name, "description": said.commands[name]} for name in names]


def _search(said: Search) -> dict[str, Any]:
    field = {"name": FIELD, "title": said.field, "description": said.field_explain, "inputType": "text"}
    return {
        "id": SEARCH,
        "type": "query",
        "title": said.title,
        "description": said.explain,
        "context": ["compose", "commandBox"],
        "initialRun": True,
        "parameters": [field],
    }


def _plain(phrase: str) -> str:
    return re.sub(r"[\s-]+", " ", phrase).strip().lower()


def _split(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:
        return None


def _json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
