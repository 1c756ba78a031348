"""Who may do what with something of others: decided here and nowhere else, and written down with what was done.

A new action gets a line in `MAY`, and is done in a transaction that ends with `note`. What somebody does with their own
talk needs no right: a summary they send keeps its sender and moment in its own row.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, Literal, get_args

import structlog
from sqlalchemy import Connection, insert

from bot.people import READS_CHANNEL, ROLES, Person
from bot.tables import audit

Action = Literal[
    "opnieuw verstuurd",
    "kanaal verbonden",
    "kanaal verbroken",
    "opgepakt",
    "teruggegeven",
    "vraag gesteld",
    "besproken",
    "niet besproken",
    "depot bijgewerkt",
    "reservering bevestigd",
    "reservering afgewezen",
    "depotspullen terug",
    "contracten bijgewerkt",
    "kalender ingelezen",
    "kalender gewijzigd",
    "campagne geschreven",
    "campagne verwijderd",
    "campagne getest",
    "campagne vrijgegeven",
    "campagne gepauzeerd",
    "campagne hervat",
    "campagne gestopt",
    "campagne gecorrigeerd",
    "campagne ingetrokken",
    "campagne opnieuw verstuurd",
    "gegevens verwijderd",
    "samen zoeken toegezegd",
    "samen zoeken afgeslagen",
    "opvolging gevraagd",
    "seintje gegeven",
    "bewaartermijn uitgevoerd",
]
ACTIONS: Final[tuple[Action, ...]] = get_args(Action)
CAMPAIGN_ACTIONS: Final = tuple(action for action in ACTIONS if action.startswith("campagne "))
CALENDAR_ACTIONS: Final = tuple(action for action in ACTIONS if action.startswith("kalender "))
"""What is done with what the MVOI team sends to colleagues."""

MAY: Final[Mapping[Action, frozenset[str]]] = {
    "opnieuw verstuurd": frozenset({"inkoop", "beheer"}),
    "kanaal verbonden": READS_CHANNEL,
    # Moi itself does it when the channel or the team is gone.
    "kanaal verbroken": READS_CHANNEL | {"moi"},
    "opgepakt": frozenset({"mvoi", "inkoop"}),
    "teruggegeven": frozenset({"mvoi", "inkoop"}),
    "vraag gesteld": frozenset({"mvoi", "inkoop"}),
    "besproken": frozenset({"mvoi", "inkoop"}),
    "niet besproken": frozenset({"mvoi", "inkoop"}),
    # From the command line, where nobody signs in, Moi itself does it.
    "depot bijgewerkt": frozenset({"facilitair", "beheer", "moi"}),
    "reservering bevestigd": frozenset({"facilitair", "beheer"}),
    "reservering afgewezen": frozenset({"facilitair", "beheer"}),
    "depotspullen terug": frozenset({"facilitair", "beheer"}),
    "contracten bijgewerkt": frozenset({"facilitair", "inkoop", "mvoi", "beheer", "moi"}),
    # Moi itself does it with the contracts that end.
    "kalender ingelezen": frozenset({"mvoi", "inkoop", "moi"}),
    "kalender gewijzigd": frozenset({"mvoi", "inkoop"}),
    **dict.fromkeys(CAMPAIGN_ACTIONS, frozenset({"mvoi"})),
    # About oneself, so for everybody.
    "gegevens verwijderd": ROLES,
    # Only Moi itself does this. Of who looks together with whom the log names nobody, for what is in it stays for long.
    "samen zoeken toegezegd": frozenset({"moi"}),
    "samen zoeken afgeslagen": frozenset({"moi"}),
    "opvolging gevraagd": frozenset({"moi"}),
    "seintje gegeven": frozenset({"moi"}),
    "bewaartermijn uitgevoerd": frozenset({"moi"}),
}
WITH_SMALL: Final[Mapping[Action, frozenset[str]]] = dict.fromkeys(
    ("opgepakt", "teruggegeven", "vraag gesteld", "besproken", "niet besproken"), frozenset({"facilitair"})
)
"""Who may do something as well when it is about a small purchase (actieplan §5.1-10); see `bot/small.py`."""
SEES_SMALL: Final = READS_CHANNEL | {"facilitair"}
"""Who sees the small purchases of everybody, as the channel shows them."""
OF_MVOI: Final = frozenset((*CAMPAIGN_ACTIONS, *CALENDAR_ACTIONS)) | frozenset[Action](
    {"opgepakt", "teruggegeven", "vraag gesteld", "besproken", "niet besproken"}
)
"""What the MVOI team may read back in the log; beheer reads everything."""

ROLE_NAMES = {
    "mvoi": "het MVOI-team",
    "inkoop": "Team Inkoop",
    "facilitair": "Facilitair",
    "beheer": "beheer",
    "moi": "Moi zelf",
}

MOI = Person("moi", "Moi", frozenset({"moi"}))
"""Who does what no person asked for."""
GONE = Person("verwijderd", "Verwijderd", frozenset({"buyer"}))
"""Who stands where a person was who had their data deleted."""

log = structlog.stdlib.get_logger("moi")


class NotYoursError(Exception):
    """This person may not do this; the text says in Dutch who may."""


def may(person: Person, action: Action, *, small: bool = False) -> bool:
    """Whether the person may do this, for showing a button or not; `small` when it is about a small purchase."""
    return bool(person.roles & (MAY[action] | WITH_SMALL.get(action, frozenset()) if small else MAY[action]))


def sees_small(person: Person) -> bool:
    """Whether the person sees the small purchases of everybody: the page and the card of Facilitair."""
    return bool(person.roles & SEES_SMALL)


def may_read(person: Person, *, small: bool) -> bool:
    """Whether the person may read the record of somebody else, which is of a `small` purchase or not."""
    return person.may_read_channel() or (small and sees_small(person))


def require(person: Person, action: Action, *, small: bool = False) -> None:
    """Raises `NotYoursError` when the person may not do this; `small` as for `may`."""
    if not may(person, action, small=small):
        log.warning("not allowed", action=action, roles=sorted(person.roles))
        names = [ROLE_NAMES[role] for role in ROLE_NAMES if role in MAY[action]]
        raise NotYoursError(f"Dit is alleen voor {' en '.join(names)}.")


def require_small(person: Person) -> None:
    """Raises `NotYoursError` when the small purchases of others are not for this person to see."""
    if not sees_small(person):
        log.warning("not allowed", action="kleine inkopen bekijken", roles=sorted(person.roles))
        names = [ROLE_NAMES[role] for role in ROLE_NAMES if role in SEES_SMALL]
        raise NotYoursError(f"Dit is alleen voor {', '.join(names[:-1])} en {names[-1]}.")


def note(
    connection: Connection,
    person: Person,
    action: Action,
    about: str,
    at: datetime | None = None,
    *,
    small: bool = False,
) -> None:
    """Write down that the person did this, in the transaction in which it is done: now, or `at` another moment.

    Raises `NotYoursError`, which undoes the transaction, for whoever may not; `small` as for `may`.
    """
    require(person, action, small=small)
    row = {"id": uuid.uuid4().hex, "person_id": person.id, "action": action, "about": about}
    connection.execute(insert(audit), row | {"at": at or datetime.now(UTC)})


def readable(person: Person) -> frozenset[Action]:
    """The actions that the person may read back in the log; none for most people."""
    if "beheer" in person.roles:
        return frozenset(ACTIONS)
    return OF_MVOI if "mvoi" in person.roles else frozenset()
