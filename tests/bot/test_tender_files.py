"""The calendar from a file: CSV, Excel and an agenda, every mistake by row and column, and as a diff that overwrites nobody."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from bot.agenda_files import read_agenda
from bot.reading_apart import read_apart
from bot.records import Records
from bot.rights import NotYoursError
from bot.tables import audit
from bot.tender_diff import apply, compare
from bot.tender_files import SOME_LIST, as_table, read_sheet, refused_source
from bot.tenders import CONTRACTS, edit, history, take_off
from knowledge.knowledge import Knowledge
from knowledge.sheets import RefusedFileError, SheetError, csv_text
from knowledge.shelf import Shelf
from tests.bot.tender_stage import INKOOP, LIST, MVOI, NOW, calendar, lines, take
from tests.bot.web_room import BUYER

AGENDA = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//proef//NL
BEGIN:VEVENT
UID:een@proef
DTSTAMP:20261126T090000Z
DTSTART;VALUE=DATE:20270501
SUMMARY:Schoonmaak gemeentehuis
DESCRIPTION:Opdrachtgever: Facilitair\\nGunning: 1 sep 2027\\nZie ook: elders
END:VEVENT
BEGIN:VEVENT
UID:twee@proef
DTSTAMP:20261126T090000Z
DTSTART:20270831T223000Z
SUMMARY:50 bureaustoelen
END:VEVENT
BEGIN:VEVENT
UID:drie@proef
DTSTAMP:20261126T090000Z
DTSTART:20270831T223000Z
SUMMARY:Gaat niet door
STATUS:CANCELLED
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def knowledge(shelf: Shelf) -> Knowledge:
    return shelf.current


@pytest.fixture
async def kept(sqlite_url: str) -> AsyncIterator[Records]:
    """An empty database in a file, for what does not differ between databases."""
    opened = await Records.open(sqlite_url)
    yield opened
    await opened.close()


def test_read(knowledge: Knowledge) -> None:
    """However a column is called and a day is written, it is the same; the product group is recognised and said to be."""
    cleaning, chairs, unknown = lines(knowledge)

    assert cleaning.reference == "A1"
    assert cleaning.values["start"] == "2027-05-01"
    assert cleaning.values["award"] == "2027-09-01"
    assert (cleaning.values["product_group"], chairs.values["product_group"]) == (
        "schoonmaak",
        "kantoormeubilair",
    )
    assert chairs.values["category"] == "kantoorinrichting_benodigdheden"
    assert chairs.guessed == {"product_group", "category"}
    assert "product_group" not in unknown.values


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        (
            "wat;startdag\na;1-5-2027\n",
            [
                "rij 1: de kolom 'start' ontbreekt. Gevonden: wat, startdag.",
                "rij 1: de kolom 'startdag' ken ik niet. Bedoel je 'start'?",
            ],
        ),
        (
            "wat;start;gunning;productgroep;categorie;lijst\n"
            f"{'a' * 201};ooit;1-1-2027;stoelen;energie;x\n"
            ";1-5-2027;1-4-2027;kantoormeubilair;gww;\n"
            "a;1-5-2027;;;;\na;1-6-2027;;;;\n",
            [
                "rij 2, kolom wat: dit is te lang. Gebruik hoogstens 200 tekens.",
                "rij 2, kolom start: 'ooit' is geen datum. Schrijf 26-11-2026, 2026-11-26 of 26 nov 2026.",
                "rij 2, kolom productgroep: 'stoelen' ken ik niet.",
                "rij 2, kolom categorie: 'energie' ken ik niet.",
                "rij 2, kolom lijst: dit is van de lijst 'x'. Lees die apart in, of maak deze kolom leeg.",
                "rij 3, kolom wat: er staat niets. Vul het in.",
                "rij 3, kolom gunning: dit is vóór de dag bij start. Verbeter een van de twee.",
                "rij 3, kolom categorie: de productgroep hoort bij een andere categorie. Maak een van de twee leeg.",
                "rij 5, kolom wat: 'a' staat er al, op rij 4. Geef elke inkoop een eigen kenmerk, of laat er één staan.",
            ],
        ),
    ],
)
def test_wrong_file(knowledge: Knowledge, content: str, problems: list[str]) -> None:
    """Every mistake is named at once, with row and column, and what to do."""
    with pytest.raises(RefusedFileError) as refused:
        lines(knowledge, content)

    assert len(refused.value.problems) == len(problems)
    assert all(
        said.startswith(f"kalender.csv, {problem}")
        for said, problem in zip(refused.value.problems, problems, strict=True)
    )


async def test_agenda(knowledge: Knowledge) -> None:
    """Every appointment of an agenda is a purchase, on its day here, with what its description names; cancelled is gone."""
    sheet = await read_apart("agenda.ics", AGENDA.encode())
    first, second = read_sheet("agenda.ics", sheet, knowledge, SOME_LIST)
    named = read_agenda("agenda.ics", AGENDA.replace("Gunning: 1 sep 2027", "Gunning: ooit").encode())
    with pytest.raises(RefusedFileError) as wrong:
        read_sheet("agenda.ics", named, knowledge, SOME_LIST)

    assert (first.reference, first.values["client"], first.values["award"]) == (
        "een@proef",
        "Facilitair",
        "2027-09-01",
    )
    assert second.values["start"] == "2027-09-01"
    assert wrong.value.problems[0].startswith("agenda.ics, afspraak 1, kolom gunning: 'ooit' is geen datum.")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("geen agenda", "kan ik niet lezen als agenda"),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\n", "heeft geen afspraken"),
        (AGENDA.replace("UID:twee", "RRULE:FREQ=YEARLY\nUID:twee"), "afspraak 2: deze komt steeds terug"),
    ],
)
def test_no_agenda(content: str, says: str) -> None:
    """What is no agenda, has nothing in it or comes back every year is refused, and it is said why."""
    with pytest.raises(SheetError, match=says):
        read_agenda("agenda.ics", content.encode())


async def test_diff(records: Records, knowledge: Knowledge) -> None:
    """A list says what it would do, does that after a yes to what was seen, and leaves what a person changed and took off."""
    await take(records, lines(knowledge))
    before = await calendar(records)
    chairs = {**before["A2"].values, "start": "2027-10-01", "product_group": "kantoorstoffering"}
    await records.write(partial(edit, person=MVOI, tender=before["A2"], values=chairs, follow=(), now=NOW))
    await records.write(partial(take_off, person=MVOI, tender=before["A3"], now=NOW))
    other = (
        LIST.replace("1-5-2027", "1-7-2027").replace("2027-09-01", "2027-11-01") + "A4;Papier;1-8-2027;;;\n"
    )
    seen = await records.read(partial(compare, source=SOME_LIST, lines=lines(knowledge, other)))
    stale = await records.write(
        partial(
            apply,
            person=INKOOP,
            source=SOME_LIST,
            name="x",
            lines=lines(knowledge, other + "A5;Verf;1-8-2027;;;\n"),
            mark=seen.mark,
            now=NOW,
        )
    )
    await take(records, lines(knowledge, other))
    after = await calendar(records)

    assert stale is None
    assert [line.reference for line in seen.new] == ["A4"]
    cleaning, stays = sorted(seen.changed, key=lambda one: one.tender.reference)
    assert [(one.name, one.before, one.after) for one in cleaning.changes] == [
        ("start", "2027-05-01", "2027-07-01")
    ]
    assert stays.changes == ()
    # The group was recognised and does not stand in the file, so the file says nothing else than the person.
    assert [(one.name, one.before, one.after) for one in stays.stays] == [
        ("start", "2027-10-01", "2027-11-01")
    ]
    assert (seen.off, seen.gone, seen.left) == (1, (), ())
    assert set(after) == {"A1", "A2", "A4"}
    assert after["A2"].values["product_group"] == "kantoorstoffering"
    assert after["A2"].values["start"] == "2027-10-01"


async def test_gone(kept: Records, knowledge: Knowledge) -> None:
    """What is in the list no more goes, unless a person changed it; another list is left alone; back in it, its log goes on."""
    await take(kept, lines(knowledge))
    await take(kept, lines(knowledge), source="wegen")
    before = await calendar(kept, "wegen")
    team = {**before["A2"].values, "team": "BOR"}
    await kept.write(partial(edit, person=MVOI, tender=before["A2"], values=team, follow=(), now=NOW))
    short = "\n".join(LIST.splitlines()[:2]) + "\n"
    gone = await take(kept, lines(knowledge, short), source="wegen", now=NOW + timedelta(days=1))
    between = await calendar(kept, "wegen")
    await take(kept, lines(knowledge), source="wegen", now=NOW + timedelta(days=2))
    after = await calendar(kept, "wegen")
    log = await kept.read(partial(history, id_=before["A3"].id))

    assert gone
    assert [tender.reference for tender in gone.gone] == ["A3"]
    assert [tender.reference for tender in gone.left] == ["A2"]
    assert set(between) == {"A1", "A2"}
    assert after["A3"] == before["A3"]
    assert [one.what for one in log] == [
        "weer in kalender.csv",
        "niet meer in kalender.csv",
        "uit kalender.csv",
    ]
    assert len(await calendar(kept)) == 3


async def test_by_hand(kept: Records, knowledge: Knowledge) -> None:
    """Who changed what and when is in the log, of a colleague's name only that it changed; a person may follow the file again."""
    await take(kept, lines(knowledge))
    tender = (await calendar(kept))["A1"]
    values = {**tender.values, "client": "Inkoper", "domain": "Dienstverlening"}
    await kept.write(partial(edit, person=MVOI, tender=tender, values=values, follow=(), now=NOW))
    mine = (await calendar(kept))["A1"]
    nothing = await kept.write(partial(edit, person=MVOI, tender=mine, values=values, follow=(), now=NOW))
    await kept.write(partial(edit, person=MVOI, tender=mine, values=values, follow=["client"], now=NOW))
    await take(kept, lines(knowledge))
    after = (await calendar(kept))["A1"]
    [changed] = [one for one in await kept.read(partial(history, id_=tender.id)) if len(one.changes) == 2]
    logged = await kept.read(
        lambda connection: connection.execute(select(audit.c.person_id, audit.c.action)).all()
    )

    assert mine.by_hand == {"client", "domain"}
    assert nothing == 0
    assert (after.values["client"], after.values["domain"]) == ("Facilitair", "Dienstverlening")
    assert changed.person_id == MVOI.id
    assert [(one.name, one.before, one.after) for one in changed.changes] == [
        ("domain", "", "Dienstverlening"),
        ("client", "", ""),
    ]
    assert sorted(tuple(row) for row in logged) == [
        ("i1", "kalender ingelezen"),
        ("i1", "kalender ingelezen"),
        ("m1", "kalender gewijzigd"),
        ("m1", "kalender gewijzigd"),
    ]


async def test_for_who_keeps_it(kept: Records, knowledge: Knowledge) -> None:
    """A buyer changes nothing by a file or by hand; what was exported can be read in again and changes nothing."""
    await take(kept, lines(knowledge))
    before = await calendar(kept)
    with pytest.raises(NotYoursError, match="MVOI-team en Team Inkoop"):
        await take(kept, lines(knowledge, "wat;start\na;1-5-2027\n"), BUYER)
    with pytest.raises(NotYoursError):
        await kept.write(
            partial(edit, person=BUYER, tender=before["A1"], values=before["A2"].values, follow=(), now=NOW)
        )
    again = lines(knowledge, csv_text(as_table(list(before.values()))))
    seen = await kept.read(partial(compare, source=SOME_LIST, lines=again))
    same = await calendar(kept)

    assert seen.nothing
    assert seen.same == 3
    assert same == before
    assert "houdt Moi zelf bij" in refused_source(CONTRACTS)
    assert "hoogstens 60" in refused_source("x" * 61)
    assert refused_source("wegen") == ""
