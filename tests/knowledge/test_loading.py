"""Knowledge is read whole, at once and in the same way everywhere."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from knowledge.check import check
from knowledge.knowledge import Knowledge, once_per_version
from knowledge.loading import load
from knowledge.mistakes import KnowledgeError
from knowledge.words import MissingWordsError

TODAY = date(2026, 11, 23)


def test_everything_is_right() -> None:
    """The knowledge that goes with the program has no problems."""
    assert check() == []


def test_whole(knowledge: Knowledge) -> None:
    """There are six themes, ten categories, seven reasons, 78 product groups and all own examples."""
    sizes = [
        len(part) for part in (knowledge.themes, knowledge.categories, knowledge.reasons, knowledge.groups)
    ]

    assert sizes == [6, 10, 7, 78]
    assert len(knowledge.examples) == 23


def test_frozen(knowledge: Knowledge) -> None:
    """What is known cannot be changed by who uses it."""
    with pytest.raises(ValidationError, match="frozen"):
        knowledge.themes["klimaat"].name = "Weer"
    with pytest.raises(TypeError, match="does not support item assignment"):
        knowledge.themes["klimaat"] = knowledge.themes["circulariteit"]  # type: ignore[index]


def test_version(folder: Path) -> None:
    """The version stays with the content: line ends do not count, a changed letter does."""
    before = load(folder).version
    colophon = folder / "kennis.yaml"
    colophon.write_bytes(colophon.read_bytes().replace(b"\n", b"\r\n"))
    same = load(folder).version
    colophon.write_text(colophon.read_text().replace("MVOI-team", "Team Inkoop"))

    assert same == before
    assert load(folder).version != before


def test_byte_order_mark(folder: Path) -> None:
    """A file that an editor on Windows marked as UTF-8 is read as any other."""
    colophon = folder / "kennis.yaml"
    colophon.write_bytes(b"\xef\xbb\xbf" + colophon.read_bytes())

    assert load(folder).date == date(2026, 11, 23)


def test_all_at_once(folder: Path) -> None:
    """Mistakes in several files are named together, in order of file and line."""
    for name in ("rollen.yaml", "fasen.yaml"):
        (folder / name).write_text("- id: [", encoding="utf-8")

    with pytest.raises(KnowledgeError) as raised:
        load(folder)

    assert [problem.file for problem in raised.value.problems] == ["fasen.yaml", "rollen.yaml"]
    assert str(raised.value).startswith("fasen.yaml:1: ")


def test_one_mistake_once(folder: Path) -> None:
    """A broken file of themes does not make every item that names a theme a mistake."""
    (folder / "themas.yaml").write_text("- id: [", encoding="utf-8")

    with pytest.raises(KnowledgeError) as raised:
        load(folder)

    assert len(raised.value.problems) == 1


def test_ambitions(knowledge: Knowledge) -> None:
    """Climate is at 3, social return at 5, the others at 1 and gaining experience with 2; a team may explore further."""
    found = {theme: knowledge.ambition(theme, TODAY) for theme in knowledge.themes}
    levels = {theme: (one.level, one.explore) for theme, one in found.items() if one}
    roads = knowledge.ambition("circulariteit", TODAY, "BOR")

    assert levels == dict.fromkeys(knowledge.themes, (1, 2)) | {
        "klimaat": (3, None),
        "social_return": (5, None),
    }
    assert roads is not None
    assert (roads.level, roads.explore, roads.certainty) == (1, 3, "voorstel")
    assert knowledge.ambition("klimaat", date(2028, 1, 1)) is None


def test_levels_of_criteria(knowledge: Knowledge) -> None:
    """Each organisation level has its level of criteria."""
    matches = {level: knowledge.level_match(level) for level in range(1, 6)}

    assert [match.criteria for match in matches.values()] == [
        "basis",
        "basis",
        "significant",
        "ambitieus",
        "ambitieus",
    ]
    assert matches[2].one_more == "significant"


def test_phases(knowledge: Knowledge) -> None:
    """Every day since 2025 is in one phase; before that there was none."""
    days = [date(2025, 1, 1), TODAY, date(2027, 12, 31), date(2028, 1, 1), date(2030, 1, 1), date(2050, 1, 1)]
    numbers = [phase.number for day in days if (phase := knowledge.phase(day))]

    assert numbers == [1, 1, 1, 2, 3, 3]
    assert knowledge.phase(date(2024, 12, 31)) is None


def test_criteria_for_a_theme(folder: Path) -> None:
    """A group without criteria for a theme gets the general ones of that theme."""
    knowledge = load(folder)

    assert [one.id for one in knowledge.criteria("kantoormeubilair", "circulariteit")] == ["kme-01"]
    assert knowledge.criteria("kantoormeubilair", "klimaat") == knowledge.themes["klimaat"].general_criteria


def test_recognises(knowledge: Knowledge) -> None:
    """The knowledge recognises a purchase by its own words."""
    assert knowledge.recognise("we willen 50 bureaustoelen").category == "kantoorinrichting_benodigdheden"


def test_words(folder: Path) -> None:
    """Questions and sentences are found by dialog and key; an option without a block is just its label."""
    words = load(folder).words
    need = words.question("koop", "nodig")

    assert need.ask == "Hebben we het wel nodig?"
    assert need.options["ja"].label == "Ja"
    assert need.options["nee"].said == ("niet nodig", "hoeft niet")
    assert words.placeholders("koop", "onder-grens") == {"bedrag"}
    assert words.say("koop", "onder-grens", bedrag="€ 3.000") == "**€ 3.000**, dus onder de grens."
    assert words.question("koop", "waarde").filled(wat="{alles}").ask == "Wat kost {alles} ongeveer?"


def test_words_missing(folder: Path) -> None:
    """A text that is not there, or a value that is not given, is an error for us and never a hole in a sentence."""
    words = load(folder).words

    with pytest.raises(MissingWordsError, match="bedrag"):
        words.say("koop", "onder-grens")
    with pytest.raises(MissingWordsError, match="wat"):
        words.question("koop", "waarde").filled()
    with pytest.raises(MissingWordsError, match="weg"):
        words.say("koop", "weg")
    with pytest.raises(MissingWordsError, match="elders"):
        words.question("elders", "nodig")


def test_general_criteria_taken_over(folder: Path) -> None:
    """A group has its own criteria and then the general ones it takes over, with its own reason and the theme's source."""
    known = load(folder)
    taken = known.groups["kantoormeubilair"].criteria[-1]
    general = known.themes["ketenverantwoordelijkheid"].general_criteria[0]

    assert (taken.id, taken.text, taken.proof) == (general.id, general.text, general.proof)
    assert taken.because == "meubels soms ver weg en voor te weinig loon worden gemaakt"
    assert (taken.owner, taken.source) == ("MVOI-team", general.source)


