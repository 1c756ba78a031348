"""A pasted or uploaded list of colleagues: which lines name whom, and that none is lost and none is kept too long."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select

from bot.campaign_audience import Audience, Part, find_people
from bot.campaign_keeping import forget_in_campaigns
from bot.campaign_lists import file_rows, pasted_rows, to_mend
from bot.campaign_news import CampaignNews
from bot.campaign_tables import campaign_recipients
from bot.campaigns import Campaign, newest, read, release, write
from bot.connector_errors import Blocked
from bot.my_data import forget_person
from bot.people import Person
from bot.records import Records
from bot.retention import RULES
from bot.sign_ins import SignIns
from bot.tables import people
from knowledge.sheets import RefusedFileError, read_table
from tests.bot.campaign_room import DRAFT, FAST, RELEASER, THURSDAY, WRITER, Town


@pytest.mark.parametrize(
    ("text", "problem"), [("x\n" + "y" * 255, "rij 2"), ("x\n" * 5001, "hoogstens 5000")]
)
def test_no_list(text: str, problem: str) -> None:
    """A pasted text that is no list is refused, with what is wrong."""
    with pytest.raises(RefusedFileError, match=problem):
        pasted_rows(text)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"adres\n" + b"y" * 300 + b"\n\n", "rij 2, kolom adres: dit is te lang"),
        (b"adres;naam\nc1;Sam\n;Jan\n", "rij 3, kolom adres: er staat niets"),
        (b"account\n" + b"y\n" * 5001, "hoogstens 5000 regels"),
        (b"account\n", "geen enkele regel"),
        (b"w1@example.nl\nw2@example.nl\n", "de kolom 'adres' ontbreekt"),
    ],
)
def test_wrong_file(content: bytes, problem: str) -> None:
    """A file that is no list is refused, with what is wrong by row and column."""
    with pytest.raises(RefusedFileError, match=problem):
        file_rows("lijst.csv", read_table("lijst.csv", content))


async def test_same_name_twice(records: Records) -> None:
    """A name of two colleagues names neither; an address is of whoever signed in with it last."""
    now = [THURSDAY]
    signing = SignIns(records.database, now=lambda: now[0])
    for id_ in ("aad:a", "aad:b"):
        row = {"id": id_, "name": "Sam de Vries", "roles": [], "last_seen": date(2026, 11, 1)}
        await records.write(lambda connection, row=row: connection.execute(insert(people).values(row)))
        await signing.keep(Person(id_, "Sam", team="BOR"), "Fysiek", ["sam@example.nl"])
        now[0] += timedelta(days=1)
    listed = Audience((Part("lijst", rows=((1, "sam de vries"), (2, "Sam@example.nl"))),))
    found = await records.read(lambda connection: find_people(connection, listed, FAST, THURSDAY))
    team = await records.read(
        lambda connection: find_people(connection, Audience((Part("team", "BOR"),)), FAST, THURSDAY)
    )

    assert (found.ids, found.unknown) == ({"aad:b"}, ((1, "sam de vries"),))
    assert team.ids == {"aad:a", "aad:b"}


def listed(*texts: str) -> Part:
    """A list with these lines."""
    return Part("lijst", rows=tuple(enumerate(texts, 1)))


async def rows(town: Town, id_: str) -> dict[str, tuple[str, str | None]]:
    """State and line of everybody in a ledger."""
    found = select(campaign_recipients).where(campaign_recipients.c.campaign == id_)
    kept = await town.records.read(lambda connection: connection.execute(found).all())
    return {row.person_id: (row.state, row.address) for row in kept}


async def test_lines_in_the_ledger(town: Town) -> None:
    """Every line of a list ends in the ledger: who is known by what became of it, who is not as an unknown address; and what can
    be mended is named by its line, but not who blocked Moi."""

    def answer(chat: str) -> None:
        if chat == "room-t0":
            raise Blocked("nee")

    town.teams.before = answer
    await town.settle(teams=4, web=1, nowhere=1)
    part = listed("t0", "T1", "t2", "t3", "w0", "n0", "wie@example.nl")
    id_ = await town.released(replace(DRAFT, audience=Audience((part,))))
    await town.delivery().run(id_)
    mend = await town.records.read(lambda connection: to_mend(connection, id_))

    assert await town.totals(id_) == {
        "verstuurd": 4, "geblokkeerd": 1, "niet geïnstalleerd": 1, "onbekend adres": 1,
    }  # fmt: skip
    assert mend == [("n0", "not_installed"), ("wie@example.nl", "unknown")]
    assert (await rows(town, id_))["t1"] == ("sent", "T1")


async def test_who_left_meanwhile(town: Town) -> None:
    """When too few are left at the moment itself it is a draft again, and nobody gets it."""
    await town.settle(web=5)
    id_ = await town.released(replace(DRAFT, audience=Audience((listed(*(f"w{n}" for n in range(5))),))))
    await town.records.write(lambda connection: forget_person(connection, "w0"))
    await town.delivery().run(id_)

    assert (await town.state(id_), await town.totals(id_)) == ("draft", {})


async def test_did_not_begin(town: Town) -> None:
    """That it did not begin is said in the list, and in the channel every time that it happens; until it is written anew."""
    await town.settle(web=4)
    assert town.shelf
    news = CampaignNews(town.records, town.shelf, lambda: town.now)
    small = replace(DRAFT, audience=Audience((listed(*(f"w{n}" for n in range(4))),)))

    async def seen() -> Campaign:
        [campaign] = await town.records.read(newest)
        return campaign

    id_ = await town.released(small)
    await town.delivery().run(id_)
    first = await seen()
    for _ in range(2):
        await news.post()
    await town.records.write(lambda connection: write(connection, WRITER, id_, 3, small, town.now))
    written = await seen()
    await news.post()
    await town.records.write(lambda connection: release(connection, RELEASER, id_, 4, None, town.now))
    await town.act(id_, "stop")
    stopped = await seen()
    await town.records.write(lambda connection: release(connection, RELEASER, id_, 5, None, town.now))
    await town.delivery().run(id_)
    await news.post()
    notes = [post.record.advice for post in await town.records.posts()]

    assert (first.how_far, first.not_begun) == ("niet verstuurd: te weinig mensen", True)
    assert (written.how_far, stopped.how_far) == ("concept", "concept")
    assert [note["title"] for note in notes] == ["Campagne niet verstuurd: te weinig mensen"] * 2
    assert notes[0]["lines"] == [["Wat jij kunt doen", "Kies een ruimere groep"]]


async def lines_left(town: Town, id_: str) -> list[tuple[int, str]]:
    """What is left of the list of a campaign."""
    campaign = await town.records.read(lambda connection: read(connection, id_))
    assert campaign
    return list(campaign.draft.audience.parts[0].rows)


async def test_list_is_forgotten(town: Town) -> None:
    """Whoever has their data deleted is off every list; when the people go from the ledger the lines go, but not of what is
    planned."""
    await town.settle(web=6)
    lines = [f"w{n}" for n in range(6)]
    sent = await town.released(replace(DRAFT, audience=Audience((listed(*lines),))))
    await town.delivery().run(sent)
    due = THURSDAY + timedelta(days=300)
    planned = await town.released(replace(DRAFT, audience=Audience((listed(*lines),))), due=due)
    await town.records.write(lambda connection: forget_in_campaigns(connection, "w0"))
    forgotten = await lines_left(town, sent), (await rows(town, sent))["w0"]
    late = THURSDAY + timedelta(days=90)
    clear = RULES["ontvangers van campagnes"].clear
    went = [await town.records.write(lambda connection: clear(connection, late, late)) for _ in range(2)]

    assert forgotten == (list(enumerate(lines, 1))[1:], ("sent", None))
    assert went == [7, 0]
    assert await lines_left(town, sent) == []
    assert await rows(town, sent) == {"verwijderd": ("sent", None)}
    assert len(await lines_left(town, planned)) == 5
