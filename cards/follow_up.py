"""Asking whether it worked out, as a card, and what was answered as lines; `subjects` says what there is to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cards.remarks import plain_view
from cards.view import Action, Block, Input, Line, Lines, Link, Option, Text, Typed, View
from dialogs.advice import Advice
from knowledge.follow_up import Cause
from knowledge.knowledge import Knowledge

FILE = "opvolging"
DO = "followup"
GIVEN = "gelukt:"
"""The fields of a card begin so; what follows is what it is about."""
WAY = "weg"
VERDICTS = {"ja": "gelukt", "deels": "deels gelukt", "nee": "niet gelukt"}
LONGEST = 200
"""Characters of what somebody types with it."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What can have worked out: the other way that was chosen, or a criterion that was applied; both in our own words."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the sender of a request: `id` is that of the follow-up, `given` what was answered before."""

    id: str
    advice: Advice
    question: str
    given: Mapping[str, str]
    reminder: bool = False
    movable: bool = True
    again: bool = False
    """Whether it was answered before, and is changed now."""


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What became of one subject, in the words of the day on which it was answered."""

    about: str
    label: str
    verdict: str
    because: str = ""


@dataclass(frozen=True, slots=True)
class Realised:
    """One answered question about a request; `words` were typed."""

    moment: str
    lines: tuple[AnswerLine, ...]
    words: str = ""


def subjects(advice: Advice) -> tuple[Subject, ...]:
    """What to ask of a request; nothing when nothing was applied and it was bought as it was asked."""
    found = {}
    if advice.outcome == "niet-gekocht":
        found[WAY] = Subject(WAY, "Niet gekocht", "niet kopen")
    elif advice.outcome == "anders-opgelost":
        way = advice.way or "anders oplossen"
        found[WAY] = Subject(WAY, way, f"{way[:1].lower()}{way[1:]}")
    for choice in advice.themes:
        if choice.applied:
            criterion = choice.criterion
            found[criterion.id] = Subject(criterion.id, choice.name, criterion.text)
    return tuple(found.values())


def ask_view(knowledge: Knowledge, asked: Question, first: str = "") -> View:
    """One card: per subject ja, deels or nee, and the ways out; `first` is what has to be said before."""
    say = knowledge.words.say
    title = say(FILE, "titel-herinnering" if asked.reminder else "titel")
    blocks: list[Block] = [Text(first)] if first else []
    blocks += [
        Text(f"{title} · {asked.advice.title}", "lead"),
        Typed(asked.advice.said, say(FILE, "gevraagd")),
    ]
    blocks.append(Text(asked.question))
    wish = {"do": DO, "act": "antwoord", "item": asked.id} | ({"anders": "ja"} if asked.again else {})
    about = subjects(asked.advice)
    every = {f"{GIVEN}{subject.key}": "ja" for subject in about}
    actions: list[Action | Link]
    if len(about) == 1:
        # One thing to tell: then the answer is the button.
        blocks += [Text(_named(subject)) for subject in about if asked.advice.outcome != "niet-gekocht"]
        actions = [
            Action(say(FILE, f"knop-{verdict}"), wish | dict.fromkeys(every, verdict)) for verdict in VERDICTS
        ]
    else:
        blocks += [_choice(knowledge, subject, asked.given) for subject in about]
        actions = [
            Action(say(FILE, "knop-alles"), wish | every, "positive", fields=False),
            Action(say(FILE, "knop-stuur"), wish),
        ]
    blocks.append(Text(say(FILE, "waarvoor"), "small"))
    if not asked.again:
        out = {"do": DO, "item": asked.id}
        if asked.movable:
            actions.append(Action(say(FILE, "knop-later"), out | {"act": "later"}, fields=False))
        actions.append(Action(say(FILE, "knop-laat-maar"), out | {"act": "laat-maar"}, fields=False))
    return View(tuple(blocks), tuple(actions), summary=f"{title} · {asked.advice.title}")


def why_view(knowledge: Knowledge, id_: str, causes: Sequence[Cause]) -> View:
    """What was answered is kept; only why not is still missing: from the list, or in somebody's own words."""
    say = knowledge.words.say
    title = say(FILE, "waardoor-titel")
    options = tuple(Option(cause.code, cause.label) for cause in causes)
    listed = Input("oorzaak", say(FILE, "veld-oorzaak"), "choice", options, required=False, expanded=True)
    own, hint = say(FILE, "veld-woorden"), say(FILE, "geen-namen")
    typed = Input("woorden", own, "text", required=False, hint=hint, most=LONGEST)
    send = Action(say(FILE, "knop-stuur"), {"do": DO, "act": "waardoor", "item": id_})
    skip = Action(say(FILE, "knop-sla-over"), {"do": DO, "act": "klaar", "item": id_}, fields=False)
    return View((Text(title, "lead"), listed, typed), (send, skip), summary=title)


def kept_view(knowledge: Knowledge, id_: str, sentence: str, said: Realised) -> View:
    """What is kept, with the way to change it."""
    words = knowledge.words.say(FILE, sentence)
    change = Action(knowledge.words.say(FILE, "knop-wijzig"), {"do": DO, "act": "wijzig", "item": id_})
    return View((Text(words), *realised_blocks((said,))), (change,), summary=words)


def said_view(knowledge: Knowledge, sentence: str, **values: Any) -> View:
    """A short remark."""
    return plain_view(knowledge.words.say(FILE, sentence, **values))


def realised_lines(realised: Sequence[Realised]) -> tuple[Line, ...]:
    """What was answered, a line per subject; what was typed stands after it to the letter."""
    lines = []
    for one in realised:
        for line in one.lines:
            because = f", *{line.because.lower()}*" if line.because else ""
            lines.append(Line(line.label, f"{VERDICTS[line.verdict]} {one.moment}{because}"))
        if one.words:
            lines.append(Line("Toelichting", Typed(one.words)))
    return tuple(lines)


def realised_blocks(realised: Sequence[Realised]) -> tuple[Block, ...]:
    """The same, as blocks of a card or a page; nothing when nothing was answered."""
    lines = realised_lines(realised)
    return (Lines(lines),) if lines else ()


def _named(subject: Subject) -> str:
    if subject.key == WAY:
        return f"**{subject.label}**"
    return f"**{subject.label}**: “{subject.text}”"


def _choice(knowledge: Knowledge, subject: Subject, given: Mapping[str, str]) -> Input:
    name = f"{GIVEN}{subject.key}"
    options = tuple(Option(verdict, knowledge.words.say(FILE, f"knop-{verdict}")) for verdict in VERDICTS)
    label = subject.label if subject.key == WAY else f"{subject.label}: “{subject.text}”"
    return Input(name, label, "choice", options, given.get(name, ""), expanded=True)
