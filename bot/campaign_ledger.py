"""Sending a campaign person by person: who is next, written down before it is sent, and what became of it.

Functions of a connection. Each `step` is one transaction, so a power cut leaves at most what was being sent at that
moment open: that becomes "onzeker" and is not sent again by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, exists, func, or_, select, update

from bot.campaign_audience import has_opted_out
from bot.campaign_rules import WEEK, CampaignRules
from bot.campaign_start import start
from bot.campaign_tables import campaign_recipients as rows
from bot.campaign_tables import campaigns
from bot.campaigns import SENDS, Campaign, read
from bot.database import StaleError
from bot.own_chat import put_on_web, teams_chat
from bot.rights import GONE
from bot.tables import activities, conversations
from bot.web_activities import of_view
from cards.view import View

AT_ONCE = 50  # People who are decided about in one transaction.
MOST_TRIES = 8
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 300.0
NOT_CHANGED = "niet bij te werken of terug te halen"
OUT = ("sent", "corrected")
ENDS = {"sending": "done", "correcting": "done", "recalling": "recalled"}


@dataclass(frozen=True, slots=True)
class Call:
    """One call to Teams: send it there, or do something with the `activity` that is there: `correct` it or take it back."""

    id: str
    person_id: str
    tries: int
    service_url: str
    conversation: str
    activity: str = ""
    correct: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What must be done now: a `call`, pages on the web to wake, or `wait` so many seconds. `go_on`: ask again at once."""

    call: Call | None = None
    said: tuple[str, ...] = ()
    wait: float | None = None
    go_on: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """How a campaign looks, and what stands on the web in its place when it was taken back."""

    message: View
    instead: View


def due_campaigns(connection: Connection, rules: CampaignRules, now: datetime) -> list[str]:
    """The campaigns of which something must be sent or taken back now."""
    out = campaigns.c.state.in_(("correcting", "recalling"))
    late = (campaigns.c.state == "released") & (campaigns.c.due <= now) | (campaigns.c.state == "sending")
    found = select(campaigns.c.id).where(out | (late & rules.is_open(now)))
    return list(connection.execute(found.order_by(campaigns.c.due, campaigns.c.id)).scalars())


def was_cut_off(connection: Connection, id_: str) -> None:
    """What was being sent when the power went may have arrived; to be called before the first step of a run."""
    cut = rows.c.campaign == id_, rows.c.state == "sending"
    connection.execute(update(rows).where(*cut).values(state="uncertain"))


def step(
    connection: Connection,
    id_: str,
    shown: Shown,
    rules: CampaignRules,
    now: datetime,
    *,
    teams: bool,
    busy: Collection[str] = (),
) -> Step:
    """What to do next for this campaign; what goes to the web is done already. `busy`: calls that are not over yet."""
    campaign = read(connection, id_)
    if campaign is None:
        return Step()
    if campaign.state == "released" and campaign.due and campaign.due <= now and rules.is_open(now):
        campaign = start(connection, campaign, rules, now)
    if campaign.state not in SENDS or (campaign.state == "sending" and not rules.is_open(now)):
        return Step()
    if campaign.hold and campaign.hold > now:
        return Step(wait=(campaign.hold - now).total_seconds())
    found = _next(connection, campaign, now, busy)
    said: list[str] = []
    for row in found:
        if campaign.state == "sending":
            call = _send(connection, row, shown.message, rules, now, said, teams=teams)
        else:
            call = _change(connection, campaign, row, shown, said, teams=teams)
        if call:
            return Step(call, tuple(said))
    if found:
        return Step(said=tuple(said), go_on=True)
    return _ready(connection, campaign, now, busy)


def _next(connection: Connection, campaign: Campaign, now: datetime, busy: Collection[str]) -> list[Row[Any]]:
    ready = rows.c.campaign == campaign.id, or_(rows.c.after.is_(None), rows.c.after <= now)
    found = select(rows).where(*ready).order_by(rows.c.id).limit(AT_ONCE)
    if campaign.state != "sending":
        out = rows.c.state.in_(OUT), rows.c.activity.is_not(None), rows.c.run < campaign.run
        found = found.where(*out, rows.c.id.not_in(list(busy)))
    else:
        found = found.where(rows.c.state == "waiting")
    return list(connection.execute(found))


