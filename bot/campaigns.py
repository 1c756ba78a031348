"""Campaigns as they are kept: written by one, released by another, and what may be done with them then.

Functions of a connection. Sending itself, person by person, is in `bot/campaign_ledger.py`.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import Connection, Row, func, insert, select, update

from bot.campaign_audience import Audience, load_audience
from bot.campaign_pictures import drop_unused_pictures
from bot.campaign_tables import campaign_recipients, campaigns
from bot.people import Person
from bot.rights import Action, note, require
from cards.campaign import Button, load_button

State = Literal[
    "draft", "released", "sending", "paused", "correcting", "recalling", "done", "stopped", "recalled"
]
STATE_NAMES: Mapping[State, str] = {
    "draft": "concept",
    "released": "vrijgegeven",
    "sending": "wordt verstuurd",
    "paused": "gepauzeerd",
    "correcting": "wordt bijgewerkt",
    "recalling": "wordt ingetrokken",
    "done": "verstuurd",
    "stopped": "gestopt",
    "recalled": "ingetrokken",
}
RECIPIENT_NAMES: Mapping[str, str] = {
    "waiting": "wacht",
    "sent": "verstuurd",
    "corrected": "bijgewerkt",
    "recalled": "ingetrokken",
    "opted_out": "afgemeld",
    "capped": "boven weekmaximum",
    "not_installed": "niet geïnstalleerd",
    "blocked": "geblokkeerd",
    "unknown": "onbekend adres",
    "failed": "mislukt",
    "uncertain": "onzeker",
}
"""What the report calls the states; somebody to whom it is being sent still waits."""
SENDS = frozenset[State]({"sending", "correcting", "recalling"})
UNDER_WAY = SENDS | {"released", "paused"}
NO_MORE, NO_MORE_LABEL = "geen", "Geen campagnes meer"
LONGEST = {
    "title": 100,
    "text": 2000,
    "line": 120,
    "alt": 250,
    "label": 40,
    "to": 500,
    "question": 150,
    "choice": 60,
}
GENERAL = "inkoop-algemeen"
"""What a campaign is about when nobody said so."""

ACTS: Mapping[str, tuple[tuple[State, ...], Action]] = {
    "vrijgeven": (("draft",), "campagne vrijgegeven"),
    "pauze": (("released", "sending"), "campagne gepauzeerd"),
    "verder": (("paused",), "campagne hervat"),
    "stop": (("released", "sending", "paused"), "campagne gestopt"),
    "intrekken": (("sending", "paused", "correcting", "done", "stopped"), "campagne ingetrokken"),
    "opnieuw": (("done", "stopped"), "campagne opnieuw verstuurd"),
    "onzeker": (("done", "stopped"), "campagne opnieuw verstuurd"),
    "corrigeer": (("done", "stopped"), "campagne geschreven"),
    "correctie": (("done", "stopped"), "campagne gecorrigeerd"),
    "weg": (("draft",), "campagne verwijderd"),
}
"""What can be done with a campaign: in which states, and what the log calls it."""


class NotNowError(Exception):
    """This cannot be done with the campaign as it is now; `why` is the key of the sentence that says so."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody writes; may be unfinished. `picture` is the id of one that is kept, with what is on it in `alt`."""

    title: str = ""
    text: str = ""
    line: str = ""
    buttons: tuple[Button, ...] = ()
    audience: Audience = field(default_factory=Audience)
    subject: str = GENERAL
    picture: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """Other words for what was sent already; the buttons stay."""

    title: str
    text: str
    line: str

    def of(self, draft: Draft) -> Draft:
        """What it will say then."""
        return replace(draft, title=self.title, text=self.text, line=self.line)


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign; `version` tells whether it was edited since somebody looked."""

    id: str
    draft: Draft
    state: State
    version: int
    run: int
    written_by: str
    released_by: str | None
    correction: Correction | None
    due: datetime | None
    changed: datetime

    @property
    def not_begun(self) -> bool:
        """Whether it is a draft again because too few people were left when it was to begin; then `changed` is when."""
        return self.state == "draft" and self.due is not None

    @property
    def how_far(self) -> str:
        """How far it is, in words."""
        return "niet verstuurd: te weinig mensen" if self.not_begun else STATE_NAMES[self.state]


def begin(connection: Connection, person: Person, now: datetime, draft: Draft | None = None) -> str:
    """Begin a new campaign, with what another or a template says already; gives its id."""
    require(person, "campagne geschreven")
    row = {
        "id": uuid.uuid4().hex, "state": "draft", "version": 1, "run": 0, "written_by": person.id,
        "made": now, "changed": now,
    }  # fmt: skip
    connection.execute(insert(campaigns), row | _row(draft or Draft()))
    note(connection, person, "campagne geschreven", str(row["id"]))
    return str(row["id"])


def version_of(said: str) -> int:
    """Which version somebody looked at, as a form or a card says it; nought, which none has, for what is no such number."""
    return int(said) if re.fullmatch(r"[0-9]{1,8}", said) else 0


def write(
    connection: Connection, person: Person, id_: str, version: int, draft: Draft, now: datetime
) -> None:
    """Keep what somebody wrote; raises `NotNowError` when another did so first, or it is no draft any more."""
    seen = campaigns.c.id == id_, campaigns.c.version == version, campaigns.c.state == "draft"
    new = {"version": version + 1, "written_by": person.id, "due": None, "changed": now} | _row(draft)
    if not connection.execute(update(campaigns).where(*seen).values(**new)).rowcount:
        raise NotNowError("net-veranderd")
    drop_unused_pictures(connection)
    note(connection, person, "campagne geschreven", id_)


def release(
    connection: Connection, person: Person, id_: str, version: int, due: datetime | None, now: datetime
) -> None:
    """Let it go, now or when it is due; never by whoever wrote it last. Raises `NotNowError` when that cannot be."""
    campaign = _in_state(connection, id_, "vrijgeven")
    if campaign.written_by == person.id:
        raise NotNowError("vier-ogen")
    seen = campaigns.c.id == id_, campaigns.c.version == version, campaigns.c.state == "draft"
    new = {"state": "released", "released_by": person.id, "due": due or now, "changed": now}
    if not connection.execute(update(campaigns).where(*seen).values(**new)).rowcount:
        raise NotNowError("net-veranderd")
    note(connection, person, "campagne vrijgegeven", id_)


def correct(
    connection: Connection, person: Person, id_: str, version: int, new: Correction, now: datetime
) -> None:
    """Write other words for what was sent; they go out when a second person says so. Raises `NotNowError`."""
    _in_state(connection, id_, "corrigeer")
    _change(connection, id_, version, correction=asdict(new), written_by=person.id, changed=now)
    note(connection, person, "campagne geschreven", id_)


def release_correction(connection: Connection, person: Person, id_: str, version: int, now: datetime) -> None:
    """Let the other words go, to everybody who has the message. Raises `NotNowError`."""
    campaign = _in_state(connection, id_, "correctie")
    if campaign.correction is None:
        raise NotNowError("niet-meer")
    if campaign.written_by == person.id:
        raise NotNowError("vier-ogen")
    new = asdict(campaign.correction) | {"correction": {}, "released_by": person.id, "changed": now}
    _change(connection, id_, version, **new, state="correcting", run=campaign.run + 1)
    note(connection, person, "campagne gecorrigeerd", id_)


def _change(connection: Connection, id_: str, version: int, **new: Any) -> None:
    """Change what somebody looked at; raises `NotNowError` when another did so first."""
    seen = campaigns.c.id == id_, campaigns.c.version == version, campaigns.c.state.in_(ACTS["correctie"][0])
    if not connection.execute(update(campaigns).where(*seen).values(version=version + 1, **new)).rowcount:
        raise NotNowError("net-veranderd")


def act(connection: Connection, person: Person, id_: str, what: str, now: datetime) -> None:
    """Do one of `ACTS` besides releasing and correcting; raises `NotNowError` when it cannot be done in this state."""
    campaign = _in_state(connection, id_, what)
    recipients = campaign_recipients.c.campaign == id_
    begun = connection.execute(select(func.count()).where(recipients)).scalar_one() > 0
    new: dict[str, Any] = {"changed": now}
    match what:
        case "pauze":
            new |= {"state": "paused"}
        case "verder":
            new |= {"state": "sending" if begun else "released"}
        case "stop":
            # What has not begun can be written anew.
            new |= {"state": "stopped"} if begun else {"state": "draft", "due": None}
            new |= {"version": campaign.version + 1}
            _nothing_more(connection, id_)
        case "intrekken":
            new |= {"state": "recalling", "run": campaign.run + 1}
            _nothing_more(connection, id_)
        case "opnieuw" | "onzeker":
            state = "failed" if what == "opnieuw" else "uncertain"
            again = {"state": "waiting", "reason": "", "tries": 0, "after": None, "sent": None}
            rows = update(campaign_recipients).where(recipients, campaign_recipients.c.state == state)
            if not connection.execute(rows.values(**again)).rowcount:
                raise NotNowError("niets-opnieuw")
            new |= {"state": "sending", "run": campaign.run + 1}
        case "weg":
            note(connection, person, ACTS[what][1], id_)
            connection.execute(campaigns.delete().where(campaigns.c.id == id_))
            drop_unused_pictures(connection)
            return
        case _:
            raise NotNowError("niet-meer")
    connection.execute(update(campaigns).where(campaigns.c.id == id_).values(**new))
    note(connection, person, ACTS[what][1], id_)


def _nothing_more(connection: Connection, id_: str) -> None:
    """Whoever still waits gets nothing any more."""
    waits = campaign_recipients.c.campaign == id_, campaign_recipients.c.state == "waiting"
    connection.execute(update(campaign_recipients).where(*waits).values(state="recalled"))


def _in_state(connection: Connection, id_: str, what: str) -> Campaign:
    campaign = read(connection, id_)
    if campaign is None or campaign.state not in ACTS[what][0]:
        raise NotNowError("niet-meer")
    return campaign


def read(connection: Connection, id_: str) -> Campaign | None:
    """The campaign with this id; None when there is none."""
    row = connection.execute(select(campaigns).where(campaigns.c.id == id_)).one_or_none()
    return _campaign(row) if row else None


def newest(connection: Connection, most: int = 100) -> list[Campaign]:
    """The campaigns, last changed first."""
    return [
        _campaign(row)
        for row in connection.execute(select(campaigns).order_by(campaigns.c.changed.desc()).limit(most))
    ]


def totals(connection: Connection, id_: str) -> dict[str, int]:
    """How many recipients are in which state, by what the report calls it; together they are all recipients."""
    count = select(campaign_recipients.c.state, func.count().label("many"))
    rows = connection.execute(
        count.where(campaign_recipients.c.campaign == id_).group_by(campaign_recipients.c.state)
    )
    found = dict.fromkeys(RECIPIENT_NAMES.values(), 0)
    for row in rows:
        found[RECIPIENT_NAMES["waiting" if row.state == "sending" else row.state]] += row.many
    return found


def reached_nobody(states: Mapping[str, int]) -> bool:
    """Whether nobody in these totals has it, or gets it still."""
    return not any(states[RECIPIENT_NAMES[name]] for name in ("waiting", "sent", "corrected", "uncertain"))


def reasons(connection: Connection, id_: str) -> list[tuple[str, int]]:
    """Why it failed, and for how many."""
    failed = campaign_recipients.c.campaign == id_, campaign_recipients.c.state == "failed"
    count = select(campaign_recipients.c.reason, func.count().label("many")).where(*failed)
    rows = connection.execute(count.group_by(campaign_recipients.c.reason))
    return sorted((row.reason, row.many) for row in rows)


def _row(draft: Draft) -> dict[str, Any]:
    return {
        "title": draft.title,
        "text": draft.text,
        "line": draft.line,
        "subject": draft.subject,
        "picture": draft.picture or None,
        "alt": draft.alt,
        "buttons": [button.dump() for button in draft.buttons],
        "audience": draft.audience.dump(),
        "correction": {},
    }


def _campaign(row: Row[Any]) -> Campaign:
    buttons: Sequence[Mapping[str, Any]] = row.buttons
    draft = Draft(
        row.title,
        row.text,
        row.line,
        tuple(map(load_button, buttons)),
        load_audience(row.audience),
        row.subject or GENERAL,
        row.picture or "",
        row.alt or "",
    )
    return Campaign(
        row.id, draft, cast(State, row.state), row.version, row.run, row.written_by,
        row.released_by, Correction(**row.correction) if row.correction else None, row.due, row.changed,
    )  # fmt: skip
