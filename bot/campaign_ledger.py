"""Sending a campaign person by person: who is next, written down before it is sent.

Functions of a connection. Each `step` is one transaction, and what it writes down as being sent is sent at once. So a power cut
leaves at most what was being sent at that moment open: that becomes "onzeker" and is not sent again by itself. What became of
a call is in `bot/campaign_outcome.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, exists, func, or_, select, update

from bot import campaign_pace
from bot.campaign_optouts import opted_out_of
from bot.campaign_outcome import Call, changed, not_changed
from bot.campaign_rules import WEEK, CampaignRules
from bot.campaign_start import start
from bot.campaign_tables import campaign_recipients as rows
from bot.campaign_tables import campaigns
from bot.campaigns import SENDS, Campaign, read
from bot.database import StaleError
from bot.own_chat import put_on_web, teams_chats
from bot.rights import GONE
from bot.tables import conversations
from bot.web_activities import of_view
from bot.web_log import say_anew
from cards.view import View

AT_ONCE = 50  # People who are decided about in one transaction,
AHEAD = 4  # and for each call that may begin, as most people are in Teams.
NO_ANSWER = timedelta(seconds=30)  # No call takes this long (`bot/connector.py`), so its worker is gone.
SHORTLY = 0.05  # Seconds.
AT_A_TIME = 500  # Rows that are written at a time, so that twenty thousand take no more memory than that.
OUT = ("sent", "corrected")
ENDS = {"sending": "done", "correcting": "done", "recalling": "recalled"}


@dataclass(frozen=True, slots=True)
class Step:
    """What must be done now: `calls`, pages on the web to wake, and then `wait` so many seconds. `go_on`: there is more after that."""

    calls: tuple[Call, ...] = ()
    said: tuple[str, ...] = ()
    wait: float | None = None
    go_on: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """How a campaign looks, and what stands on the web in its place when it was taken back."""

    message: View
    instead: View


def due_campaigns(connection: Connection, rules: CampaignRules, now: datetime) -> list[str]:
    """The campaigns of which something must be sent or taken back now, or of which a call was cut off."""
    out = campaigns.c.state.in_(("correcting", "recalling"))
    late = (campaigns.c.state == "released") & (campaigns.c.due <= now) | (campaigns.c.state == "sending")
    cut = exists().where(rows.c.campaign == campaigns.c.id, *_cut_off(now))
    found = select(campaigns.c.id).where(out | (late & rules.is_open(now)) | cut)
    return list(connection.execute(found.order_by(campaigns.c.due, campaigns.c.id)).scalars())


def was_cut_off(connection: Connection, id_: str, now: datetime) -> None:
    """What was being sent when the power went may have arrived; what another worker is sending now is left alone."""
    cut = rows.c.campaign == id_, *_cut_off(now)
    connection.execute(update(rows).where(*cut).values(state="uncertain"))


def _cut_off(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return rows.c.state == "sending", rows.c.sent < now - NO_ANSWER


def step(
    connection: Connection,
    id_: str,
    shown: Shown,
    rules: CampaignRules,
    now: datetime,
    *,
    teams: bool,
    busy: Collection[str] = (),
    most: int = AT_ONCE,
) -> Step:
    """What to do next for this campaign, `most` so many calls; what goes to the web is done already. `busy`: calls not over yet."""
    campaign = read(connection, id_)
    if campaign is None:
        return Step()
    if campaign.state == "released" and campaign.due and campaign.due <= now and rules.is_open(now):
        campaign = start(connection, campaign, rules, now)
    if campaign.state not in SENDS or (campaign.state == "sending" and not rules.is_open(now)):
        return Step()
    room = campaign_pace.room(connection, rules.rate, now)
    if not room.calls:
        return Step(wait=room.wait)
    most = min(room.calls, most)
    found = _next(connection, campaign, now, busy, min(AT_ONCE, AHEAD * most))
    said: list[str] = []
    if campaign.state == "sending":
        about = campaign.draft.subject
        calls = _send(connection, found, shown.message, rules, now, said, about, most=most, teams=teams)
    else:
        calls = _change(connection, campaign, found, shown, now, said, most=most, teams=teams)
    if calls:
        wait = campaign_pace.took(connection, room, rules.rate, now, len(calls))
        return Step(tuple(calls), tuple(said), wait=wait, go_on=True)
    if found:
        return Step(said=tuple(said), go_on=True)
    return _ready(connection, campaign, now, busy)


def _next(
    connection: Connection, campaign: Campaign, now: datetime, busy: Collection[str], most: int
) -> list[Row[Any]]:
    ready = rows.c.campaign == campaign.id, or_(rows.c.after.is_(None), rows.c.after <= now)
    found = select(rows).where(*ready).limit(most)
    if campaign.state != "sending":
        out = rows.c.state.in_(OUT), rows.c.activity.is_not(None), rows.c.run < campaign.run
        found = found.where(*out, rows.c.id.not_in(list(busy)))
    else:
        # In the order of the index, in which those who wait stand together.
        found = found.where(rows.c.state == "waiting").order_by(rows.c.id)
    return list(connection.execute(found))


def _send(
    connection: Connection,
    found: Sequence[Row[Any]],
    view: View,
    rules: CampaignRules,
    now: datetime,
    said: list[str],
    about: str,
    *,
    most: int,
    teams: bool,
) -> list[Call]:
    """Decide about each of them: why they get nothing, or say it on the web at once, or call Teams."""
    people = [row.person_id for row in found]
    out = opted_out_of(connection, people, about)
    many = _got_this_week(connection, found, now)
    chats = teams_chats(people, connection) if teams else {}
    calls: list[Call] = []
    for row in found:
        person = row.person_id
        # What was sent before and not refused is no reason to fall back: where Teams had nobody, the web is left.
        chat = chats.get(person) if row.reason == "" else None
        if person == GONE.id:
            _take(connection, [row.id], state="unknown")
        elif person in out:
            _take(connection, [row.id], state="opted_out")
        elif many.get(person, 0) >= rules.cap:
            _take(connection, [row.id], state="capped")
        elif chat is None:
            _say_on_web(connection, row, view, now, said)
        else:
            calls.append(Call(row.id, person, row.tries, now, chat.reference["service_url"], chat.id))
        if len(calls) == most:
            break
    if calls:
        _take(connection, [call.id for call in calls], state="sending", sent=now, activity=None)
    return calls


def _say_on_web(connection: Connection, row: Row[Any], view: View, now: datetime, said: list[str]) -> None:
    place = put_on_web(connection, row.person_id, view)
    if place is None:
        _take(connection, [row.id], state=row.reason or "not_installed", reason="")
        return
    conversation, number = place
    new = {"sent": now, "conversation": conversation, "activity": str(number)}
    _take(connection, [row.id], state="sent", reason="", **new)
    said.append(conversation)


def _take(connection: Connection, ids: Sequence[str], **new: Any) -> None:
    """Decide about those who wait; raises `StaleError` when another worker did so about one of them at the same time."""
    waits = rows.c.id.in_(ids), rows.c.state == "waiting"
    if connection.execute(update(rows).where(*waits).values(**new)).rowcount != len(ids):
        raise StaleError(f"somebody else has one of {ids}")


def _got_this_week(connection: Connection, found: Sequence[Row[Any]], now: datetime) -> dict[str, int]:
    """How many other campaigns each of them got in the last seven days."""
    people, campaign = {row.person_id for row in found}, {row.campaign for row in found}
    others = rows.c.person_id.in_(people), rows.c.campaign.not_in(campaign), rows.c.sent > now - WEEK
    count = select(rows.c.person_id, func.count().label("many")).where(*others)
    return {row.person_id: row.many for row in connection.execute(count.group_by(rows.c.person_id))}


def _change(
    connection: Connection,
    campaign: Campaign,
    found: Sequence[Row[Any]],
    shown: Shown,
    now: datetime,
    said: list[str],
    *,
    most: int,
    teams: bool,
) -> list[Call]:
    """Correct these messages or take them back: on the web at once, in Teams by a call."""
    corrects = campaign.state == "correcting"
    where = select(conversations).where(conversations.c.id.in_([row.conversation for row in found]))
    rooms = {room.id: room for room in connection.execute(where)}
    calls: list[Call] = []
    for row in found:
        room = rooms.get(row.conversation)
        if room is None or (room.channel != "web" and not teams):
            not_changed(connection, row.id)
        elif room.channel != "web":
            address = room.reference["service_url"]
            calls.append(
                Call(row.id, row.person_id, row.tries, now, address, room.id, row.activity, corrects)
            )
        else:
            new = of_view(shown.message if corrects else shown.instead, room.id)
            number = say_anew(connection, room.id, int(row.activity), new)
            changed(connection, row.id, "corrected" if corrects else "recalled", activity=str(number))
            said.append(room.id)
        if len(calls) == most:
            break
    return calls


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
    oldest = select(func.min(rows.c.sent)).where(rows.c.campaign == campaign.id, rows.c.state == "sending")
    begun = None if busy else connection.execute(oldest).scalar_one()
    if moments := [moment for moment in (after, begun and begun + NO_ANSWER) if moment]:
        if min(moments) <= now:
            was_cut_off(connection, campaign.id, now)
        return Step(wait=max((min(moments) - now).total_seconds(), SHORTLY))
    if not busy:
        # Not when somebody stopped it at this very moment.
        over = update(campaigns).where(campaigns.c.id == campaign.id, campaigns.c.state == campaign.state)
        connection.execute(over.values(state=ENDS[campaign.state], changed=now))
    return Step()
