"""What Moi keeps of one person: to see, to take along, and to have deleted.

Functions of a connection, so that a person is forgotten as a whole or not at all. Every table with a `person_id` has its
line in `ON_FORGETTING`; a test holds that none is missing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final, Literal

from sqlalchemy import Connection, Row, Table, and_, delete, func, or_, select, update

from bot.campaign_keeping import campaigns_of, forget_in_campaigns, optouts_of
from bot.campaign_tables import campaigns
from bot.channel_tables import channel_messages, channel_work
from bot.depot import STATE_NAMES, reservations, withdraw
from bot.depot_tables import depot_reservations
from bot.realised import asked_of, realised_of
from bot.rights import GONE, note
from bot.tables import (
    activities,
    audit,
    conversations,
    follow_ups,
    meetings,
    metadata,
    people,
    records,
    sign_ins,
    talks,
)
from bot.talk_state import Kept
from bot.tender_keeping import calendar_of, forget_in_calendar
from bot.tender_tables import tender_changes
from cards.follow_up import VERDICTS

Rows = list[dict[str, Any]]

ON_FORGETTING: Final[Mapping[str, Literal["delete", "unlink", "keep", "end"]]] = {
    "talks": "delete",
    "conversations": "delete",
    # The summary is the organisation's, so only who sent it goes.
    "records": "unlink",
    # So are what was asked and answered about it, and which channel is the procurement channel.
    "channel_messages": "unlink",
    "team_channels": "unlink",
    # With one of the two nobody is left to bring together.
    "meetings": "delete",
    # What somebody has from the depot is still there; what only waited was given back.
    "depot_reservations": "unlink",
    # How many got a campaign stays right; which of them does not.
    "campaign_recipients": "unlink",
    "campaign_returns": "unlink",
    "campaign_optouts": "delete",
    # What comes up is the organisation's, and so is what was changed in it.
    "tender_changes": "unlink",
    "tender_imports": "delete",
    "nudges": "unlink",
    # Who did something with what is of others cannot erase that they did; it goes when its period is over.
    "audit": "keep",
    # Without the moment at which it ended an old cookie would count again; the nightly deletion takes it a day later.
    "sign_ins": "end",
}
ALSO_NAMED: Final = (
    channel_work.c.taken_by,
    channel_work.c.discussed_by,
    channel_messages.c.to_id,
    depot_reservations.c.decided_by,
    campaigns.c.written_by,
    campaigns.c.released_by,
)
"""Columns under another name in which a person is; they are unlinked as well."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class MyData:
    """Everything of one person, as rows with the names of the columns."""

    person: dict[str, Any] | None
    talks: Rows
    records: Rows
    conversations: Rows
    actions: Rows
    asked: Rows
    reserved: Rows
    together: Rows
    followed: Rows
    campaigns: Rows
    no_campaigns: Rows
    calendar: Rows
    changed: Rows
    signed_in: dict[str, Any] | None

    def dump(self) -> str:
        """All of it as JSON, with moments in ISO 8601."""
        said = {
            "persoon": self.person,
            "aanmelding": self.signed_in,
            "gesprekken": self.talks,
            "aanvragen": self.records,
            "berichten": self.conversations,
            "acties": self.actions,
            "inkoopkanaal": self.asked,
            "depot": self.reserved,
            "samen": self.together,
            "opvolging": self.followed,
            "campagnes": self.campaigns,
            "geen_campagnes": self.no_campaigns,
            "kalender": self.calendar,
            "kalender_gewijzigd": self.changed,
        }
        return json.dumps(said, ensure_ascii=False, indent=2, default=_plain)


def read_mine(person_id: str, connection: Connection) -> MyData:
    """Everything that is kept of this person."""
    own = select(people).where(people.c.id == person_id)
    last = select(sign_ins).where(sign_ins.c.person_id == person_id)
    person = connection.execute(own).mappings().one_or_none()
    rooms = _of(connection, conversations, person_id)
    for room in rooms:
        said = select(activities.c.activity).where(activities.c.conversation == room["id"])
        room["activities"] = list(connection.execute(said.order_by(activities.c.seq)).scalars())
    return MyData(
        dict(person) if person else None,
        _of(connection, talks, person_id),
        _of(connection, records, person_id),
        rooms,
        _of(connection, audit, person_id),
        _of(connection, channel_messages, person_id),
        _of(connection, depot_reservations, person_id),
        _together(connection, person_id),
        asked_of(connection, person_id),
        campaigns_of(connection, person_id),
        optouts_of(connection, person_id),
        calendar_of(connection, person_id),
        _of(connection, tender_changes, person_id),
        dict(signed) if (signed := connection.execute(last).mappings().one_or_none()) else None,
    )


