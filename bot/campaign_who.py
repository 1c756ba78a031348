"""Choosing who gets a campaign: what can be chosen and where Moi knows it from, reading the form, and what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, select

from bot.campaign_audience import EVERYONE, HOWS, KINDS, LIST, MOST_PARTS, WITHOUT, Audience, How, Kind, Part
from bot.campaign_lists import pasted_rows
from bot.campaign_reach import Fault, Size
from bot.campaign_rules import FLOOR, CampaignRules
from bot.people import BY_CONFIGURATION, ROLE_NAMES
from bot.sign_ins import role_holders
from bot.tables import people, sign_ins
from cards.marks import legible
from knowledge.knowledge import Knowledge

KIND_NAMES: Mapping[Kind, str] = {
    "iedereen": "iedereen die Moi kent",
    "team": "een team",
    "domein": "een domein",
    "rol": "een rol",
    "vroeg": "wie Moi vroeg over",
    "lijst": "een lijst met adressen",
}
HOW_NAMES: Mapping[How, str] = {
    "en": "daarvan alleen",
    "of": "plus",
    "zonder": "zonder",
}
LONGEST_VALUE = 100
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
TOO_FEW = f"Dit zijn minder dan {FLOOR} mensen. Kies een ruimere groep, want zo is te raden wie het zijn."
FAULTS = {
    "leeg": "Deel {}: kies nog wie dit zijn.",
    "dagen": "Deel {}: de eerste dag ligt na de laatste.",
    "lijst-en-vroeg": "Een lijst en “wie Moi vroeg over” kunnen niet samen. Wie op de lijst staat kies je zelf, dus het "
    "aantal zou zeggen wat zij aan Moi vroegen.",
    "klein": TOO_FEW,
    "deel-klein": f"Deel {{}} is minder dan {FLOOR} mensen. Kies ruimer of haal het weg: aan het aantal met en zonder "
    "dit deel is te raden wat zij vroegen, of dat ze zich afmeldden.",
    "verschil": f"Deel {{}} maakt minder dan {FLOOR} mensen verschil. Kies ruimer of haal het weg: aan dat verschil is "
    "te raden wie het zijn.",
}


@dataclass(frozen=True, slots=True)
class Known:
    """What Moi knows of where people work: the `options` that are large enough, how many are too small to choose, and of
    how many people nothing is known."""

    options: tuple[tuple[str, str], ...]
    small: int
    without: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen, of how many people; `without_role` have none besides that everybody may buy, and of
    `without_address` Moi knows no address."""

    everybody: int
    teams: Known
    domains: Known
    without_role: int
    without_address: int


def choices(connection: Connection, rules: CampaignRules, now: datetime) -> Choices:
    """What Moi knows now of the people whom a campaign can go to."""
    everybody = set(connection.execute(select(people.c.id)).scalars())
    said = (sign_ins.c.team, sign_ins.c.domain, sign_ins.c.accounts)
    signed = connection.execute(select(sign_ins.c.person_id, *said)).all()
    teams, domains = ({row.person_id: row[at] for row in signed if row[at]} for at in (1, 2))
    with_address = {row.person_id for row in signed if row.accounts}
    in_a_role = role_holders(connection, rules.members, BY_CONFIGURATION, now)
    return Choices(
        len(everybody),
        _known(everybody, teams),
        _known(everybody, domains),
        without_role=len(everybody - in_a_role),
        without_address=len(everybody - with_address),
    )


def _known(everybody: set[str], said: Mapping[str, str]) -> Known:
    sizes = Counter(value for person, value in said.items() if person in everybody)
    values = sorted((value for value, number in sizes.items() if number >= FLOOR), key=str.casefold)
    return Known(
        tuple((value, value) for value in values), len(sizes) - len(values), len(everybody) - sizes.total()
    )


def read_parts(form: Mapping[str, object], now: Audience) -> list[Part]:
    """The groups as they were filled in. Raises `RefusedFileError` for a pasted list that is none.

    A list that was not touched stays as it is `now`, with the numbers of its rows.
    """
    parts = []
    for number in range(1, MOST_PARTS + 1):
        kind, how = form.get(f"soort-{number}"), form.get(f"hoe-{number}")
        if kind not in KINDS:
            break
        part = Part(kind, how=how if how in HOWS else "en")
        if kind == LIST:
            before = now.parts[number - 1].rows if number <= len(now.parts) else ()
            typed = str(form.get(f"lijst-{number}", "")).split("\n")
            same = [line.strip() for line in typed] == [text for _, text in before]
            part = replace(part, rows=before if same else pasted_rows("\n".join(typed)))
        elif kind != EVERYONE:
            value = " ".join(legible(str(form.get(f"waarde-{number}", ""))).split())[:LONGEST_VALUE]
            part = replace(
                part, value=value, first=_day(form, f"van-{number}"), last=_day(form, f"tot-{number}")
            )
        parts.append(part)
    return parts


def without_part(parts: Sequence[Part], place: int) -> list[Part]:
    """The groups without one of them. What was left out does not become the only one who gets it."""
    left = [part for at, part in enumerate(parts) if at != place]
    if not left or (place == 0 and left[0].how == WITHOUT):
        left.insert(0, Part())
    return left


def added(form: Mapping[str, object]) -> Part | None:
    """The group that somebody wants to add; None when they did not say which."""
    kind, how = form.get("nieuw-soort"), form.get("nieuw-hoe")
    return Part(kind, how=how) if kind in KINDS and how in HOWS else None


def audience_problems(audience: Audience, size: Size) -> list[str]:
    """Why this audience cannot be used, in words for whoever writes the campaign."""
    if size.faults:
        return [fault_said(fault) for fault in size.faults]
    return ["Er is nog niemand die Moi kent."] if audience.everyone and not size.everybody else []


def fault_said(fault: Fault) -> str:
    """Why an audience cannot be used, in words."""
    why, part = fault
    return FAULTS[why].format(part)


def described(knowledge: Knowledge, audience: Audience) -> str:
    """An audience in one sentence."""
    said = [part_said(knowledge, part) for part in audience.parts]
    rest = (
        f"{HOW_NAMES[part.how]} {words}" for part, words in zip(audience.parts[1:], said[1:], strict=True)
    )
    whole = ", ".join((said[0], *rest))
    return f"{whole[0].upper()}{whole[1:]}"


def part_said(knowledge: Knowledge, part: Part) -> str:
    """A group in words."""
    match part.kind:
        case "team" | "domein":
            return f"{part.kind} {part.value}" if part.value else f"een {part.kind}"
        case "rol":
            return f"rol {ROLE_NAMES[part.value]}" if part.value in ROLE_NAMES else "een rol"
        case "vroeg":
            about = knowledge.groups.get(part.value) or knowledge.categories.get(part.value)
            days = ((" vanaf", part.first), (" tot en met", part.last))
            when = "".join(f"{word} {day.day}-{day.month}-{day.year}" for word, day in days if day)
            return f"wie Moi {f'vroeg over {about.name}' if about else 'iets vroeg'}{when}"
        case "lijst":
            return f"een lijst met {len(part.rows)} {'regel' if len(part.rows) == 1 else 'regels'}"
    return KIND_NAMES["iedereen"]


def _day(form: Mapping[str, object], name: str) -> date | None:
    """A day that was filled in; of one in which Moi cannot have been there, the nearest in which it can."""
    try:
        return min(max(date.fromisoformat(str(form.get(name, ""))), FIRST_DAY), LAST_DAY)
    except ValueError:
        return None
