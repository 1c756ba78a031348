"""A calendar in a database, and files for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

from bot.people import Person
from bot.records import Records
from bot.tender_diff import Diff, Line, apply, compare
from bot.tender_files import SOME_LIST, read_sheet
from bot.tenders import Tender, all_tenders
from knowledge.knowledge import Knowledge
from knowledge.sheets import read_table

INKOOP = Person("i1", "Ine", frozenset({"buyer", "inkoop"}))
MVOI = Person("m1", "Mo", frozenset({"buyer", "mvoi"}))
LIST = """Kenmerk;Naam;Startdatum;Opdrachtgever;Team;Gunning
A1;Schoonmaak gemeentehuis;1-5-2027;Facilitair;Facilitair;1 sep 2027
A2;50 bureaustoelen;2027-09-01;Inkoper;;
A3;Iets heel bijzonders;1-6-2027;;BOR;
"""
NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)


def lines(knowledge: Knowledge, content: str = LIST, name: str = "kalender.csv") -> list[Line]:
    """What a file says."""
    return read_sheet(name, read_table(name, content.encode()), knowledge, SOME_LIST)


async def take(
    kept: Records,
    found: Sequence[Line],
    who: Person = INKOOP,
    source: str = SOME_LIST,
    now: datetime = NOW,
) -> Diff | None:
    """Look at a list and say yes to it."""
    seen = await kept.read(partial(compare, source=source, lines=found))
    return await kept.write(
        partial(apply, person=who, source=source, name="kalender.csv", lines=found, mark=seen.mark, now=now)
    )


async def calendar(kept: Records, source: str = SOME_LIST) -> dict[str, Tender]:
    """What is on a list now, by its name there."""
    found = await kept.read(partial(all_tenders, source=source))
    return {tender.reference: tender for tender in found if not tender.gone}
