"""Compose the advice from what was said: finished words, each with why and from where."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from dialogs.advice import Advice, CodeLine, Contact, End, Figure, ThemeChoice
from dialogs.money import Lifetime, not_spent, over_a_lifetime
from dialogs.need import AS_ASKED, Way
from dialogs.numbers import Value
from dialogs.rules import NO_RULES, Rules
from dialogs.what import DIALOG, Subject
from knowledge.knowledge import Knowledge

DAYS_IN_A_MONTH = 30.4


def compose(
    knowledge: Knowledge,
    on: date,
    outcome: End,
    subject: Subject,
    need: str,
    details: Mapping[str, str],
    *,
    way: Way | None = None,
    value: Value | None = None,
    rules: Rules = NO_RULES,
    choices: tuple[ThemeChoice, ...] = (),
    share: str | None = None,
    lifetime: Lifetime | None = None,
    form: str | None = None,
    helpers: tuple[str, ...] = (),
    put_off: bool = False,
) -> Advice:
    """Everything that the buyer, the procurement channel and the startformulier are told about this purchase."""
    words = knowledge.words.question
    contract = knowledge.contract_forms.get(form or "")
    own_forms = subject.group.contract_forms if subject.group else ()
    pitfall = next((suited.pitfall for suited in own_forms if suited.form == form), "")
    wanted = tuple(helper for helper in helpers if helper != "nee")
    phase = knowledge.phase(on)
    return Advice(
        outcome=outcome,
        put_off=put_off,
        title=subject.name,
        category=subject.category.id,
        category_name=subject.category.name,
        group=subject.group.id if subject.group else None,
        teams=subject.category.teams,
        domains=subject.category.domains,
        said=subject.request.said,
        quantity=way.quantity if way and way.quantity else subject.quantity,
        requested=subject.quantity,
        need=words(DIALOG, "nodig").options[need].label,
        way=way.label if way else "",
        way_kind=way.kind if way else "",
        way_text=way.text if way else "",
        way_because=way.because if way else "",
        value=str(value) if value else "",
        value_band=rules.band(value),
        startform=rules.startform,
        rules=rules.lines,
        themes=choices,
        social_return=rules.social_return_line(knowledge, share),
        contract_form=contract.name if contract else "",
        contract_caution=pitfall or (contract.caution if contract else ""),
        benefits=words(DIALOG, "baten").options[details["baten"]].label if details.get("baten") else "",
        help=tuple(words(DIALOG, "hulp").options[helper].label for helper in wanted),
        pilot="pilot" in wanted,
        goal=details["doel"],
        when=details["wanneer"],
        chances=details.get("kansen", ""),
        money=figures(knowledge, subject, way, value, lifetime),
        contacts=contacts(knowledge, subject, rules, wanted, way),
        phase=phase.name if phase else "",
        explained_by=phase.explains if phase else "",
        cpv=cpv(knowledge, subject),
        codes=tender_codes(knowledge, rules, choices),
        agreement=way.agreement if way else None,
        from_depot=way.from_depot if way else None,
        contract=way.contract if way else "",
        asked_later=asked_later(knowledge, outcome, start_form=rules.startform),
        knowledge_version=knowledge.version,
        knowledge_date=knowledge.date.isoformat(),
    )


def figures(
    knowledge: Knowledge, subject: Subject, way: Way | None, value: Value | None, lifetime: Lifetime | None
) -> tuple[Figure, ...]:
    """What it does with money, each figure apart. Who buys what was asked for, saves nothing on the first estimate."""
    as_asked = way is not None and way.kind in AS_ASKED
    estimate = None if as_asked else subject.estimate
    return (*not_spent(knowledge, estimate, value), *over_a_lifetime(knowledge, lifetime))


def asked_later(knowledge: Knowledge, outcome: End, *, start_form: bool) -> str:
    """When the buyer is asked for the first time whether it worked out, roughly; "" when nobody is asked."""
    moments = knowledge.follow_up.moments(outcome, start_form=start_form) if knowledge.follow_up else ()
    if not moments:
        return ""
    months = round(moments[0].after_days / DAYS_IN_A_MONTH)
    often = "later-gevraagd" if len(moments) > 1 else "later-een-keer-gevraagd"
    return knowledge.words.say(DIALOG, often, maanden="een maand" if months < 2 else f"{months} maanden")


def cpv(knowledge: Knowledge, subject: Subject) -> str:
    """The CPV code of the product group with its description."""
    return f"{subject.group.cpv} {knowledge.cpv_names[subject.group.cpv]}" if subject.group else ""


def tender_codes(
    knowledge: Knowledge, rules: Rules, choices: tuple[ThemeChoice, ...]
) -> tuple[CodeLine, ...]:
    """The codes that a tender notice asks for, of everything that is applied and of social return by rule."""
    applied = [
        knowledge.eforms.of(knowledge.every_criterion[choice.criterion.id])
        for choice in choices
        if choice.applied
    ]
    if rules.social_return and rules.social_return.applies is True:
        applied.append(knowledge.eforms.of_theme("social_return"))
    return tuple(
        CodeLine(listed.term, listed.name, ", ".join(codes), ", ".join(listed.codes[code] for code in codes))
        for listed, codes in knowledge.eforms.named(applied)
    )


def contacts(
    knowledge: Knowledge, subject: Subject, rules: Rules, wanted: tuple[str, ...], way: Way | None
) -> tuple[Contact, ...]:
    """Who to talk to, by role, and why; those who can help with what was asked come first."""
    ids = [role for helper in wanted for role in HELPERS[helper]]
    if rules.startform:
        ids.append("team-inkoop")
    if rules.social_return:
        ids.append("coordinator-social-return")
    if way and way.kind in ASK_FACILITAIR and subject.group and subject.group.nature == "spullen":
        ids.append("facilitair")
    if way and way.from_depot:
        ids.append("facilitair")
    if way and way.agreement and way.agreement.followed:
        owner = way.agreement.owner
        ids += [role.id for role in knowledge.roles.values() if owner in (role.id, role.name)]
    if way and way.kind == "intern":
        ids.append("bwri")
    found = [knowledge.roles[id_] for id_ in dict.fromkeys(ids or ["mvoi-team"])]
    return tuple(Contact(role.id, role.name, f"voor {role.for_what}") for role in found)


HELPERS = {
    "expert": ("mvoi-projectleider",),
    "social-return": ("coordinator-social-return",),
    "pilot": ("mvoi-projectleider",),
}
"""Who answers which wish for help; the roles of experts are not filled yet (actieplan §5.2-2)."""
ASK_FACILITAIR = frozenset({"bestaand_gebruiken", "lenen", "delen"})
