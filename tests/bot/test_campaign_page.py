"""The page of campaigns: for the MVOI team only, with two people, and with the numbers before anything is sent."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.campaign_ledger import was_cut_off
from bot.campaign_optouts import has_opted_out
from bot.campaign_returns import press
from bot.campaigns import GENERAL, newest
from bot.channel_page import HERE
from bot.people import Person
from bot.tables import audit
from bot.talk_state import Message, Place
from cards.view import Action, Link
from knowledge.shelf import Shelf
from tests.bot.campaign_room import DRAFT, RELEASER, THURSDAY, WRITER, Town, put
from tests.bot.test_depot import buttons, shown
from tests.bot.web_room import BUYER, Room, open_page

FORM = {
    "titel": "Kleding  die er nog ligt",
    "tekst": "Vraag eerst <b>wat er ligt</b>.\n\nDat scheelt geld.",
    "regel": "Ligt er nog kleding?",
    "knop-1-soort": "link",
    "knop-1-tekst": "Lees meer",
    "knop-1-adres": "https://intranet.example.nl/kleding",
    "knop-2-soort": "praat",
    "knop-2-tekst": "Praat erover",
    "knop-2-over": "bedrijfskleding",
    "knop-3-soort": "laat-maar",
    "knop-3-tekst": "Laat maar",
}


HALF_A_MINUTE = timedelta(seconds=31)


async def post(room: Room, person: Person, path: str, **data: str) -> tuple[int, str]:
    async with room.post(path, data=data, headers=room.cookie(person)) as answer:
        return answer.status, answer.headers.get("Location", "")


async def page(room: Room, person: Person, path: str) -> str:
    async with room.get(path, headers=room.cookie(person)) as answer:
        assert answer.status == 200
        text: str = await answer.text()
    return " ".join(text.split())


async def draft(room: Room, **changes: str) -> str:
    """A campaign that one colleague wrote; gives its address."""
    _, path = await post(room, WRITER, "/campagnes")
    status, _ = await post(room, WRITER, path, act="bewaar", versie="1", **(FORM | changes))
    assert status == 303
    return path


async def test_written(room: Room) -> None:
    """What was written is seen as it will look, to the letter, with what must still be done and what can be easier."""
    await Town(room.house.records, room.house.shelf).settle(web=2, nowhere=1)
    path = await draft(
        room,
        **{"knop-1-adres": "http://example.nl", "regel": "", "tekst": "Wij gaan spullen aanschaffen. " * 9},
    )
    hard = await page(room, WRITER, path)
    ready = await page(room, WRITER, await draft(room))

    assert "Schrijf de regel voor de melding." in hard
    assert "De link van knop “Lees meer” moet beginnen met https://." in hard
    assert "Kan dit makkelijker?" in hard
    assert "Dit moet nog" not in ready
    assert "&lt;b&gt;wat er ligt&lt;/b&gt;" in ready
    assert "<h3>Kleding die er nog ligt</h3>" in ready
    assert re.findall(r"<dd>(?:<strong>)?([^<]+)", ready) == ["4", "2", "0", "0", "0", "2"]
    assert "Vraag een ander van het MVOI-team" in ready


async def test_released_by_another(room: Room) -> None:
    """The writer cannot release, a second person can, once; every step is in the log, and it is not a draft any more."""
    path = await draft(room)
    answers = [
        await post(room, who, path, act="vrijgeven", versie=version)
        for who, version in ((WRITER, "2"), (RELEASER, "1"), (RELEASER, "2"), (RELEASER, "2"))
    ]
    late = await post(room, WRITER, path, act="bewaar", versie="2", **FORM)
    logged = select(audit.c.person_id, audit.c.action).order_by(audit.c.at)
    found = await room.house.records.read(lambda connection: connection.execute(logged).all())
    told = await page(room, WRITER, f"{path}?zei=vier-ogen")

    assert [where.partition("=")[2] for _, where in answers] == [
        "vier-ogen",
        "net-veranderd",
        "gedaan",
        "niet-meer",
    ]
    assert late[1].endswith("net-veranderd")
    assert [tuple(row) for row in found] == [
        ("m1", "campagne geschreven"), ("m1", "campagne geschreven"), ("m2", "campagne vrijgegeven"),
    ]  # fmt: skip
    assert "Een ander van het MVOI-team geeft dit vrij" in told
    assert "<strong>vrijgegeven</strong>" in told


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("2026-03-29T02:30", "geen-moment"),
        ("2020-01-01T09:00", "geen-moment"),
        ("2099-01-01T09:00", "gedaan"),
    ],
)
async def test_planned(room: Room, when: str, said: str) -> None:
    """A moment that does not exist or is over is refused; another is kept on the clock of the Netherlands."""
    path = await draft(room)
    _, where = await post(room, RELEASER, path, act="vrijgeven", versie="2", wanneer=when)
    [kept] = await room.house.records.read(newest)

    assert where.endswith(f"={said}")
    assert (kept.due is not None) == (said == "gedaan")
    assert kept.due is None or kept.due.astimezone(HERE).hour == 9


async def test_small_group(room: Room) -> None:
    """Fewer than five people who asked about something are not counted out, and cannot be sent to."""
    path = await draft(room)
    group = {"soort-1": "vroeg", "waarde-1": "bedrijfskleding"}
    late = {"van-1": "2026-01-01", "tot-1": "2025-01-01"}
    await post(room, WRITER, f"{path}/wie", act="bewaar", versie="2", **group, **late)
    days = await page(room, RELEASER, path)
    await post(room, WRITER, f"{path}/wie", act="bewaar", versie="3", **group)
    seen = await page(room, RELEASER, path)
    _, where = await post(room, RELEASER, path, act="vrijgeven", versie="4")

    assert "Dit zijn minder dan 5 mensen." in seen
    assert "Zoveel mensen krijgen het" not in seen
    assert "Deel 1: de eerste dag ligt na de laatste." in days
    assert where.endswith("=niet-af")


@pytest.mark.parametrize("role", ["buyer", "facilitair", "inkoop", "beheer"])
async def test_for_nobody_else(room: Room, role: str) -> None:
    """Whoever is not of the MVOI team sees nothing and changes nothing."""
    path = await draft(room)
    other = Person("x1", "Xan", frozenset({"buyer", role}))
    statuses = []
    for address in ("/campagnes", path):
        async with room.get(address, headers=room.cookie(other)) as answer:
            statuses.append(answer.status)
            assert "Kleding" not in await answer.text()
        statuses.append((await post(room, other, address, act="vrijgeven", versie="2"))[0])
    async with room.post(
        path, data={"act": "weg"}, headers=room.cookie(WRITER) | {"Sec-Fetch-Site": "cross-site"}
    ) as answer:
        statuses.append(answer.status)
    [kept] = await room.house.records.read(newest)

    assert statuses == [403] * 5
    assert kept.state == "draft"


async def test_try(room: Room) -> None:
    """A try goes to whoever asks, in the own talk, and into no ledger; an unknown button does nothing, thrown away is gone."""
    path = await draft(room)
    nowhere = await post(room, WRITER, path, act="proef")
    mine = await open_page(room, WRITER)
    await mine.say("hallo")
    tried = await post(room, WRITER, path, act="proef")
    said = [one.get("summary") for one in await mine.hear()]
    unknown = await post(room, WRITER, path, act="x")
    gone = await post(room, WRITER, path, act="weg")
    async with room.get(path, headers=room.cookie(WRITER)) as answer:
        status = answer.status

    assert nowhere[1].endswith("=niet-getest")
    assert tried[1].endswith("=getest")
    assert said[-1] == "Ligt er nog kleding?"
    assert (unknown[0], gone[1], status) == (400, "/campagnes", 404)


async def test_report(room: Room) -> None:
    """Where it is adds up; what people chose is only told from five on; what failed can be sent again."""
    kept = room.house.records
    town = Town(kept, room.house.shelf)
    await town.settle(teams=7, web=2, nowhere=1)
    id_ = await town.released()
    await town.cut(id_)
    town.now += HALF_A_MINUTE
    await town.delivery().run(id_)
    for person in ("t0", "t1", "t2", "t3", "w0", "w1"):
        number = "1" if person != "w1" else "geen"
        await kept.write(lambda connection, who=person, what=number: press(connection, id_, who, what))
    await kept.write(lambda connection: press(connection, id_, "t4", "9"))
    seen = await page(room, WRITER, f"/campagnes/{id_}")
    counted = dict(re.findall(r"<dt>(?:<strong>)?([^<]+)(?:</strong>)?</dt><dd>(?:<strong>)?([^<]+)", seen))
    every = await page(room, WRITER, "/campagnes")
    await put(kept, id_, state="sending")
    await kept.write(lambda connection: was_cut_off(connection, id_, town.now))
    stopped = await post(room, RELEASER, f"/campagnes/{id_}", act="stop")

    assert counted["Samen"] == "10"
    assert sum(int(number) for name, number in counted.items() if name[0].isupper() and name in (
        "Verstuurd", "Onzeker", "Niet geïnstalleerd"
    )) == 10  # fmt: skip
    assert counted["Laat maar"] == "5"
    assert counted["Geen berichten meer over dit onderwerp"] == "minder dan 5"
    assert "is onzeker of het aankwam" in seen
    assert "Bedrijfskleding kan vaker mee" in every
    assert stopped[1].endswith("=gedaan")


async def test_corrected(room: Room) -> None:
    """Other words are seen beside those that were sent, a second person lets them go, and the report tells what became of it."""
    kept = room.house.records
    town = Town(kept, room.house.shelf)
    await town.settle(web=2)
    id_ = await town.released()
    await town.delivery().run(id_)
    path = f"/campagnes/{id_}"
    empty = await post(room, WRITER, path, act="corrigeer", versie="2", titel="x")
    words = {"titel": "Kleding", "tekst": "Kijk in de loods.", "regel": "Kijk eens"}
    await post(room, WRITER, path, act="corrigeer", versie="2", **words)
    mine, other = await page(room, WRITER, path), await page(room, RELEASER, path)
    await post(room, RELEASER, path, act="correctie", versie="3")
    await town.delivery().run(id_)
    after = await page(room, WRITER, path)
    await post(room, WRITER, path, act="corrigeer", versie="4", **words)
    await post(room, WRITER, path, act="intrekken")
    recalled = await page(room, WRITER, path)

    assert empty[1].endswith("=leeg")
    assert "deze correctie vrij te geven" in mine
    assert "deze correctie vrij te geven" not in recalled
    assert "Zo wordt het na de correctie" in mine
    assert 'value="correctie"' not in mine
    assert 'value="correctie"' in other
    assert "<dt>Bijgewerkt</dt><dd>2</dd>" in after
    assert "<h1>Kleding</h1>" in after


async def test_in_the_talk(room: Room, shelf: Shelf) -> None:
    """A button opens the talk it names, "laat maar" ends it, typed words are answered as always, and opting out is one tap."""
    talks = room.house.turns
    town = Town(room.house.records, shelf)
    id_ = await town.released()
    view = room.house.campaigns.show((await room.house.records.read(newest))[0]).message
    place = Place("web", (await open_page(room, BUYER)).id)
    taps = [dict(action.data) for action in view.actions if isinstance(action, Action)]

    async def turn(key: str, words: str = "", tap: dict[str, Any] | None = None) -> str:
        views = (await talks.turn(BUYER, Message(key, words, tap), place)).views
        return f"{shown(views)} {buttons(views)}"

    async def opted_out() -> bool:
        return await room.house.records.read(lambda connection: has_opted_out(connection, BUYER.id, GENERAL))

    opened = await turn("k1", tap=taps[0])
    ended = await turn("k2", tap=taps[1])
    typed = await turn("k3", "wat is social return?")
    stopped = [await turn("k4", tap=taps[3]), await turn("k4", tap=taps[3]), await opted_out()]
    back = await turn("k5", tap={"do": "campagne", "act": "weer"}), await opted_out()
    again = await turn("k6", "geen campagnes meer"), await opted_out()
    await turn("k7", "Weer campagnes")

    assert (view.summary, [action.label for action in view.actions]) == (
        DRAFT.line, ["Praat erover", "Laat maar", "Vraag het aan het MVOI-team", "Geen berichten meer over dit onderwerp"],
    )  # fmt: skip
    assert not any(isinstance(action, Link) for action in view.actions)
    assert "nodig" in opened
    assert "Prima" in ended
    assert "social return" in typed.casefold()
    assert stopped[0] == stopped[1]
    assert stopped[2]
    assert "Toch weer wel" in stopped[0]
    assert back[1] is False
    assert again[1]
    assert not await opted_out()
    assert "Dit bericht is er niet meer" in await turn(
        "k8", tap={"do": "campagne", "act": "x", "campaign": id_}
    )


async def test_menu(room: Room) -> None:
    """The MVOI team finds the page in the menu, others do not."""
    assert 'href="/campagnes"' in await page(room, WRITER, "/privacy")
    assert 'href="/campagnes"' not in await page(room, BUYER, "/privacy")


async def test_stop_before_it_began(room: Room) -> None:
    """What was planned and did not begin can be written anew after it was stopped or paused."""
    path = await draft(room)
    await post(room, RELEASER, path, act="vrijgeven", versie="2", wanneer="2099-01-01T09:00")
    waits = await page(room, WRITER, path)
    for act in ("pauze", "verder", "stop"):
        await post(room, WRITER, path, act=act)
    [kept] = await room.house.records.read(newest)

    assert "Moi begint op" in waits
    assert (kept.state, kept.version) == ("draft", 3)
    assert kept.changed - THURSDAY > timedelta(days=-1)
