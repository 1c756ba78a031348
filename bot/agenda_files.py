"""An agenda (.ics) as a table: every appointment is a purchase that comes up, and starts on its day.

What more is known stands in its description, a line each: "opdrachtgever: Facilitair". Read apart (`bot/reading_apart.py`).
"""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from bot.tender_columns import IN_AN_AGENDA
from knowledge.sheets import Row, Sheet, SheetError

HERE = ZoneInfo("Europe/Amsterdam")
OF_ITSELF = ("kenmerk", "wat", "start")
SAID = re.compile(r"\s*([A-Za-z][A-Za-z _-]{0,30}?)\s*:\s*(\S.*)")


def read_agenda(name: str, content: bytes) -> Sheet:
    """The appointments as rows, numbered from 1, with the columns that their descriptions name. Raises `SheetError` when
    it is no agenda, or when an appointment comes back again and again: a purchase starts once."""
    try:
        found = [event for one in Calendar.from_ical(content, multiple=True) for event in one.events]
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise SheetError(f"{name} kan ik niet lezen als agenda. Bewaar hem opnieuw als .ics.") from error
    rows = []
    for number, event in enumerate(found, 1):
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        if "RRULE" in event or "RECURRENCE-ID" in event:
            raise SheetError(
                f"{name}, afspraak {number}: deze komt steeds terug. Zet elke inkoop één keer in de agenda."
            )
        rows.append((number, _cells(event)))
    if not rows:
        raise SheetError(f"{name} heeft geen afspraken. Kies een andere agenda.")
    used = [*OF_ITSELF, *sorted({column for _, cells in rows for column in cells} - set(OF_ITSELF))]
    return tuple(used), tuple(
        Row(number, {column: cells.get(column, "") for column in used}) for number, cells in rows
    )


def _cells(event: Event) -> dict[str, str]:
    told = {}
    for line in str(event.get("DESCRIPTION", "")).splitlines():
        named = SAID.match(line)
        column = "_".join(named[1].casefold().split()) if named else ""
        if named and column in IN_AN_AGENDA:
            told[column] = " ".join(named[2].split())
    # What is in the appointment itself goes before what was written in it.
    return told | {
        "kenmerk": str(event.get("UID", "")),
        "wat": " ".join(str(event.get("SUMMARY", "")).split()),
        "start": _day(event),
    }


def _day(event: Event) -> str:
    start = event.get("DTSTART")
    day = getattr(start, "dt", None)
    if isinstance(day, datetime):
        return (day.astimezone(HERE) if day.tzinfo else day).date().isoformat()
    return day.isoformat() if isinstance(day, date) else ""
