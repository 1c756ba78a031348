"""Every action on something of others: for whom it is, that it is written down, and that a buyer gets nothing by hand."""

from __future__ import annotations

import ast
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from bot.campaign_tables import campaign_recipients, campaigns
from bot.channel_posts import ask_again
from bot.conversation import Conversation
from bot.depot_tables import contracts, depot_items, depot_reservations
from bot.people import ROLES, Person
from bot.records import Records
from bot.rights import (
    ACTIONS,
    CAMPAIGN_ACTIONS,
    MAY,
    MOI,
    Action,
    NotYoursError,
    may,
    note,
    readable,
    require,
)
from bot.settings import PROJECT
from bot.tables import audit, posts, records
from bot.tender_tables import nudges, tenders
from knowledge.shelf import Shelf
from tests.bot.teams_room import open_room as open_teams
from tests.bot.web_room import BUYER, COLLEAGUE, Room, buy, open_page

INKOOP = Person("p3", "Inkoop", frozenset({"buyer", "inkoop"}))
BEHEER = Person("p4", "Beheer", frozenset({"buyer", "beheer"}))
MVOI = Person("p5", "MVOI", frozenset({"buyer", "mvoi"}))
FACILITAIR = Person("p6", "Facilitair", frozenset({"buyer", "facilitair"}))
FOR_ONESELF: set[Action] = {"gegevens verwijderd"}
OF_FACILITAIR: set[Action] = {
    "depot bijgewerkt",
    "reservering bevestigd",
    "reservering afgewezen",
    "depotspullen terug",
}
OF_CONTRACTS: set[Action] = {"contracten bijgewerkt"}
OF_CALENDAR: set[Action] = {"kalender ingelezen", "kalender gewijzigd"}
BY_HAND = [action for action in ACTIONS if action not in FOR_ONESELF]

ACTS = ("oppakken", "teruggeven", "vragen", "antwoorden", "besproken", "niet-besproken")
"""What the buttons of the procurement channel say they do."""
DEPOT = ("nieuw", "erbij", "bevestigen", "afwijzen", "terug", "toch-niet")
TAPS = (
    "resend",
    "opnieuw",
    "connect",
    "verbind",
    "pick-up",
    "oppakken",
    "ask",
    "discussed",
    "besproken",
    "retain",
)
"""Guesses of somebody who read the cards of others, and the actions by their own names."""
CAMPAIGN = ("vrijgeven", "stop", "intrekken", "opnieuw", "weg", "proef", "bewaar")
WORDS = (
    "verbind dit kanaal",
    "verbreek dit kanaal",
    "ik pak dit op",
    "vraag stellen",
    "stuur opnieuw",
    "bewaartermijn uitvoeren",
)


async def stuck(room: Room) -> str:
    """A summary of a colleague that may not have arrived in Teams."""
    room.house.records.targets = ("page", "teams")
    record = await buy(room, COLLEAGUE)
    lost = update(posts).where(posts.c.target == "teams").values(state="uncertain")
    await room.house.records.write(lambda connection: connection.execute(lost))
    return record


async def everything(kept: Records) -> list[tuple[Any, ...]]:
    """What a buyer must not change: posts, records and the log of actions."""

    def read(connection: Connection) -> list[tuple[Any, ...]]:
        tables = (
            posts,
            records,
            audit,
            depot_items,
            depot_reservations,
            contracts,
            campaigns,
            campaign_recipients,
            tenders,
            nudges,
        )
        return [tuple(row) for table in tables for row in connection.execute(select(table))]

    return await kept.read(read)


async def resend(room: Room, record: str, person: Person) -> None:
    """Send again without the workflows, which have a test of their own."""

    def again(connection: Connection) -> int:
        version = ask_again(record, connection)
        note(connection, person, "opnieuw verstuurd", record)
        return version

    await room.house.records.write(again)


