"""A werkafspraak in the talk: shown before the first question, then one of the ways, and never a tap more (actieplan §5.1-10)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from babel.dates import format_date

from dialogs.advice import AgreementLine
from dialogs.questions import Choice, Question, Text
from dialogs.what import DIALOG
from knowledge.knowledge import Knowledge, once_per_version
from knowledge.words import OptionWords

AGREED = "afspraak"


@once_per_version
def introduced(knowledge: Knowledge, group: str, on: date) -> tuple[str, ...]:
    """What Moi says about the agreement of a product group: the standard choice, when, when not, and how to order;
    nothing when there is none. A proposal says that it is one."""
    agreement = knowledge.agreements.get(group)
    if agreement is None:
        return ()
    say = knowledge.words.say
    said = {"rol": agreement.owner, "keuze": agreement.choice}
    if agreement.agreed_on and agreement.agreed(on):
        day = format_date(agreement.agreed_on, "d MMMM y", locale="nl")
        first = say(DIALOG, "afspraak-gemaakt", dag=day, **said)
    else:
        first = say(DIALOG, "afspraak-voorstel", **said)
    return (
        first,
        "• " + say(DIALOG, "afspraak-wel", moment=agreement.when),
        "• " + say(DIALOG, "afspraak-tenzij", moment=agreement.when_not),
        "• " + say(DIALOG, "afspraak-regel", bestelroute=agreement.ordering),
    )


@once_per_version
def as_option(knowledge: Knowledge, group: str, on: date) -> OptionWords | None:
    """The button with which somebody follows the agreement of a product group; None when there is none."""
    agreement = knowledge.agreements.get(group)
    if agreement is None:
        return None
    option = knowledge.words.question(DIALOG, "anders").options[AGREED]
    if agreement.agreed(on):
        return option
    return replace(option, label=knowledge.words.say(DIALOG, "volgens-voorstel"))


def in_words(knowledge: Knowledge, group: str, on: date) -> Iterator[str]:
    """The line about the agreement among the other ways, with why; none when there is no agreement."""
    if option := as_option(knowledge, group, on):
        agreement = knowledge.agreements[group]
        yield "• " + knowledge.words.say(
            DIALOG, "afspraak-omdat", weg=option.label, keuze=agreement.choice, omdat=agreement.because
        )


def weighed(knowledge: Knowledge, group: str, on: date, *, other: str | None) -> AgreementLine | None:
    """What became of the agreement: followed, or not because of an `other` way (its label; "" is buying after all)."""
    agreement = knowledge.agreements.get(group)
    if agreement is None:
        return None
    say = knowledge.words.say
    reason = ""
    if other is not None:
        reason = say(DIALOG, "andere-weg", weg=other.lower()) if other else say(DIALOG, "geen-reden")
    return AgreementLine(
        choice=agreement.choice,
        ordering=agreement.ordering,
        owner=agreement.owner,
        agreed_on=agreement.agreed_on.isoformat() if agreement.agreed_on and agreement.agreed(on) else "",
        followed=other is None,
        reason=reason,
    )


def why_not(
    knowledge: Knowledge, line: AgreementLine | None, subject: str, *, buying: bool
) -> tuple[Question[Any], ...]:
    """Who buys after all is asked why, on a card that comes anyway. Of a proposal nobody has to explain anything."""
    if line is None or line.followed or not buying:
        return ()
    words = knowledge.words.question
    reasons = words(DIALOG, "afspraak-niet")
    first = tuple(reasons.options)[:1]
    return (
        Choice("afspraak-niet", reasons, about=subject, examples=first, optional=not line.agreed_on),
        Text("afspraak-uitleg", words(DIALOG, "afspraak-uitleg"), optional=True),
    )


def explained(
    knowledge: Knowledge, line: AgreementLine | None, why: Sequence[str | None]
) -> AgreementLine | None:
    """The line with the answers to `why_not`, when it was asked and something was said."""
    if line is None or not why:
        return line
    code, explanation = why
    reason = knowledge.words.question(DIALOG, "afspraak-niet").options[code].label if code else line.reason
    return replace(line, reason=reason, explanation=explanation or "")
