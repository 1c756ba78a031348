"""The startformulier part is a real Word document with the same content as the text to copy."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import docx
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.plain import text
from cards.startformulier import StartformPart, copyable, document
from cards.view import Typed, View

PART = StartformPart(
    "MVOI-deel van het startformulier",
    (
        (
            "Circulariteit",
            ("**Onderdelen blijven leverbaar.** *omdat opknappen dan loont* (bron: MVOI-team)",),
        ),
        ("Doel", (Typed("betere zit & <rust>", "Je schreef"),)),
    ),
    "a1b2c3",
)


def test_document() -> None:
    """Headings, lines with their marks, and the footer are in the document."""
    made = docx.Document(BytesIO(document(PART)))
    criterion = made.paragraphs[2]

    assert [(part.style.name, part.text) for part in made.paragraphs if part.style] == [
        ("Heading 1", "MVOI-deel van het startformulier"),
        ("Heading 2", "Circulariteit"),
        ("List Bullet", "Onderdelen blijven leverbaar. omdat opknappen dan loont (bron: MVOI-team)"),
        ("Heading 2", "Doel"),
        ("List Bullet", "Je schreef: betere zit & <rust>"),
    ]
    assert (criterion.runs[0].text, criterion.runs[0].bold, criterion.runs[0].italic) == (
        "Onderdelen blijven leverbaar.",
        True,
        False,
    )
    assert made.sections[0].footer.paragraphs[0].text == "Advies, geen besluit · kennis a1b2c3"


def test_about() -> None:
    """The document says in which language and by whom it was written, and carries no date of a template."""
    about = docx.Document(BytesIO(document(PART))).core_properties

    assert (about.title, about.author, about.language) == (
        PART.title,
        "Moi, gemeente Midden-Groningen",
        "nl-NL",
    )
    assert (about.created, about.modified) == (None, None)


def test_no_links() -> None:
    """No typed words become a link or a field in the document."""
    part = StartformPart(
        "T", (("K", (Typed('[x](https://kwaad.example) =HYPERLINK("https://kwaad.example")'),)),), "1"
    )
    body = ZipFile(BytesIO(document(part))).read("word/document.xml").decode()

    assert "w:hyperlink" not in body
    assert "w:fld" not in body
    assert "[x](https://kwaad.example)" in body


@settings(max_examples=25, deadline=None)
@given(
    st.text(
        st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"], exclude_characters="\ufffe\uffff")
    )
)
def test_typed_unchanged(words: str) -> None:
    """Typed words stand in the document exactly as they were typed."""
    made = docx.Document(BytesIO(document(StartformPart("T", (("K", (Typed(words),)),), "1"))))

    assert made.paragraphs[2].text == words


@settings(max_examples=25, deadline=None)
@given(st.text())
def test_any_text(words: str) -> None:
    """Any text at all gives a document that opens."""
    part = StartformPart(words, ((words, (words, Typed(words, words))),), words)

    assert docx.Document(BytesIO(document(part))).paragraphs


def test_copyable() -> None:
    """The text to copy holds the same lines as the document."""
    shown = text(View((copyable(PART),)))

    assert shown.splitlines() == [
        "MVOI-deel van het startformulier",
        "Circulariteit",
        "Onderdelen blijven leverbaar. omdat opknappen dan loont (bron: MVOI-team)",
        "Doel",
        "Je schreef: betere zit & <rust>",
        "Advies, geen besluit · kennis a1b2c3",
    ]
