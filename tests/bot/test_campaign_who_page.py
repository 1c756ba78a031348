"""The page on which is chosen who gets a campaign: group by group, with numbers that tell of nobody, for the MVOI team only."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO
from urllib.parse import urlencode

import pytest
import xlsxwriter
from aiohttp import FormData

from bot.campaign_audience import Part
from bot.campaigns import newest
from bot.people import Person
from tests.bot.campaign_room import RELEASER, THURSDAY, WRITER, Town, put
from tests.bot.test_campaign_page import draft, page, post
from tests.bot.web_room import Room


async def kept(room: Room) -> tuple[Part, ...]:
    """The groups of the only campaign."""
    [campaign] = await room.house.records.read(newest)
    return campaign.draft.audience.parts


async def settle(room: Room) -> None:
    """Seven colleagues of team BOR who signed in and talk on the web, and three who are in Teams only."""
    await Town(room.house.records, room.house.shelf).settle(web=7, teams=3)
    for n in range(7):
        who = Person(
            f"w{n}", f"w{n}", frozenset({"buyer", "inkoop"} if n < 6 else {"buyer"}), "BOR" if n else "Zorg"
        )
        await room.house.records.sign_ins.keep(who, None, [f"w{n}@example.nl"])


async def send(room: Room, path: str, fields: dict[str, str], name: str, content: bytes) -> tuple[int, str]:
    """Send the form with a file for the second group; gives the status, and where it leads or what the page says."""
    form = FormData(fields, quote_fields=False)
    form.add_field("bestand-2", BytesIO(content), filename=name)
    async with room.post(path, data=form, headers=room.cookie(WRITER)) as answer:
        return answer.status, answer.headers.get("Location") or " ".join((await answer.text()).split())


async def test_group_by_group(room: Room) -> None:
    """A group is added, filled in, changed and taken out by a button each; the sentence and the numbers follow, in fives."""
    await settle(room)
    path = f"{await draft(room)}/wie"
    added = await post(room, WRITER, path, act="erbij", versie="2", **{
        "soort-1": "iedereen", "nieuw-hoe": "en", "nieuw-soort": "team",
    })  # fmt: skip
    unfinished = await page(room, WRITER, path)
    fields = {"soort-1": "iedereen", "soort-2": "team", "hoe-2": "zonder", "waarde-2": "Zorg"}
    await post(room, WRITER, path, act="bewaar", versie="3", **fields)
    without = await page(room, WRITER, path)
    await post(room, WRITER, path, act="bewaar", versie="4", **(fields | {"hoe-2": "en", "waarde-2": "BOR"}))
    only = await page(room, WRITER, path)
    nothing = await post(room, WRITER, path, act="erbij", versie="5", **fields)
    late = await post(room, WRITER, path, act="bewaar", versie="5", **fields)
    third = fields | {"soort-3": "rol", "hoe-3": "zonder", "waarde-3": "inkoop"}
    await post(room, WRITER, path, act="weg-2", versie="6", **third)

    assert added[1].endswith("/wie?zei=bewaard")
    assert "Deel 2: kies nog wie dit zijn." in unfinished
    assert '<option value="BOR">BOR</option>' in unfinished
    assert "Zorg" not in unfinished
    assert "Iedereen die Moi kent, zonder team Zorg." in without
    assert "Deel 2 is minder dan 5 mensen." in without
    assert re.findall(r"<dd>(?:<strong>)?([^<]+)", only) == ["5 tot 10", "5 tot 10", *["minder dan 5"] * 4]
    assert "stappen van vijf" in only
    assert "Te klein om te kiezen (minder dan vijf mensen): 1." in only
    assert only.count("Bekend van 7, niet van 4") == 2
    assert "Moi weet dit van niemand." in only
    assert "Zonder rol: 5." in only
    assert nothing[1].endswith("=kies")
    assert late[1].endswith("=net-veranderd")
    assert await kept(room) == (Part(), Part("rol", "inkoop", "zonder"))


@pytest.mark.parametrize(
    ("fields", "left"),
    [
        (
            {"soort-2": "rol", "hoe-2": "zonder", "waarde-2": "inkoop"},
            (Part(), Part("rol", "inkoop", "zonder")),
        ),
        ({"soort-2": "rol", "hoe-2": "of", "waarde-2": "inkoop"}, (Part("rol", "inkoop", "of"),)),
        ({}, (Part(),)),
    ],
)
async def test_take_the_first_out(room: Room, fields: dict[str, str], left: tuple[Part, ...]) -> None:
    """Without the first group, whoever was left out does not become the only one who gets it."""
    path = f"{await draft(room)}/wie"
    await post(room, WRITER, path, act="weg-1", versie="2", **{"soort-1": "team", "waarde-1": "BOR"} | fields)

    assert await kept(room) == left


async def test_list(room: Room) -> None:
    """A list is pasted or a file, CSV or Excel; what is unknown is named by its row, a wrong file changes nothing and says
    what is wrong, and what was kept stays when something else is changed."""
    await settle(room)
    path = f"{await draft(room)}/wie"
    fields = {"soort-1": "iedereen", "soort-2": "lijst", "hoe-2": "en", "act": "bewaar"}
    book = BytesIO()
    with xlsxwriter.Workbook(book) as made:
        sheet = made.add_worksheet()
        for row, cells in enumerate(
            [("Naam", "E-mail"), *((f"N {n}", f"W{n}@example.nl") for n in range(6))]
        ):
            sheet.write_row(row, 0, cells)
    wrong = [
        await send(room, path, fields | {"versie": "2"}, name, content)
        for name, content in (
            ("lijst.csv", b"mobiel;adres\n06;w1@example.nl\n"),
            ("lijst.xlsx", b"geen Excel"),
        )
    ]
    nothing = await kept(room)
    excel = await send(room, path, fields | {"versie": "2"}, "Wie.xlsx", book.getvalue())
    filled = list((await kept(room))[1].rows)
    text = "\n".join(said for _, said in filled)
    same = await post(room, WRITER, path, versie="3", **fields, **{"lijst-2": text.replace("\n", "\r\n")})
    still = list((await kept(room))[1].rows)
    await post(room, WRITER, path, versie="4", **fields, **{"lijst-2": text + "\nwie@example.nl"})
    seen = await page(room, WRITER, path)
    main = await page(room, WRITER, path.removesuffix("/wie"))

    assert [status for status, _ in wrong] == [422] * 2
    assert "kolom &#39;mobiel&#39; ken ik niet" in wrong[0][1]
    assert "kan ik niet lezen als Excel" in wrong[1][1]
    assert nothing == (Part(),)
    assert excel == (303, f"{path}?zei=bewaard")
    assert filled == [(n + 2, f"W{n}@example.nl") for n in range(6)]
    assert (same[0], still) == (303, filled)
    assert "Rij 7: wie@example.nl" in seen
    assert "<strong>Onbekend adres: 1.</strong>" in seen
    assert "daarvan alleen een lijst met 7 regels" in main
    assert "wie@example.nl" not in main


async def test_large_list(room: Room) -> None:
    """Five thousand lines can be pasted, which is more than any other form of Moi; a form that is larger yet is refused."""
    path = f"{await draft(room)}/wie"
    many = "\r\n".join(f"voornaam.van.achternaam.{n}@afdeling.gemeente.example.nl" for n in range(5000))
    statuses = []
    for text in (many, many * 20):
        body = urlencode({"act": "bewaar", "versie": "2", "soort-1": "lijst", "lijst-1": text}).encode()
        headers = room.cookie(WRITER) | {"Content-Type": "application/x-www-form-urlencoded"}
        async with room.post(path, data=BytesIO(body), headers=headers) as answer:
            statuses.append(answer.status)
    seen = await page(room, WRITER, path)

    assert statuses == [303, 413]
    assert "En nog 4900." in seen


async def test_not_with_what_was_asked(room: Room) -> None:
    """A list with what people asked Moi is refused with the reason, shows no number, and cannot be released."""
    await settle(room)
    path = await draft(room)
    fields = {
        "soort-1": "lijst",
        "lijst-1": "w1",
        "soort-2": "vroeg",
        "hoe-2": "en",
        "waarde-2": "bedrijfskleding",
    }
    await post(room, WRITER, f"{path}/wie", act="bewaar", versie="2", **fields)
    seen = [await page(room, RELEASER, address) for address in (path, f"{path}/wie")]
    _, where = await post(room, RELEASER, path, act="vrijgeven", versie="3")

    assert all("Een lijst en “wie Moi vroeg over” kunnen niet samen." in text for text in seen)
    assert not any("<dd>" in text for text in seen)
    assert where.endswith("=niet-af")


async def test_strange_forms(room: Room) -> None:
    """What no browser sends changes nothing or means the nearest thing, and is never a fault of ours."""
    path = f"{await draft(room)}/wie"
    versions = [
        await post(room, WRITER, path, act="bewaar", versie=version, **{"soort-1": "rol"})
        for version in ("9" * 5000, "-1", "²", "")
    ]
    days = {"van-1": "0001-01-01", "tot-1": "9999-12-31"}
    groups = {
        "soort-1": "vroeg",
        "waarde-1": "x\0y",
        "soort-2": "lijst",
        "hoe-2": "x",
        "lijst-2": "a\0b",
        "soort-9": "rol",
    }
    status, _ = await post(room, WRITER, path, act="weg-9", versie="2", **groups, **days)
    seen = await page(room, WRITER, path)

    assert [where.partition("=")[2] for _, where in versions] == ["net-veranderd"] * 4
    assert status == 303
    assert await kept(room) == (
        Part("vroeg", "xy", first=date(2000, 1, 1), last=date(2100, 12, 31)),
        Part("lijst", rows=((1, "ab"),)),
    )
    assert "kunnen niet samen" in seen


@pytest.mark.parametrize("role", ["buyer", "facilitair", "inkoop", "beheer"])
async def test_for_nobody_else(room: Room, role: str) -> None:
    """Whoever is not of the MVOI team sees no groups and changes none."""
    path = f"{await draft(room)}/wie"
    other = Person("x1", "Xan", frozenset({"buyer", role}))
    statuses = [(await post(room, other, path, act="bewaar", versie="2", **{"soort-1": "rol"}))[0]]
    async with room.get(path, headers=room.cookie(other)) as answer:
        statuses.append(answer.status)
    async with room.get(path, headers={"Cookie": ""}) as answer:
        statuses.append(answer.status)

    assert statuses[:2] == [403, 403]
    assert await kept(room) == (Part(),)


async def test_not_once_it_goes(room: Room) -> None:
    """Who gets it is fixed with what was released."""
    path = await draft(room)
    await post(room, RELEASER, path, act="vrijgeven", versie="2", wanneer="2099-01-01T09:00")
    late = await post(room, WRITER, f"{path}/wie", act="bewaar", versie="2", **{"soort-1": "rol"})

    assert late == (303, f"{path}?zei=niet-meer")
    assert await kept(room) == (Part(),)


async def test_words_of_the_text_leave_it(room: Room) -> None:
    """Writing the text leaves alone who gets it; the report says for whom it was and names what can be mended of a list."""
    await settle(room)
    path = await draft(room)
    lines = "\n".join((*(f"w{n}" for n in range(7)), "wie@example.nl", "w1"))
    await post(
        room, WRITER, f"{path}/wie", act="bewaar", versie="2", **{"soort-1": "lijst", "lijst-1": lines}
    )
    await post(room, WRITER, path, act="bewaar", versie="3", titel="Anders", tekst="Nieuw.", regel="Kijk")
    await post(room, RELEASER, path, act="vrijgeven", versie="4")
    [campaign] = await room.house.records.read(newest)
    town = Town(room.house.records, room.house.shelf)
    town.now = town.rules.opens(campaign.due or town.now)
    await town.delivery().run(campaign.id)
    seen = await page(room, WRITER, path)

    assert campaign.draft.title == "Anders"
    assert "Voor: Een lijst met 9 regels." in seen
    assert "<li>wie@example.nl: onbekend adres</li>" in seen
    assert "<dt>Verstuurd</dt><dd>7</dd>" in seen
    assert "<li>w1" not in seen


async def test_nobody_gets_it(room: Room) -> None:
    """Before the release is said that nobody would get it, afterwards that nobody did; and when it began or will."""
    town = Town(room.house.records, room.house.shelf)
    await town.settle(nowhere=2)
    path = await draft(room)
    before = await page(room, RELEASER, path)
    await put(room.house.records, path.rpartition("/")[2], state="released", due=THURSDAY)
    about_to = await page(room, RELEASER, path)
    id_ = await town.released()
    await town.delivery().run(id_)
    after = await page(room, RELEASER, f"/campagnes/{id_}")

    assert "Let op: nu krijgt niemand dit." in before
    assert "Moi begint" in about_to
    assert "Niemand kreeg het. Hieronder staat waarom." in after


async def test_did_not_begin(room: Room) -> None:
    """The page says in plain words that it was not sent, when and why; it says so no more once something else is chosen."""
    path = await draft(room)
    await put(
        room.house.records, path.rpartition("/")[2], due=THURSDAY, changed=THURSDAY + timedelta(hours=1)
    )
    seen, listed = await page(room, WRITER, path), await page(room, WRITER, "/campagnes")
    fields = {"soort-1": "iedereen", "soort-2": "team", "hoe-2": "en"}
    await post(room, WRITER, f"{path}/wie", act="bewaar", versie="2", **fields)
    chosen, who = await page(room, WRITER, path), await page(room, WRITER, f"{path}/wie")

    assert "Dit is niet verstuurd." in seen
    assert "beginnen op 26 november 2026 om 12:00" in seen
    assert "niet verstuurd: te weinig mensen" in listed
    assert "Dit is niet verstuurd." not in chosen
    assert "daarvan alleen een team." in who
    assert "Er valt nog niets te kiezen." in who


async def test_two_write(room: Room) -> None:
    """Whoever keeps a draft that another changed sees what they typed, that it is not kept, and keeps it with one press more."""
    path = await draft(room)
    typed = {"act": "bewaar", "versie": "2", "titel": "Kijk eerst", "tekst": "Een lange tekst."}
    await post(room, RELEASER, path, act="bewaar", versie="2", titel="Was eerder")
    async with room.post(path, data=typed, headers=room.cookie(WRITER)) as answer:
        status, seen = answer.status, await answer.text()
    [version] = re.findall(r'name="versie" value="(\d+)"', seen)
    for odd in ("9" * 20, "9" * 5000, "²"):
        assert (await post(room, WRITER, path, **(typed | {"versie": odd})))[0] == 409
    await post(room, WRITER, path, **(typed | {"versie": version}))
    [kept] = await room.house.records.read(newest)
    await put(room.house.records, kept.id, state="sending")
    late = await post(room, WRITER, path, **(typed | {"versie": "4"}))

    assert status == 409
    assert "Niet bewaard: iemand anders" in seen
    assert "Een lange tekst.</textarea>" in seen
    assert (kept.draft.title, kept.draft.text) == ("Kijk eerst", "Een lange tekst.")
    assert late == (303, f"{path}?zei=net-veranderd")
