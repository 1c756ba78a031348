"""What is in a campaign: a subject, a picture that everybody can know, one question, and all of it again in a copy."""

from __future__ import annotations

import json
import random
import re
import struct
import zlib
from html import unescape
from typing import Any

import pytest
from aiohttp import FormData
from sqlalchemy import func, select

from bot.campaign_pictures import JPEG, PNG, NoPictureError, checked
from bot.campaign_returns import CameBack, came_back
from bot.campaign_tables import campaign_pictures
from bot.campaigns import Campaign, newest
from cards.adaptive import card
from tests.bot.campaign_room import WRITER
from tests.bot.test_campaign_page import FORM, page, post
from tests.bot.web_room import BUYER, Room, open_page

POLL = {
    "knop-4-soort": "vraag",
    "knop-4-vraag": "Wat doe je dit jaar nog?",
    "knop-4-keuzes": "Kopen\n\nUitstellen\nWeet ik niet",
}


def part(name: bytes, content: bytes) -> bytes:
    """One part of a PNG."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int = 2, height: int = 1, *more: bytes) -> bytes:
    """A small PNG; `more` are parts before the pixels."""
    head = part(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    pixels = zlib.compress(b"\0" + b"\x20\x80\x40" * 2)
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + part(b"IDAT", pixels) + part(b"IEND", b"")


def noise(side: int) -> bytes:
    """A PNG that does not get smaller by packing, as a photo; of 620 points it is larger than Teams takes."""
    rows = b"".join(b"\0" + bytes(random.Random(row).randbytes(3 * side)) for row in range(side))
    head = part(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + part(b"IDAT", zlib.compress(rows, 0)) + part(b"IEND", b"")


def segment(kind: int, content: bytes) -> bytes:
    """One segment of a JPEG."""
    return struct.pack(">BBH", 0xFF, kind, len(content) + 2) + content


def jpeg(height: int = 9, behind: bytes = b"") -> bytes:
    """What looks like a JPEG from a phone: with a place in it, and something behind it."""
    size = segment(0xC0, struct.pack(">BHHB", 8, height, 9, 0))
    return b"\xff\xd8" + segment(0xE1, b"Exif GPS") + size + segment(0xDA, b"") + b"dots\xff\xd9" + behind


async def written(
    room: Room, picture: bytes | None = None, path: str = "", **changes: str
) -> tuple[str, str]:
    """Keep a campaign as a browser sends the form; gives its address, and what is said then."""
    if not path:
        _, path = await post(room, WRITER, "/campagnes")
    [kept] = [one for one in await room.house.records.read(newest) if one.id in path]
    form = FormData(default_to_multipart=True)
    for name, value in (FORM | {"act": "bewaar", "versie": str(kept.version)} | changes).items():
        form.add_field(name, value)
    form.add_field("beeld", picture or b"", filename="foto.png" if picture else "")
    async with room.post(path, data=form, headers=room.cookie(WRITER)) as answer:
        assert answer.status == 303
        return path, answer.headers["Location"].partition("=")[2]


async def only(room: Room) -> Campaign:
    """The only campaign there is."""
    [kept] = await room.house.records.read(newest)
    return kept


async def test_picture(room: Room) -> None:
    """A picture needs words for whoever does not see it; whoever has its address may see it, and nobody can guess that."""
    path, said = await written(room, png())
    bare = await page(room, WRITER, path)
    kept = await only(room)
    await written(room, path=path, **{"beeld-tekst": "Een kast vol  jassen"})
    ready = await page(room, WRITER, path)
    async with room.get(f"/beeld/{kept.draft.picture}") as answer:
        found, headers = await answer.read(), answer.headers
    async with room.get(f"/beeld/{'0' * 32}.png") as answer:
        guessed = answer.status

    assert said == "bewaard"
    assert "Beschrijf de afbeelding voor wie haar niet ziet." in bare
    assert f'<img src="/beeld/{kept.draft.picture}" alt="Een kast vol jassen">' in ready
    assert "Dit moet nog" not in ready
    assert (found, guessed) == (png(), 404)
    assert headers["Content-Type"] == PNG
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "immutable" in headers["Cache-Control"]


async def test_pictures_go(room: Room) -> None:
    """A wrong file leaves words and picture as they were; a picture goes with the last campaign that it is on."""

    async def many() -> int:
        count = select(func.count()).select_from(campaign_pictures)
        return await room.house.records.read(lambda connection: connection.execute(count).scalar_one())

    path, _ = await written(room, png())
    _, wrong = await written(room, b"<svg/>", path, titel="Nieuwe titel")
    kept = await only(room)
    await written(room, png(2, 1, part(b"gAMA", b"1234")), path)
    replaced = await many()
    _, copy = await post(room, WRITER, path, act="dupliceer")
    await post(room, WRITER, path, act="weg")
    on_copy = await many()
    await written(room, path=copy.partition("?")[0], **{"beeld-weg": "ja"})

    assert wrong == "geen-beeld"
    assert (kept.draft.title, bool(kept.draft.picture)) == ("Nieuwe titel", True)
    assert (replaced, on_copy, await many()) == (1, 1, 0)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"GIF89a", png()[:-9], png(5000), jpeg(0), jpeg()[:-2], b"\xff\xd8" + segment(0xDA, b"") + b"\xff\xd9",
        b"\xff\xd8\0\0\0\0", b"\x89PNG\r\n\x1a\n" + part(b"IDAT", b""), noise(620),
    ],
)  # fmt: skip
def test_no_picture(content: bytes) -> None:
    """What is no PNG or JPEG, is cut off, is empty or is too large is refused."""
    with pytest.raises(NoPictureError):
        checked(content)


def test_nothing_of_the_camera() -> None:
    """What a camera wrote into a picture, such as where it was taken, is not kept; the picture itself is."""
    plain = checked(png(2, 1, part(b"eXIf", b"GPS"), part(b"tEXt", b"wie")))
    photo = checked(jpeg(behind=jpeg()))

    assert plain.content == png()
    assert photo.kind == JPEG
    assert photo.content == jpeg().replace(segment(0xE1, b"Exif GPS"), b"")


async def test_poll(room: Room) -> None:
    """One question stands on the card above its button; what comes back says which choice, and gets a thank-you."""
    await written(room, **POLL, onderwerp="klimaat")
    kept = await only(room)
    view = room.house.campaigns.show(kept).message
    made = card(view, "teams")
    [field] = [block for block in made["body"] if block["type"] == "Input.ChoiceSet"]
    mine = await open_page(room, BUYER)
    await mine.say(value=_data(made["actions"][0]) | {field["id"]: "2"})
    heard = (await mine.hear())[-1]
    counted = await room.house.records.read(lambda connection: came_back(connection, kept.id))

    assert [block["type"] for block in made["body"]][-1] == "Input.ChoiceSet"
    assert field["label"] == "Wat doe je dit jaar nog?"
    assert [one["title"] for one in field["choices"]] == ["Kopen", "Uitstellen", "Weet ik niet"]
    assert _data(made["actions"][0]) | {"label": ""} == {
        "do": "campagne", "act": "vraag", "campaign": kept.id, "number": "3", "label": "",
    }  # fmt: skip
    assert [one.get("associatedInputs") for one in made["actions"]] == [
        None,
        None,
        "none",
        "none",
        "none",
        "none",
    ]
    assert "over klimaat" in str(made["body"])
    assert heard["summary"].startswith("Je antwoord kan ik niet bewaren")
    assert counted == CameBack()


def _data(action: dict[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = action["data"]
    return data


async def test_not_ready(room: Room) -> None:
    """What is wrong with a question is named, and so is what does not fit on a card; it is not on the card yet."""
    path, _ = await written(
        room,
        **POLL | {"knop-4-vraag": "", "knop-4-keuzes": "Ja\nja\n1\n2\n3\n4"},
        **{"knop-5-soort": "vraag", "knop-5-tekst": "Zeg het", "knop-5-keuzes": "Ja"},
        onderwerp="iets anders",
    )
    seen = await page(room, WRITER, path)
    kept = await only(room)
    clowns = "\N{CLOWN FACE}" * 2000
    await written(room, path=path, titel=clowns, tekst=clowns, regel=clowns)
    large = await page(room, WRITER, path)

    assert "Schrijf bij knop “Antwoord” de vraag." in seen
    assert "Bij knop “Antwoord” staat een antwoord twee keer." in seen
    assert "Geef bij knop “Antwoord” twee tot vijf antwoorden" in seen
    assert "Geef bij knop “Zeg het” twee tot vijf antwoorden" in seen
    assert "Stel in één bericht hoogstens één vraag." in seen
    assert "<li>Antwoord</li>" not in seen
    assert kept.draft.subject == "inkoop-algemeen"
    assert "Dit past niet op één kaart in Teams." not in seen
    assert "Dit past niet op één kaart in Teams." in large


async def test_as_it_is_typed(room: Room) -> None:
    """What is typed is shown before it is kept, for both channels and in words, with what must be done; nothing is kept."""
    path, _ = await written(room, png(), **{"beeld-tekst": "Jassen"})
    changed = FORM | {
        "titel": "<i>Anders</i>",
        "tekst": "Wij gaan over tot implementatie.",
        "beeld-tekst": "",
    }
    shown = []
    for more in ({}, {"gekozen": "ja"}, {"beeld-weg": "ja"}):
        data = changed | more
        async with room.post(f"{path}/voorbeeld", data=data, headers=room.cookie(WRITER)) as answer:
            shown.append(await answer.text())
    async with room.post(f"{path}/voorbeeld", data=changed, headers=room.cookie(BUYER)) as answer:
        refused = answer.status
    cards = [json.loads(unescape(re.findall(r'data-cards="([^"]+)"', one)[0])) for one in shown]
    kept = await only(room)

    assert [[block["type"] for block in one["web"]["body"]][1] for one in cards] == [
        "Image", "Image", "RichTextBlock",
    ]  # fmt: skip
    assert cards[1]["teams"]["body"][1]["url"].endswith(":3978/beeld/gekozen")
    assert cards[1]["web"]["body"][1]["url"] == "/beeld/gekozen"
    assert "<h3>&lt;i&gt;Anders&lt;/i&gt;</h3>" in shown[0]
    assert "Beschrijf de afbeelding" in shown[0]
    assert "Beschrijf de afbeelding" not in shown[2]
    assert "Kan dit makkelijker?" in shown[0]
    assert (refused, kept.draft.title, kept.version) == (403, "Kleding die er nog ligt", 2)


async def test_copy(room: Room) -> None:
    """A copy is a new draft with everything in it, whatever became of the first one."""
    path, _ = await written(room, png(), **POLL, **{"beeld-tekst": "Jassen"}, onderwerp="klimaat")
    first = await only(room)
    _, where = await post(room, WRITER, path, act="dupliceer")
    found = {one.id: one for one in await room.house.records.read(newest)}
    copy = found[where.rpartition("/")[2].partition("?")[0]]

    assert len(found) == 2
    assert (copy.state, copy.version, copy.draft) == ("draft", 1, first.draft)
    assert "Dit is een kopie." in await page(room, WRITER, where)
