"""A search word is added in its place, and nothing else in the file changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.lines import parse
from knowledge.loading import load
from knowledge.mistakes import KnowledgeError
from knowledge.search_words import RefusedError, add, with_word

GROUP = "straatmeubilair"


def words(content: bytes) -> tuple[str, ...]:
    found: tuple[str, ...] = parse("x.yaml", content).value["zoekwoorden"]
    return found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("zoekwoorden: [a, b]  # weetje\nx: 1\n", "zoekwoorden: [a, b, klimwand]  # weetje\nx: 1\n"),
        ("zoekwoorden:\n  [a,\n   b,\n  ]\n", "zoekwoorden:\n  [a,\n   b, klimwand,\n  ]\n"),
        (
            "zoekwoorden:\n  - a\n  - b  # weetje\nx: 1\n",
            "zoekwoorden:\n  - a\n  - b\n  - klimwand  # weetje\nx: 1\n",
        ),
        ("zoekwoorden: [a]\r\nx: 1\r\n", "zoekwoorden: [a, klimwand]\r\nx: 1\r\n"),
        ("\ufeffzoekwoorden: [a]\n", "\ufeffzoekwoorden: [a, klimwand]\n"),
        (f"zoekwoorden:\n  [{'a' * 105}]\n", f"zoekwoorden:\n  [{'a' * 105},\n   klimwand]\n"),
    ],
)
def test_layout(before: str, after: str) -> None:
    """Lists on one line, over more lines and with dashes stay as they are, with remarks and line ends."""
    assert with_word("x.yaml", before.encode(), "klimwand") == after.encode()


@pytest.mark.parametrize(
    "word", ["null", "ja: nee", "a, b", 'zeg "ja"', "[x]", "# x", "1e3", "é", "x'y", "- x"]
)
def test_any_word(word: str) -> None:
    """A word that would be something else in YAML is put in quotes, and is read as it was typed."""
    for content in (b"zoekwoorden: [a, b]\n", b"zoekwoorden:\n  - a\n  - b\n"):
        assert words(with_word("x.yaml", content, word)) == ("a", "b", word)


def test_added(folder: Path) -> None:
    """The word is recognised from then on, and only its line is different."""
    path = folder / "productgroepen" / f"{GROUP}.yaml"
    before = path.read_text(encoding="utf-8").splitlines()
    add(folder, load(folder), GROUP, "klimwand")
    after = path.read_text(encoding="utf-8").splitlines()

    assert load(folder).recognise("klimwand").group == GROUP
    assert len([line for line in after if line not in before]) <= 2
    assert sorted(item.name for item in path.parent.iterdir()) == sorted(
        f"{group}.yaml" for group in load(folder).groups
    )


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("stoelen", "Kantoormeubilair heeft het zoekwoord “stoelen” al. Haal het daar eerst weg"),
        ("Stoel", "Kantoormeubilair heeft"),
        ("bank", "woorden met meer betekenissen"),
        ("  ", "heeft letters"),
        ("123", "heeft letters"),
        ("x" * 61, "hoogstens 60 tekens"),
    ],
)
def test_refused(folder: Path, word: str, said: str) -> None:
    """A word of another group, one with several meanings and what is no word are refused, and nothing is written."""
    path = folder / "productgroepen" / f"{GROUP}.yaml"
    before = path.read_bytes()

    with pytest.raises(RefusedError, match=said):
        add(folder, load(folder), GROUP, word)

    assert path.read_bytes() == before


def test_folder_not_right(folder: Path) -> None:
    """When the folder has a mistake somewhere, that is named first and nothing is written."""
    knowledge = load(folder)
    (folder / "themas.yaml").write_text("- id: [\n")

    with pytest.raises(KnowledgeError, match=r"themas\.yaml"):
        add(folder, knowledge, GROUP, "klimwand")
