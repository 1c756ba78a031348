"""Our own words know bold and italic, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.marks import legible, literal, runs, shortened, unmarked, without_markdown


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("gewoon", [("gewoon", "plain")]),
        ("", [("", "plain")]),
        ("**vet**", [("vet", "bold")]),
        ("een *schuin* woord", [("een ", "plain"), ("schuin", "italic"), (" woord", "plain")]),
        ("**a** en **b**", [("a", "bold"), (" en ", "plain"), ("b", "bold")]),
        ("3 * 4 * 5", [("3 * 4 * 5", "plain")]),
        ("een * ster", [("een * ster", "plain")]),
        ("**half", [("**half", "plain")]),
        ("** niet **", [("** niet **", "plain")]),
        (
            "*eis, basis* · **“Tien jaar.”**",
            [("eis, basis", "italic"), (" · ", "plain"), ("“Tien jaar.”", "bold")],
        ),
        ("**over\nregels**", [("**over\nregels**", "plain")]),
    ],
)
def test_runs(text: str, pieces: list[tuple[str, str]]) -> None:
    """Marks in pairs become styles; a lone asterisk is an asterisk."""
    assert runs(text) == pieces


def test_unmarked() -> None:
    """Without marks the words are left."""
    assert unmarked("Eerst **dit**, *dan* dat") == "Eerst dit, dan dat"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00b\x1bc", "abc"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("rechts\u202elinks", "rechtslinks"),
        ("half \ud83d teken", "half  teken"),
        ("é 👍 שלום\t✓", "é 👍 שלום\t✓"),
    ],
)
def test_legible(text: str, kept: str) -> None:
    """What cannot be shown is left out; letters of any language stay."""
    assert legible(text) == kept


@given(st.text(alphabet="{}a*"))
def test_literal(text: str) -> None:
    """The pieces of typed words are those words, and no piece holds two braces in a row."""
    pieces = literal(text)

    assert "".join(pieces) == text
    assert not any("{{" in piece for piece in pieces)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("Check je antwoorden (bijna klaar)", "Check je antwoorden (bijna klaar)"),
        ("**Vet**", "Vet"),
        ("[x](https://y)", r"\[x\](https://y)"),
        ("# kop", r"\# kop"),
        ("- punt", r"\- punt"),
        ("2026. Jaar", r"2026\. Jaar"),
        ("a_b `c` <d> ~e~ f|g \\", r"a\_b \`c\` \<d> \~e\~ f\|g \\"),
    ],
)
def test_without_markdown(text: str, escaped: str) -> None:
    """Nothing in a heading is read as Markdown."""
    assert without_markdown(text) == escaped


def test_shortened() -> None:
    """A cut is visible, and a text that fits is left alone."""
    assert shortened("precies", 7) == "precies"
    assert shortened("te lang woord", 8) == "te lang…"