def _send(
    connection: Connection,
    row: Row[Any],
    view: View,
    rules: CampaignRules,
    now: datetime,
    said: list[str],
    *,
    teams: bool,
) -> Call | None:
    """Decide about one person: why they get nothing, or say it on the web at once, or call Teams."""
    person = row.person_id
    if person == GONE.id:
        _take(connection, row, state="unknown")
    elif has_opted_out(connection, person):
        _take(connection, row, state="opted_out")
    elif _got_this_week(connection, row, now) >= rules.cap:
        _take(connection, row, state="capped")
    else:
        # What was sent before and not refused is no reason to fall back: where Teams had nobody, the web is left.
        chat = teams_chat(person, connection) if teams and row.reason == "" else None
        if chat:
            _take(connection, row, state="sending", sent=now, conversation=chat.id, activity=None)
            return Call(row.id, person, row.tries, chat.reference["service_url"], chat.id)
        _say_on_web(connection, row, view, now, said)
    return None


def _say_on_web(connection: Connection, row: Row[Any], view: View, now: datetime, said: list[str]) -> None:
    place = put_on_web(connection, row.person_id, view)
    if place is None:
        _take(connection, row, state=row.reason or "not_installed", reason="")
        return
    conversation, number = place
    _take(connection, row, state="sent", sent=now, reason="", conversation=conversation, activity=str(number))
    said.append(conversation)


def _take(connection: Connection, row: Row[Any], **new: Any) -> None:
    """Decide about somebody who waits; raises `StaleError` when another worker did so at the same time."""
    waits = rows.c.id == row.id, rows.c.state == "waiting"
    if not connection.execute(update(rows).where(*waits).values(**new)).rowcount:
        raise StaleError(f"somebody else has {row.id}")


def _got_this_week(connection: Connection, row: Row[Any], now: datetime) -> int:
    others = rows.c.person_id == row.person_id, rows.c.campaign != row.campaign, rows.c.sent > now - WEEK
    return connection.execute(select(func.count()).select_from(rows).where(*others)).scalar_one()


def _change(
    connection: Connection, campaign: Campaign, row: Row[Any], shown: Shown, said: list[str], *, teams: bool
) -> Call | None:
    """Correct one message or take it back: on the web at once, in Teams by a call."""
    corrects = campaign.state == "correcting"
    found = select(conversations).where(conversations.c.id == row.conversation)
    room = connection.execute(found).one_or_none()
    if room is None or (room.channel != "web" and not teams):
        _not_changed(connection, row.id)
        return None
    if room.channel != "web":
        address = room.reference["service_url"]
        return Call(row.id, row.person_id, row.tries, address, room.id, row.activity, corrects)
    there = activities.c.conversation == room.id, activities.c.seq == int(row.activity)
    said_then = connection.execute(select(activities.c.activity).where(*there)).scalar_one_or_none() or {}
    # Where it was in the talk: pages put what was said in order of time.
    stays = {name: said_then[name] for name in ("id", "timestamp") if name in said_then}
    new = of_view(shown.message if corrects else shown.instead, room.id) | stays
    connection.execute(update(activities).where(*there).values(activity=new))
    _changed(connection, row.id, "corrected" if corrects else "recalled")
    said.append(room.id)
    return None


def _changed(connection: Connection, row_id: str, state: str) -> None:
    """What the run of the campaign was to do with this message is done."""
    _set(connection, row_id, state=state, run=_RUN, reason="", tries=0, after=None)


