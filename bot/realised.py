"""What was answered to "is het gelukt?", per request: for its page, the procurement channel and its sender."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, select

from bot.tables import follow_ups, records
from cards.follow_up import AnswerLine, Realised


def realised_of(answers: Mapping[str, Any] | None) -> Realised | None:
    """What a row says was answered; None when nothing was."""
    if not answers:
        return None
    lines = tuple(AnswerLine(**line) for line in answers["lines"])
    return Realised(answers["moment"], lines, answers["words"])


def all_realised(connection: Connection, of: Collection[str]) -> Mapping[str, tuple[Realised, ...]]:
    """What was answered about each of these requests, oldest first; those without answers are left out."""
    found: dict[str, tuple[Realised, ...]] = {}
    answered = select(follow_ups).where(follow_ups.c.record.in_(of), follow_ups.c.answered.is_not(None))
    for row in connection.execute(answered.order_by(follow_ups.c.answered, follow_ups.c.id)):
        if one := realised_of(row.answers):
            found[row.record] = (*found.get(row.record, ()), one)
    return found


def asked_of(connection: Connection, person_id: str) -> list[dict[str, Any]]:
    """Every question about the requests of a person, as rows with the names of the columns."""
    own = select(follow_ups).join(records, records.c.id == follow_ups.c.record)
    found = own.where(records.c.person_id == person_id).order_by(follow_ups.c.id)
    return [dict(row) for row in connection.execute(found).mappings()]
