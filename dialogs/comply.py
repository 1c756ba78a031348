"""Pas toe, of leg uit: one proposal for every theme that matters; each is applied or explained, never neither.

(PRODUCT §2, step 4; Inkoopbeleid 2024 §6.2; actieplan §3.2 and §4.3)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dialogs.advice import CriterionLine, ThemeChoice
from dialogs.hearing import choose, plain
from dialogs.questions import Kept, Question, Unclear
from dialogs.what import DIALOG, Subject
from knowledge.knowledge import Knowledge, once_per_version
from knowledge.model import Criterion, Reason, Theme
from knowledge.words import OptionWords

APPLY = "toe"
EXPLANATION = "uitleg"
MOST_PROPOSALS = 3
LOWEST_AMBITION = 1
IN_DOUBT = frozenset({"weet ik niet", "weet niet", "geen idee", "ik weet het niet"})
LEVELS = ("basis", "significant", "ambitieus")
FOR_A_TENDER = frozenset({"gunningscriterium", "selectiecriterium", "geschiktheidseis"})
"""Types that need competing offers, so they do not fit a small purchase at one supplier."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One criterion for one theme, at the level the municipality aims for."""

    theme: Theme
    level: int
    level_name: str
    criterion: CriterionLine


def proposals(
    knowledge: Knowledge, subject: Subject, on: date, *, small: bool, by_rule: frozenset[str]
) -> tuple[Proposal, ...]:
    """One proposal for each main theme of the category (§7.1), at most three; themes that follow `by_rule` are left out."""
    themes = [theme for theme in subject.category.themes if theme not in by_rule]
    more = subject.group.themes if subject.group else ()
    themes += [theme for theme in more if theme not in themes and theme not in by_rule][
        : max(0, 2 - len(themes))
    ]
    return tuple(
        propose(
            knowledge, subject.category.id, subject.group.id if subject.group else "", theme, on, small=small
        )
        for theme in themes[:MOST_PROPOSALS]
    )


@once_per_version
def propose(
    knowledge: Knowledge, category: str, group: str, theme: str, on: date, *, small: bool
) -> Proposal:
    """The criterion of this theme that comes closest to the ambition level, from the group or else the general ones."""
    ambition = knowledge.ambition(theme, on, knowledge.categories[category].teams[0])
    goal = ambition.level if ambition else LOWEST_AMBITION
    wanted = LEVELS.index(knowledge.level_match(goal).criteria)
    general = knowledge.themes[theme].general_criteria

    def distance(criterion: Criterion) -> tuple[bool, bool, int]:
        level = LEVELS.index(criterion.level)
        return (small and criterion.type in FOR_A_TENDER, level < wanted, abs(level - wanted))

    best = min(knowledge.criteria(group, theme) if group else general, key=distance)
    line = CriterionLine(
        id=best.id,
        text=best.text,
        type=best.type,
        level=best.level,
        proof=best.proof,
        because=best.because,
        caution=best.caution or "",
        source=best.source,
        certainty=best.certainty,
    )
    name = next((level.name or "" for level in knowledge.level_names if level.level == goal), "")
    return Proposal(knowledge.themes[theme], goal, name, line)


