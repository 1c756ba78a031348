"""What a change of the knowledge does to the talk, found by really running it under both versions.

No list by hand says which question depends on what: every card of every product group is made twice and compared, and
every open talk is replayed as the next message would do it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from bot.desk import DIALOG, Desk
from bot.kept_turn import IS_OPEN, to_talk
from bot.people import Person
from bot.tables import talks
from bot.talk_state import Talk
from cards.talk import comply_blocks
from dialogs.advice import Advice, dump
from dialogs.comply import Comply
from dialogs.engine import Asking, Finished, replay
from dialogs.product import NOTHING_SAID
from dialogs.purchase import purchase
from dialogs.questions import Question
from dialogs.visit import visit
from dialogs.what import NOT_LISTED
from knowledge.knowledge import Knowledge

NOBODY = Person("", "")


@dataclass(frozen=True, slots=True)
class Touched:
    """A question that becomes another one (""; the advice at the end), how, and in talks about which groups or categories."""

    question: str
    how: str
    subjects: tuple[str, ...]
    everywhere: bool


@dataclass
class TalkEffects:
    """How many open talks there are, and to how many of them what happens; one talk may count more than once."""

    open: int = 0
    ask_else: int = 0
    ask_otherwise: int = 0
    lose_an_answer: int = 0
    end_otherwise: int = 0
    stuck: int = 0

    @property
    def touched(self) -> bool:
        """Whether anything happens to any of them."""
        return any((self.ask_else, self.ask_otherwise, self.lose_an_answer, self.end_otherwise, self.stuck))


@dataclass(frozen=True, slots=True)
class Effects:
    """What a change does: to questions, and to talks that are open now."""

    touched: tuple[Touched, ...]
    talks: TalkEffects


@dataclass
class Seen:
    """Everything that people can get to read about one subject: the words and the options of each question, by its
    name, and every advice."""

    words: dict[str, set[str]] = field(default_factory=dict)
    options: dict[str, set[str]] = field(default_factory=dict)
    ends: set[str] = field(default_factory=set)

    def add(self, result: Asking | Finished[Advice]) -> None:
        """Take in one card or one end."""
        if isinstance(result, Finished):
            self.ends.add(_end(result.outcome))
            return
        remarks = [remark.text for remark in result.remarks]
        for question in result.questions:
            self.words.setdefault(question.name, set()).add(repr((remarks, _words(question))))
            self.options.setdefault(question.name, set()).add(repr(_options(question)))
            remarks = []


def open_talks(connection: Connection) -> list[Talk]:
    """Every talk that somebody may go on with."""
    return [to_talk(row) for row in connection.execute(select(talks).where(IS_OPEN))]


def effects(
    old: Knowledge,
    new: Knowledge,
    groups: Collection[str] | None,
    open_now: Iterable[Talk],
    today: date,
    progress: Callable[[], None] = lambda: None,
) -> Effects:
    """Compare the talk under two versions; only about these product groups when it is known that no other can change.

    Takes a tenth of a second per product group and version; `progress` is called once a subject.
    """
    touched = tuple(_touched(old, new, groups, today, progress))
    about = {subject for one in touched for subject in one.subjects}
    return Effects(touched, _talk_effects(old, new, open_now, today, about))


def _touched(
    old: Knowledge,
    new: Knowledge,
    groups: Collection[str] | None,
    today: date,
    progress: Callable[[], None],
) -> Iterator[Touched]:
    found: dict[tuple[str, str], list[str]] = {}
    compared = 0
    for subject in subjects(old, groups):
        progress()
        if subject in new.groups or subject in new.categories:
            compared += 1
            before, after = (
                _seen(knowledge, subject, today, thorough=groups is not None) for knowledge in (old, new)
            )
            for change in _changes(before, after):
                found.setdefault(change, []).append(subject)
    for (question, how), about in found.items():
        yield Touched(question, how, tuple(about), everywhere=groups is None and len(about) == compared)


def subjects(knowledge: Knowledge, groups: Collection[str] | None) -> list[str]:
    """What talks can be about: these product groups, or (None) every group and every category."""
    if groups is None:
        return [*knowledge.groups, *knowledge.categories]
    return [group for group in knowledge.groups if group in groups]


def _seen(knowledge: Knowledge, subject: str, today: date, *, thorough: bool) -> Seen:
    """Everything that is asked about a product group or a category, from the first question on."""
    dialog = partial(purchase, knowledge, today)
    seen = Seen()
    if subject in knowledge.groups:
        asked: tuple[Mapping[str, Any], ...] = ({"groep": subject}, {"suggesties": [subject]})
        start = {"wat": {**NOTHING_SAID, "groep": subject}, f"klopt/{subject}": "ja"}
    else:
        asked = ({"categorie": subject}, {})
        start = {"wat": {**NOTHING_SAID, "categorie": subject}, f"groep/{subject}": NOT_LISTED}
    seen.add(replay(dialog, {}))
    for about in asked:
        seen.add(replay(dialog, {"wat": {**NOTHING_SAID, **about}}))
    for stop in visit(dialog, start, thorough=thorough):
        seen.add(stop.result)
    return seen


def _changes(before: Seen, after: Seen) -> Iterator[tuple[str, str]]:
    for name in dict.fromkeys((*before.words, *after.words)):
        if name not in after.words:
            yield name, "wordt niet meer gevraagd"
        elif name not in before.words:
            yield name, "is nieuw"
        elif before.options[name] != after.options[name]:
            yield name, "andere keuzes"
        elif before.words[name] != after.words[name]:
            yield name, "andere woorden"
    if before.ends != after.ends:
        yield "", "anders"


def _words(question: Question[Any]) -> Any:
    words = question.words
    own = list(comply_blocks(question)) if isinstance(question, Comply) else []
    return (words.ask, words.explain, words.why, words.short, own)


def _options(question: Question[Any]) -> Any:
    if isinstance(question, Comply):
        return [proposal.criterion.id for proposal in question.proposals], list(question.answers)
    options = getattr(question, "options", {})
    return [(id_, option.label) for id_, option in options.items()]


def _end(advice: Advice) -> str:
    kept = {key: value for key, value in dump(advice).items() if key != "knowledge_version"}
    return json.dumps(kept, sort_keys=True, ensure_ascii=False)


def _talk_effects(
    old: Knowledge, new: Knowledge, open_now: Iterable[Talk], today: date, about: Collection[str]
) -> TalkEffects:
    before, after = (Desk(knowledge, NOBODY, today, "", "") for knowledge in (old, new))
    known: dict[str, bool] = {}
    counted = TalkEffects()
    for talk in open_now:
        counted.open += 1
        try:
            _count(counted, before.run(talk), after.run(talk))
            if about and talk.dialog == DIALOG:
                same = json.dumps(_without_words(talk.answers), sort_keys=True, default=str)
                if same not in known:
                    known[same] = any(
                        _ends(before, talk, thorough=thorough) != _ends(after, talk, thorough=thorough)
                        # What is about something else can only differ at the end if it shows at once.
                        for thorough in (False, True)[: 1 + any(subject in same for subject in about)]
                    )
                counted.end_otherwise += known[same]
        except Exception:
            # Whatever goes wrong here would go wrong at the next message of this colleague.
            counted.stuck += 1
    return counted


def _count(counted: TalkEffects, old: Asking | Finished[Advice], new: Asking | Finished[Advice]) -> None:
    counted.lose_an_answer += bool(_used(old) - _used(new))
    keys = [result.question.key if isinstance(result, Asking) else None for result in (old, new)]
    if keys[0] != keys[1]:
        counted.ask_else += 1
    elif isinstance(old, Asking) and isinstance(new, Asking):
        cards = [
            repr([(_words(question), _options(question)) for question in result.questions])
            for result in (old, new)
        ]
        remarks = [[remark.text for remark in result.remarks] for result in (old, new)]
        counted.ask_otherwise += cards[0] != cards[1] or remarks[0] != remarks[1]


def _used(result: Asking | Finished[Advice]) -> set[str]:
    return {answered.question.key for answered in (*result.trail, *result.said)}


def _ends(desk: Desk, talk: Talk, *, thorough: bool) -> set[str]:
    """The advice that a talk can still come to; every one when `thorough`."""
    stops = visit(desk.dialog(talk), talk.answers, thorough=thorough)
    return {_end(stop.result.outcome) for stop in stops if isinstance(stop.result, Finished)}


def _without_words(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers without what was typed at the start: talks that differ only in that go the same way."""
    request = answers.get("wat")
    if not isinstance(request, Mapping):
        return dict(answers)
    return {**answers, "wat": {key: value for key, value in request.items() if key != "tekst"}}
