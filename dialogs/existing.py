"""What there is already: a line of the depot that can be reserved, a running contract under which can be ordered.

It is looked up once, when the talk comes to the ways to solve it, and kept with the talk as a fact beside the answers: a
replay looks nothing up. A fact is no answer, so its key begins with an underscore, and nobody can type or tap it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from dialogs.engine import Asking, Finished
from dialogs.numbers import Count
from dialogs.questions import FACT, Fact, Kept, Remark
from dialogs.what import DIALOG, Subject
from knowledge.knowledge import Knowledge
from knowledge.words import OptionWords, QuestionWords

THERE = f"{FACT}er-is"
HELD = f"{FACT}uit-depot"
"""The keys of the two facts: what there is, and what is reserved of it for this talk."""
DEPOT = "depot"
DEPOT_AND_BUY = "depot-en-kopen"
CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class DepotLine:
    """Something that can be reserved: of `what` so many are `free` at a `place`; `notes` are how it looks and until when
    it is there. These words are plain: no marks, so that they may stand in a sentence of ours."""

    id: str
    what: str
    free: int
    place: str
    notes: str = ""


@dataclass(frozen=True, slots=True)
class ContractLine:
    """A running contract: `what` it is for, until when (a day in words, or ""), and how one orders. Plain words, too."""

    id: str
    what: str
    until: str
    ordering: str


@dataclass(frozen=True, slots=True)
class Existing:
    """What there is, the best first."""

    depot: tuple[DepotLine, ...] = ()
    contracts: tuple[ContractLine, ...] = ()

    def line(self, wanted: int | None) -> DepotLine | None:
        """The line to offer when so many are wanted: the best with enough, else the one with most."""
        enough = (line for line in self.depot if line.free >= (wanted or 1))
        return next(enough, max(self.depot, key=lambda line: line.free, default=None))


NOTHING = Existing()


@dataclass(frozen=True, slots=True)
class FromDepot:
    """What is reserved for a talk."""

    number: int
    what: str
    place: str

    def __str__(self) -> str:
        return f"{self.number} × {self.what} ({self.place})"


class WhatThereIs(Fact[Existing]):
    """What was found about a subject; of another subject it does not count."""

    def __init__(self, subject: Subject, words: QuestionWords) -> None:
        super().__init__("er-is", words)
        self.subject = subject

    @property
    def examples(self) -> tuple[Kept, ...]:  # type: ignore[override]
        """One of a thing, which is enough for some, and a contract."""
        contract = ContractLine("c", "voorbeeld", "1 mei 2028", "Bestel bij Facilitair.")
        return (self.keep(Existing((DepotLine("d", "Voorbeeld", 1, "Loods"),), (contract,))),)

    def keep(self, found: Existing) -> Kept:
        """What is kept of it."""
        return {
            "over": self.subject.id,
            "depot": [asdict(line) for line in found.depot],
            "contracten": [asdict(line) for line in found.contracts],
        }

    def value(self, kept: Kept) -> Existing:
        if kept["over"] != self.subject.id:
            raise ValueError(f"this is about {kept['over']!r}")
        return Existing(
            tuple(DepotLine(**line) for line in kept["depot"]),
            tuple(ContractLine(**line) for line in kept["contracten"]),
        )

    def show(self, value: Existing) -> str:
        return ""


class Reserving(Fact[FromDepot]):
    """The reservation that belongs to what was chosen; kept with the id under which it can be taken back."""

    def __init__(self, line: DepotLine, number: int, words: QuestionWords) -> None:
        super().__init__("uit-depot", words)
        self.line = line
        self.number = number
        self.examples = (self.keep("r"),)

    def keep(self, reservation: str) -> Kept:
        """What is kept of it."""
        return {"reservering": reservation, "regel": self.line.id, "aantal": self.number}

    def value(self, kept: Kept) -> FromDepot:
        if (kept["regel"], kept["aantal"]) != (self.line.id, self.number):
            raise ValueError(f"{kept!r} is another reservation")
        return FromDepot(self.number, self.line.what, self.line.place)

    def show(self, value: FromDepot) -> str:
        return str(value)


def to_look_up(now: Asking | Finished[Any]) -> WhatThereIs | None:
    """What has to be looked up before the ways to solve it are asked; None when that is known, or not to be asked now."""
    if isinstance(now, Finished) or now.question.name != "anders":
        return None
    return next((question for question in now.unsaid if isinstance(question, WhatThereIs)), None)


def to_reserve(now: Asking | Finished[Any]) -> Reserving | None:
    """What was chosen from the depot and is not reserved yet; None when there is no such thing."""
    unsaid = now.unsaid if isinstance(now, Asking) else ()
    return next((question for question in unsaid if isinstance(question, Reserving)), None)


def lets_go(now: Asking | Finished[Any]) -> bool:
    """Whether what was reserved is not wanted any more: something else was chosen. Looking again is no choice yet."""
    if any(answered.question.key == HELD for answered in now.said):
        return False
    if isinstance(now, Finished) or now.question.name == "versturen":
        return True
    return any(answered.question.name == "anders" for answered in now.trail)


def options(
    knowledge: Knowledge, existing: Existing, wanted: int | None, words: Mapping[str, OptionWords]
) -> dict[str, OptionWords]:
    """The buttons for what there is; none when there is nothing."""
    say = knowledge.words.say
    found = {}
    if line := existing.line(wanted):
        label = say(DIALOG, "depot-knop-open")
        if wanted:
            button = "depot-knop" if wanted <= line.free else "depot-knop-deels"
            label = say(DIALOG, button, aantal=min(wanted, line.free))
        found[DEPOT] = replace(words[DEPOT], label=label)
    if existing.contracts:
        found[CONTRACT] = replace(words[CONTRACT], label=say(DIALOG, "contract-knop"))
    return found


def in_words(
    knowledge: Knowledge, existing: Existing, wanted: int | None, offered: Mapping[str, OptionWords]
) -> Iterator[str]:
    """The lines about what there is among the other ways, first of all."""
    say = knowledge.words.say
    if line := existing.line(wanted):
        where = ", ".join(part for part in (line.place, line.notes) if part)
        said = say(DIALOG, "depot-er-is", weg=offered[DEPOT].label, vrij=line.free, wat=line.what, waar=where)
        yield f"• {said}"
    for contract in existing.contracts[:1]:
        until = say(DIALOG, "contract-tot", dag=contract.until) if contract.until else ""
        weg = offered[CONTRACT].label
        what = f"{contract.what}{until}"
        yield "• " + say(DIALOG, "contract-loopt", weg=weg, wat=what, bestelroute=contract.ordering)


async def reserved(knowledge: Knowledge, line: DepotLine, wanted: int | None) -> tuple[FromDepot, int]:
    """What is taken from the depot, and how many are still to be bought; how many is only asked when nobody said."""
    words = knowledge.words.question
    free = knowledge.words.say(DIALOG, "depot-vrij", vrij=line.free)
    how_many = Count("aantal", replace(words(DIALOG, "aantal"), explain=free), most=line.free, examples=(1,))
    wanted = wanted or await how_many
    number = min(wanted, line.free)
    taken = FromDepot(number, line.what, line.place)
    if await Reserving(line, number, words(DIALOG, "uit-depot")).if_said():
        await Remark(knowledge.words.say(DIALOG, "depot-gereserveerd", wat=taken))
    rest = wanted - number
    to_buy = Remark(knowledge.words.say(DIALOG, "depot-rest", rest=rest))
    if rest:
        await to_buy
    return taken, rest
