"""The walk over every path, the summary and the diagram that are made of it."""

from __future__ import annotations

from dialogs.questions import Choice, Text, Together
from dialogs.walk import diagram, remaining, summary, walk
from knowledge.words import OptionWords, QuestionWords

COLOURS = QuestionWords(
    "Welke kleur?", None, None, {"rood": OptionWords("Rood"), "blauw": OptionWords("Blauw")}
)
WORDS = QuestionWords("Wat dan?", None, None, {})


async def paint() -> str:
    """A colour, a name for blue things, and perhaps a wish that was said unasked."""
    colour = await Choice("kleur", COLOURS)
    wish = await Text("wens", WORDS).if_said()
    haste = await Choice("haast", COLOURS).if_said()
    if colour == "rood":
        return "rood"
    await Together(Choice("rand", COLOURS), Choice("stip", COLOURS), Text("naam", WORDS, optional=True))
    return "blauw met een wens" if wish or haste else "blauw"


async def guess() -> str:
    """A guess that may be wrong: a detour to the same end."""
    right = Choice("klopt", COLOURS)
    right.detours = frozenset({"blauw"})
    if await right == "blauw":
        await Text("wat-dan", WORDS)
    await Choice("kleur", COLOURS)
    return "klaar"


def test_every_path() -> None:
    """Each option of each question is taken, the fields of one card one at a time, then the optional ones."""
    paths = list(walk(paint))
    plain = [path for path in paths if not {"wens", "haast"} & path.answers.keys()]

    assert [path.finished.outcome for path in plain] == ["rood", *["blauw"] * 4]
    assert [path.keys for path in plain][:2] == [("kleur",), ("kleur", "rand", "stip")]
    assert plain[1].cards == (("kleur",), ("rand", "stip", "naam"))


def test_unasked_answers() -> None:
    """What may be said unasked is said alone, by each example, and all at once."""
    unasked = {tuple(sorted({"wens", "haast"} & path.answers.keys())) for path in walk(paint)}

    assert unasked == {(), ("wens",), ("haast",), ("haast", "wens")}


def test_summary() -> None:
    """A summary counts paths, the decisions on the longest, and the ends, and tells of every path."""
    ticks: list[None] = []
    found = summary(paint, str, {}, lambda: ticks.append(None))

    assert (found.paths, found.longest) == (len(ticks), 2)
    assert found.outcomes["rood"] == 1
    assert sum(found.outcomes.values()) == found.paths


def test_summary_in_silence() -> None:
    """A summary can be made without telling anyone how far it is."""
    assert summary(paint, str, {}).paths == len(list(walk(paint)))


def test_decisions() -> None:
    """Cards that belong together are one decision, and some are none."""
    path = max(walk(guess), key=lambda path: len(path.cards))

    assert path.decisions({}) == ("klopt", "wat-dan", "kleur")
    assert path.decisions({"wat-dan": "klopt"}) == ("klopt", "kleur")
    assert path.decisions({"kleur": ""}) == ("klopt", "wat-dan")


def test_cards_left() -> None:
    """How many cards come after this one is known at every place; a detour does not count."""
    assert remaining(paint, {}) == (0, 1)
    assert remaining(paint, {"kleur": "rood"}) == (0, 0)
    assert remaining(guess, {}) == (1, 1)


def test_detour_is_walked() -> None:
    """A detour is walked like every other way, also when it does not count in what is left."""
    assert {path.keys for path in walk(guess)} == {("klopt", "kleur"), ("klopt", "wat-dan", "kleur")}


async def twice() -> str:
    """Two answers that lead to the same place, from where a detour goes."""
    await Choice("rand", COLOURS)
    return await guess()


def test_detour_is_walked_once() -> None:
    """From places that are the same a detour is walked once."""
    found = [path.keys for path in walk(twice)]

    assert found.count(("rand", "klopt", "wat-dan", "kleur")) == len(COLOURS.options)
    assert found.count(("rand", "klopt", "kleur")) == len(COLOURS.options) ** 2


def test_diagram() -> None:
    """The diagram has every card as a box, every end as a circle, and an arrow between what follows."""
    drawn = diagram(summary(paint, str, {})).splitlines()

    assert drawn[0] == "flowchart TD"
    assert "    n0[kleur]" in drawn
    assert "    n1((rood))" in drawn
    assert "    n0 --> n1" in drawn


async def agree() -> str:
    """Two answers that lead to the same next question."""
    await Choice("kleur", COLOURS)
    await Choice("rand", COLOURS)
    return "klaar"


def test_same_next_card() -> None:
    """Answers that lead to the same next card are looked into once."""
    assert remaining(agree, {}) == (1, 1)
