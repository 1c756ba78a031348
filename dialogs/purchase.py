"""The talk before a purchase: do we need it, can it be done another way, and if we buy, how do we buy well?

Read it aloud: every step of PRODUCT §2 stands here in its order, and every path ends in one of the four ends.
Words are in `knowledge/data/woorden/koop.yaml`, limits and criteria in `knowledge/data/`; here are only the branches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from dialogs.advice import Advice, End, ThemeChoice
from dialogs.agreed import explained, why_not
from dialogs.comply import Comply, proposals
from dialogs.compose import compose
from dialogs.existing import CONTRACT, THERE
from dialogs.money import Lifetime, lifetime_sentence
from dialogs.need import (
    AS_ASKED,
    BUY_NEW,
    BUYING,
    NOT_BUYING,
    NOT_NEEDED,
    WITHOUT_BUYING,
    Way,
    ask_need,
    ask_way,
)
from dialogs.numbers import AmountQuestion, Count, Value
from dialogs.questions import Choice, Question, Remark, Several, Text, Together, YesNo
from dialogs.rules import Rules, apply_rules
from dialogs.what import DIALOG, Subject, option, what
from knowledge.knowledge import Knowledge, once_per_version
from knowledge.words import OptionWords

RENAMED: dict[str, str] = {}
"""Old question keys and their present names. A key is a promise: a new meaning gets a new key instead."""

FORGOTTEN_WITH = {
    "wat": (
        "aantal",
        "aantal-anders",
        THERE,
        "waarde",
        "waarde-anders",
        "wanneer",
        "doel",
        "mvoi",
        "reken",
        "afspraak-uitleg",
        "welke",
        "categorie",
    ),
}
"""Answers that belong to another answer: when that one is changed, these go with it."""

PART_OF = {
    **dict.fromkeys(("klopt", "welke", "categorie", "groep"), "wat"),
    **dict.fromkeys(("tco-meerprijs", "tco-besparing", "tco-jaren", "tco-restwaarde"), ""),
}
"""What counts as one decision: finding out what it is, in however many taps; the calculation on request is none."""

PUT_OFF = "uitgesteld"

SOME_AMOUNT = ({"low": 1_000.0, "high": 1_500.0},)


async def purchase(knowledge: Knowledge, on: date) -> Advice:
    """Help a buyer decide whether to buy, and then how to buy well."""
    subject = await what(knowledge)
    details = await volunteered(knowledge)

    need = await ask_need(knowledge, subject, on)
    if need == NOT_NEEDED:
        put_off = await send_or_put_off(knowledge)
        return compose(knowledge, on, "niet-gekocht", subject, need, details, put_off=put_off)

    way = await ask_way(knowledge, subject, need, on)
    if way.kind == NOT_BUYING:
        put_off = await send_or_put_off(knowledge)
        return compose(knowledge, on, "niet-gekocht", subject, need, details, way=way, put_off=put_off)
    if way.kind in WITHOUT_BUYING:
        await send(knowledge)
        return compose(knowledge, on, "anders-opgelost", subject, need, details, way=way)

    value = await ask_value(knowledge, subject, way)
    rules = apply_rules(knowledge, subject.group.id if subject.group else "", value, on)
    for remark in by_value(knowledge, way, rules):
        await Remark(remark)

    if await YesNo("mvoi", knowledge.words.question(DIALOG, "mvoi"), examples=("nee",)).if_said() == "nee":
        await Remark(knowledge.words.say(DIALOG, "mvoi-liever-niet"))
    comply = ask_to_comply(knowledge, subject, rules, on)
    reasons = why_not(knowledge, way.agreement, subject.id, buying=way.kind == BUY_NEW)
    if not rules.startform:
        choices, _, *why = await Together(comply, send(knowledge), *reasons)
        way = replace(way, agreement=explained(knowledge, way.agreement, why))
        return compose(
            knowledge,
            on,
            end(way, choices),
            subject,
            need,
            details,
            way=way,
            value=value,
            rules=rules,
            choices=choices,
        )

    share = None
    if rules.social_return:
        labour = Choice("loonaandeel", knowledge.words.question(DIALOG, "loonaandeel"))
        choices, share, *why = await Together(comply, labour, *reasons)
    else:
        choices, *why = await Together(comply, *reasons)
    way = replace(way, agreement=explained(knowledge, way.agreement, why))
    lifetime = await lifetime_costs(knowledge)
    form, helpers, benefits, chances = await Together(*how_and_help(knowledge, subject))
    await send(knowledge)
    return compose(
        knowledge,
        on,
        end(way, choices),
        subject,
        need,
        {**details, "kansen": chances or "", "baten": benefits or ""},
        way=way,
        value=value,
        rules=rules,
        choices=choices,
        share=share,
        lifetime=lifetime,
        form=form,
        helpers=helpers,
    )


def end(way: Way, choices: tuple[ThemeChoice, ...]) -> End:
    """Which of the four ends a purchase comes to. Social return by rule is no choice, so it does not count here."""
    if way.kind not in BUYING:
        return "anders-opgelost"
    return "koop-met-mvoi" if any(choice.applied for choice in choices) else "koop-zonder-mvoi"


def send(knowledge: Knowledge) -> Question[str]:
    """Check all answers on one card, then send them to the procurement channel."""
    return Choice("versturen", knowledge.words.question(DIALOG, "versturen"), only=("ja",))


async def send_or_put_off(knowledge: Knowledge) -> bool:
    """Send that nothing is bought; in the same tap somebody can say that it is only put off."""
    return await Choice("versturen", knowledge.words.question(DIALOG, "versturen")) == PUT_OFF


async def volunteered(knowledge: Knowledge) -> dict[str, str]:
    """What somebody may tell on the express card and is never asked for."""
    words = knowledge.words.question
    goal = await Text("doel", words(DIALOG, "doel"), optional=True).if_said()
    moment = Choice("wanneer", words(DIALOG, "wanneer"), examples=("schuift",))
    when = await moment.if_said()
    return {"doel": goal or "", "wanneer": moment.show(when) if when else ""}


async def ask_value(knowledge: Knowledge, subject: Subject, way: Way) -> Value:
    """What it costs over the whole term, excl. btw. Another way has another price, so it is another question."""
    name = "waarde" if way.kind in AS_ASKED else "waarde-anders"
    question = AmountQuestion(name, knowledge.words.question(DIALOG, name))
    question.quantity_key = "aantal-anders" if subject.quantity else "aantal"
    return await question


def by_value(knowledge: Knowledge, way: Way, rules: Rules) -> Iterator[str]:
    """What follows from the value. The limits hold for an order under a contract as well, but it starts no procurement."""
    yield from rules.remarks
    no_procurement = knowledge.words.say(DIALOG, "contract-past-het")
    if way.kind == CONTRACT and rules.startform:
        yield no_procurement


def ask_to_comply(knowledge: Knowledge, subject: Subject, rules: Rules, on: date) -> Comply:
    """Pas toe, of leg uit; a theme that already follows by rule is not put to the buyer again."""
    by_rule = frozenset({"social_return"}) if rules.social_return else frozenset[str]()
    found = proposals(knowledge, subject, on, small=not rules.startform, by_rule=by_rule)
    phase = knowledge.phase(on)
    return Comply(knowledge, subject, found, phase.explains if phase else "")


async def lifetime_costs(knowledge: Knowledge) -> Lifetime | None:
    """The optional mini-calculation over the lifetime: four numbers, only when somebody asks for it."""
    words = knowledge.words.question
    if await YesNo("reken", words(DIALOG, "reken"), examples=("ja",)).if_said() != "ja":
        return None
    extra, yearly, years, residual = await Together(
        AmountQuestion("tco-meerprijs", words(DIALOG, "tco-meerprijs"), examples=SOME_AMOUNT),
        AmountQuestion("tco-besparing", words(DIALOG, "tco-besparing"), examples=LIFETIME_EXAMPLES),
        Count("tco-jaren", words(DIALOG, "tco-jaren"), most=100),
        AmountQuestion("tco-restwaarde", words(DIALOG, "tco-restwaarde"), examples=SOME_AMOUNT),
    )
    if not (extra.known and yearly.known and residual.known):
        return None
    numbers = Lifetime(extra.amount, yearly.amount, years, residual.amount)
    await Remark(lifetime_sentence(knowledge, numbers))
    return numbers


LIFETIME_EXAMPLES = (
    {"low": 0.0, "high": 0.0},
    {"low": 100.0, "high": 300.0},
    {"low": 900.0, "high": 900.0},
    "weet-niet",
)


def how_and_help(knowledge: Knowledge, subject: Subject) -> tuple[Choice, Several, Choice, Text]:
    """The contract form over the lifetime, who profits, and what help is wanted: one card, two of the four optional."""
    words = knowledge.words.question
    forms = form_options(knowledge, subject.group.id if subject.group else "")
    examples = (next(iter(forms)), "weet-niet")
    return (
        Choice("hoe", words(DIALOG, "hoe"), about=subject.id, options=forms, examples=examples),
        Several("hulp", words(DIALOG, "hulp"), examples=(["nee"], ["expert", "social-return", "pilot"])),
        Choice("baten", words(DIALOG, "baten"), optional=True),
        Text("kansen", words(DIALOG, "kansen"), optional=True),
    )


@once_per_version
def form_options(knowledge: Knowledge, group: str) -> Mapping[str, OptionWords]:
    """The contract forms that suit a product group, or all of them when only the category is known (""); and not knowing."""
    suited = (
        (form.form for form in knowledge.groups[group].contract_forms) if group else knowledge.contract_forms
    )
    forms = {id_: option(knowledge.contract_forms[id_].name) for id_ in suited}
    return {**forms, **knowledge.words.question(DIALOG, "hoe").options}
