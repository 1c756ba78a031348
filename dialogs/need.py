"""Hebben we het wel nodig? And if so: is there another way than buying new? (PRODUCT §2, step 2; actieplan §5, §6)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from dialogs import existing
from dialogs.advice import AgreementLine
from dialogs.agreed import AGREED, as_option, in_words, introduced, weighed
from dialogs.existing import (
    CONTRACT,
    DEPOT,
    DEPOT_AND_BUY,
    NOTHING,
    DepotLine,
    Existing,
    FromDepot,
    WhatThereIs,
)
from dialogs.hearing import plain
from dialogs.numbers import Count
from dialogs.questions import Choice, Kept, Remark
from dialogs.what import DIALOG, Subject
from knowledge.amounts import read_quantity
from knowledge.knowledge import Knowledge, once_per_version
from knowledge.model import LADDER, Alternative, Example, ProductGroup
from knowledge.words import OptionWords, QuestionWords

NOT_NEEDED = "niet-nodig"
BUY_NEW = "toch-kopen"
NOT_BUYING = "niet_kopen"
BUYING = frozenset({BUY_NEW, "minder", DEPOT_AND_BUY, CONTRACT})
"""Ways that still buy what was asked for, perhaps less of it."""
AS_ASKED = frozenset({BUY_NEW, CONTRACT})
"""Ways that buy all of it at its own price."""
USE_WHAT_IS = "bestaand_gebruiken"
WITHOUT_BUYING = frozenset({USE_WHAT_IS, "lenen", "delen", "intern", DEPOT})
"""Ways that meet the need with what the municipality has."""

SITUATIONS = {
    "spullen": ("kapot", "oud-maar-heel", "erbij", "nieuw", "weet-niet", NOT_NEEDED),
    "dienst": ("loopt-af", "erbij", "nieuw", "verplicht", "weet-niet", NOT_NEEDED),
    "werk": ("kapot", "oud-maar-heel", "nieuw", "verplicht", "weet-niet", NOT_NEEDED),
    "mensen": ("loopt-af", "erbij", "nieuw", "verplicht", "weet-niet", NOT_NEEDED),
}
"""Why something could be needed, by the nature of the product group; at most six, as a card holds no more buttons."""

FIRST_FOR = {
    "kapot": ("repareren", "refurbished", "bestaand_gebruiken", "lenen"),
    "oud-maar-heel": ("repareren", "bestaand_gebruiken", "minder", "refurbished"),
    "erbij": ("bestaand_gebruiken", "delen", "refurbished", "lenen", "minder"),
    "nieuw": ("niet_kopen", "lenen", "delen", "huren", "intern"),
    "loopt-af": ("niet_kopen", "minder", "intern", "anders", "samen_inkopen"),
    "verplicht": ("minder", "anders", "samen_inkopen", "intern"),
}
"""Which ways fit a situation best; the rest follow in the order of the ladder."""
MOST_WAYS = 3


@dataclass(frozen=True, slots=True)
class Way:
    """How the need is met: a kind of alternative with its text, or buying new; `quantity` when it differs, `agreement`
    where there is one, followed or not; what comes `from_depot`, and the `contract` under which is ordered."""

    kind: str
    label: str
    text: str
    because: str
    quantity: int | None
    agreement: AgreementLine | None = None
    from_depot: FromDepot | None = None
    contract: str = ""


class WayQuestion(Choice):
    """Another way than buying new. "opknappen, maar dan 30" gives the quantity as well, under `quantity_key`; who types
    what is on a button says no more than a tap."""

    quantity_key = "aantal"
    besides: Mapping[str, OptionWords] = {}
    """Ways that suit the subject and are not on a button now: one that was chosen elsewhere, or before, still counts."""

    def value(self, kept: Kept) -> str:
        return str(kept) if kept in self.besides else super().value(kept)

    def show(self, value: str) -> str:
        return {**self.besides, **self.options}[value].label

    def hear(self, text: str) -> dict[str, Kept]:
        heard = super().hear(text)
        quantity = None if text.strip().isdecimal() else read_quantity(text)
        on_button = plain(self.options[heard[self.key]].label).startswith(plain(text))
        return heard if quantity is None or on_button else {**heard, self.quantity_key: quantity}


async def ask_need(knowledge: Knowledge, subject: Subject, on: date) -> str:
    """Why is it needed? "Eigenlijk niet nodig" is an answer, and a good one. What is agreed about it is said first."""
    words = need_words(knowledge, subject.group.id if subject.group else "")
    nature = subject.group.nature if subject.group else "dienst"
    for said in introduced(knowledge, subject.group.id if subject.group else "", on):
        await Remark(said)
    await Remark(knowledge.words.say(DIALOG, "eerste-vraag"))
    situations = SITUATIONS[nature]
    examples = (situations[0], "weet-niet", NOT_NEEDED)
    return await Choice("nodig", words, about=subject.id, only=situations, examples=examples)


@once_per_version
def need_words(knowledge: Knowledge, group: str) -> QuestionWords:
    """The words of the first question, with what it means for a product group ("" when only the category is known)."""
    words = knowledge.words.question(DIALOG, "nodig")
    return replace(words, explain=knowledge.groups[group].need_question) if group else words


async def ask_way(knowledge: Knowledge, subject: Subject, need: str, on: date) -> Way:
    """What there is already, what is agreed, and at most three other ways that fit the situation; one own example, and
    buying new after all."""
    words = knowledge.words.question(DIALOG, "anders")
    group = subject.group.id if subject.group else ""
    there = await WhatThereIs(subject, knowledge.words.question(DIALOG, "er-is")).if_said() or NOTHING
    fewer = await fewer_than_asked(knowledge, subject)
    wanted = fewer or subject.quantity
    offered = existing.options(knowledge, there, wanted, words.options)
    ways = beside(knowledge, group, need, tuple(offered))
    first, *lines = ways_in_words(knowledge, group, need, on, tuple(offered))
    for said in (first, *existing.in_words(knowledge, there, wanted, offered), *lines):
        await Remark(said)
    if subject.group and (example := own_example(knowledge, subject.group)):
        where = "voorbeeld" if subject.group.id in example.groups else "voorbeeld-elders"
        await Remark(knowledge.words.say(DIALOG, where, voorbeeld=example.text))

    options = {kind: words.options[kind] for kind in (*(way.kind for way in ways), BUY_NEW)}
    if agreed := as_option(knowledge, group, on):
        options = {AGREED: agreed, **options}
        words = replace(words, ask=f"{knowledge.words.say(DIALOG, 'afspraak-vraag')} {words.ask}")
    question = WayQuestion("anders", words, about=subject.id, options={**offered, **options})
    suiting = alternatives(knowledge, group)
    question.besides = {way.kind: words.options[way.kind] for way in suiting}
    if subject.quantity:
        question.quantity_key = "aantal-anders"
    kind = await question
    label = words.options[kind].label if kind in offered else question.show(kind)
    if fewer and subject.quantity and fewer < subject.quantity:
        await Remark(
            knowledge.words.say(
                DIALOG, "goed-minder", aantal=fewer, weg=label.lower(), rest=subject.quantity - fewer
            )
        )
    if kind == AGREED:
        return by_agreement(knowledge, group, on, label, fewer)
    if kind == DEPOT and (line := there.line(wanted)):
        return await from_depot(knowledge, group, on, line, wanted)
    other = weighed(knowledge, group, on, other="" if kind == BUY_NEW else label)
    if kind == CONTRACT:
        return under_contract(knowledge, there, label, fewer, other)
    if kind == BUY_NEW:
        return Way(kind, label, "", "", fewer, other)
    chosen = next(way for way in (*ways, *suiting) if way.kind == kind)
    return Way(kind, label, chosen.text, chosen.because, fewer, other)


async def fewer_than_asked(knowledge: Knowledge, subject: Subject) -> int | None:
    """How many there have to be in the chosen way, when that was said: "opknappen, maar dan 30"."""
    if not subject.quantity:
        return None
    words = knowledge.words.question(DIALOG, "aantal-anders")
    return await Count("aantal-anders", words, examples=(1,)).if_said()


async def from_depot(knowledge: Knowledge, group: str, on: date, line: DepotLine, wanted: int | None) -> Way:
    """What stands in the depot, reserved; what it has too few of is bought. To use what there is may be what is agreed."""
    taken, rest = await existing.reserved(knowledge, line, wanted)
    kind = DEPOT_AND_BUY if rest else DEPOT
    label = knowledge.words.question(DIALOG, "anders").options[kind].label
    agreement = knowledge.agreements.get(group)
    follows = agreement is not None and agreement.way == USE_WHAT_IS and not rest
    say = knowledge.words.say
    return Way(
        kind,
        label,
        say(DIALOG, "depot-zo", wat=taken),
        say(DIALOG, "depot-omdat"),
        rest or taken.number,
        weighed(knowledge, group, on, other=None if follows else label),
        from_depot=taken,
    )


def under_contract(
    knowledge: Knowledge, there: Existing, label: str, quantity: int | None, agreement: AgreementLine | None
) -> Way:
    """An order under the contract that runs."""
    contract, say = there.contracts[0], knowledge.words.say
    text = say(DIALOG, "contract-zo", bestelroute=contract.ordering)
    return Way(
        CONTRACT,
        label,
        text,
        say(DIALOG, "contract-omdat"),
        quantity,
        agreement,
        contract=contract.what,
    )


def by_agreement(knowledge: Knowledge, group: str, on: date, label: str, quantity: int | None) -> Way:
    """The way of the agreement of a product group, called by its kind; by `label` when it is a way to buy."""
    agreement = knowledge.agreements[group]
    kind = agreement.way or BUY_NEW
    if agreement.way:
        label = knowledge.words.question(DIALOG, "anders").options[agreement.way].label
    line = weighed(knowledge, group, on, other=None)
    return Way(kind, label, agreement.choice, agreement.because, quantity, line)


@once_per_version
def ways_in_words(
    knowledge: Knowledge, group: str, need: str, on: date, offered: tuple[str, ...]
) -> tuple[str, ...]:
    """That it can be done in another way, and each of these ways with why, what is agreed first; the first of the others
    with what the situation says for it. What there is already is `offered` beside them."""
    options = knowledge.words.question(DIALOG, "anders").options
    lines = [knowledge.words.say(DIALOG, "kan-anders"), *in_words(knowledge, group, on)]
    for place, way in enumerate(beside(knowledge, group, need, offered)):
        because = f"omdat {way.because}"
        if not place and way.kind in FIRST_FOR.get(need, ()):
            because = knowledge.words.say(DIALOG, f"omdat-{need}")
        lines.append(f"• **{options[way.kind].label}**: {way.text} *{because[0].upper()}{because[1:]}.*")
    return tuple(lines)


def alternatives(knowledge: Knowledge, group: str) -> tuple[Alternative, ...]:
    """The alternatives of a product group, or general ones when only the category is known ("")."""
    if group:
        return knowledge.groups[group].alternatives
    options = knowledge.words.question(DIALOG, "anders").options
    return tuple(general(kind, options) for kind in ("minder", "bestaand_gebruiken", "samen_inkopen"))


def general(kind: Any, options: Mapping[str, OptionWords]) -> Alternative:
    """A general alternative, from the explanation of its option: "tekst | omdat"."""
    text, _, because = (options[kind].explain or options[kind].label).partition(" | ")
    return Alternative(soort=kind, tekst=text, omdat=because or text)


@once_per_version
def fitting(knowledge: Knowledge, group: str, need: str) -> tuple[Alternative, ...]:
    """At most three alternatives of different kinds, those that fit the situation first."""
    order = (*FIRST_FOR.get(need, ()), *LADDER)
    by_kind = {way.kind: way for way in reversed(alternatives(knowledge, group))}
    return tuple(by_kind[kind] for kind in dict.fromkeys(order) if kind in by_kind)[:MOST_WAYS]


@once_per_version
def beside(knowledge: Knowledge, group: str, need: str, offered: tuple[str, ...]) -> tuple[Alternative, ...]:
    """The alternatives to show: those that fit, one fewer for an agreement and for all that is `offered` already, and none
    of the kind of these."""
    agreement = knowledge.agreements.get(group)
    taken = {USE_WHAT_IS} if DEPOT in offered else set[str]()
    if agreement:
        taken.add(agreement.way or "")
    ways = tuple(way for way in fitting(knowledge, group, need) if way.kind not in taken)
    return ways[: max(1, MOST_WAYS - len(offered) - bool(agreement))]


def own_example(knowledge: Knowledge, group: ProductGroup) -> Example | None:
    """One example of the municipality itself (Nulmeting), perhaps about something else; or nothing."""
    return knowledge.examples[group.examples[0]] if group.examples else None
