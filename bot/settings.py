"""Every setting of Moi, read from the environment, and the refusals that keep an unsafe one from starting."""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Mapping
from contextlib import suppress
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as UnreadableError

from bot.people import ROLES

PROJECT = Path(__file__).resolve().parent.parent
PREFIX = "MOI_"
SHORTEST_SECRET = 32
MOST_DIFFERENT = 10  # A secret with fewer different characters than this is typed, not made.

EXPECTED = {
    "int_parsing": "moet een geheel getal zijn",
    "bool_parsing": "moet true of false zijn",
    "greater_than_equal": "is te klein",
    "less_than_equal": "is te groot",
    "literal_error": "moet DEBUG, INFO, WARNING of ERROR zijn",
}


class SettingsError(Exception):
    """Moi cannot start with these settings; `problems` says in Dutch what is wrong and what to do."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Settings(BaseSettings):
    """The settings as they hold for this run; each comes from the environment variable MOI_ plus its name."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="ignore")

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=3978, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    data_dir: Path = Field(
        default=PROJECT / ".data", description="Folder for the SQLite files and the secret."
    )
    database_url: str = Field(
        repr=False,
        default_factory=lambda said: f"sqlite:///{Path(said['data_dir']).absolute()}/moi.sqlite",
        description="SQLite file by default; a `postgresql://` address for several instances.",
    )
    app_id: str = Field(
        default="", description="Application id of the bot in Microsoft Entra; empty: no Teams."
    )
    app_password: str = Field(
        default="", repr=False, description="Client secret that belongs to the application id."
    )
    app_certificate: str = Field(
        default="",
        repr=False,
        description="Certificate with its private key as PEM text, instead of the client secret.",
    )
    app_certificate_file: Path | None = Field(
        default=None, description="File with that certificate, instead of the text."
    )
    app_managed_identity: bool = Field(
        default=False, description="Use the managed identity that Azure gives Moi, instead of a secret."
    )
    tenant_id: str = Field(default="", description="The only Microsoft tenant whose messages are accepted.")
    development: bool = Field(
        default_factory=lambda said: is_loopback(said["host"]) and not said["app_id"],
        description="Sign in by choosing a role. On by default at a loopback address without an application id; "
        "refused anywhere else.",
    )
    public_url: str | None = Field(
        default=None, description="Address under which colleagues reach Moi, for links."
    )
    secret: str = Field(default="", repr=False, description="Signs web tokens; made and kept in development.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least level that is logged."
    )
    knowledge_dir: Path = Field(
        default=PROJECT / "knowledge" / "data", description="Folder with the YAML of the knowledge."
    )
    channel_service_url: str | None = Field(
        default=None,
        description="Service address of the Teams channel for summaries, until one is connected from inside Teams.",
    )
    channel_conversation: str | None = Field(
        default=None, description="Conversation id of that Teams channel."
    )
    role_members: dict[str, list[str]] = Field(
        default_factory=dict,
        description="Per role the Entra object ids of people who have it in Teams, as JSON; whoever signed in on the "
        "web needs no place here.",
    )
    authority: str = Field(
        default="https://login.microsoftonline.com",
        description="Where the bot gets its own token; another one in tests.",
    )
    metadata_url: str = Field(
        default="https://login.botframework.com/v1/.well-known/openidconfiguration",
        description="Where the keys are that sign messages from Teams; another one in tests.",
    )

    @property
    def address(self) -> str:
        """The address to show and to link to, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")


def parse_settings() -> Settings:
    """Read the settings without judging them, for what runs without a server; raises `SettingsError`."""
    try:
        return Settings()
    except ValidationError as error:
        # A default that follows from a wrong setting is not a mistake of its own.
        wrong = [mistake for mistake in error.errors() if mistake["type"] != "default_factory_not_called"]
        raise SettingsError([_in_dutch(mistake) for mistake in wrong]) from error
    except UnreadableError as error:
        raise SettingsError(
            ['MOI_ROLE_MEMBERS is geen JSON. Schrijf bijvoorbeeld: {"inkoop": ["<object-id>"]}.']
        ) from error


def read_settings() -> Settings:
    """Read and judge the settings; raises `SettingsError` when Moi must not start with them.

    In development a secret is made once and kept in the data folder, so that a restart does not sign people out.
    """
    settings = parse_settings()
    if problems := refusals(settings):
        raise SettingsError(problems)
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        return (
            settings
            if settings.secret
            else settings.model_copy(update={"secret": _kept_secret(settings.data_dir)})
        )
    except OSError as error:
        raise SettingsError(
            [
                f"In MOI_DATA_DIR ({settings.data_dir}) kan ik niet schrijven: {error.strerror}. Kies een andere map."
            ]
        ) from error


def refusals(settings: Settings) -> list[str]:
    """Name what makes these settings unsafe, in Dutch and with what to do; empty when they are safe."""
    problems = []
    if settings.development:
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
    else:
        problems += [
            f"{PREFIX}{name.upper()} ontbreekt. Zonder MOI_DEVELOPMENT=true is die nodig; vraag hem aan beheer."
            for name in ("app_id", *_proof_missing(settings), "tenant_id", "secret")
            if not getattr(settings, name)
        ]
    try:
        if settings.app_certificate or settings.app_certificate_file:
            # Cryptography takes time to load, which most commands need not spend.
            import_module("bot.app_credentials").from_settings(settings)
    except (ValueError, OSError):
        problems.append(
            "MOI_APP_CERTIFICATE is geen PEM-tekst met een certificaat en de RSA-sleutel die erbij hoort. Zet ze samen in "
            "de tekst, of in het bestand van MOI_APP_CERTIFICATE_FILE."
        )
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
    if unknown := sorted(settings.role_members.keys() - ROLES):
        problems.append(
            f"MOI_ROLE_MEMBERS kent de rol {unknown[0]} niet. Kies uit: {', '.join(sorted(ROLES))}."
        )
    return problems


def _proof_missing(settings: Settings) -> tuple[str, ...]:
    """A client secret is only missed when Moi has no other way to prove who it is."""
    other = settings.app_certificate or settings.app_certificate_file or settings.app_managed_identity
    return () if other else ("app_password",)


def unknown_settings(environ: Mapping[str, str]) -> list[str]:
    """Name the MOI_ variables that Moi does not know, with the one that was probably meant."""
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    remarks = []
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in known:
            near = get_close_matches(name, known, n=1)
            remarks.append(f"{name} ken ik niet." + (f" Bedoel je {near[0]}?" if near else ""))
    return remarks


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _kept_secret(folder: Path) -> str:
    """Read the secret of this development copy, or make it; only the owner of the folder can read the file."""
    file = folder / "geheim"
    if not file.exists():
        draft = folder / f"geheim.{secrets.token_hex(4)}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        # A link is made whole or not at all, so two copies that start at once end with the same secret.
        with suppress(FileExistsError):
            file.hardlink_to(draft)
        draft.unlink()
    return file.read_text()


def _in_dutch(mistake: Mapping[str, Any]) -> str:
    name = PREFIX + str(mistake["loc"][0]).upper() if mistake["loc"] else "Een instelling"
    return f"{name} {EXPECTED.get(mistake['type'], 'klopt niet')}; nu staat er: {mistake['input']!r}."
