"""What a change does to the talk is found by running the talk under both versions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

from bot.desk import STARTED
from bot.knowledge_effects import Touched, effects
from bot.talk_state import Talk
from dialogs.product import NOTHING_SAID
from knowledge.knowledge import Knowledge
from knowledge.shelf import Shelf
from knowledge.words import Words

TODAY = date(2026, 11, 23)
GROUP = "bedrijfskleding"


def open_talk(group: str = GROUP, **answers: str) -> Talk:
    kept = {"wat": {**NOTHING_SAID, "tekst": "iets", "groep": group}, STARTED: "2026-11-23"}
    more = {f"{key}/{group}": value for key, value in answers.items()}
    return Talk("t", "p", "koop", {**kept, **more})


def with_group(knowledge: Knowledge, **changed: object) -> Knowledge:
    group = knowledge.groups[GROUP].model_copy(update=changed)
    return replace(knowledge, groups=MappingProxyType({**knowledge.groups, GROUP: group}))


def test_nothing(shelf: Shelf) -> None:
    """The same knowledge touches nothing."""
    found = effects(shelf.current, shelf.current, {GROUP}, [open_talk()], TODAY)

    assert found.touched == ()
    assert (found.talks.open, found.talks.touched) == (1, False)


def test_other_options(shelf: Shelf) -> None:
    """An alternative that goes changes the choices of one question, the advice, and open talks about that group."""
    old = shelf.current
    kind = "huren"
    others = tuple(other for other in old.groups[GROUP].alternatives if other.kind != kind)
    new = with_group(old, alternatives=others)
    talks = [
        open_talk(klopt="ja"),
        open_talk(klopt="ja", nodig="nieuw"),
        open_talk(klopt="ja", nodig="nieuw", anders=kind),
        open_talk("ict-hardware", klopt="ja"),
    ]
    found = effects(old, new, {GROUP}, talks, TODAY)

    assert found.touched == (
        Touched("anders", "andere keuzes", (GROUP,), False),
        Touched("", "anders", (GROUP,), False),
    )
    assert (found.talks.open, found.talks.ask_otherwise, found.talks.end_otherwise) == (4, 1, 3)
    assert (found.talks.lose_an_answer, found.talks.ask_else) == (1, 1)


def test_other_words(shelf: Shelf) -> None:
    """Other words of a question are other words and no other choices."""
    old = shelf.current
    found = effects(old, with_group(old, need_question="Echt?"), {GROUP}, [open_talk(klopt="ja")], TODAY)

    assert found.touched == (Touched("nodig", "andere woorden", (GROUP,), False),)
    assert (found.talks.ask_otherwise, found.talks.end_otherwise) == (1, 0)


def test_stuck(shelf: Shelf) -> None:
    """A talk that would get stuck is counted as such."""
    old = shelf.current
    koop = old.words.dialogs["koop"]
    rest = {key: words for key, words in koop.questions.items() if key != "nodig"}
    words = Words({**old.words.dialogs, "koop": replace(koop, questions=rest)})
    found = effects(old, replace(old, words=words), set(), [open_talk(klopt="ja")], TODAY)

    assert found.talks.stuck == 1
