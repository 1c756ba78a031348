"""What comes back of a campaign: which button, which answer, a question to the team, and that it was seen.

Functions of a connection. Each is kept once per person and thing, for totals only; whoever did not get the campaign has
nothing to give back.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.campaign_ledger import OUT
from bot.campaign_rules import FLOOR
from bot.campaign_tables import campaign_recipients, campaign_returns
from bot.campaigns import NO_MORE, NO_MORE_LABEL, Campaign, read
from cards.campaign import POLL

CLOSED = frozenset({"recalling", "recalled"})
Kind = Literal["tap", "answer", "question", "seen"]


@dataclass(frozen=True, slots=True)
class CameBack:
    """How many people pressed which button (by label) and gave which answer (by choice), asked something, and saw it."""

    taps: Mapping[str, int] = field(default_factory=dict)
    answers: Mapping[str, int] = field(default_factory=dict)
    questions: int = 0
    seen: int = 0


def came_back(connection: Connection, id_: str) -> CameBack:
    """All that came back of this campaign, in numbers of people; for whoever keeps to `FLOOR`."""
    rows = campaign_returns.c
    count = select(rows.kind, rows.what, func.count().label("many")).where(rows.campaign == id_)
    found: dict[str, Counter[str]] = {
        "tap": Counter(),
        "answer": Counter(),
        "question": Counter(),
        "seen": Counter(),
    }
    for row in connection.execute(count.group_by(rows.kind, rows.what)):
        found[row.kind][row.what] = row.many
    return CameBack(found["tap"], found["answer"], found["question"].total(), found["seen"].total())


def keep(connection: Connection, id_: str, person_id: str, kind: Kind, what: str = "") -> bool:
    """Note once that this came back from this person; False, and nothing is noted, from whoever is not in the ledger."""
    if not is_in(connection, id_, person_id):
        return False
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    row = {"id": uuid.uuid4().hex, "campaign": id_, "person_id": person_id, "kind": kind, "what": what}
    connection.execute(insert(campaign_returns).values(**row).on_conflict_do_nothing())
    return True


def is_in(connection: Connection, id_: str, person_id: str) -> bool:
    """Whether this person was meant to get the campaign, and that is still known."""
    ledger = campaign_recipients.c
    found = select(ledger.id).where(ledger.campaign == id_, ledger.person_id == person_id)
    return connection.execute(found).first() is not None


def press(connection: Connection, id_: str, person_id: str, number: str) -> None:
    """Note by its label which button somebody who got it pressed; an unknown one is an old or a forged card."""
    campaign = read(connection, id_)
    labels = [button.label for button in campaign.draft.buttons] if campaign else []
    if number == NO_MORE or number in map(str, range(len(labels))):
        label = NO_MORE_LABEL if number == NO_MORE else labels[int(number)]
        keep(connection, id_, person_id, "tap", label)


def answer(connection: Connection, id_: str, person_id: str, choice: str) -> dict[str, int] | None:
    """Keep what somebody answers to the question of a campaign, in the place of an earlier answer; gives how many people chose what.

    `choice` is its place, from "1". None, and nothing is kept, when it was taken back, or is so long ago that it is not
    known any more who got it: then nobody could change their answer.
    """
    campaign = read(connection, id_)
    choices = choices_of(campaign) if campaign and campaign.state not in CLOSED else ()
    known = choice in map(str, range(1, len(choices) + 1))
    if not known or not is_in(connection, id_, person_id):
        return None
    mine = campaign_returns.c.campaign == id_, campaign_returns.c.person_id == person_id
    connection.execute(delete(campaign_returns).where(*mine, campaign_returns.c.kind == "answer"))
    keep(connection, id_, person_id, "answer", choices[int(choice) - 1])
    counted = came_back(connection, id_).answers
    return {name: counted.get(name, 0) for name in choices}


def choices_of(campaign: Campaign) -> tuple[str, ...]:
    """What one can answer to the question of a campaign, which is the first that it has."""
    return next((button.choices for button in campaign.draft.buttons if button.kind == POLL), ())


def in_totals(counted: Mapping[str, int]) -> tuple[tuple[str, str], ...]:
    """How many people chose what, once they are enough together; nothing before."""
    if sum(counted.values()) < FLOOR:
        return ()
    return tuple((name, at_least_five(number)) for name, number in counted.items())


def see(connection: Connection, person_id: str, conversation: str, last: str) -> None:
    """Note what somebody saw in their own chat: Teams says up to which message they have read there."""
    ledger = campaign_recipients.c
    mine = ledger.person_id == person_id, ledger.conversation == conversation, ledger.state.in_(OUT)
    for row in connection.execute(select(ledger.campaign, ledger.activity).where(*mine)):
        if row.activity and _is_read(row.activity, last):
            keep(connection, row.campaign, person_id, "seen")


def _is_read(activity: str, last: str) -> bool:
    """Whether a message comes no later than the last that was read; in Teams ids are moments, in milliseconds."""
    if activity.isascii() and activity.isdecimal() and last.isascii() and last.isdecimal():
        return int(activity) <= int(last)
    return activity == last


def at_least_five(number: int) -> str:
    """A number of people of whom is told what they did or asked, without pointing at anybody."""
    return str(number) if number == 0 or number >= FLOOR else f"minder dan {FLOOR}"
