"""The lines of a message with several requests: one field for each choice, and what became of them after sending."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cards.record import END_NAMES, NOT_A_DECISION
from cards.view import MOST_ACTIONS, Action, Block, Input, Line, Lines, Option, Text, Typed, View
from dialogs.advice import Advice
from dialogs.comply import APPLY
from dialogs.listed import DIALOG
from dialogs.questions import Question
from dialogs.several import DISCUSS, NEED, REASON, WAY, Deal, GoAlong
from knowledge.requests import MOST_LINES
from knowledge.words import OptionWords, Words


@dataclass(frozen=True, slots=True)
class SentLine:
    """A line that is a record now: its number, what it is about, and what came of it."""

    number: int
    named: str
    advice: Advice


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A line that goes on in a talk of its own: its number, how it is called, and that talk."""

    number: int
    said: str
    talk: str


def in_order(fields: list[Question[Any]]) -> list[Question[Any]]:
    """The lines of a list in the order of the message, before what is about all of them; other fields as they are."""
    return sorted(fields, key=lambda field: field.line.number if isinstance(field, Deal) else MOST_LINES + 1)


def deal_blocks(deal: Deal) -> Iterator[Block]:
    """One line: what Moi thinks it is, what was said, what Moi says about it, and the fields."""
    when = f", {deal.line.when}" if deal.line.when else ""
    yield Text(f"{deal.line.number}. {deal.named}{when}" if deal.named else f"{deal.line.number}.", "lead")
    yield Typed(deal.line.request.said, "Gevraagd")
    yield from (Text(said, "small") for said in deal.told)
    if deal.needs:
        yield _field(f"{deal.key}:{NEED}", deal.words.ask, deal.needs, deal.before[NEED])
    way = deal.before[WAY] or ("" if deal.whole else DISCUSS)
    yield _field(f"{deal.key}:{WAY}", deal.how, deal.ways, way)


def along_blocks(question: GoAlong) -> Iterator[Block]:
    """The field for who does not go along with what suits a purchase."""
    options = {id_: option for id_, option in question.options.items() if id_ != APPLY}
    yield _field(f"{question.key}:{REASON}", question.words.ask, options, question.before)


def _field(key: str, label: str, options: Mapping[str, OptionWords], value: str) -> Input:
    """A choice with an answer filled in already where there is one; what is missing Moi says, for it depends on other fields."""
    shown = tuple(Option(id_, option.label) for id_, option in options.items())
    return Input(key, label, "choice", shown, value, required=False, hint="Kies")


def settled_view(
    words: Words, sent: Sequence[SentLine], later: Sequence[OpenLine], talk: str, rest: str
) -> View:
    """What was sent and what is still to be discussed, with a button for each of those; nothing is lost."""
    say = words.say
    told = say(DIALOG, "alles-verstuurd" if sent else "niets-verstuurd")
    blocks: list[Block] = [Text(told, "lead")]
    if sent:
        blocks.append(Lines(tuple(sent_line(line) for line in sent)))
    if later:
        blocks += [
            Text(say(DIALOG, "nog-te-bespreken")),
            *(Typed(line.said, str(line.number)) for line in later),
        ]
    if rest:
        blocks += [Text(say(DIALOG, "de-rest")), Typed(rest)]
    blocks.append(Text(NOT_A_DECISION, "small"))
    actions = [Action(f"Bespreek {line.number}", {"do": "grow", "talk": line.talk}) for line in later]
    if rest:
        actions.append(Action("Verder met de rest", {"do": "begin", "text": rest}))
    if sent:
        actions.append(Action("Nog iets wijzigen", {"do": "review", "talk": talk}))
    return View(tuple(blocks), tuple(actions[:MOST_ACTIONS]), summary=told)


def sent_line(line: SentLine) -> Line:
    """One record: what came of it, and how to order where that is agreed."""
    advice = line.advice
    done = f"**{END_NAMES[advice.outcome]}**" + (f" · {advice.way}" if advice.way else "")
    if advice.agreement and advice.agreement.followed:
        done += f" · Zo regel je het: {advice.agreement.ordering}"
    return Line(f"{line.number}. {line.named}", done)


def apart_view(words: Words, lines: Sequence[OpenLine]) -> View:
    """Every line is a purchase of its own now: which one is to be changed, or discussed?"""
    text = words.say(DIALOG, "al-apart")
    actions = tuple(Action(f"Regel {line.number}", {"do": "grow", "talk": line.talk}) for line in lines)
    return View((Text(text), *(Typed(line.said, str(line.number)) for line in lines)), actions, summary=text)
