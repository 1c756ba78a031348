"""Every setting of Moi, read from the environment; what keeps an unsafe one from starting is in `bot.refusals`."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.addresses import is_loopback
from bot.refusals import refusals

PROJECT = Path(__file__).resolve().parent.parent
PREFIX = "MOI_"
SECRETS_DIR = f"{PREFIX}SECRETS_DIR"

EXPECTED = {
    "int_parsing": "moet een geheel getal zijn",
    "float_parsing": "moet een getal zijn",
    "greater_than": "is te klein",
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
        description="SQLite file by default; a `postgresql://` address for several machines.",
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
    oidc_issuer: str = Field(
        default="",
        description="Who signs people in on the web: the issuer of an OpenID Connect provider, for Entra "
        "`https://login.microsoftonline.com/TENANT/v2.0`; empty: nobody can sign in.",
    )
    oidc_client_id: str = Field(default="", description="Under which id the provider knows Moi.")
    oidc_client_secret: str = Field(
        default="", repr=False, description="Client secret that belongs to that id."
    )
    roles_claim: str = Field(
        default="roles", description="Claim of the provider that holds the roles or groups of a person."
    )
    roles: Annotated[dict[str, tuple[str, ...]], NoDecode] = Field(
        default_factory=dict,
        description="Which roles or groups of the provider give which role of Moi, as JSON: "
        '`{"mvoi": "…", "inkoop": ["…", "…"]}`; without it they have the names that Moi uses.',
    )
    team_claim: str = Field(
        default="",
        description="Claim of the provider that holds somebody's team, for who gets a campaign; empty: Moi knows of none.",
    )
    domain_claim: str = Field(
        default="", description="Claim that holds somebody's domein; empty: Moi knows of none."
    )
    frame_ancestors: str = Field(
        default="",
        description="Websites that may show Moi in a frame, such as `https://intranet.example.nl`, with spaces between; "
        "empty: none.",
    )
    development: bool = Field(
        default_factory=lambda said: (
            is_loopback(said["host"]) and not said["app_id"] and not said["oidc_issuer"]
        ),
        description="Sign in by choosing a role. On by default at a loopback address without an application id and a "
        "provider; refused anywhere else.",
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
    knowledge_seconds: float = Field(
        default=3.0, gt=0, description="Seconds between looks whether the knowledge was edited."
    )
    channel_service_url: str | None = Field(
        default=None,
        description="Service address of the Teams channel for summaries, until one is connected from inside Teams.",
    )
    channel_conversation: str | None = Field(
        default=None, description="Conversation id of that Teams channel."
    )
    role_members: Annotated[dict[str, tuple[str, ...]], NoDecode] = Field(
        default_factory=dict,
        description="Per role the Entra object ids of people who have it in Teams, as JSON; whoever signed in on the "
        "web needs no place here.",
    )
    keep_open_talks_days: int = Field(
        default=90, ge=1, le=36500, description="Days that a talk that was not finished is kept."
    )
    keep_finished_talks_days: int = Field(
        default=365,
        ge=1,
        le=36500,
        description="Days that the answers of a sent request are kept; so long it can be changed.",
    )
    keep_web_log_days: int = Field(
        default=30,
        ge=1,
        le=36500,
        description="Days that the messages of a web conversation are kept after the last one.",
    )
    keep_conversations_days: int = Field(
        default=365,
        ge=1,
        le=36500,
        description="Days that a place where Moi talked with somebody is kept after it was used.",
    )
    keep_people_days: int = Field(
        default=730,
        ge=1,
        le=36500,
        description="Days after which somebody who was not seen any more is forgotten; their requests lose their sender.",
    )
    keep_audit_days: int = Field(
        default=1095, ge=1, le=36500, description="Days that the log of actions is kept."
    )
    keep_records_days: int = Field(
        default=0,
        ge=0,
        le=36500,
        description="Days that a request is kept after its last change; 0 keeps it until the organisation decides.",
    )
    campaign_rate: int = Field(
        default=40,
        ge=1,
        le=40,
        description="Messages a second of all campaigns together; what else Moi sends goes before and is counted in.",
    )
    campaigns_a_week: int = Field(
        default=1, ge=1, le=7, description="Campaigns that one colleague gets in seven days at most."
    )
    campaign_first_hour: int = Field(
        default=9,
        ge=0,
        le=11,
        description="Hour in the Netherlands from which campaigns are sent.",
    )
    campaign_last_hour: int = Field(
        default=17, ge=12, le=24, description="Hour from which they wait for the next morning."
    )
    campaign_days: int = Field(
        default=5, ge=1, le=7, description="Days from Monday on of which that holds; 7 is the weekend too."
    )
    authority: str = Field(
        default="https://login.microsoftonline.com",
        description="Where the bot gets its own token; another one in tests.",
    )
    metadata_url: str = Field(
        default="https://login.botframework.com/v1/.well-known/openidconfiguration",
        description="Where the keys are that sign messages from Teams; another one in tests.",
    )

    secrets_dir: Path | None = Field(
        default=None,
        description="Folder with settings as files, such as `moi_secret`, for what must not be in the environment.",
    )
    person_limit: int = Field(
        default_factory=lambda said: 0 if said["development"] else 240,
        ge=0,
        description="Requests a minute for one person; 0 is no limit.",
    )
    address_limit: int = Field(
        default_factory=lambda said: 0 if said["development"] else 3000,
        ge=0,
        description="Requests a minute from one address by whoever is not signed in; 0 is no limit.",
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=9,
        description="How many proxies of ours stand before Moi, each of which adds to `X-Forwarded-For`.",
    )
    processes: int = Field(
        default=1,
        ge=1,
        le=16,
        description="Processes that answer side by side on this machine; one per processor when hundreds talk at once.",
    )
    inside_port: int | None = Field(
        default=None,
        ge=0,
        le=65535,
        description="A port for `/healthz`, `/readyz` and `/metrics` only, which are then not at `MOI_PORT`.",
    )
    security_contact: str = Field(
        default="",
        description="Where a leak can be reported (`mailto:` or `https:`); shown in `/.well-known/security.txt`.",
    )

    @property
    def https(self) -> bool:
        """Whether browsers reach Moi with https; outside development that is so, whoever forgot to say it."""
        return not self.development or self.address.startswith("https:")

    def secrets(self) -> list[str]:
        """The values that may be seen nowhere."""
        hidden = [
            str(getattr(self, name)) for name, field in type(self).model_fields.items() if not field.repr
        ]
        with suppress(ValueError):
            hidden.append(unquote(urlsplit(self.database_url).password or ""))
        return [value for value in hidden if value]

    @field_validator("roles", "role_members", mode="before")
    @classmethod
    def _roles(cls, said: object) -> object:
        """Read the JSON; one name may stand for a list of one."""
        read = json.loads(said) if isinstance(said, str) else said
        if not isinstance(read, dict):
            raise ValueError("not an object")
        return {role: (names,) if isinstance(names, str) else names for role, names in read.items()}

    @property
    def address(self) -> str:
        """The address to show and to link to, without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")