def _ready(connection: Connection, campaign: Campaign, now: datetime, busy: Collection[str]) -> Step:
    """Nobody is next: somebody must be tried again later, or all is done."""
    later = select(func.min(rows.c.after)).where(
        rows.c.campaign == campaign.id,
        rows.c.after > now,
        rows.c.state == "waiting"
        if campaign.state == "sending"
        else rows.c.state.in_(OUT) & (rows.c.run < campaign.run),
    )
    after = connection.execute(later).scalar_one()
    if after is not None:
        return Step(wait=(after - now).total_seconds())
    on_its_way = select(rows.c.id).where(rows.c.campaign == campaign.id, rows.c.state == "sending")
    if not busy and connection.execute(on_its_way.limit(1)).first() is None:
        end = ENDS[campaign.state]
        new = update(campaigns).where(campaigns.c.id == campaign.id).values(state=end, hold=None, changed=now)
        connection.execute(new)
    return Step()


# ---- what became of a call


def arrived(connection: Connection, call: Call, activity: str) -> None:
    """It was sent, or it was taken back; a later word on what was called uncertain."""
    if call.activity:
        _changed(connection, call.id, "corrected" if call.correct else "recalled")
        return
    open_ = rows.c.id == call.id, rows.c.state.in_(("sending", "uncertain"))
    new = {"state": "sent", "activity": activity or None, "reason": "", "after": None}
    connection.execute(update(rows).where(*open_).values(**new))


def lost(connection: Connection, call: Call) -> None:
    """Nobody can know whether it was sent."""
    _set(connection, call.id, of="sending", state="uncertain")


def refused(connection: Connection, call: Call, state: str, reason: str = "") -> None:
    """Teams will not have it for this person."""
    if call.activity:
        _not_changed(connection, call.id)
    else:
        _set(connection, call.id, of="sending", state=state, reason=reason, sent=None)


def nobody_there(connection: Connection, call: Call, state: str) -> None:
    """Moi is not with this person in Teams: on the web instead, at the next step, or else `state`."""
    if call.activity:
        _not_changed(connection, call.id)
    else:
        _put_back(connection, call, {"reason": state, "sent": None})


def later(connection: Connection, call: Call, wait: float | None, now: datetime, reason: str) -> None:
    """It surely did not land: try again later, some times."""
    if call.tries + 1 >= MOST_TRIES:
        refused(connection, call, "failed", reason)
        return
    pause = max(wait or 0.0, min(FIRST_PAUSE * 2.0**call.tries, LONGEST_PAUSE))
    new = {"tries": call.tries + 1, "after": now + timedelta(seconds=pause), "sent": None}
    _put_back(connection, call, new)


def no_room(connection: Connection, id_: str, call: Call, wait: float, now: datetime) -> None:
    """Teams has no room: everything of this campaign waits as long as it asked, whoever sends it then."""
    until = now + timedelta(seconds=wait)
    longer = campaigns.c.id == id_, or_(campaigns.c.hold.is_(None), campaigns.c.hold < until)
    connection.execute(update(campaigns).where(*longer).values(hold=until))
    _put_back(connection, call, {"sent": None})


def _put_back(connection: Connection, call: Call, new: Mapping[str, Any]) -> None:
    """Back among those who wait, unless the campaign was stopped meanwhile."""
    if call.activity:
        if "after" in new:
            _set(connection, call.id, tries=new["tries"], after=new["after"])
        return
    goes_on = exists().where(campaigns.c.id == rows.c.campaign, campaigns.c.state.in_(("sending", "paused")))
    on_its_way = rows.c.id == call.id, rows.c.state == "sending"
    connection.execute(update(rows).where(*on_its_way, goes_on).values(state="waiting", **new))
    connection.execute(update(rows).where(*on_its_way).values(state="recalled", sent=None))


def _not_changed(connection: Connection, row_id: str) -> None:
    _set(connection, row_id, run=_RUN, reason=NOT_CHANGED, tries=0, after=None)


def _set(connection: Connection, row_id: str, of: str | None = None, **new: Any) -> None:
    found = update(rows).where(rows.c.id == row_id)
    connection.execute((found.where(rows.c.state == of) if of else found).values(**new))


_RUN = select(campaigns.c.run).where(campaigns.c.id == rows.c.campaign).scalar_subquery()