async def web_post(room: Room, record: str) -> int:
    """The button of procurement, and the addresses that other actions might have, from our own page."""
    statuses = []
    for action in ("opnieuw", *BY_HAND):
        headers = room.cookie(BUYER)
        async with room.post(f"/kanaal/{record}/{action}", headers=headers, data={"r": record}) as answer:
            statuses.append(answer.status)
    for act in ACTS:
        data = {"act": act, "vraag": "Hoe?"}
        async with room.post(f"/kanaal/{record}", headers=room.cookie(BUYER), data=data) as answer:
            statuses.append(answer.status)
    for act in DEPOT:
        data = {"act": act}
        async with room.post(f"/depot/{record}", headers=room.cookie(BUYER), data=data) as answer:
            statuses.append(answer.status)
    async with room.post("/contracten", headers=room.cookie(BUYER), data={"bestand": record}) as answer:
        statuses.append(answer.status)
    for act in ("nieuw", "bewaar", "weg", "ja"):
        for path in (f"/kalender/{record}", f"/kalender/inlezen/{record}", "/kalender/nieuw", "/kalender"):
            data = {"act": act, "wat": "x", "start": "2099-01-01"}
            async with room.post(path, headers=room.cookie(BUYER), data=data) as answer:
                statuses.append(answer.status)
    for act in CAMPAIGN:
        async with room.post(f"/campagnes/{record}", headers=room.cookie(BUYER), data={"act": act}) as answer:
            statuses.append(answer.status)
    return max(statuses)


async def activity(room: Room, record: str) -> int:
    """A card action over Direct Line that no card of a buyer holds."""
    page = await open_page(room)
    values = [{"do": do, "record": record, "talk": record, "key": record} for do in (*BY_HAND, *TAPS)]
    values += [{"do": "depot", "act": act, "item": record, "wat": "x", "aantal": "1"} for act in DEPOT]
    values += [{"do": "campagne", "act": act, "campaign": record} for act in CAMPAIGN]
    values += [{"do": "channel", "act": act, "record": record, "vraag": "Hoe?"} for act in ACTS]
    values += [
        {"do": "followup", "act": act, "item": record} for act in ("antwoord", "waardoor", "laat-maar")
    ]
    return max([(await page.say(value=value)).status for value in values])


async def words(room: Room, record: str) -> int:
    """The same asked for in words."""
    page = await open_page(room)
    asked = [*WORDS, *BY_HAND, *(f"{action} {record}" for action in BY_HAND)]
    return max([(await page.say(text)).status for text in asked])


async def teams_action(room: Room, record: str) -> int:
    """A card action in Teams, as Action.Execute and as Action.Submit, in a chat and in a channel."""
    channel = {"id": "19:kanaal@thread.tacv2", "conversationType": "channel"}
    async with open_teams(Conversation(room.house.shelf, room.house.records)) as teams:
        sent = []
        known = [{"do": "channel", "act": act, "vraag": "Hoe?"} for act in ACTS]
        for button in (*({"do": do} for do in (*BY_HAND, *TAPS)), *known):
            value = {**button, "record": record, "talk": record}
            do = button["do"]
            execute = {"action": {"type": "Action.Execute", "verb": do, "data": value}}
            sent += [
                teams.activity(type="invoke", name="adaptiveCard/action", text=None, value=execute),
                teams.activity(text=None, value=value),
                teams.activity(text=None, value=value, conversation=channel),
            ]
        return max([(await teams.post(one)).status for one in sent])


@pytest.mark.parametrize("way", [web_post, activity, words, teams_action])
async def test_buyer_by_hand(room: Room, way: Callable[[Room, str], Awaitable[int]]) -> None:
    """A buyer who calls any action by hand, on whatever way in, changes nothing and causes no error of ours."""
    record = await stuck(room)
    before = await everything(room.house.records)
    worst = await way(room, record)

    assert await everything(room.house.records) == before
    assert worst < 500


@pytest.mark.parametrize("action", BY_HAND)
@pytest.mark.parametrize("person", [BUYER])
async def test_for_no_buyer(records: Records, action: Action, person: Person) -> None:
    """No action on something of others is for a buyer, and trying it leaves no trace in the log."""
    assert not may(person, action)
    with pytest.raises(NotYoursError):
        await records.write(partial(note, person=person, action=action, about="x"))

    assert await everything(records) == []