def parse_settings() -> Settings:
    """Read the settings without judging them, for what runs without a server; raises `SettingsError`.

    What is in the environment goes before what is in the folder of `MOI_SECRETS_DIR`.
    """
    folder = os.environ.get(SECRETS_DIR) or None
    if folder and not Path(folder).is_dir():
        raise SettingsError(
            [f"{SECRETS_DIR} is {folder}, maar die map is er niet. Maak hem, of haal {SECRETS_DIR} weg."]
        )
    try:
        return Settings(_secrets_dir=folder)  # type: ignore[call-arg]  # its plugin for mypy is not used
    except OSError as error:
        raise SettingsError(
            [
                f"In {SECRETS_DIR} ({folder}) kan ik een bestand niet lezen: {error.strerror}. Geef Moi leesrecht."
            ]
        ) from error
    except ValidationError as error:
        # A default that follows from a wrong setting is not a mistake of its own.
        wrong = [mistake for mistake in error.errors() if mistake["type"] != "default_factory_not_called"]
        raise SettingsError([_in_dutch(mistake) for mistake in wrong]) from error


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


def unknown_settings(environ: Mapping[str, str]) -> list[str]:
    """Name the MOI_ variables that Moi does not know, with the one that was probably meant."""
    known = [PREFIX + name.upper() for name in Settings.model_fields]
    remarks = []
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in known:
            near = get_close_matches(name, known, n=1)
            remarks.append(f"{name} ken ik niet." + (f" Bedoel je {near[0]}?" if near else ""))
    return remarks


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
    problem = f"{name} {EXPECTED.get(mistake['type'], 'klopt niet')}"
    field = Settings.model_fields.get(str(mistake["loc"][0])) if mistake["loc"] else None
    return f"{problem}; nu staat er: {mistake['input']!r}." if field and field.repr else f"{problem}."
