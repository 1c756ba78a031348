"""The aanbestedingskalender from a file and to a file: read whole or not at all, with every mistake by row and column.

An agenda is read as a table of its appointments. What a file does to the list decides `bot/tender_diff.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from bot.list_files import (
    Kind,
    group_of_row,
    named_group,
    no_day,
    read_day,
    read_lines,
    recognised_group,
    too_long,
    unknown,
)
from bot.tender_columns import COLUMNS, FILE, LONGEST, Values
from bot.tender_diff import Line
from bot.tenders import BY_HAND, CONTRACTS, Tender
from cards.tender import DAYS
from knowledge.knowledge import Knowledge
from knowledge.sheets import RefusedFileError, Row, Sheet, Table

SOME_LIST = "aanbestedingskalender"
"""What the list of a file is called, unless somebody says otherwise."""
LONGEST_LIST = 60
APPOINTMENTS = ".ics"


def read_sheet(name: str, sheet: Sheet, knowledge: Knowledge, source: str) -> list[Line]:
    """The purchases in the table of a file that is the list of this source. Raises `RefusedFileError` with every problem."""
    group = group_of_row(knowledge)
    kind = Kind(
        FILE,
        partial(_problems, knowledge, source),
        lambda row: _line(knowledge, row, group(row)),
        lambda line: line.reference,
        lambda line, before: (
            f"kolom wat: '{line.values['what']}' staat er al, op rij {before}. "
            "Geef elke inkoop een eigen kenmerk, of laat er één staan."
        ),
    )
    try:
        return [line for _, line in read_lines(name, sheet, kind)]
    except RefusedFileError as refused:
        if not name.lower().endswith(APPOINTMENTS):
            raise
        # In an agenda a row is an appointment.
        told = [problem.replace(" rij ", " afspraak ") for problem in refused.problems]
        raise RefusedFileError(told) from refused


def as_table(found: Sequence[Tender]) -> Table:
    """The list as a file has it; one that was read from a file can be read in again."""
    columns = ("kenmerk", *COLUMNS.values(), "lijst")
    rows = tuple(
        (tender.reference, *(tender.values[name] or None for name in COLUMNS), tender.source)
        for tender in found
    )
    return Table("aanbestedingskalender", columns, rows)


def read_form(knowledge: Knowledge, said: Values) -> tuple[Values, list[str]]:
    """What a person typed on the page, by the columns of a file; and what is wrong with it, as with a row of a file."""
    row = Row(0, {column: " ".join(said.get(column, "").split()) for column in COLUMNS.values()})
    missing = [
        f"kolom {column}: er staat niets. Vul het in." for column in FILE.needed if not row.cells[column]
    ]
    problems = [*missing, *_problems(knowledge, "", row)]
    values = {} if problems else _values(knowledge, row)
    return values, [_without_column(problem) for problem in problems]


def guessed(knowledge: Knowledge, values: Values) -> Values:
    """The values with what follows from the others: the product group of the words, and the category of that."""
    group = (
        values["product_group"]
        or (not values["category"] and recognised_group(knowledge, values["what"]))
        or ""
    )
    found = knowledge.groups.get(group)
    return {**values, "product_group": group, "category": found.category if found else values["category"]}


def _problems(knowledge: Knowledge, source: str, row: Row) -> Iterator[str]:
    cells = row.cells
    for column, most in LONGEST.items():
        yield from too_long(row, column, most)
    days = []
    for name in DAYS:
        yield from no_day(row, COLUMNS[name])
        days.append((COLUMNS[name], read_day(cells.get(COLUMNS[name], ""))))
    for (earlier, first), (later, last) in ((days[0], days[1]), (days[1], days[2]), (days[0], days[2])):
        if first and last and last < first:
            yield f"kolom {later}: dit is vóór de dag bij {earlier}. Verbeter een van de twee."
    group = named_group(knowledge, cells.get("productgroep", ""))
    yield from unknown(row, "productgroep", knowledge.groups, group)
    category = _named_category(knowledge, cells.get("categorie", ""))
    yield from unknown(row, "categorie", knowledge.categories, category)
    if group and category and knowledge.groups[group].category != category:
        yield "kolom categorie: de productgroep hoort bij een andere categorie. Maak een van de twee leeg."
    own = cells.get("lijst", "")
    if own and own != source:
        yield f"kolom lijst: dit is van de lijst '{own}'. Lees die apart in, of maak deze kolom leeg."


def _line(knowledge: Knowledge, row: Row, group: str | None) -> Line:
    cells = row.cells
    known = _values(knowledge, row)
    category = known.get("category") or ""
    if group and category and knowledge.groups[group].category != category:
        group = None  # It was recognised, and the file says otherwise.
    supposed = set()
    if not cells.get("productgroep"):
        supposed.add("product_group")
    if not cells.get("categorie"):
        supposed.add("category")
    found = {
        "product_group": group or "",
        "category": category or (knowledge.groups[group].category if group else ""),
    }
    # What is neither said nor recognised leaves what was known.
    values = {**known} | {name: said for name, said in found.items() if said or name not in supposed}
    for name in supposed - {name for name, said in found.items() if said}:
        values.pop(name, None)
    reference = cells.get("kenmerk") or f"{cells['wat']}|{cells.get('team', '')}".casefold()
    return Line(reference, values, frozenset(supposed))


def _values(knowledge: Knowledge, row: Row) -> Values:
    """What a row says of what has a column in it, as it is kept."""
    values = {}
    for name, column in COLUMNS.items():
        if column not in row.cells:
            continue
        said = row.cells[column]
        if name in DAYS:
            day = read_day(said)
            said = day.isoformat() if day else ""
        elif name == "product_group":
            said = named_group(knowledge, said) or ""
        elif name == "category":
            said = _named_category(knowledge, said) or ""
        values[name] = said
    return values


def _named_category(knowledge: Knowledge, name: str) -> str | None:
    """A category by its id or its name."""
    if name in knowledge.categories:
        return name
    same = (one.id for one in knowledge.categories.values() if one.name.casefold() == name.casefold())
    return next(same, None)


def _without_column(problem: str) -> str:
    column, _, rest = problem.removeprefix("kolom ").partition(": ")
    return f"{column[:1].upper()}{column[1:]}: {rest}"


def refused_source(source: str) -> str:
    """Why a list cannot be called so; empty when it can."""
    if source in (BY_HAND, CONTRACTS):
        return f"'{source}' houdt Moi zelf bij. Geef de lijst een andere naam."
    return (
        "" if len(source) <= LONGEST_LIST else f"Geef de lijst een naam van hoogstens {LONGEST_LIST} tekens."
    )
