"""The pages: who may see what, the channel as it is now, and nothing on them that a person typed works as markup."""

from __future__ import annotations

import asyncio
import io
import re
import uuid
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import Any

import docx
import pytest

from bot.channel_page import notes
from bot.html import STATIC, Html
from bot.people import Person
from bot.settings import Settings
from bot.signin import SignIn
from bot.talk_state import ChannelNote, Place, RecordDraft, Response, Talk
from knowledge.loading import DATA
from knowledge.shelf import Shelf
from tests.bot.web_room import BUYER, COLLEAGUE, PURCHASE, SECRET, Room, buy, open_room

READER = Person("p3", "Inkoop", frozenset({"inkoop"}))
JSON = {"Accept": "application/json"}
HOSTILE = '</q><script>alert(1)</script><a href="https://kwaad.example">klik</a> {{7*7}} [klik](https://kwaad.example)'


async def posts(room: Room) -> list[dict[str, Any]]:
    async with room.get("/kanaal", headers=JSON) as answer:
        assert answer.status == 200
        found: list[dict[str, Any]] = await answer.json()
        return found


async def page(room: Room, path: str, person: Person = READER) -> tuple[int, str]:
    async with room.get(path, headers=room.cookie(person) | {"Accept": "text/html"}) as answer:
        return answer.status, await answer.text()


async def test_channel_as_json(room: Room) -> None:
    """A summary is in the channel as soon as it is sent, in the fields that others rely on."""
    record = await buy(room)
    found = await posts(room)

    assert [sorted(post) for post in found] == [
        ["category", "id", "outcome", "product_group", "text", "value_band", "version"]
    ]
    assert found[0]["id"] == record
    assert found[0]["version"] == 1
    assert found[0]["outcome"] == "anders-opgelost"
    assert found[0]["category"] == "Kantoorinrichting en benodigdheden"
    assert found[0]["product_group"] == "kantoormeubilair"
    assert "25.000" in found[0]["value_band"]
    assert "bureaustoelen" in found[0]["text"]


async def test_channel_as_page(room: Room) -> None:
    """People of procurement read the same on a page, newest first."""
    first = await buy(room)
    second = await buy(room, COLLEAGUE)
    status, text = await page(room, "/kanaal")

    assert status == 200
    assert "Anders opgelost" in text
    assert re.findall(r'id="p-([0-9a-f]+)"', text) == [second, first]


async def test_channel_is_not_for_everybody(room: Room) -> None:
    """A buyer gets a kind page, a program a kind message, and neither a summary."""
    await buy(room)
    status, text = await page(room, "/kanaal", BUYER)
    async with room.get("/kanaal", headers=room.cookie(BUYER) | JSON) as answer:
        refused, said = answer.status, (await answer.json())["error"]["message"]
    live, _ = await page(room, "/kanaal/live", BUYER)

    assert (status, refused, live) == (403, 403, 403)
    assert "Team Inkoop" in text
    assert "Team Inkoop" in said
    assert "bureaustoelen" not in text


async def test_channel_is_live(room: Room) -> None:
    """An open page is told that the channel changed, with a number to go on from."""
    async with room.get("/kanaal/live?na=0", headers=room.cookie(READER)) as stream:
        await buy(room)
        lines = [await asyncio.wait_for(stream.content.readline(), 5) for _ in range(3)]
        assert stream.content_type == "text/event-stream"
    number = lines[0].decode().partition("id: ")[2].strip()

    assert int(number) > 0
    assert lines[1] == b"event: changed\n"


async def test_record_page(room: Room) -> None:
    """A record can be read by whoever it is of and by who reads the channel; for others it does not exist."""
    record = await buy(room)
    seen = [(await page(room, f"/aanvraag/{record}", person))[0] for person in (BUYER, READER, COLLEAGUE)]
    missing, _ = await page(room, "/aanvraag/" + "0" * 32)

    assert seen == [200, 200, 404]
    assert missing == 404


@pytest.mark.parametrize("address", ["/aanvraag", "/startformulier"])
async def test_word_document(room: Room, address: str) -> None:
    """The MVOI part of the startformulier is a Word document, for the same people."""
    record = await buy(room)
    async with room.get(f"{address}/{record}.docx", headers=room.cookie(BUYER)) as answer:
        content = await answer.read()
        about = answer.headers
    others, _ = await page(room, f"{address}/{record}.docx", COLLEAGUE)
    paper = docx.Document(io.BytesIO(content))

    assert about["Content-Type"].endswith("wordprocessingml.document")
    assert about["Content-Disposition"].startswith("attachment;")
    assert any("bureaustoelen" in paragraph.text for paragraph in paper.paragraphs)
    assert others == 404


async def test_typed_words_are_words(room: Room) -> None:
    """Whatever a person typed stands on the channel and the record to the letter, and does nothing."""
    record = await buy(room, BUYER, (f"{PURCHASE[0]} {HOSTILE}", "kantoormeubilair", *PURCHASE[1:]))
    for path in ("/kanaal", f"/aanvraag/{record}"):
        _, text = await page(room, path)

        assert "&lt;script&gt;alert(1)" in text
        assert "<script>alert" not in text
        assert 'href="https://kwaad' not in text
        assert "{{7*7}}" in text


