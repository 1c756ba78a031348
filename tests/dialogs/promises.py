"""What Moi promises about every path of the talk before a purchase. A promise says in a sentence what always holds.

They are held on one walk, by `tests/dialogs/test_every_path.py`; a new promise only has to be written here.
"""

from __future__ import annotations

from collections.abc import Callable

from dialogs.advice import ENDS, Advice, dump, load
from dialogs.comply import Comply
from dialogs.need import WITHOUT_BUYING
from dialogs.numbers import Value
from dialogs.purchase import PART_OF
from dialogs.walk import Path
from knowledge.knowledge import Knowledge

Promise = Callable[[Path, Advice, Knowledge], bool]

MONEY_OR_CRITERIA = ("waarde", "waarde-anders", "pas-toe")
BANDS = {
    "geen uitgave",
    "nog niet bekend",
    "tot € 25.000",
    "rond € 25.000",
    "€ 25.000 tot € 200.000",
    "boven € 200.000",
    "misschien boven € 200.000",
}


def asked(path: Path) -> list[str]:
    """The names of all questions that were put on a card, in order."""
    return [name for card in path.cards for name in card]


def value(path: Path) -> Value | None:
    """The value that the talk went on with, or None when it never came to that."""
    return next((a.value for a in path.finished.trail if a.question.name in MONEY_OR_CRITERIA[:2]), None)


def can_be_above(path: Path, limit: float) -> bool:
    """Whether the value, as far as a person knows it, can lie above a limit."""
    known = value(path)
    if known is None or known.amount is None:
        return False
    return known.amount.high is None or known.amount.high > limit


def decisions(path: Path) -> int:
    """The cards on which somebody decides: all but the first words and the optional calculation."""
    return sum(not set(card) & {"wat", "tco-meerprijs"} for card in path.cards)


def recognised(path: Path) -> bool:
    """Whether Moi knew at once what was meant."""
    return any(str(key).startswith("klopt/") and kept == "ja" for key, kept in path.answers.items())


def one_of_four_ends(path: Path, advice: Advice, _: Knowledge) -> bool:
    """A talk ends in one of the four ends."""
    return advice.outcome in ENDS


def need_comes_first(path: Path, advice: Advice, _: Knowledge) -> bool:
    """Whether it is needed is asked before what it costs and before any criterion."""
    names = asked(path)
    return all(names.index("nodig") < names.index(name) for name in MONEY_OR_CRITERIA if name in names)


def another_way_is_weighed(path: Path, advice: Advice, _: Knowledge) -> bool:
    """Nobody comes to money or criteria without having seen the other ways."""
    names = asked(path)
    return all(names.index("anders") < names.index(name) for name in MONEY_OR_CRITERIA if name in names)


def nothing_is_asked_twice(path: Path, advice: Advice, _: Knowledge) -> bool:
    """No question comes back on a later card."""
    names = asked(path)
    return len(names) == len(set(names))


def applied_or_explained(path: Path, advice: Advice, _: Knowledge) -> bool:
    """Every theme that is proposed is applied, or explained with a reason; never neither, never both."""
    comply = next((a.question for a in path.finished.trail if isinstance(a.question, Comply)), None)
    proposed = [proposal.theme.id for proposal in comply.proposals] if comply is not None else []
    return [choice.theme for choice in advice.themes] == proposed and all(
        choice.applied != bool(choice.reason) for choice in advice.themes
    )


def without_mvoi_is_explained(path: Path, advice: Advice, knowledge: Knowledge) -> bool:
    """Buying without MVOI is only possible when every theme is explained, in words where the reason asks for them."""
    wordy = {reason.label for reason in knowledge.reasons.values() if reason.needs_explanation}
    return advice.outcome != "koop-zonder-mvoi" or all(
        not choice.applied and choice.reason and (choice.reason not in wordy or choice.explanation)
        for choice in advice.themes
    )


def with_mvoi_applies_something(path: Path, advice: Advice, _: Knowledge) -> bool:
    """Buying with MVOI means that at least one theme is applied."""
    return advice.outcome != "koop-met-mvoi" or any(choice.applied for choice in advice.themes)


def startform_above_25_000(path: Path, advice: Advice, _: Knowledge) -> bool:
    """Exactly what can cost more than € 25.000 gets a startformulier, and then Team Inkoop is among the contacts."""
    needed = can_be_above(path, 25_000)
    named = "team-inkoop" in {contact.role for contact in advice.contacts}
    return advice.startform == needed and (named or not needed)


