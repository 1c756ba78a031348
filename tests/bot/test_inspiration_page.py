"""Inspiration as pages: found without scripts, shareable by address, for everybody who is signed in, and as JSON."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from knowledge.shelf import Shelf
from tests.bot.web_room import BUYER, SECRET, Room, open_room

JSON = {"Accept": "application/json"}


async def page(room: Room, path: str) -> tuple[int, str]:
    """A page as a buyer sees it, with its sources on one line."""
    async with room.get(path, headers=room.cookie(BUYER) | {"Accept": "text/html"}) as answer:
        return answer.status, " ".join((await answer.text()).split())


async def plain(room: Room, path: str) -> Any:
    """The same for a program."""
    async with room.get(path, headers=room.cookie(BUYER) | JSON) as answer:
        assert answer.status == 200
        return await answer.json()


def hits(text: str) -> list[str]:
    """The addresses of what was found, best first."""
    return re.findall(r'<h3><a href="([^"]+)">', text)


async def test_browse(room: Room, shelf: Shelf) -> None:
    """Without a question every package is on the page."""
    status, text = await page(room, "/inspiratie")
    known = shelf.current

    assert status == 200
    for id_ in (*known.groups, *known.categories, *known.themes):
        assert f'href="/inspiratie/{id_}"' in text


async def test_search(room: Room) -> None:
    """A question in the address finds packages, the best first, each saying what it is and why it was found."""
    _, text = await page(room, "/inspiratie?q=wat+kan+ik+doen+voor+klimaat+bij+bedrijfskledng%3F")

    assert hits(text)[0] == "/inspiratie/bedrijfskleding?thema=klimaat"
    assert "Productgroep · Personeel gerelateerde zaken" in text
    assert "lijkt op “Bedrijfskleding” · gevonden met “Klimaat”" in text
    assert 'value="wat kan ik doen voor klimaat bij bedrijfskledng?"' in text


async def test_filters(room: Room) -> None:
    """With a category and a theme only what belongs to both is found; what does not exist filters nothing."""
    _, both = await page(room, "/inspiratie?q=&categorie=gww&thema=klimaat")
    _, unknown = await page(room, "/inspiratie?q=catering&categorie=nergens&thema=niets")

    assert hits(both)[0] == "/inspiratie/gww?thema=klimaat"
    assert "/inspiratie/wegen?thema=klimaat" in hits(both)
    assert "/inspiratie/catering?thema=klimaat" not in hits(both)
    assert '<option value="gww" selected>' in both
    assert hits(unknown)[0] == "/inspiratie/catering"


async def test_nothing_found(room: Room) -> None:
    """When nothing was found the page says so, and shows where to look."""
    _, text = await page(room, "/inspiratie?q=asdf")

    assert "Niets gevonden bij “asdf”" in text
    assert 'href="/inspiratie/klimaat"' in text


async def test_typed_words_are_words(room: Room) -> None:
    """What somebody types in the search box does nothing on the page."""
    status, text = await page(room, "/inspiratie?q=%3Cscript%3Ealert(1)%3C/script%3E%22%20onfocus=%22x")
    long, _ = await page(room, "/inspiratie?q=" + "stoel+" * 500)

    assert (status, long) == (200, 200)
    assert "<script>alert" not in text
    assert '" onfocus="' not in text


@pytest.mark.parametrize(
    "path", ["/inspiratie/bedrijfskleding", "/inspiratie/gww?thema=klimaat", "/inspiratie/social_return"]
)
async def test_package(room: Room, path: str) -> None:
    """A package has its questions, criteria with proof and source, policy goals, who helps, and the way to the talk."""
    status, text = await page(room, path)

    assert status == 200
    assert "Hebben we het wel nodig?" in text
    assert "<strong>Bewijs:</strong>" in text
    assert "Bron: MVOI-actieplan §4.3" in text
    assert "Wat we willen bereiken" in text
    assert "Tot die tijd helpt de MVOI-projectleider." in text
    assert 'href="/?over=' in text
    assert 'href="https://www.mvicriteria.nl"' in text


async def test_address_on_paper(room: Room) -> None:
    """On paper a package says where it can be found."""
    _, text = await page(room, "/inspiratie/catering?thema=klimaat")

    assert f"Dit pakket staat op {room.house.settings.address}/inspiratie/catering?thema=klimaat" in text


@pytest.mark.parametrize("path", ["/inspiratie/nergens", "/inspiratie/catering?thema=nergens"])
async def test_no_package(room: Room, path: str) -> None:
    """A package that does not exist says so and where to go."""
    status, text = await page(room, path)

    assert status == 404
    assert "Zoek het op de pagina Inspiratie" in text


async def test_every_package(room: Room, shelf: Shelf) -> None:
    """Every package has its page, and links only to pages of Moi and to the MVI-criteriatool."""
    known = shelf.current
    for id_ in (*known.groups, *known.categories, *known.themes):
        status, text = await page(room, f"/inspiratie/{id_}")
        outside = {found for found in re.findall(r'(?:src|href)="([^"]+)"', text) if found[0] not in "/#"}

        assert status == 200, id_
        assert outside == {"https://www.mvicriteria.nl"}, id_


async def test_search_as_json(room: Room, shelf: Shelf) -> None:
    """A program gets the same hits; without a question it gets every package."""
    found = await plain(room, "/inspiratie?q=klimaat+bij+bedrijfskleding")
    everything = await plain(room, "/inspiratie")
    known = shelf.current

    assert found[0]["address"] == "/inspiratie/bedrijfskleding?thema=klimaat"
    assert found[0]["why"] == ["heet zo", "gevonden met “Klimaat”"]
    assert len(everything) == len(known.groups) + len(known.categories) + len(known.themes)


async def test_package_as_json(room: Room, shelf: Shelf) -> None:
    """A program gets everything in a package, each criterion with its source and the version of the knowledge."""
    found = await plain(room, "/inspiratie/bedrijfskleding")
    criteria = [criterion for theme in found["themes"] for criterion in theme["criteria"]]

    assert found["version"] == shelf.current.version
    assert found["questions"][0] == "Hebben we het wel nodig?"
    assert criteria
    assert all(criterion["source"] and criterion["proof"] for criterion in criteria)


async def test_agreement(room: Room, shelf: Shelf) -> None:
    """A werkafspraak stands on the page of its product group, with that it is a proposal; a program gets it too."""
    catering, roads = [await page(room, f"/inspiratie/{id_}") for id_ in ("catering", "wegen")]
    as_json = [(await plain(room, f"/inspiratie/{id_}"))["agreement"] for id_ in ("catering", "wegen")]

    assert "Voorstel voor een werkafspraak, nog niet afgesproken met Facilitair" in catering[1]
    assert shelf.current.agreements["catering"].ordering in catering[1]
    assert "erkafspraak" not in roads[1]
    assert (as_json[0]["agreed_on"], as_json[0]["certainty"], as_json[1]) == (None, "voorstel", None)


async def test_for_whoever_is_signed_in(tmp_path: Path, shelf: Shelf) -> None:
    """A buyer without any other role sees it; whoever is not known does not."""
    about: dict[str, Any] = {"app_id": "app", "app_password": "x" * 20, "tenant_id": "tenant"}
    async with open_room(tmp_path, shelf, development=False, **about) as room:
        seen, text = await page(room, "/inspiratie")
        async with room.get("/inspiratie", headers={"Accept": "text/html"}) as answer:
            stranger = answer.status
        async with room.get("/inspiratie/catering", headers=JSON) as answer:
            program = answer.status

    assert (seen, stranger, program) == (200, 401, 401)
    assert 'href="/inspiratie" aria-current="page"' in text
    assert "Inkoopkanaal" not in text
    assert SECRET not in text


async def test_policy(room: Room) -> None:
    """A browser runs only the scripts of the page itself."""
    async with room.get("/inspiratie/wegen", headers={"Accept": "text/html"}) as answer:
        rules, text = answer.headers["Content-Security-Policy"], await answer.text()
    nonce = re.search(r"script-src 'nonce-([\w-]+)';", rules)

    assert nonce
    assert all(f'nonce="{nonce[1]}"' in tag for tag in re.findall(r"<script[^>]*>", text))
    assert re.findall(r"<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", text) == []


@pytest.mark.parametrize(
    ("over", "name"),
    [("bedrijfskleding", "Bedrijfskleding"), ("gww", "GWW (aanleg en onderhoud)"), ("klimaat", "Klimaat")],
)
async def test_chat_about_a_package(room: Room, over: str, name: str) -> None:
    """The link from a package tells the chat what it is about."""
    _, text = await page(room, f"/?over={over}")

    assert f'data-over="{over}" data-name="{name}"' in text


@pytest.mark.parametrize("over", ["", "nergens", "%22%3E%3Cscript%3E"])
async def test_chat_about_nothing(room: Room, over: str) -> None:
    """A link with anything else opens the chat as always."""
    status, text = await page(room, f"/?over={over}")

    assert status == 200
    assert "data-over" not in text