@pytest.mark.parametrize(
    "action", [action for action in BY_HAND if action not in OF_FACILITAIR | OF_CONTRACTS]
)
async def test_for_no_facilitair(records: Records, action: Action) -> None:
    """Facilitair may do nothing of others but what is about the depot and the contracts."""
    await test_for_no_buyer(records, action, FACILITAIR)


def test_of_facilitair() -> None:
    """What is about the depot is for Facilitair and beheer, and for no other people."""
    roles = {role for action in OF_FACILITAIR for role in MAY[action]}

    assert roles - MOI.roles == {"facilitair", "beheer"}


def test_of_contracts() -> None:
    """The list of contracts is for who buys, orders or runs Moi, and not for every buyer."""
    roles = {role for action in OF_CONTRACTS for role in MAY[action]}

    assert roles - MOI.roles == ROLES - {"buyer"}


def test_of_calendar() -> None:
    """What comes up is kept by the MVOI team and Team Inkoop."""
    roles = {role for action in OF_CALENDAR for role in MAY[action]}

    assert roles - MOI.roles == {"mvoi", "inkoop"}


async def test_undone_together(room: Room) -> None:
    """Who may not, undoes with the refusal whatever was changed before it."""
    record = await stuck(room)
    before = await everything(room.house.records)
    with pytest.raises(NotYoursError, match="Team Inkoop en beheer"):
        await resend(room, record, MVOI)

    assert await everything(room.house.records) == before


async def test_written_down(room: Room) -> None:
    """What was done is in the log with who, what and about what, in the transaction of the action itself."""
    record = await stuck(room)
    await resend(room, record, INKOOP)
    found = await room.house.records.read(lambda connection: connection.execute(select(audit)).one())

    assert (found.person_id, found.action, found.about) == ("p3", "opnieuw verstuurd", record)


def test_every_action_has_roles() -> None:
    """Every action names who may do it, by roles that exist; only what no person does is for Moi."""
    assert list(MAY) == list(ACTIONS)
    assert {role for roles in MAY.values() for role in roles} - ROLES == MOI.roles
    assert [action for action in ACTIONS if not MAY[action] & ROLES] == [
        "samen zoeken toegezegd",
        "samen zoeken afgeslagen",
        "opvolging gevraagd",
        "seintje gegeven",
        "bewaartermijn uitgevoerd",
    ]


def test_refusal_is_clear() -> None:
    """A refusal says for whom it is."""
    with pytest.raises(NotYoursError, match="Dit is alleen voor Team Inkoop en beheer"):
        require(BUYER, "opnieuw verstuurd")


def test_who_reads_the_log() -> None:
    """Beheer reads everything, the MVOI team what is theirs, and others nothing."""
    assert readable(BEHEER) == set(ACTIONS)
    assert readable(MVOI) == set(CAMPAIGN_ACTIONS) | {
        "opgepakt", "teruggegeven", "vraag gesteld", "besproken", "niet besproken",
        "kalender ingelezen", "kalender gewijzigd",
    }  # fmt: skip
    assert not readable(BUYER) | readable(INKOOP) | readable(FACILITAIR)


def test_one_place() -> None:
    """Only bot/rights.py writes in the log of actions, so nothing gets in there unchecked."""
    writers = {
        file.name
        for file in sorted(Path(PROJECT / "bot").glob("*.py"))
        for call in ast.walk(ast.parse(file.read_text()))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "insert"
        and call.args
        and isinstance(call.args[0], ast.Name)
        and call.args[0].id == "audit"
    }

    assert writers == {"rights.py"}


async def test_button(room: Room, shelf: Shelf) -> None:
    """Procurement sees a button at what may not have arrived; the MVOI team reads the channel without it."""
    record = await stuck(room)
    shown = {}
    for person in (INKOOP, BEHEER, MVOI):
        async with room.get("/kanaal", headers=room.cookie(person)) as answer:
            shown[person.id] = f"/kanaal/{record}/opnieuw" in await answer.text()

    assert shown == {"p3": True, "p4": True, "p5": False}
