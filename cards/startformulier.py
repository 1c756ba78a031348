"""The MVOI part of the startformulier: the same content as text to copy and as a Word document."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from cards.marks import legible, runs
from cards.view import Copyable, Typed

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

AUTHOR = "Moi, gemeente Midden-Groningen"


@dataclass(frozen=True, slots=True)
class StartformPart:
    """Title, sections of a heading with lines (ours, with why and source in them, or typed), and the knowledge version."""

    title: str
    sections: tuple[tuple[str, tuple[str | Typed, ...]], ...]
    version: str


def copyable(part: StartformPart) -> Copyable:
    """The part as text to select and copy."""
    lines = (line for heading, lines in part.sections for line in (f"**{heading}**", *lines))
    return Copyable(part.title, (*lines, f"*{footer(part)}*"))


def document(part: StartformPart) -> bytes:
    """The part as a .docx file."""
    import docx  # noqa: PLC0415  (21 MB of memory that only this download needs)

    paper = docx.Document()
    _describe(paper, part)
    paper.add_heading(legible(part.title), level=1)
    for heading, lines in part.sections:
        paper.add_heading(legible(heading), level=2)
        for line in lines:
            _write(paper.add_paragraph(style="List Bullet"), line)
    paper.sections[0].footer.paragraphs[0].text = footer(part)
    kept = BytesIO()
    paper.save(kept)
    return kept.getvalue()


def footer(part: StartformPart) -> str:
    """What stands under every copy of the advice."""
    return f"Advies, geen besluit · kennis {legible(part.version)}"


def _write(paragraph: Paragraph, line: str | Typed) -> None:
    if isinstance(line, Typed):
        if line.label:
            paragraph.add_run(f"{legible(line.label)}: ").bold = True
        paragraph.add_run(legible(line.text))
        return
    for words, style in runs(line):
        run = paragraph.add_run(words)
        run.bold, run.italic = style == "bold", style == "italic"


def _describe(paper: Document, part: StartformPart) -> None:
    """Title, author and language, which screen readers and archives read; the template's own dates say nothing true."""
    about = paper.core_properties
    about.title, about.author, about.language, about.comments = legible(part.title), AUTHOR, "nl-NL", ""
    for date in about._element.xpath("dcterms:created | dcterms:modified"):
        about._element.remove(date)
    language = paper.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:lang")
    for tag in language:
        tag.attrib.update({key: "nl-NL" for key in tag.attrib if key.endswith("}val")})