def test_criteria_are_whole(folder: Path) -> None:
    """What a criterion does not say itself it has from its product group; what it does say stays."""
    known = load(folder)
    group = known.groups["kantoormeubilair"]
    path = folder / "productgroepen" / "kantoormeubilair.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("- id: kme-01\n", "- id: kme-01\n    eigenaar: Team Inkoop\n"), encoding="utf-8"
    )
    before, after = group.criteria[0], load(folder).groups["kantoormeubilair"].criteria[0]

    assert (before.id, before.group) == ("kme-01", "kantoormeubilair")
    assert (before.source, before.certainty) == (group.source, group.certainty)
    assert (before.owner, before.review_on) == (group.owner, group.review_on)
    assert (after.owner, after.review_on) == ("Team Inkoop", group.review_on)


def test_once_per_version(folder: Path) -> None:
    """A pure function of the knowledge works each answer out once, and anew for another version."""
    asked: list[str] = []

    @once_per_version
    def named(knowledge: Knowledge, group: str) -> str:
        asked.append(group)
        return knowledge.groups[group].name

    first, second = load(folder), load(folder)
    names = {named(known, "kantoormeubilair") for known in (first, first, second)}

    assert names == {first.groups["kantoormeubilair"].name}
    assert asked == ["kantoormeubilair"] * 2