class Comply(Question[tuple[ThemeChoice, ...]]):
    """Apply or explain, for all proposals on one card; kept per criterion id as "toe" or a reason code.

    Typed, "neem ik mee" applies everything, "te duur" explains everything, and "1 ja, 2 past niet" tells them apart.
    """

    def __init__(
        self, knowledge: Knowledge, subject: Subject, found: tuple[Proposal, ...], explains: str
    ) -> None:
        words = knowledge.words.question(DIALOG, "pas-toe")
        super().__init__("pas-toe", words, about=subject.id)
        self.proposals = found
        self.explains = explains
        self.reasons: Mapping[str, Reason] = knowledge.reasons
        self.answers = answer_options(knowledge)

    @property
    def examples(self) -> tuple[Kept, ...]:  # type: ignore[override]
        """Everything applied, nothing applied, and only the first; made only when a walk wants them."""
        every = {proposal.criterion.id: APPLY for proposal in self.proposals}
        reasons = [code for code, reason in self.reasons.items() if not reason.needs_explanation][:1]
        none = {criterion: code for criterion in every for code in reasons}
        first = {**none, **dict(list(every.items())[:1])}
        return tuple({str(kept): kept for kept in (every, none, first)}.values())

    def read(self, text: str) -> Kept:
        parts = dict(numbered(text))
        if parts and set(parts) <= set(range(1, len(self.proposals) + 1)):
            kept = {p.criterion.id: self.one(parts.get(i, "ja")) for i, p in enumerate(self.proposals, 1)}
        else:
            code = self.one(text)
            kept = {proposal.criterion.id: code for proposal in self.proposals}
        return self.complete(kept, text)

    def one(self, text: str) -> str:
        """One typed answer -> "toe" or a reason code."""
        code = choose(text, self.answers)
        if code is None and plain(text) in IN_DOUBT:
            raise Unclear(
                "Twijfel je? Neem het mee en bespreek het met Team Inkoop, of kies een reden: "
                + self.reason_list()
            )
        if code is None and plain(text).split()[:1] == ["nee"]:
            raise Unclear("Dat mag. Wat is de reden? " + self.reason_list())
        if code is None:
            raise Unclear("Zeg “neem ik mee”, of waarom niet: " + self.reason_list())
        return code

    def reason_list(self) -> str:
        """All reasons, to read out."""
        return ", ".join(f"“{reason.label}”" for reason in self.reasons.values()) + "."

    def take(self, fields: Mapping[str, str]) -> Kept:
        kept = {p.criterion.id: fields.get(f"{self.key}:{p.criterion.id}", "") for p in self.proposals}
        if all(code in ("", APPLY) for code in kept.values()) and self.key in fields:
            return self.read(fields[self.key])
        # Who chose a reason and then pressed "neem ik mee" keeps that reason, and takes the rest along.
        kept = {id_: code or fields.get(self.key, "") for id_, code in kept.items()}
        if missing := [p.theme.short for p in self.proposals if kept[p.criterion.id] not in self.answers]:
            raise Unclear(f"Kies nog bij {', '.join(missing)}: neem je het mee, of wat is de reden?")
        return self.complete(kept, fields.get(f"{self.key}:{EXPLANATION}", ""))

    def complete(self, kept: dict[str, str], explanation: str) -> Kept:
        """Add the line of explanation where a reason needs one. Raises Unclear when it is missing."""
        needs = [code for code in kept.values() if code != APPLY and self.reasons[code].needs_explanation]
        line = " ".join(explanation.split())[:500]
        if not needs:
            return (
                {**kept, EXPLANATION: line}
                if line and plain(line) not in self.calls() and any(c != APPLY for c in kept.values())
                else kept
            )
        if not line or plain(line) in self.calls():
            raise Unclear(f"Schrijf er in één regel bij waarom: “{self.reasons[needs[0]].label}, want …”.")
        return {**kept, EXPLANATION: line}

    def calls(self) -> frozenset[str]:
        """The bare names of the answers: they explain nothing by themselves."""
        return frozenset(
            plain(call) for option in self.answers.values() for call in (option.label, *option.said)
        )

    def value(self, kept: Kept) -> tuple[ThemeChoice, ...]:
        if not isinstance(kept, Mapping):
            raise ValueError(f"{kept!r} decides nothing")
        line = str(kept.get(EXPLANATION, ""))[:500]
        return tuple(self.choice(proposal, kept[proposal.criterion.id], line) for proposal in self.proposals)

    def choice(self, proposal: Proposal, code: str, line: str) -> ThemeChoice:
        """One theme with what was decided about it."""
        applied = code == APPLY
        return ThemeChoice(
            theme=proposal.theme.id,
            name=proposal.theme.short,
            level=proposal.level,
            level_name=proposal.level_name,
            criterion=proposal.criterion,
            applied=applied,
            reason="" if applied else self.reasons[code].label,
            explanation="" if applied else line,
        )

    def show(self, value: tuple[ThemeChoice, ...]) -> str:
        return " · ".join(
            f"{c.name}: {'toegepast' if c.applied else 'uitgelegd, ' + c.reason.lower()}" for c in value
        )


@once_per_version
def answer_options(knowledge: Knowledge) -> Mapping[str, OptionWords]:
    """ "Neem ik mee", and every reason not to, with the words by which people say it."""
    reasons = {one.code: OptionWords(one.label, one.said) for one in knowledge.reasons.values()}
    return {APPLY: knowledge.words.question(DIALOG, "pas-toe").options[APPLY], **reasons}


def numbered(text: str) -> list[tuple[int, str]]:
    """ "1 ja, 2 te duur" -> [(1, "ja"), (2, "te duur")]; empty when the text is not numbered like that."""
    return [
        (int(number), words.strip(" ,;."))
        for number, words in re.findall(r"(?:^|[,;]\s*|\ben\s+)([1-9])[.:)]?\s+([^,;]+)", text)
    ]
