"""The settings keep an unsafe Moi from starting, and say what to do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.addresses import is_loopback
from bot.settings import Settings, SettingsError, read_settings, unknown_settings

SECRET = "q8Zk3vT1xW7mB5nR0cY4hL6jD2fS9aGe"
OUTSIDE = {
    "MOI_HOST": "0.0.0.0",
    "MOI_APP_ID": "6f1c7a3e-0000-4000-8000-2f1d5b7c9e11",
    "MOI_APP_PASSWORD": "wachtwoord-van-de-bot",
    "MOI_TENANT_ID": "0b9d2c44-0000-4000-8000-7a1e3f5d6c22",
    "MOI_SECRET": SECRET,
}


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Start every test without settings but a data folder of its own."""
    for name in [name for name in os.environ if name.startswith("MOI_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MOI_DATA_DIR", str(tmp_path / "data"))


def settings_with(monkeypatch: pytest.MonkeyPatch, **said: str | None) -> Settings:
    for name, value in said.items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    return read_settings()


def test_nothing_set(tmp_path: Path) -> None:
    """Without any setting Moi runs in development, on this machine only, with its data in one folder."""
    settings = read_settings()

    assert settings.development
    assert (settings.host, settings.port) == ("127.0.0.1", 3978)
    assert settings.database_url == f"sqlite:///{tmp_path}/data/moi.sqlite"
    assert settings.address == "http://127.0.0.1:3978"


def test_empty_is_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty variable counts as not set, as deployment tools leave them."""
    assert settings_with(monkeypatch, MOI_PORT="", MOI_APP_ID="").port == 3978


def test_secret_is_kept() -> None:
    """In development the secret is made once, is hard to guess, and survives a restart."""
    first, second = read_settings(), read_settings()

    assert first.secret == second.secret
    assert len(first.secret) >= 32


def test_secret_is_private() -> None:
    """Only the owner of the data folder can read the secret, and it is never shown."""
    settings = read_settings()

    assert (settings.data_dir / "geheim").stat().st_mode & 0o077 == 0
    assert settings.secret not in repr(settings)


def test_outside_development(monkeypatch: pytest.MonkeyPatch) -> None:
    """With an application, a tenant and a secret Moi may listen to the network, without development."""
    settings = settings_with(monkeypatch, **OUTSIDE)

    assert not settings.development


@pytest.mark.parametrize("name", ["MOI_APP_ID", "MOI_APP_PASSWORD", "MOI_TENANT_ID", "MOI_SECRET"])
def test_outside_needs(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Outside development nothing that keeps strangers out may be missing."""
    with pytest.raises(SettingsError, match=f"{name} ontbreekt"):
        settings_with(monkeypatch, **(OUTSIDE | {name: None}))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.20", "moi.example.nl", "127.0.0.1.example.nl"])
def test_development_stays_home(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    """Development at any other address than a loopback one is refused, whatever else is set."""
    with pytest.raises(SettingsError, match="MOI_DEVELOPMENT=false"):
        settings_with(monkeypatch, **(OUTSIDE | {"MOI_HOST": host, "MOI_DEVELOPMENT": "true"}))


def test_development_behind_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Development with an address for colleagues is refused: a proxy in front would let everyone choose a role."""
    with pytest.raises(SettingsError, match="MOI_PUBLIC_URL"):
        settings_with(monkeypatch, MOI_PUBLIC_URL="https://moi.example.nl")


@pytest.mark.parametrize("secret", ["geheim", "changeme", "x" * 64, "abcabcabcabcabcabcabcabcabcabcabcabc"])
def test_guessable_secret(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    """A short or repeated secret is refused, in development too."""
    with pytest.raises(SettingsError, match="te makkelijk te raden"):
        settings_with(monkeypatch, MOI_SECRET=secret)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("MOI_PORT", "abc", "MOI_PORT moet een geheel getal zijn; nu staat er: 'abc'."),
        ("MOI_PORT", "70000", "MOI_PORT is te groot; nu staat er: '70000'."),
        (
            "MOI_DEVELOPMENT",
            "misschien",
            "MOI_DEVELOPMENT moet true of false zijn; nu staat er: 'misschien'.",
        ),
        (
            "MOI_LOG_LEVEL",
            "hard",
            "MOI_LOG_LEVEL moet DEBUG, INFO, WARNING of ERROR zijn; nu staat er: 'hard'.",
        ),
    ],
)
def test_mistakes_in_dutch(monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str) -> None:
    """A mistake in a setting is named once, in Dutch, with what was found."""
    with pytest.raises(SettingsError) as refused:
        settings_with(monkeypatch, **{name: value})

    assert refused.value.problems == [message]


def test_half_a_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Teams channel needs its service address and its conversation, both or neither."""
    with pytest.raises(SettingsError, match="horen bij elkaar"):
        settings_with(monkeypatch, **OUTSIDE, MOI_CHANNEL_CONVERSATION="19:kanaal@thread.tacv2")


def test_channel_without_app(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Teams channel without an application could never be reached, so it is refused."""
    with pytest.raises(SettingsError, match="MOI_APP_ID"):
        settings_with(
            monkeypatch,
            MOI_CHANNEL_CONVERSATION="19:kanaal@thread.tacv2",
            MOI_CHANNEL_SERVICE_URL="https://smba.example.nl",
        )


def test_typing_mistake() -> None:
    """A variable that Moi does not know is named, with the one that was probably meant."""
    assert unknown_settings({"MOI_PROT": "1", "PATH": "/bin", "MOI_HOST": "::1"}) == [
        "MOI_PROT ken ik niet. Bedoel je MOI_PORT?"
    ]


@pytest.mark.parametrize(
    ("host", "home"),
    [
        ("localhost", True),
        ("::1", True),
        ("127.8.8.8", True),
        ("10.0.0.1", False),
        ("", False),
        ("localhost.nl", False),
    ],
)
def test_loopback(host: str, home: bool) -> None:
    """Only addresses that never leave this machine count as loopback."""
    assert is_loopback(host) is home


def test_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """Links use the address for colleagues, and an IPv6 address gets its brackets."""
    assert settings_with(monkeypatch, MOI_HOST="::1").address == "http://[::1]:3978"
    assert (
        settings_with(monkeypatch, MOI_PUBLIC_URL="http://localhost/moi/").address == "http://localhost/moi"
    )
