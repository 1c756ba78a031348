"""The app package is what Teams takes: right by the official schema, whole, in two languages, and honest about commands."""

from __future__ import annotations

import json
import re
from io import BytesIO
from struct import unpack
from typing import Any
from zipfile import ZipFile

import pytest
from jsonschema import Draft4Validator

from bot.pages import PAPERS
from bot.settings import PROJECT, Settings
from bot.teams_package import (
    ACCENT,
    COMMANDS,
    DUTCH,
    ENGLISH,
    FOLDER,
    ICONS,
    NotPossibleError,
    is_public,
    package,
    texts,
    understood,
)
from bot.version import VERSION
from docs.icons import MARK, WHITE, draw, drawings
from knowledge.shelf import Shelf

SCHEMAS = PROJECT / "tests" / "e2e" / "vendor"
APP_ID = "6F1C7A3E-0000-4000-8000-2F1D5B7C9E11"
ADDRESS = "https://moi.example.nl/"


def settings(**said: Any) -> Settings:
    return Settings(**({"app_id": APP_ID, "public_url": ADDRESS} | said))


def unpacked(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


@pytest.fixture(scope="module")
def files(shelf: Shelf) -> dict[str, bytes]:
    """What is in the package."""
    return unpacked(package(settings(), shelf.current))


@pytest.fixture(scope="module")
def manifest(files: dict[str, bytes]) -> dict[str, Any]:
    """The manifest in the package."""
    read: dict[str, Any] = json.loads(files["manifest.json"])
    return read


def complaints(schema: str, content: Any) -> list[str]:
    rules = json.loads((SCHEMAS / schema).read_text(encoding="utf-8-sig"))
    return [f"{error.json_path}: {error.message}" for error in Draft4Validator(rules).iter_errors(content)]


def test_manifest_by_the_official_schema(manifest: dict[str, Any]) -> None:
    """The manifest is valid against Microsoft's schema of the version it names."""
    assert complaints("teams-manifest.json", manifest) == []
    assert complaints("teams-manifest.json", manifest | {"accentColour": ACCENT}) != []


def test_translation_by_the_official_schema(files: dict[str, bytes], manifest: dict[str, Any]) -> None:
    """The English texts are valid too, and stand for every text that the manifest shows but what one types."""
    said = json.loads(files["en.json"])

    assert complaints("teams-localization.json", said) == []
    assert "bots[0].commandLists[0].commands[0].description" in said
    assert len([key for key in said if key.startswith("bots[0]")]) == sum(
        len(listed["commands"]) for listed in manifest["bots"][0]["commandLists"]
    )
    assert not any(key.startswith("bots[0]") and key.endswith(".title") for key in said)


def test_package_is_whole(files: dict[str, bytes], manifest: dict[str, Any]) -> None:
    """Every file that the manifest names is in the package, and nothing else."""
    named = {
        *manifest["icons"].values(),
        *(one["file"] for one in manifest["localizationInfo"]["additionalLanguages"]),
    }

    assert files.keys() == {"manifest.json", *named}


def test_same_settings_same_package(shelf: Shelf) -> None:
    """The same settings give the same bytes, so that one can see whether something changed."""
    assert package(settings(), shelf.current) == package(settings(), shelf.current)


def test_addresses(manifest: dict[str, Any]) -> None:
    """The pages that Teams links to are pages of Moi that exist, at the public address and at no other."""
    developer = manifest["developer"]

    assert developer["websiteUrl"] == ADDRESS
    assert {developer["privacyUrl"], developer["termsOfUseUrl"]} == {
        ADDRESS + page[1:] for page in PAPERS if page != "/toegankelijkheid"
    }
    assert manifest["validDomains"] == ["moi.example.nl"]
    assert manifest["version"] == VERSION


def test_asks_for_receipts_only(manifest: dict[str, Any]) -> None:
    """Of a chat Moi asks to know up to which message was read, as itself, and nothing else."""
    assert manifest["authorization"]["permissions"]["resourceSpecific"] == [
        {"name": "ChatMessageReadReceipt.Read.Chat", "type": "Application"}
    ]
    assert manifest["webApplicationInfo"]["id"] == manifest["bots"][0]["botId"]
    assert manifest["webApplicationInfo"]["resource"]


def test_version_is_written_once() -> None:
    """The version of the program is that of pyproject.toml, and publiccode.yml says the same."""
    assert f'\nversion = "{VERSION}"\n' in (PROJECT / "pyproject.toml").read_text()
    assert f"\nsoftwareVersion: {VERSION}\n" in (PROJECT / "publiccode.yml").read_text()


def test_commands_that_exist(shelf: Shelf, manifest: dict[str, Any]) -> None:
    """Teams shows what Moi has words for and nothing else; hallo, hulp and stop are among it."""
    shown = [one["title"] for listed in manifest["bots"][0]["commandLists"] for one in listed["commands"]]

    assert {"hallo", "hulp", "stop", "wijzig"} <= set(shown)
    assert understood(["hallo", "koffie", "Hulp"], shelf.current) == ["hallo", "Hulp"]
    assert set(shown) <= {name for _, names in COMMANDS for name in names}


@pytest.mark.parametrize("language", [DUTCH, ENGLISH])
def test_texts(language: str) -> None:
    """Every command is explained in both languages, within what Teams shows of it."""
    said = texts(language)

    assert set(said.commands) == {name for _, names in COMMANDS for name in names}
    assert all(len(name) <= 32 and len(explained) <= 128 for name, explained in said.commands.items())
    assert all(len(names) <= 10 for _, names in COMMANDS)


@pytest.mark.parametrize("name", ICONS.values())
def test_icons_follow_the_mark(name: str) -> None:
    """The icons in the package are the mark as it is now; run docs/icons.py when this fails."""
    size, drawing = drawings()[name]
    kept = (FOLDER / name).read_bytes()

    assert kept == draw(size, drawing)
    assert unpack(">II", kept[16:24]) == (size, size)


def test_outline_is_white() -> None:
    """The outline is drawn in white and in nothing else, on nothing."""
    _, drawing = drawings()[ICONS["outline"]]

    assert set(re.findall(r'(?:fill|stroke)="([^"]+)"', drawing)) == {WHITE, "none"}
    assert "<rect" not in drawing


def test_one_mark() -> None:
    """The mark on the pages, the icon of the pages and the accent colour in Teams are of one drawing."""
    on_pages = (PROJECT / "bot" / "web" / "templates" / "mark.html").read_text()
    icon = MARK.read_text()

    assert re.findall(r' d="([^"]+)"', on_pages) == re.findall(r' d="([^"]+)"', icon)
    assert ACCENT in icon


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({"app_id": ""}, "MOI_APP_ID ontbreekt"),
        ({"app_id": "moi"}, "MOI_APP_ID moet een GUID zijn"),
        ({"public_url": None}, "MOI_PUBLIC_URL ontbreekt"),
        ({"public_url": "http://moi.example.nl"}, "moet met https:// beginnen"),
        ({"public_url": "https://127.0.0.1:3978"}, "moet met https:// beginnen"),
        ({"public_url": "moi.example.nl"}, "moet met https:// beginnen"),
        ({"public_url": "https://[moi"}, "moet met https:// beginnen"),
    ],
)
def test_not_possible(shelf: Shelf, said: dict[str, Any], named: str) -> None:
    """Without an id or an address that Teams can reach there is no package, and Moi says what to fill in."""
    with pytest.raises(NotPossibleError, match=re.escape(named)) as refused:
        package(settings(**said), shelf.current)

    assert len(refused.value.problems) == 1


def test_everything_that_is_missing(shelf: Shelf) -> None:
    """What is missing is said at once, not one by one."""
    with pytest.raises(NotPossibleError) as refused:
        package(Settings(app_id="", public_url=None), shelf.current)

    assert len(refused.value.problems) == 2
    assert not is_public("")
