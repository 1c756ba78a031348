"""A list of colleagues for a campaign, pasted or as a file: which lines there are, and whom each of them names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, select

from bot.campaign_tables import campaign_recipients as rows_of
from bot.list_files import Columns, Kind, read_lines, too_long
from bot.tables import people, sign_ins
from cards.marks import legible
from knowledge.sheets import RefusedFileError, Row, Sheet

ListRow = tuple[int, str]
"""A line of a list: its number there, and what it says."""

MENDED = ("unknown", "not_installed", "failed")
"""States of a recipient that somebody can do something about: another address, Moi installed, or sending again."""
MOST_ROWS = 5000
LONGEST_ROW = 254  # characters; no address is longer (RFC 5321)
ADDRESS_OF_NAME = re.compile(r"[^<>]*<([^<>\s]+@[^<>\s]+)>,?")
COLUMNS = Columns(
    needed=("adres",),
    optional=(),
    called=dict.fromkeys(
        (
            "e-mail",
            "email",
            "e-mailadres",
            "emailadres",
            "mail",
            "account",
            "accountnaam",
            "upn",
            "user_principal_name",
        ),
        "adres",
    ),
    # What a list of colleagues has besides; Moi does not keep it.
    read_over=("naam", "voornaam", "achternaam", "tussenvoegsel", "functie", "afdeling", "team", "domein"),
)
TOO_MANY = f"in een lijst staan hoogstens {MOST_ROWS} regels. Deze lijst is langer."


def pasted_rows(text: str) -> tuple[ListRow, ...]:
    """The lines of a pasted text, by their number; also as Outlook copies them. Raises `RefusedFileError`."""
    found: list[ListRow] = []
    problems = []
    for number, line in enumerate(text.splitlines(), 1):
        for entry in line.split(";"):
            if not (said := " ".join(legible(entry).split())):
                continue
            if len(said) > LONGEST_ROW:
                problems.append(
                    f"De lijst, rij {number}: dit is te lang. Zet op elke regel één adres of account."
                )
            found.append((number, _address(said)))
    if len(found) > MOST_ROWS:
        problems = [f"De lijst: {TOO_MANY}"]
    if problems:
        raise RefusedFileError(problems)
    return tuple(found)


def file_rows(name: str, sheet: Sheet) -> tuple[ListRow, ...]:
    """The lines of a file with this `name`, by the number of their row. Raises `RefusedFileError` with every problem."""
    kind = Kind(COLUMNS, _problems, _made, key=lambda row: row[0], twice=lambda _row, _before: "")
    found = tuple(row for _, row in read_lines(name, sheet, kind))
    if len(found) > MOST_ROWS:
        raise RefusedFileError([f"{name}, {TOO_MANY}"])
    return found


def known_rows(connection: Connection, rows: Sequence[ListRow]) -> tuple[dict[str, str], list[ListRow]]:
    """By person the line that names them, and the lines that name nobody whom Moi knows, or more than one."""
    if not rows:
        return {}, []
    names = _names(connection)
    found: dict[str, str] = {}
    unknown = []
    for row in rows:
        match [*names.get(row[1].casefold(), ())]:
            case [person]:
                found.setdefault(person, row[1])
            case _:
                unknown.append(row)
    return found, unknown


def to_mend(connection: Connection, campaign: str, most: int = 200) -> list[tuple[str, str]]:
    """The lines of its lists to which the campaign did not go for want of something that can be mended, with the state.

    Not of whoever wants no campaigns or blocked Moi: that is nobody's to mend.
    """
    open_ = rows_of.c.campaign == campaign, rows_of.c.address.is_not(None), rows_of.c.state.in_(MENDED)
    found = (
        select(rows_of.c.address, rows_of.c.state).where(*open_).order_by(rows_of.c.state, rows_of.c.address)
    )
    return [(row.address, row.state) for row in connection.execute(found.limit(most))]


def lines_of(connection: Connection, person_id: str) -> frozenset[str]:
    """Everything that a line in a list can say to name this person and nobody else, in small letters."""
    return frozenset(name for name, who in _names(connection).items() if who == {person_id})


def _names(connection: Connection) -> dict[str, frozenset[str]]:
    """By what can be on a line, in small letters, whom that can be.

    The address and the account come from signing in on the web. Teams gives only a name and the number of the account.
    """
    exact: dict[str, str] = {}
    loose: dict[str, set[str]] = defaultdict(set)
    for row in connection.execute(select(people.c.id, people.c.name)):
        channel, _, number = row.id.partition(":")
        if channel == "aad":
            exact[number.casefold()] = row.id
        if name := " ".join(row.name.casefold().split()):
            loose[name].add(row.id)
    signed = select(sign_ins.c.person_id, sign_ins.c.accounts).where(sign_ins.c.accounts.is_not(None))
    # An address can be given to somebody else, so whoever signed in with it last has it.
    for row in connection.execute(signed.order_by(sign_ins.c.at)):
        for account in row.accounts or ():
            exact[account] = row.person_id
    for account, person in exact.items():
        if "@" in account:
            loose[account.partition("@")[0]].add(person)
    found = {name: frozenset(who) for name, who in loose.items()}
    return found | {name: frozenset({person}) for name, person in exact.items()}


def _problems(row: Row) -> Iterator[str]:
    yield from too_long(row, "adres", LONGEST_ROW)


def _made(row: Row) -> ListRow:
    return row.number, _address(row.cells["adres"])


def _address(said: str) -> str:
    named = ADDRESS_OF_NAME.fullmatch(said)
    return named[1] if named else said
