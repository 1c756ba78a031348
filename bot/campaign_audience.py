"""Who gets a campaign: groups of colleagues, one after the other taken together, narrowed or left out; and who wants none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Literal, cast, get_args

from sqlalchemy import Connection, or_, select

from bot.campaign_lists import ListRow, known_rows
from bot.campaign_rules import HERE, CampaignRules
from bot.sign_ins import role_holders
from bot.tables import people, records, sign_ins, talks

Kind = Literal["iedereen", "team", "domein", "rol", "vroeg", "lijst"]
How = Literal["en", "of", "zonder"]
EVERYONE, ASKED, LIST, WITHOUT = "iedereen", "vroeg", "lijst", "zonder"
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
HOWS: Final[tuple[How, ...]] = get_args(How)
MOST_PARTS = 6


@dataclass(frozen=True, slots=True)
class Part:
    """A group of colleagues, and `how` it goes with those before it; of the first one that says nothing.

    `value` is a team, a domein, a role, or the product group or category that was asked about on one of the days; `rows`
    are the lines of a list.
    """

    kind: Kind = "iedereen"
    value: str = ""
    how: How = "en"
    first: date | None = None
    last: date | None = None
    rows: tuple[ListRow, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether it is not said yet which group this is."""
        return self.kind != EVERYONE and not (self.rows if self.kind == LIST else self.value)

    def dump(self) -> dict[str, Any]:
        """As it is kept; `load_part` reads it."""
        days = {"first": self.first, "last": self.last}
        kept: dict[str, Any] = {"kind": self.kind, "value": self.value, "how": self.how}
        kept |= {name: day.isoformat() for name, day in days.items() if day}
        return kept | ({"rows": [list(row) for row in self.rows]} if self.rows else {})


@dataclass(frozen=True, slots=True)
class Audience:
    """The groups, read from the first to the last; without more said, everyone whom Moi knows."""

    parts: tuple[Part, ...] = (Part(),)

    @property
    def everyone(self) -> bool:
        """Whether nobody is left out by what they are or did."""
        return all(part.kind == EVERYONE for part in self.parts)

    def has(self, kind: Kind) -> bool:
        """Whether a group of this kind is in it."""
        return any(part.kind == kind for part in self.parts)

    def dump(self) -> dict[str, Any]:
        """As it is kept; `load_audience` reads it."""
        return {"parts": [part.dump() for part in self.parts]}


def asked(about: str, first: date | None = None, last: date | None = None) -> Audience:
    """Who asked about this product group or category on one of these days."""
    return Audience((Part("vroeg", about, first=first, last=last),))


def load_audience(kept: Mapping[str, Any]) -> Audience:
    """An audience as it was kept, also before there were groups."""
    if "parts" in kept:
        return Audience(tuple(map(load_part, kept["parts"])))
    return (
        Audience((load_part({"kind": "vroeg", "value": kept["about"], **kept}),))
        if kept.get("about")
        else Audience()
    )


def load_part(kept: Mapping[str, Any]) -> Part:
    """A group as it was kept."""
    first, last = (date.fromisoformat(kept[name]) if kept.get(name) else None for name in ("first", "last"))
    rows = tuple((int(number), str(text)) for number, text in kept.get("rows", ()))
    return Part(cast(Kind, kept["kind"]), kept["value"], cast(How, kept.get("how", "en")), first, last, rows)


@dataclass(frozen=True, slots=True)
class Found:
    """Who is in an audience: `ids` of colleagues, of each group by itself as well (`parts`), and what of the lists.

    `addresses` says under which line of a list a colleague is there; `unknown` are the lines that name nobody.
    """

    ids: frozenset[str]
    parts: tuple[frozenset[str], ...] = ()
    addresses: Mapping[str, str] = field(default_factory=dict)
    unknown: tuple[ListRow, ...] = ()


def find_people(connection: Connection, audience: Audience, rules: CampaignRules, now: datetime) -> Found:
    """Who is in an audience now."""
    everybody = frozenset(connection.execute(select(people.c.id)).scalars())
    groups: list[frozenset[str]] = []
    addresses: dict[str, str] = {}
    unknown: list[ListRow] = []
    for place, part in enumerate(audience.parts):
        if part.kind == LIST:
            named, nobody = known_rows(connection, part.rows)
            groups.append(frozenset(named) & everybody)
            if place == 0 or part.how != WITHOUT:
                addresses = named | addresses
                unknown += nobody
        else:
            groups.append(_group(connection, part, everybody, rules, now))
    ids = combined(audience.parts, groups)
    mine = {person: text for person, text in addresses.items() if person in ids}
    return Found(ids, tuple(groups), mine, tuple(dict.fromkeys(unknown)))


def combined(parts: Sequence[Part], groups: Sequence[frozenset[str]]) -> frozenset[str]:
    """The groups taken together as the parts say, from the first to the last."""
    found = groups[0] if groups else frozenset[str]()
    for part, group in zip(parts[1:], groups[1:], strict=True):
        match part.how:
            case "en":
                found &= group
            case "of":
                found |= group
            case "zonder":
                found -= group
    return found


def _group(
    connection: Connection, part: Part, everybody: frozenset[str], rules: CampaignRules, now: datetime
) -> frozenset[str]:
    match part.kind:
        case "team":
            return everybody & _signed(connection, sign_ins.c.team == part.value)
        case "domein":
            return everybody & _signed(connection, sign_ins.c.domain == part.value)
        case "rol":
            return everybody & role_holders(connection, rules.members, {part.value}, now)
        case "vroeg":
            return everybody & _asked(connection, part)
    return everybody


def _signed(connection: Connection, what: Any) -> frozenset[str]:
    return frozenset(connection.execute(select(sign_ins.c.person_id).where(what)).scalars())


def _asked(connection: Connection, part: Part) -> frozenset[str]:
    """Who sent a request about it, or has a talk about it."""
    found: set[str] = set()
    in_talk = tuple(talks.c.answers[("wat", name)].as_string() for name in ("categorie", "groep"))
    for table, when, what in (
        (records, records.c.made, (records.c.category, records.c.product_group)),
        (talks, talks.c.changed, in_talk),
    ):
        about = select(table.c.person_id).where(or_(*(column == part.value for column in what)))
        if part.first:
            about = about.where(when >= _begin(part.first))
        if part.last:
            about = about.where(when < _begin(part.last + timedelta(days=1)))
        found |= set(connection.execute(about).scalars())
    return frozenset(found)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), HERE).astimezone(UTC)
