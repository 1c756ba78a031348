"""The replay engine: a dialog that is run again from the answers so far, kept by question key."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from typing import Any

import pytest

from dialogs.engine import Asking, Finished, Replay, last_key, rename, replay
from dialogs.questions import Choice, DialogError, Remark, Text, Together
from knowledge.words import OptionWords, QuestionWords

COLOURS = QuestionWords(
    "Welke kleur?", None, None, {"rood": OptionWords("Rood"), "blauw": OptionWords("Blauw")}
)
WORDS = QuestionWords("Wat dan?", None, None, {})
BLUE = {"kleur": "blauw", "naam": "Bes"}


async def paint() -> str:
    """A small dialog: a colour, and a name for blue things."""
    await Remark("Eerst de kleur.")
    colour = await Choice("kleur", COLOURS)
    if colour == "rood":
        return "rood"
    await Remark("Mooi, blauw.")
    return f"blauw {await Text('naam', WORDS)}"


def asking(dialog: Any, answers: Any) -> Asking:
    """Where a dialog waits, when it waits."""
    found = replay(dialog, answers)
    assert isinstance(found, Asking)
    return found


def test_first_question() -> None:
    """Without answers a dialog asks its first question, after what Moi says first."""
    now = asking(paint, {})

    assert (now.question.key, [remark.text for remark in now.remarks]) == ("kleur", ["Eerst de kleur."])


def test_outcome() -> None:
    """With all answers a dialog gives its outcome, and the answers in the order in which they were used."""
    done = replay(paint, {"naam": "Bes", "kleur": "blauw"})

    assert isinstance(done, Finished)
    assert done.outcome == "blauw Bes"
    assert [(a.question.key, a.kept, a.value) for a in done.trail] == [
        ("kleur", "blauw", "blauw"),
        ("naam", "Bes", "Bes"),
    ]


def test_remarks_are_said_once() -> None:
    """What was said before an answered question is not said again."""
    assert [remark.text for remark in asking(paint, {"kleur": "blauw"}).remarks] == ["Mooi, blauw."]


def test_back() -> None:
    """Taking the last answer away asks the last question again."""
    done = replay(paint, BLUE)
    key = last_key(done)

    assert key == "naam"
    assert asking(paint, {k: kept for k, kept in BLUE.items() if k != key}).question.key == "naam"


def test_back_at_the_start() -> None:
    """At the start there is nothing to take away."""
    assert last_key(replay(paint, {})) is None


def test_change() -> None:
    """A changed answer asks only what follows from it; an answer that is no longer needed does no harm."""
    changed = replay(paint, {**BLUE, "kleur": "rood"})

    assert isinstance(changed, Finished)
    assert changed.outcome == "rood"
    assert last_key(changed) == "kleur"


def test_resume() -> None:
    """The same answers lead to the same place, however often and wherever they are replayed."""
    first, second = asking(paint, {"kleur": "blauw"}), asking(paint, {"kleur": "blauw"})

    assert first.question.key == second.question.key
    assert first.remarks == second.remarks


def test_renamed_keys() -> None:
    """Answers under an old key live on under the new one."""
    assert rename({"verf": "rood", "naam": "x"}, {"verf": "kleur"}) == {"kleur": "rood", "naam": "x"}


@pytest.mark.parametrize("kept", ["groen", None, 7, [], {"rood": 1}, True])
def test_answer_that_no_longer_fits(kept: Any) -> None:
    """An answer that no longer fits its question is asked again."""
    assert asking(paint, {"kleur": kept}).question.key == "kleur"


def test_same_key_twice() -> None:
    """A dialog that asks two questions under one key is wrong, also when it is on one card."""

    async def twice() -> None:
        await Choice("kleur", COLOURS)
        await Text("kleur", WORDS)

    async def on_one_card() -> None:
        await Together(Choice("kleur", COLOURS), Text("kleur", WORDS))

    for dialog in (twice, on_one_card):
        with pytest.raises(DialogError, match="'kleur' is asked twice"):
            replay(dialog, {"kleur": "rood"})


def test_forgotten_await() -> None:
    """A question that is used without await is a mistake that shows at once."""

    async def forgetful() -> str:
        return "ja" if Choice("kleur", COLOURS) else "nee"

    with pytest.raises(DialogError, match="without await"):
        replay(forgetful, {})


def test_no_real_waiting() -> None:
    """A dialog that waits for the world instead of for an answer is refused."""

    async def sleepy() -> None:
        await asyncio.sleep(0)

    with pytest.raises(DialogError, match="only await questions"):
        replay(sleepy, {})


def test_endless_dialog() -> None:
    """A dialog that goes on for ever is refused instead of followed."""

    async def endless() -> None:
        while True:
            await Remark("En nog iets.")

    with pytest.raises(DialogError, match="does not end"):
        replay(endless, {})


def test_mistakes_come_through() -> None:
    """A mistake in a dialog is not taken for an answer that does not fit."""

    async def broken() -> None:
        await Choice("kleur", COLOURS)
        raise KeyError("kapot")

    with pytest.raises(KeyError, match="kapot"):
        replay(broken, {"kleur": "rood"})


def test_dialog_is_closed() -> None:
    """A dialog that waits is closed after every replay, so nothing of it lingers."""
    closed: list[str] = []

    async def careful() -> None:
        try:
            await Choice("kleur", COLOURS)
        finally:
            closed.append("dicht")

    asking(careful, {})

    assert closed == ["dicht"]


async def card() -> tuple[Any, ...]:
    """Two questions and an optional one on one card."""
    return await Together(
        Text("toelichting", WORDS, optional=True), Choice("kleur", COLOURS), Choice("rand", COLOURS)
    )


def test_together_asks_what_is_open() -> None:
    """A card shows what is still open, the optional questions last."""
    assert [q.key for q in asking(card, {}).questions] == ["kleur", "rand", "toelichting"]
    assert [q.key for q in asking(card, {"kleur": "rood"}).questions] == ["rand", "toelichting"]


def test_optional_never_blocks() -> None:
    """A card is done without its optional questions; their values are then None."""
    done = replay(card, {"kleur": "rood", "rand": "blauw"})

    assert isinstance(done, Finished)
    assert done.outcome == (None, "rood", "blauw")


def test_optional_is_used() -> None:
    """An optional answer that was given is used and is in the trail."""
    done = replay(card, {"kleur": "rood", "rand": "blauw", "toelichting": "Om te passen."})

    assert isinstance(done, Finished)
    assert done.outcome == ("Om te passen.", "rood", "blauw")
    assert {answered.question.key for answered in done.trail} == {"kleur", "rand", "toelichting"}


async def listening() -> tuple[str | None, str | None]:
    """Hears a colour when it was said, and only asks a name."""
    heard = await Choice("kleur", COLOURS).if_said()
    return heard, await Text("naam", WORDS)


def test_if_said_never_asks() -> None:
    """What may be said is never asked for, but it is known that it was not said."""
    now = asking(listening, {})

    assert now.question.key == "naam"
    assert [question.key for question in now.unsaid] == ["kleur"]


def test_if_said_is_heard() -> None:
    """What was said unasked is heard, and shown apart from what was asked."""
    now = asking(listening, {"kleur": "blauw"})
    done = replay(listening, BLUE)

    assert [(a.question.key, a.value) for a in now.said] == [("kleur", "blauw")]
    assert isinstance(done, Finished)
    assert done.outcome == ("blauw", "Bes")
    assert [answered.question.key for answered in done.trail] == ["naam"]


def test_said_and_then_asked() -> None:
    """What was said unasked and is asked after all counts once, as asked."""

    async def both() -> str:
        await Choice("kleur", COLOURS).if_said()
        return await Choice("kleur", COLOURS)

    done = replay(both, {"kleur": "rood"})

    assert isinstance(done, Finished)
    assert (len(done.trail), done.said) == (1, ())


def test_unfit_word_counts_as_unsaid() -> None:
    """Something said that does not fit is as if it was not said."""
    assert [question.key for question in asking(listening, {"kleur": "groen"}).unsaid] == ["kleur"]


def test_strange_things_to_await() -> None:
    """Anything that is no question is refused, whatever it yields."""

    class Odd:
        def __await__(self) -> Generator[str, None, None]:
            yield "iets"

    async def strange() -> None:
        await Odd()

    with pytest.raises(DialogError, match="'iets'"):
        replay(strange, {})


async def once_more() -> str:
    """A wish that may be said before it is asked, on a card with a name that may be left open."""
    early = await Text("wens", WORDS).if_said()
    await Choice("kleur", COLOURS)
    await Remark("Bijna klaar.")
    wish, name = await Together(Text("wens", WORDS), Text("naam", WORDS, optional=True))
    return f"{early} {wish} {name}"


def test_going_on_is_replaying() -> None:
    """Whoever goes on from where a replay stopped comes to what a replay with all answers comes to."""
    run = Replay(paint, {})
    for answers in ({"kleur": "geel"}, {"kleur": "blauw"}, {"kleur": "blauw", "naam": 7}, BLUE):
        assert run.go_on(answers)
        assert _told(run.result) == _told(replay(paint, answers))


def test_no_going_on() -> None:
    """What was looked for in vain before it is asked can only be given to a new replay, and then nothing has changed."""
    run = Replay(once_more, {})

    assert run.go_on({"kleur": "rood"})
    before = run.result
    assert not run.go_on({"kleur": "rood", "wens": "groot"})
    assert run.result is before
    assert [remark.text for remark in asking(once_more, {"kleur": "rood"}).remarks] == ["Bijna klaar."]


def _told(result: Asking | Finished[Any]) -> tuple[Any, ...]:
    trail = [(answered.question.key, answered.kept, answered.value) for answered in result.trail]
    match result:
        case Finished():
            return trail, result.outcome
        case Asking():
            return trail, [question.key for question in result.questions], result.remarks
