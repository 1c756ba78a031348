"""Secrets come from the environment or from files, and are never shown again."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.refusals import refusals
from bot.settings import PROJECT, Settings, SettingsError, read_settings
from tests.bot.test_settings import OUTSIDE, SECRET, settings_with
from tests.bot.test_settings import bare as bare

PASSWORD = "Wq7-zeer-geheim-van-de-bot"
SECRETS = {"MOI_SECRET": SECRET, "MOI_APP_PASSWORD": PASSWORD}


def put(folder: Path, **secrets: str) -> Path:
    """A folder with a file per secret, ending in a line end as editors leave it."""
    folder.mkdir()
    for name, value in secrets.items():
        (folder / name).write_text(value + "\n")
    return folder


def test_from_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A setting may be a file with its name, as Kubernetes, Docker and systemd hand out secrets."""
    folder = put(
        tmp_path / "s", moi_secret=SECRET, moi_app_password=PASSWORD, moi_database_url="sqlite:///x.db"
    )
    said = {name: value for name, value in OUTSIDE.items() if name not in SECRETS}
    settings = settings_with(monkeypatch, **said, MOI_SECRETS_DIR=str(folder))

    assert (settings.secret, settings.app_password) == (SECRET, PASSWORD)
    assert settings.database_url == "sqlite:///x.db"


def test_the_environment_goes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is in the environment is used before what is in a file."""
    folder = put(tmp_path / "s", moi_secret=SECRET[::-1])

    assert settings_with(monkeypatch, MOI_SECRETS_DIR=str(folder), MOI_SECRET=SECRET).secret == SECRET


def test_no_such_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder that is not there is a mistake that is named, not a Moi without secrets."""
    with pytest.raises(SettingsError, match="die map is er niet"):
        settings_with(monkeypatch, MOI_SECRETS_DIR=str(tmp_path / "nergens"))


def test_a_bad_secret_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A secret that is easy to guess is refused from a file as well, without showing it."""
    folder = put(tmp_path / "s", moi_secret="welkom123welkom123welkom123welkom123")
    monkeypatch.setenv("MOI_SECRETS_DIR", str(folder))
    with pytest.raises(SettingsError, match="te makkelijk te raden") as refused:
        read_settings()

    assert "welkom123" not in str(refused.value)


def test_not_in_repr() -> None:
    """Settings that are printed by mistake show no secret; neither does the address of a database its password."""
    said: dict[str, Any] = {
        "secret": SECRET,
        "app_password": PASSWORD,
        "database_url": "postgresql://moi:Zx9%21k@db/moi",
    }
    settings = Settings(**said)

    assert not [
        hidden for hidden in (SECRET, PASSWORD, "Zx9", "postgresql") if hidden in f"{settings!r} {settings}"
    ]
    assert settings.secrets() == [said["database_url"], PASSWORD, SECRET, "Zx9!k"]


def test_every_secret_is_hidden() -> None:
    """A setting whose name says that it is a secret is hidden, also one that is added later."""
    shown = [
        name
        for name, field in Settings.model_fields.items()
        if field.repr and any(word in name for word in ("password", "secret", "token", "key"))
    ]

    assert [name for name in shown if name not in ("secrets_dir",)] == []


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [
        ("security_contact", "meld@example.nl", "MOI_SECURITY_CONTACT"),
        ("inside_port", 3978, "MOI_INSIDE_PORT"),
    ],
)
def test_refused(setting: str, value: Any, message: str) -> None:
    """A contact that is no address and a port that is taken are refused."""
    problems = refusals(Settings(development=True, secret=SECRET, **{setting: value}))

    assert [problem for problem in problems if message in problem]


@pytest.fixture
async def program(tmp_path: Path) -> AsyncIterator[tuple[asyncio.subprocess.Process, str, str]]:
    """The real program outside development, with its secrets in files and its numbers at a port of their own."""
    folder = put(tmp_path / "s", moi_secret=SECRET, moi_app_password=PASSWORD)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MOI_")}
    settings = {name: value for name, value in OUTSIDE.items() if name not in SECRETS} | {
        "MOI_HOST": "127.0.0.1",
        "MOI_PORT": "0",
        "MOI_INSIDE_PORT": "0",
        "MOI_SECRETS_DIR": str(folder),
        "MOI_DATA_DIR": str(tmp_path / "data"),
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "app.py", cwd=PROJECT, env=clean | settings, stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr
    inside = outside = ""
    async with asyncio.timeout(90):
        while not outside:
            line = json.loads(await process.stderr.readline())
            if line["event"] == "listening inside":
                inside = f"http://127.0.0.1:{line['port']}"
            elif line["event"] == "listening":
                outside = line["address"]
    yield process, outside, inside
    if process.returncode is None:
        process.kill()
    await process.wait()


async def test_shown_nowhere(program: tuple[asyncio.subprocess.Process, str, str]) -> None:
    """No page, error, number or log line of the running program holds a secret, and its numbers are inside only."""
    process, outside, inside = program
    asked = [
        outside + path for path in ("/", "/nergens", "/kanaal", "/privacy", "/aanmelden", "/%00", "/metrics")
    ]
    statuses, said = {}, []
    async with ClientSession() as browser:
        for url in [*asked, *(inside + path for path in ("/healthz", "/readyz", "/metrics"))]:
            for accept in ("text/html", "application/json"):
                headers = {"Accept": accept, "Authorization": f"Bearer {SECRET}", "Cookie": f"moi={PASSWORD}"}
                async with browser.get(url, headers=headers) as answer:
                    statuses[url] = answer.status
                    said += [await answer.text(), str(dict(answer.headers))]
        async with browser.post(
            f"{outside}/api/messages", headers={"Authorization": f"Bearer {SECRET}"}
        ) as answer:
            said.append(await answer.text())
    process.send_signal(signal.SIGTERM)
    _, log = await process.communicate()

    assert (statuses[f"{outside}/metrics"], statuses[f"{inside}/metrics"]) == (404, 200)
    assert statuses[f"{inside}/healthz"] == 200
    assert process.returncode == 0
    assert b"stopping" in log
    assert [hidden for hidden in (SECRET, PASSWORD) if hidden in log.decode() + "".join(said)] == []


def test_help_shows_no_secret() -> None:
    """The help and a refusal do not show what is set."""
    for arguments in (["--help"], ["onzin"], ["serve"]):
        done = subprocess.run(
            [sys.executable, "app.py", *arguments],
            cwd=PROJECT,
            env=os.environ | OUTSIDE | SECRETS | {"MOI_TENANT_ID": "", "MOI_PORT": "x"},
            capture_output=True,
            text=True,
            check=False,
        )

        assert done.stdout + done.stderr
        assert [hidden for hidden in (SECRET, PASSWORD) if hidden in done.stdout + done.stderr] == []
