"""How requests were solved, counted on the page, in files and at the command line: for whom, of what days, and nobody singled out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from python_calamine import load_workbook

from bot.channel_posts import QUESTION, Record
from bot.counts import Found, found, tables
from bot.counts_command import UnclearError, parse, run, show, write
from bot.records import Records
from bot.settings import Settings
from knowledge.knowledge import Knowledge
from knowledge.shelf import Shelf
from tests.bot.test_depot import FACILITAIR
from tests.bot.test_facilitair import INKOOP, NOW, keep, page, record
from tests.bot.web_room import BUYER, SECRET, Room

DAY = date(2026, 11, 26)
FIGURE = {
    "kind": "niet uitgegeven",
    "low": 100.0,
    "high": 250.5,
    "assumption": "eerst € 350",
    "status": "schatting",
}
MORE = {
    "kind": "levensduurverschil",
    "low": -50.0,
    "high": None,
    "assumption": "4 jaar",
    "status": "schatting",
}


def of(who: int, **advice: object) -> Record:
    """A request of somebody, of a product group that is not known any more."""
    made = record(f"{who:032x}", NOW - timedelta(minutes=who), **advice)
    return Record(**{**{n: getattr(made, n) for n in Record.__dataclass_fields__}, "person_id": f"p{who}"})


def requests() -> Iterator[Record]:
    """Of ten people: chairs that were borrowed by six of them, and of others four beamers; one of those is large."""
    for who in range(6):
        yield of(who, way_kind="lenen", money=[FIGURE, MORE] if who == 1 else [])
    for who in range(6, 10):
        yield of(who, title="<b>Beamer", way="Een knop van vroeger", startform=who == 9, money=[{"nieuw": 1}])
    yield of(10, outcome=QUESTION)
    yield record("f" * 32, NOW - timedelta(days=400))


async def counts(kept: Records, knowledge: Knowledge, *, only_small: bool = False) -> Found:
    about = partial(found, knowledge=knowledge, first=DAY, last=DAY, only_small=only_small)
    return await kept.read(about)


async def test_tables(records: Records, shelf: Shelf) -> None:
    """Only requests of those days count; groups of few people stand together, also where every figure says what it assumes."""
    await keep(records, *requests())
    everything = await counts(records, shelf.current)
    small = await counts(records, shelf.current, only_small=True)
    telling, basis = tables(shelf.current, everything)
    [total] = [dict(zip(telling.columns, row, strict=True)) for row in telling.rows if row[1] == "alles"]

    assert everything.counts.groups == ()
    assert [row[1] for row in telling.rows] == ["Overige productgroepen", "alles"]
    assert (len(everything.solutions), len(small.solutions)) == (10, 9)
    assert (total["aanvragen"], total["Geleend"], total["Niet bekend"]) == (10, 6, 4)
    assert total["Uitgesteld"] == 0
    assert (total["Niet uitgegeven: laagst"], total["Niet uitgegeven: hoogst"]) == (100, 250.5)
    assert (total["Levensduurverschil: hoogst"], total["Duurder: laagst"]) == ("niet bekend", "niet bekend")
    assert basis.rows[0][1:] == (
        "Overige productgroepen",
        "Geleend",
        "Niet uitgegeven",
        100,
        250.5,
        "schatting",
        "eerst € 350",
    )
    assert len(basis.rows) == 2


async def test_page(room: Room) -> None:
    """Facilitair counts small purchases, procurement all, a buyer nothing; the files hold the same, without anybody in them."""
    await keep(room.house.records, *requests())
    days = "van=2026-11-26&tot=2026-11-26"
    pages = {}
    for who in (FACILITAIR, INKOOP, BUYER):
        pages[who.id] = await page(room, who, f"/facilitair/telling?{days}&welke=alle")
    nothing = (await page(room, FACILITAIR, "/facilitair/telling?van=2020-01-01&tot=2020-01-02"))[1]
    wrong = (await page(room, FACILITAIR, "/facilitair/telling?van=gisteren"))[0]
    files = {}
    for end in (".csv", "-aannames.csv", ".xlsx"):
        async with room.get(f"/facilitair/telling{end}?{days}", headers=room.cookie(FACILITAIR)) as answer:
            files[end] = await answer.read()
        async with room.get(f"/facilitair/telling{end}", headers=room.cookie(BUYER)) as answer:
            assert answer.status == 403
    book = load_workbook(BytesIO(files[".xlsx"]))

    assert [status for status, _ in pages.values()] == [200, 200, 403]
    assert "9 aanvragen" in pages[FACILITAIR.id][1]
    assert "10 aanvragen" in pages[INKOOP.id][1]
    assert 'name="welke"' not in pages[FACILITAIR.id][1]
    assert "€ 100 tot € 250,50 · bij 1 van 9 · schatting 1" in pages[FACILITAIR.id][1]
    assert "Wat een collega eerst dacht uit te geven" in pages[FACILITAIR.id][1]
    assert "In deze dagen is er niets verstuurd" in nothing
    assert wrong == 400
    assert book.sheet_names == ["telling", "aannames"]
    assert (
        files["-aannames.csv"]
        .decode("utf-8-sig")
        .splitlines()[1]
        .endswith(";100;250.5;schatting;eerst € 350")
    )
    assert b"p1" not in b"".join(files[end] for end in (".csv", "-aannames.csv"))


async def test_command(room: Room, shelf: Shelf, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """At the command line the same is shown or written; of too few people nothing."""
    kept, knowledge = room.house.records, shelf.current
    await keep(kept, *list(requests())[:4])
    show(knowledge, await counts(kept, knowledge))
    few = capsys.readouterr().out
    more = [of(20 + number, title="Stoel", way_kind="huren") for number in range(5)]
    await keep(kept, *list(requests())[4:], *more)
    said = parse(["--van", "2026-11-01", "--tot", "2026-11-26"], DAY)
    assert run(Settings(data_dir=room.house.settings.data_dir, secret=SECRET), said) == 0
    shown = capsys.readouterr().out
    for name in ("uit.xlsx", "uit.csv"):
        write(knowledge, await counts(kept, knowledge), tmp_path / name)
    written = [Path(line).name for line in capsys.readouterr().out.splitlines()]

    assert "minder dan vijf" in few
    assert "Kantoormeubilair: 6 aanvragen\n  Geleend 6" in shown
    assert "Overige productgroepen: 9 aanvragen" in shown
    assert "Alles: 15 aanvragen" in shown
    assert "Duurder: niet bekend" in shown
    assert "Tel ze niet bij elkaar op" in shown
    assert written == ["uit.xlsx", "uit.csv", "uit-aannames.csv"]
    assert run(Settings(data_dir=tmp_path / "leeg", secret=SECRET), said) == 1


@pytest.mark.parametrize(
    "arguments", [["--van"], ["--vanaf", "2026-01-01"], ["--van", "gisteren"], ["--naar", "uit.doc"]]
)
def test_unclear(arguments: list[str]) -> None:
    """What is typed wrong is said, with how it is written."""
    with pytest.raises(UnclearError):
        parse(arguments, DAY)


def test_this_year() -> None:
    """Without days it is this year until today; without a first day the year of the last."""
    assert (parse([], DAY).first, parse([], DAY).last) == (date(2026, 1, 1), DAY)
    assert parse(["--tot", "2025-03-01"], DAY).first == date(2025, 1, 1)
