"""Choosing a role cannot be reached where others can come, by any setting; and signing in is set up whole or not at all."""

from __future__ import annotations

import itertools
import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from bot.addresses import is_loopback
from bot.settings import Settings, SettingsError, read_settings
from bot.signin import SignIn

SECRET = "q8Zk3vT1xW7mB5nR0cY4hL6jD2fS9aGe"
APP = {
    "MOI_APP_ID": "6f1c7a3e-0000-4000-8000-2f1d5b7c9e11",
    "MOI_APP_PASSWORD": "wachtwoord-van-de-bot",
    "MOI_TENANT_ID": "0b9d2c44-0000-4000-8000-7a1e3f5d6c22",
}
OIDC = {
    "MOI_OIDC_ISSUER": "https://login.example.nl",
    "MOI_OIDC_CLIENT_ID": "moi",
    "MOI_OIDC_CLIENT_SECRET": "geheim-van-de-aanmelding",
}
OUTSIDE = {"MOI_HOST": "0.0.0.0", "MOI_PUBLIC_URL": "https://moi.example.nl", "MOI_SECRET": SECRET, **APP}

CHOICES: dict[str, tuple[dict[str, str], ...]] = {
    "host": tuple({"MOI_HOST": host} for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "10.1.2.3")),
    "public": (
        {},
        *(
            {"MOI_PUBLIC_URL": url}
            for url in ("http://localhost/moi", "https://moi.example.nl", "moi.example.nl")
        ),
    ),
    "app": ({}, APP, {"MOI_APP_ID": "x"}),
    "development": ({}, *({"MOI_DEVELOPMENT": said} for said in ("true", "1", "false", ""))),
    "oidc": ({}, OIDC, {"MOI_OIDC_ISSUER": "http://127.0.0.1:9"}),
    "secret": ({}, {"MOI_SECRET": SECRET}),
}


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Start every test without settings but a data folder of its own."""
    for name in [name for name in os.environ if name.startswith("MOI_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MOI_DATA_DIR", str(tmp_path / "data"))


def settings_with(monkeypatch: pytest.MonkeyPatch, said: dict[str, str]) -> Settings:
    with monkeypatch.context() as patched:
        for name, value in said.items():
            patched.setenv(name, value)
        return read_settings()


def test_no_setting_opens_development(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of all combinations of settings, those that start with choosing a role are of this machine alone."""
    accepted = {True: 0, False: 0}
    for chosen in itertools.product(*CHOICES.values()):
        said = {name: value for part in chosen for name, value in part.items()}
        try:
            settings = settings_with(monkeypatch, said)
        except SettingsError:
            continue
        accepted[settings.development] += 1
        request = make_mocked_request("GET", "/")
        if settings.development:
            assert is_loopback(settings.host), said
            assert is_loopback(urlsplit(settings.address).hostname or ""), said
            assert not settings.oidc_issuer, said
        else:
            sign_in = SignIn(settings)
            assert sign_in.person(request) is None, said
            with pytest.raises(RuntimeError):
                sign_in.add_choosing(web.Application(), None, None)  # type: ignore[arg-type]

    assert accepted[True] > 10
    assert accepted[False] > 10


def test_signing_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """With all three settings of the provider colleagues can sign in; roles come from a mapping."""
    roles = {"MOI_ROLES": '{"mvoi": "groep-1", "inkoop": ["groep-2", "groep-3"]}'}
    settings = settings_with(monkeypatch, OUTSIDE | OIDC | roles)

    assert settings.roles == {"mvoi": ("groep-1",), "inkoop": ("groep-2", "groep-3")}
    assert OIDC["MOI_OIDC_CLIENT_SECRET"] not in repr(settings)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"MOI_OIDC_CLIENT_ID": ""}, "MOI_OIDC_CLIENT_ID ontbreekt"),
        (
            {"MOI_OIDC_ISSUER": "", "MOI_OIDC_CLIENT_SECRET": ""},
            "MOI_OIDC_ISSUER en MOI_OIDC_CLIENT_SECRET ontbreekt",
        ),
        ({"MOI_OIDC_ISSUER": "http://login.example.nl"}, "MOI_OIDC_ISSUER moet met https"),
        ({"MOI_PUBLIC_URL": "http://moi.example.nl"}, "MOI_PUBLIC_URL moet met https"),
        ({"MOI_PUBLIC_URL": ""}, "MOI_PUBLIC_URL moet met https"),
        ({"MOI_ROLES": "{"}, "MOI_ROLES klopt niet"),
        ({"MOI_ROLES": "[]"}, "MOI_ROLES klopt niet"),
        ({"MOI_ROLES": '{"mvoi": 3}'}, "MOI_ROLES klopt niet"),
        ({"MOI_ROLES": '{"directeur": "x"}'}, "MOI_ROLES noemt directeur"),
        ({"MOI_ROLES": '{"buyer": "x"}'}, "MOI_ROLES noemt buyer"),
        ({"MOI_FRAME_ANCESTORS": "*"}, "MOI_FRAME_ANCESTORS noemt *"),
        ({"MOI_FRAME_ANCESTORS": "https://*.example.nl"}, "MOI_FRAME_ANCESTORS noemt https://*"),
        ({"MOI_FRAME_ANCESTORS": "http://intranet.example.nl"}, "MOI_FRAME_ANCESTORS noemt http:"),
        ({"MOI_FRAME_ANCESTORS": "https://a.nl; script-src"}, "MOI_FRAME_ANCESTORS noemt https://a.nl;"),
        ({"MOI_FRAME_ANCESTORS": "https://a.nl/pad"}, "MOI_FRAME_ANCESTORS noemt https://a.nl/pad"),
        ({"MOI_FRAME_ANCESTORS": "'self'"}, "MOI_FRAME_ANCESTORS noemt 'self'"),
    ],
    ids=str,
)
def test_refused(monkeypatch: pytest.MonkeyPatch, said: dict[str, str], words: str) -> None:
    """Half a provider, signing in without https, an unknown role and a strange frame are named, in Dutch."""
    with pytest.raises(SettingsError) as refused:
        settings_with(monkeypatch, OUTSIDE | OIDC | said)

    assert any(problem.startswith(words) for problem in refused.value.problems)


def test_real_sign_in_ends_development(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a provider there is nothing to choose: development is off by default, and refused when asked for."""
    home = {"MOI_SECRET": SECRET, **APP, **OIDC, "MOI_OIDC_ISSUER": "http://127.0.0.1:9"}

    assert not settings_with(monkeypatch, home).development
    with pytest.raises(SettingsError, match="MOI_OIDC_ISSUER"):
        settings_with(monkeypatch, home | {"MOI_DEVELOPMENT": "true"})