def social_return_above_200_000(path: Path, advice: Advice, _: Knowledge) -> bool:
    """Exactly what can cost more than € 200.000 gets a line about social return, and its coordinator as a contact."""
    needed = can_be_above(path, 200_000)
    named = "coordinator-social-return" in {contact.role for contact in advice.contacts}
    return bool(advice.social_return) == needed and (named or not needed)


def seven_decisions(path: Path, advice: Advice, _: Knowledge) -> bool:
    """A talk takes at most seven decisions; without counting a choice from a list as part of what it is, too, when Moi
    knew what was meant."""
    return len(path.decisions(PART_OF)) <= 7 and (not recognised(path) or decisions(path) <= 7)


def five_taps(path: Path, advice: Advice, _: Knowledge) -> bool:
    """The short route takes at most five taps when Moi knew what was meant."""
    return not recognised(path) or advice.startform or decisions(path) <= 5


def one_to_three_criteria(path: Path, advice: Advice, _: Knowledge) -> bool:
    """Whoever spends money gets one to three criteria, each with its proof, why, source, type and level."""
    lines = [choice.criterion for choice in advice.themes]
    return len(lines) in ((1, 2, 3) if value(path) else (0,)) and all(
        line.text and line.proof and line.because and line.source and line.type and line.level
        for line in lines
    )


def main_themes_are_there(path: Path, advice: Advice, knowledge: Knowledge) -> bool:
    """Every main theme of the category is put to the buyer, unless it already follows by rule."""
    if value(path) is None:
        return True
    found = {choice.theme for choice in advice.themes} | (
        {"social_return"} if advice.social_return else set[str]()
    )
    return set(knowledge.categories[advice.category].themes) <= found


def no_spending_no_value(path: Path, advice: Advice, knowledge: Knowledge) -> bool:
    """What is not bought, borrowed, shared or already there has no value, no rules and no criteria."""
    labels = {knowledge.words.question("koop", "anders").options[kind].label for kind in WITHOUT_BUYING}
    free = advice.outcome == "niet-gekocht" or advice.way in labels
    spent = advice.value or advice.value_band != "geen uitgave" or advice.rules or advice.themes
    return bool(spent) != free


def exact_amounts_stay_private(path: Path, advice: Advice, _: Knowledge) -> bool:
    """The channel sees a band, never the amount."""
    return advice.value_band in BANDS


def money_has_an_assumption(path: Path, advice: Advice, _: Knowledge) -> bool:
    """No money figure stands without its assumption, and each is an estimate of at least nothing."""
    return all(
        figure.assumption
        and figure.status == "schatting"
        and (figure.high is None or figure.low <= figure.high)
        and (figure.kind == "levensduurverschil" or figure.low >= 0)
        for figure in advice.money
    )


def survives_being_kept(path: Path, advice: Advice, _: Knowledge) -> bool:
    """An advice that was kept as JSON comes back as it was."""
    # What `dump` gives went through JSON once already.
    return load(dump(advice)) == advice


def somebody_to_talk_to(path: Path, advice: Advice, _: Knowledge) -> bool:
    """There is always a role to contact, and why."""
    return bool(advice.contacts) and all(contact.name and contact.because for contact in advice.contacts)


def agreement_is_weighed(path: Path, advice: Advice, knowledge: Knowledge) -> bool:
    """Whoever weighs other ways for something with a werkafspraak has followed it, or has a reason not to; never both."""
    there = advice.group in knowledge.agreements and "anders" in asked(path)
    line = advice.agreement
    return (line is not None) == there and (line is None or line.followed != bool(line.reason))


def following_asks_no_more(path: Path, advice: Advice, _: Knowledge) -> bool:
    """Who follows a werkafspraak is asked nothing about it."""
    return not (advice.agreement and advice.agreement.followed and "afspraak-niet" in asked(path))


def every_rule_has_a_source(path: Path, advice: Advice, _: Knowledge) -> bool:
    """Every rule that follows from the value says where it comes from."""
    return all(rule.text and rule.source and rule.source != "onbekend" for rule in advice.rules)


PROMISES: tuple[Promise, ...] = (
    one_of_four_ends,
    need_comes_first,
    another_way_is_weighed,
    nothing_is_asked_twice,
    applied_or_explained,
    without_mvoi_is_explained,
    with_mvoi_applies_something,
    startform_above_25_000,
    social_return_above_200_000,
    seven_decisions,
    five_taps,
    one_to_three_criteria,
    main_themes_are_there,
    no_spending_no_value,
    exact_amounts_stay_private,
    money_has_an_assumption,
    survives_being_kept,
    somebody_to_talk_to,
    every_rule_has_a_source,
    agreement_is_weighed,
    following_asks_no_more,
)