async def test_question_in_the_channel(room: Room) -> None:
    """A colleague who wants to speak to a person is in the channel too, with what they told to the letter."""
    told = {"lines": [{"label": "Aanvraag", "value": HOSTILE}]}

    def work(talk: Talk | None) -> Response:
        return Response(talk, (), note=ChannelNote(told, "k1"))

    place = Place("web", await room.house.records.open_conversation(BUYER.id, "web"))
    await room.house.records.in_turn(BUYER, place, "1", work, lambda _talk: ())
    _, text = await page(room, "/kanaal")
    found = await posts(room)

    assert "Een collega wil iemand van Team Inkoop spreken" in text
    assert "<script>alert" not in text
    assert found[0]["outcome"] == "vraag"
    assert found[0]["category"] is None
    async with room.get(f"/aanvraag/{found[0]['id']}.docx", headers=room.cookie(READER)) as answer:
        assert answer.status == 404


async def test_a_summary_that_cannot_be_read(room: Room) -> None:
    """One record that no longer can be read leaves the rest of the channel as it is."""
    draft = RecordDraft("niet-gekocht", "kantoor", None, "tot 25.000", {"oud": True}, "k0")

    def work(_talk: Talk | None) -> Response:
        return Response(Talk(uuid.uuid4().hex, COLLEAGUE.id, "koop", state="done"), (), replace(draft))

    place = Place("web", await room.house.records.open_conversation(COLLEAGUE.id, "web"))
    await room.house.records.in_turn(COLLEAGUE, place, "1", work, lambda _talk: ())
    good = await buy(room)
    broken = next(post["id"] for post in await posts(room) if post["id"] != good)

    assert "bureaustoelen" in (await page(room, "/kanaal"))[1]
    assert (await page(room, f"/aanvraag/{broken}"))[0] == 200


def test_where_a_summary_is_not_yet() -> None:
    """What has not surely arrived in Teams says so; what has, and the page itself, say nothing."""
    assert notes({"page": "due", "teams": "posted"}) == []
    assert notes({"page": "posted", "teams": "uncertain"}) == ["onzeker of dit is aangekomen in Teams"]
    assert notes({"teams": "failed"}) == ["niet aangekomen in Teams"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/kanaal",
        "/aanmelden",
        "/privacy",
        "/voorwaarden",
        "/toegankelijkheid",
        "/mijn-gegevens",
        "/mijn-gegevens/verwijderen",
        "/log",
        "/nergens",
    ],
)
async def test_policy(room: Room, path: str) -> None:
    """A browser runs only the scripts of the page itself, and asks nothing of anybody else."""
    async with room.get(path, headers={"Accept": "text/html"}) as answer:
        rules, text = answer.headers["Content-Security-Policy"], await answer.text()
    nonce = re.search(r"script-src 'nonce-([\w-]+)';", rules)

    assert nonce
    assert "default-src 'none'" in rules
    assert "'unsafe-" not in rules
    assert all(f'nonce="{nonce[1]}"' in tag for tag in re.findall(r"<script[^>]*>", text))
    assert re.findall(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", text) == []
    assert [found for found in re.findall(r'(?:src|href)="([^"]+)"', text) if found[0] not in "/#"] == []


async def test_pages_say_so_in_dutch(room: Room) -> None:
    """A page that does not exist says so in Dutch, to people and to programs."""
    status, text = await page(room, "/nergens")
    async with room.get("/nergens", headers=JSON) as answer:
        said = (await answer.json())["error"]["message"]

    assert status == 404
    assert "Deze pagina is er niet" in text
    assert "Deze pagina is er niet" in said
    assert 'lang="nl"' in text


async def test_files_are_kept_by_the_browser(room: Room) -> None:
    """A file has its hash in its address, so a browser may keep it for ever; a large one travels squeezed."""
    _, text = await page(room, "/")
    address = next(found for found in re.findall(r'src="([^"]+)"', text) if "webchat" in found)
    async with room.get(address, headers={"Accept-Encoding": "gzip"}) as answer:
        size = int(answer.headers["Content-Length"])
        kept = answer.headers["Cache-Control"]
    async with room.get("/static/0000000000000000/vendor/webchat.js") as answer:
        other = answer.status
    async with room.get(address.rpartition("vendor")[0] + "%2e%2e/%2e%2e/settings.py") as answer:
        outside = answer.status

    assert "immutable" in kept
    assert size < 1_200_000
    assert (other, outside) == (404, 404)


async def test_icon(room: Room) -> None:
    """Browsers find the icon of Moi where they look for it."""
    async with room.get("/favicon.ico") as answer:
        assert answer.status == 301
        assert answer.headers["Location"].endswith("/moi.svg")


def test_missing_files_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the files that the build takes, Moi says what to do instead of showing half a page."""
    monkeypatch.setattr("bot.html.STATIC", tmp_path)
    settings = Settings(data_dir=tmp_path, secret=SECRET)

    assert STATIC.is_dir()
    with pytest.raises(FileNotFoundError, match="uv sync"):
        Html(settings, SignIn(settings))  # type: ignore[arg-type]


async def test_channel_tells_who_cares(tmp_path: Path) -> None:
    """An edit that cannot be used is told in the channel to beheer and the MVOI team, with file and line, and to nobody else."""
    folder = copytree(DATA, tmp_path / "kennis")
    own = Shelf(folder)
    (folder / "themas.yaml").write_text("- id: [\n")
    own.refresh()
    async with open_room(tmp_path, own) as room:
        told = [
            "themas.yaml:1: " in (await page(room, "/kanaal", Person("p9", "Collega", frozenset({role}))))[1]
            for role in ("beheer", "mvoi", "inkoop")
        ]

    assert told == [True, True, False]
