"""Who is talking to Moi, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass

ROLES = frozenset({"buyer", "facilitair", "mvoi", "inkoop", "beheer"})
BY_CONFIGURATION = ROLES - {"buyer"}
"""Roles that a group or role of the provider can give; a buyer is everybody."""
CARES_FOR_KNOWLEDGE = frozenset({"mvoi", "beheer"})
READS_CHANNEL = frozenset({"mvoi", "inkoop", "beheer"})


ROLE_NAMES = {"inkoop": "Team Inkoop", "mvoi": "MVOI-team", "facilitair": "Facilitair", "beheer": "beheer"}


@dataclass(frozen=True, slots=True)
class Person:
    """A colleague as the channel knows them: a stable id, a name to greet with, roles, and their team if known."""

    id: str
    name: str
    roles: frozenset[str] = frozenset({"buyer"})
    team: str | None = None

    def may_read_channel(self) -> bool:
        """The procurement channel is for Team Inkoop, the MVOI team and beheer."""
        return bool(self.roles & READS_CHANNEL)

    def cares_for_knowledge(self) -> bool:
        """Who edits the content, or runs Moi, is told when an edit cannot be used."""
        return bool(self.roles & CARES_FOR_KNOWLEDGE)


def role_name(person: Person) -> str:
    """In which role somebody does something in the procurement channel, in words."""
    return next((name for role, name in ROLE_NAMES.items() if role in person.roles), "collega")
