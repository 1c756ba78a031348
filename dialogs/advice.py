"""The outcome of a purchase dialog: everything that the buyer, the channel and the startformulier are told.

An advice holds finished words and ids, no references, so that a record made today reads the same after the content has
changed. The four ends are all good ends.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from dialogs.existing import FromDepot

End = Literal["niet-gekocht", "anders-opgelost", "koop-met-mvoi", "koop-zonder-mvoi"]
ENDS: tuple[End, ...] = get_args(End)


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """A proposed criterion, with why and from where."""

    id: str
    text: str
    type: str
    level: str
    proof: str
    because: str
    caution: str
    source: str
    certainty: str


@dataclass(frozen=True, slots=True)
class ThemeChoice:
    """A theme that matters for this purchase: applied, or explained with a reason. `explanation` was typed."""

    theme: str
    name: str
    level: int
    level_name: str
    criterion: CriterionLine
    applied: bool
    reason: str = ""
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the three money figures, in euro excl. btw; they are never added up. `high` None: no upper bound."""

    kind: Literal["niet uitgegeven", "levensduurverschil", "meerkosten"]
    low: float
    high: float | None
    assumption: str
    status: Literal["schatting", "afgesproken", "gecontroleerd door Finance"] = "schatting"


@dataclass(frozen=True, slots=True)
class Contact:
    """A role to talk to, and why."""

    role: str
    name: str
    because: str


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule that follows from the value, with its source."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class CodeLine:
    """A field of a tender notice (eForms) with the codes that belong to what is applied, and what they mean."""

    term: str
    name: str
    codes: str
    meaning: str


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """A werkafspraak and what became of it: followed, or not with a reason. `agreed_on` is an ISO day, or "" for a
    proposal; `explanation` was typed."""

    choice: str
    ordering: str
    owner: str
    agreed_on: str
    followed: bool
    reason: str = ""
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class Advice:
    """What came out of the talk. `said`, `goal` and `chances` were typed by a person, and so were the words of the depot
    and of the contract; the rest is ours."""

    outcome: End
    title: str
    category: str
    category_name: str
    group: str | None
    teams: tuple[str, ...]
    domains: tuple[str, ...]
    said: str
    quantity: int | None
    need: str
    way: str
    way_text: str
    way_because: str
    value: str
    value_band: str
    startform: bool
    rules: tuple[RuleLine, ...]
    themes: tuple[ThemeChoice, ...]
    social_return: str
    contract_form: str
    contract_caution: str
    benefits: str
    help: tuple[str, ...]
    pilot: bool
    goal: str
    when: str
    chances: str
    money: tuple[Figure, ...]
    contacts: tuple[Contact, ...]
    phase: str
    explained_by: str
    knowledge_version: str
    knowledge_date: str
    requested: int | None = None
    cpv: str = ""
    codes: tuple[CodeLine, ...] = ()
    agreement: AgreementLine | None = None
    way_kind: str = ""
    """Which kind of way `way` is, whatever its button says."""
    asked_later: str = ""
    """That Moi will ask whether it worked out, and about when; "" when it will not."""
    from_depot: FromDepot | None = None
    contract: str = ""
    put_off: bool = False
    """Not bought now, perhaps later."""


NESTED = {"rules": RuleLine, "money": Figure, "contacts": Contact, "codes": CodeLine}


def dump(advice: Advice) -> dict[str, Any]:
    """An advice -> plain JSON, as it is kept on a record."""
    # With lists for tuples, so that it equals what comes back from a database when nothing changed.
    kept: dict[str, Any] = json.loads(json.dumps(advice, default=_by_name))
    return kept


def _by_name(part: Any) -> dict[str, Any]:
    # A third of the time of `asdict`, which copies every word as well.
    return {name: getattr(part, name) for name in part.__slots__}


def load(kept: dict[str, Any]) -> Advice:
    """Plain JSON -> the advice. Keys of a later version are left aside; a field that came later needs a default."""
    values = {field.name: kept[field.name] for field in fields(Advice) if field.name in kept}
    for name, kind in NESTED.items():
        values[name] = tuple(kind(**item) for item in values.get(name, ()))
    values["themes"] = tuple(
        ThemeChoice(**{**item, "criterion": CriterionLine(**item["criterion"])}) for item in values["themes"]
    )
    if agreement := values.get("agreement"):
        values["agreement"] = AgreementLine(**agreement)
    if from_depot := values.get("from_depot"):
        values["from_depot"] = FromDepot(**from_depot)
    for name in ("teams", "domains", "help"):
        values[name] = tuple(values[name])
    return Advice(**values)
