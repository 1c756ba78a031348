"""Several requests in one message: each line gets its own check, all on one card, and becomes a purchase of its own.

What is decided here is kept as answers to the purchase dialog, line by line. So a line that is sent can be changed like
any other purchase, and a line that is too big, or that somebody wants to discuss, goes on there with every answer kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Literal

from babel.dates import format_date

from dialogs.agreed import AGREED, as_option, introduced
from dialogs.comply import APPLY, Proposal, proposals
from dialogs.hearing import choose
from dialogs.listed import DIALOG, Line, Meant, Requests, subject_of, suggested
from dialogs.need import BUY_NEW, NOT_BUYING, NOT_NEEDED, SITUATIONS, WITHOUT_BUYING, alternatives, need_words
from dialogs.numbers import Value, band
from dialogs.questions import UNKNOWN, Choice, Kept, Question, Together, Unclear
from dialogs.rules import apply_rules
from dialogs.what import DIALOG as PURCHASE
from dialogs.what import NOT_LISTED, Subject
from knowledge.knowledge import Knowledge, once_per_version
from knowledge.model import LADDER
from knowledge.words import OptionWords

DISCUSS = "uitgebreid"
GONE = "weg"
NEED, WAY, REASON = "nodig", "doen", "reden"
COUNTED = ("Eén ding", "Twee dingen", "Drie dingen", "Vier dingen", "Vijf dingen", "Zes dingen")


@dataclass(frozen=True, slots=True)
class Dealt:
    """What is decided about a line: why it is needed, and what is done ("" when that was not said)."""

    need: str
    way: str


class Deal(Question[Dealt]):
    """One line of the card: do we need it, and how is it done? Kept as the two ids.

    Of a line that Moi does not know, or that is too big for a short check, only whether it stays; it stays by itself.
    """

    def __init__(self, knowledge: Knowledge, line: Line, subject: Subject | None, on: date) -> None:
        words = knowledge.words.question(DIALOG, "regel").filled(nummer=line.number)
        self.line = line
        self.subject = subject
        self.whole = subject is not None and not too_big(knowledge, subject, on)
        super().__init__(
            "regel",
            replace(words, short=f"{line.number}. {subject.phrase}" if subject else f"Regel {line.number}"),
            about=f"{line.number}-{subject.id if subject else 'onbekend'}",
            optional=not self.whole,
        )
        self.needs: Mapping[str, OptionWords] = {}
        self.ways: Mapping[str, OptionWords] = words.options
        self.criteria: tuple[Proposal, ...] = ()
        if subject:
            group, nature = (subject.group.id, subject.group.nature) if subject.group else ("", "dienst")
            self.needs = situations(knowledge, group, nature)
            self.ways = {**ways_of(knowledge, group, on), **words.options} if self.whole else words.options
            self.criteria = proposals(knowledge, subject, on, small=True, by_rule=frozenset())
        say = partial(knowledge.words.say, DIALOG)
        self.told: tuple[str, ...] = (say("te-groot" if subject else "ken-ik-niet"),)
        if subject and self.whole:
            self.told = told(knowledge, subject, self.criteria, on)
        if day := line.earlier.get("dag"):
            on_day = format_date(date.fromisoformat(day), "d MMMM", locale="nl")
            self.told = (say("vorige-keer", dag=on_day), *self.told)
        need, way = line.earlier.get(NEED, ""), line.earlier.get(WAY, "")
        self.before = {NEED: need if need in self.needs else "", WAY: way if way in self.ways else ""}
        self.again = knowledge.words.question(DIALOG, "weer").options
        self.how = say("hoe", nummer=line.number)
        self.unclear = say("kies-nog", nummer=line.number)

    @property
    def named(self) -> str:
        """What Moi thinks the line is; "" when it does not know."""
        return self.subject.phrase if self.subject else ""

    @property
    def examples(self) -> tuple[Kept, ...]:  # type: ignore[override]
        """Every need and every way; of a line that is not whole only whether it stays."""
        if not self.whole:
            return ({WAY: DISCUSS}, {WAY: GONE})
        needs = ({NEED: need, WAY: "" if need == NOT_NEEDED else BUY_NEW} for need in self.needs)
        return (*needs, *({NEED: UNKNOWN, WAY: way} for way in self.ways))

    def read(self, text: str) -> Kept:
        if self.line.earlier and choose(text, self.again, within=3):
            return self.complete(self.before[NEED], self.before[WAY])
        parts = text.replace(";", ",").split(",")
        needs = [choose(part, self.needs) for part in parts]
        # "Weet ik niet" is a need; what is left says the way.
        left = [part for part, need in zip(parts, needs, strict=True) if not need]
        return self.complete(first(needs), first(choose(part, self.ways) for part in left))

    def take(self, fields: Mapping[str, str]) -> Kept:
        return self.complete(fields.get(f"{self.key}:{NEED}", ""), fields.get(f"{self.key}:{WAY}", ""))

    def complete(self, need: str, way: str) -> Kept:
        """What is kept of the two. Raises Unclear when one is missing that is needed."""
        if way in (GONE, DISCUSS) or (need == NOT_NEEDED and self.whole):
            way = "" if need == NOT_NEEDED and way not in (GONE, DISCUSS) else way
            return {NEED: need, WAY: way}
        if need not in self.needs or way not in self.ways:
            raise Unclear(self.unclear)
        return {NEED: need, WAY: way}

    def value(self, kept: Kept) -> Dealt:
        need, way = str(kept.get(NEED, "")), str(kept.get(WAY, ""))
        if (need and need not in self.needs) or (way and way not in self.ways) or not (need or way):
            raise ValueError(f"{kept!r} decides nothing about {self.key!r}")
        return Dealt(need, way)

    def show(self, value: Dealt) -> str:
        said = (self.needs.get(value.need), self.ways.get(value.way))
        return " · ".join(option.label for option in said if option)


def first(found: Iterable[str | None]) -> str:
    """The first that is something, or ""."""
    return next(filter(None, found), "")


class GoAlong(Choice):
    """Whether what suits a purchase is asked of the supplier: for all lines that buy at once, or not with a reason."""

    before = ""
    """The reason that was given the last time, to propose."""

    def take(self, fields: Mapping[str, str]) -> Kept:
        return self.read(fields.get(f"{self.key}:{REASON}", "") or fields.get(self.key, ""))

    def read(self, text: str) -> Kept:
        return text if text in self.options else super().read(text)


@dataclass(frozen=True, slots=True)
class Settled:
    """What becomes of a line: sent, discussed or gone; with its answers to the purchase dialog."""

    line: Line
    named: str
    answers: Mapping[str, Kept]
    end: Literal["sent", "discussed", "gone"]


async def several(knowledge: Knowledge, on: date) -> tuple[Settled, ...]:
    """Check every line of a message on one card, and give for each the answers to its own purchase talk."""
    words = knowledge.words.question
    lines = await Requests(words(DIALOG, "regels"), knowledge.recognise)
    unclear = [Meant(knowledge, line, found) for line in lines if (found := suggested(knowledge, line))]
    chosen = await Together(*unclear) if unclear else ()
    meant = {
        question.line.number: {question.key_there: choice}
        for question, choice in zip(unclear, chosen, strict=True)
    }
    deals = [Deal(knowledge, line, subject_of(knowledge, line, meant), on) for line in lines]
    along = [GoAlong("meenemen", words(DIALOG, "meenemen"), options=replies(knowledge))]
    along[0].before = first(line.earlier.get(REASON) for line in lines)
    if not any(deal.whole for deal in deals):
        along = []
    answers = await Together(*deals, *along, send(knowledge, len(deals)))
    code = answers[len(deals)] if along else APPLY
    return tuple(
        settle(knowledge, deal, dealt, meant.get(deal.line.number, {}), code)
        for deal, dealt in zip(deals, answers, strict=False)
    )


@once_per_version
def situations(knowledge: Knowledge, group: str, nature: str) -> Mapping[str, OptionWords]:
    """Why something of this nature could be needed, in the words of a product group ("": only the category is known)."""
    options = need_words(knowledge, group).options
    return {id_: options[id_] for id_ in SITUATIONS[nature]}


@once_per_version
def ways_of(knowledge: Knowledge, group: str, on: date) -> Mapping[str, OptionWords]:
    """Every way for a product group: as agreed, then the other ways than buying new, lowest on the ladder last."""
    options = knowledge.words.question(PURCHASE, "anders").options
    agreement = knowledge.agreements.get(group)
    kinds = {way.kind for way in alternatives(knowledge, group)} - {agreement.way if agreement else None}
    agreed = as_option(knowledge, group, on)
    return {
        **({AGREED: agreed} if agreed else {}),
        **{kind: options[kind] for kind in (*(kind for kind in LADDER if kind in kinds), BUY_NEW)},
    }


@once_per_version
def replies(knowledge: Knowledge) -> Mapping[str, OptionWords]:
    """That one goes along, and every reason not to that needs no explanation of its own."""
    go = knowledge.words.question(DIALOG, "meenemen").options[APPLY]
    short = (reason for reason in knowledge.reasons.values() if not reason.needs_explanation)
    return {APPLY: go, **{reason.code: OptionWords(reason.label, reason.said) for reason in short}}


def told(knowledge: Knowledge, subject: Subject, criteria: tuple[Proposal, ...], on: date) -> tuple[str, ...]:
    """What Moi says about a line: what is agreed, and what to ask of the supplier."""
    agreed = introduced(knowledge, subject.group.id if subject.group else "", on)[:1]
    asked = " · ".join(f"“{proposal.criterion.text}”" for proposal in criteria)
    return (*agreed, knowledge.words.say(DIALOG, "vraag-dan", vragen=asked))


def small(knowledge: Knowledge) -> tuple[str, Kept]:
    """Up to which value a check is short, in words and as an answer: the first band of the purchase talk."""
    id_, option = next(iter(knowledge.words.question(PURCHASE, "waarde").options.items()))
    return option.label, band(id_)


def too_big(knowledge: Knowledge, subject: Subject, on: date) -> bool:
    """Whether the value that was said asks for a startformulier, or may do so."""
    value = subject.estimate or Value(None)
    return apply_rules(knowledge, subject.group.id if subject.group else "", value, on).startform


def send(knowledge: Knowledge, count: int) -> Choice:
    """Send all lines at once, after what is said about them together."""
    words = knowledge.words.question(DIALOG, "versturen")
    bound = small(knowledge)[0]
    told = words.filled(aantal=COUNTED[count - 1], grens=bound[0].lower() + bound[1:])
    return Choice("versturen", told, only=("ja",))


def settle(
    knowledge: Knowledge, deal: Deal, dealt: Dealt | None, meant: Mapping[str, str], code: str
) -> Settled:
    """What becomes of a line, with its answers as if they had been given in a purchase talk."""
    need, way = (dealt.need, dealt.way) if dealt else ("", DISCUSS)
    answers = {**deal.line.answers, **meant}
    subject = deal.subject
    if subject is None:
        return Settled(deal.line, deal.named, answers, "gone" if way == GONE else "discussed")
    answers |= found_out(subject, chosen=bool(meant))
    if need:
        answers[f"nodig/{subject.id}"] = need
    if way in (GONE, DISCUSS):
        return Settled(deal.line, deal.named, answers, "gone" if way == GONE else "discussed")
    if way and need != NOT_NEEDED:
        answers |= bought_how(knowledge, deal, subject, way, code)
    return Settled(deal.line, deal.named, {**answers, "versturen": "ja"}, "sent")


def found_out(subject: Subject, *, chosen: bool) -> dict[str, Kept]:
    """The answers by which the purchase talk comes to this subject."""
    if subject.group is None:
        return {f"groep/{subject.id}": NOT_LISTED}
    return {} if chosen else {f"klopt/{subject.id}": "ja"}


def bought_how(knowledge: Knowledge, deal: Deal, subject: Subject, way: str, code: str) -> dict[str, Kept]:
    """The answers about a way: what it costs, and what is asked of the supplier, when something is bought."""
    answers: dict[str, Kept] = {f"anders/{subject.id}": way}
    agreement = knowledge.agreements.get(subject.id)
    kind = (agreement.way if agreement else None) or BUY_NEW if way == AGREED else way
    if kind == NOT_BUYING or kind in WITHOUT_BUYING:
        return answers
    if kind != BUY_NEW:
        answers["waarde-anders"] = small(knowledge)[1]
    elif subject.estimate is None:
        answers["waarde"] = small(knowledge)[1]
    answers[f"pas-toe/{subject.id}"] = {proposal.criterion.id: code for proposal in deal.criteria}
    return answers