def count_mine(person_id: str, connection: Connection) -> Kept:
    """How much is kept of this person."""
    numbers = (
        select(func.count()).select_from(table).where(table.c.person_id == person_id)
        for table in (talks, records, conversations, audit, depot_reservations)
    )
    kept = Kept(*(connection.execute(number).scalar_one() for number in numbers))
    together, followed = len(_together(connection, person_id)), len(asked_of(connection, person_id))
    return replace(kept, together=together, followed=followed)


def forget_me(connection: Connection, person_id: str, stays: str = "") -> None:
    """Forget a person who asked for it, and write down that somebody did; see `forget_person` for `stays`."""
    forget_person(connection, person_id, stays)
    note(connection, GONE, "gegevens verwijderd", "op eigen verzoek")


def forget_person(connection: Connection, person_id: str, stays: str = "") -> None:
    """Delete what is of the person and take their name off what is of the organisation.

    Of the conversation that `stays` only what was said goes, so that Moi can still say there that it is done.
    """
    for waiting in reservations(connection, person_id, ["waiting"]):
        withdraw(connection, person_id, waiting.id)
    own = select(records.c.id).where(records.c.person_id == person_id)
    # What was answered stays with the request; what was not is asked of nobody any more.
    unanswered = follow_ups.c.record.in_(own), follow_ups.c.answered.is_(None)
    connection.execute(delete(follow_ups).where(*unanswered))
    forget_in_campaigns(connection, person_id)
    forget_in_calendar(connection, person_id)
    rooms = select(conversations.c.id).where(conversations.c.person_id == person_id)
    connection.execute(delete(activities).where(activities.c.conversation.in_(rooms)))
    for name, what in ON_FORGETTING.items():
        table = metadata.tables[name]
        of_person = table.c.person_id == person_id
        if what == "delete" and table is conversations:
            connection.execute(delete(table).where(of_person, table.c.id != stays))
        elif what == "delete":
            connection.execute(delete(table).where(of_person))
        elif what == "unlink":
            connection.execute(update(table).where(of_person).values(person_id=GONE.id))
        elif what == "end":
            ended = {"roles": [], "at": LONG_AGO, "ended": datetime.now(UTC)}
            ended |= dict.fromkeys(("team", "domain", "accounts"))
            connection.execute(update(table).where(of_person).values(ended))
    connection.execute(delete(meetings).where(meetings.c.other_id == person_id))
    for column in ALSO_NAMED:
        connection.execute(update(column.table).where(column == person_id).values({column: GONE.id}))
    connection.execute(delete(people).where(people.c.id == person_id))


def readable(mine: MyData, summaries: Mapping[str, str]) -> str:
    """All of it as plain Dutch text; `summaries` are the words of the records by their id."""
    parts = ["Wat Moi over jou bewaart", *_person(mine)]
    parts += _part("Gesprekken", (_talk(row) for row in mine.talks))
    parts += _part(
        "Aanvragen die je verstuurde", (summaries.get(row["id"], row["id"]) for row in mine.records)
    )
    parts += _part("Berichten", (_room(row) for row in mine.conversations))
    parts += _part(
        "Wat je deed met iets van een ander",
        (f"{_plain(row['at'])}: {row['action']} ({row['about']})" for row in mine.actions),
    )
    parts += _part(
        "Wat je in het inkoopkanaal vroeg of antwoordde",
        (f"{_plain(row['at'])}: {row['text']} ({row['record']})" for row in mine.asked),
    )
    parts += _part("Wat je uit het depot reserveerde", (_reservation(row) for row in mine.reserved))
    parts += _part(
        "Samen zoeken met een collega",
        (f"{_plain(row['at'])}: {row['product_group']}, {row['state']}" for row in mine.together),
    )
    parts += _part("Of het gelukt is", (_followed(row) for row in mine.followed))
    parts += _part("Campagnes die je kreeg of zou krijgen", (_campaign(row) for row in mine.campaigns))
    parts += _part("Inkopen die eraan komen, en seintjes daarover", (_tender(row) for row in mine.calendar))
    parts += _part(
        "Wat je in de kalender deed",
        (f"{_plain(row['at'])}: {row['what']} ({row['tender']})" for row in mine.changed),
    )
    parts += [
        f"Geen campagnes meer, sinds {_plain(row['since'])} ({row['subject'] or 'alle'})."
        for row in mine.no_campaigns
    ]
    return "\n\n".join(parts) + "\n"


def role_names(roles: Iterable[str]) -> str:
    """Roles as people call them."""
    return ", ".join("opdrachtgever" if role == "buyer" else role for role in roles)


def _of(connection: Connection, table: Table, person_id: str) -> Rows:
    found = select(table).where(table.c.person_id == person_id).order_by(table.c.id)
    return [dict(row) for row in connection.execute(found).mappings()]


def _together(connection: Connection, person_id: str) -> Rows:
    """With whom somebody may look together, without who that is: a name is only told by Moi when both said yes. Nor can
    whoever asked read here that the answer was no, or whoever looked before that somebody may ask."""
    mine = or_(
        meetings.c.person_id == person_id, and_(meetings.c.other_id == person_id, meetings.c.told_other != "")
    )
    found = connection.execute(select(meetings).where(mine).order_by(meetings.c.id)).all()
    return [
        {"id": row.id, "product_group": row.product_group, "at": row.at, "state": _how_far(row, person_id)}
        for row in found
    ]


def _how_far(row: Row[Any], person_id: str) -> str:
    if row.state == "met":
        return "jullie zeiden allebei ja"
    if row.person_id == person_id:
        return "aan jou gevraagd" if row.told_other == "" else "jij zei ja"
    return "aan jou gevraagd" if row.state == "asked" else "beantwoord"


def _part(title: str, lines: Iterator[str]) -> list[str]:
    return [f"== {title} ==", *(list(lines) or ["Niets."])]


def _person(mine: MyData) -> list[str]:
    signed = mine.signed_in or {}
    works = (signed.get("team"), signed.get("domain"), *(signed.get("accounts") or ()))
    said = ", ".join(word for word in works if word)
    from_sign_in = [f"Uit je aanmelding op het web: {said}"] if said else []
    if mine.person is None:
        return ["Je naam en rol staan er niet in.", *from_sign_in]
    return [
        f"Naam: {mine.person['name']}\nNummer: {mine.person['id']}\nRollen: {role_names(mine.person['roles'])}\n"
        f"Laatst gezien: {_plain(mine.person['last_seen'])}",
        *from_sign_in,
    ]


def _talk(row: Mapping[str, Any]) -> str:
    state = {"open": "loopt nog", "done": "verstuurd", "stopped": "gestopt"}[row["state"]]
    answers = (f"- {key}: {_words(value)}" for key, value in row["answers"].items())
    return "\n".join((f"Gesprek van {_plain(row['changed'])} ({state})", *answers))


def _room(row: Mapping[str, Any]) -> str:
    said = [
        f"- {'jij' if activity.get('from', {}).get('role') == 'user' else 'Moi'}: "
        f"{activity.get('text') or activity.get('summary') or 'een kaart'}"
        for activity in row["activities"]
    ]
    return "\n".join((f"Op {row['channel']} ({row['id']})", *said))


def _reservation(row: Mapping[str, Any]) -> str:
    return f"{_plain(row['at'])}: {row['number']} × {row['what']} ({STATE_NAMES[row['state']]})"


def _followed(row: Mapping[str, Any]) -> str:
    said = realised_of(row["answers"])
    if said is None:
        return f"Gevraagd over {row['record']} ({row['moment']}), niet beantwoord"
    lines = (
        f"- {line.label}: {VERDICTS[line.verdict]}{f' ({line.because})' if line.because else ''}"
        for line in said.lines
    )
    return "\n".join(
        (
            f"{_plain(row['answered'])}: {row['record']} ({said.moment})",
            *lines,
            *([said.words] if said.words else []),
        )
    )


def _campaign(row: Mapping[str, Any]) -> str:
    return f"{row['title']} ({', '.join((row['state'], *row['returned']))})"


def _tender(row: Mapping[str, Any]) -> str:
    heard = f", seintje op {_plain(row['last_card'])}" if row["last_card"] else ""
    return f"{row['what']}, start {_plain(row['start'])}{heard}"


def _words(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)
