"""How care for the content looks: the report to the owners as a view, and the coverage matrix as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cards.view import Block, Bullets, Line, Lines, Link, Text, View
from knowledge.care.calendar import long_date
from knowledge.care.depth import LEVELS, matrix, missing
from knowledge.care.material import Kind
from knowledge.care.report import CareReport, RoleReport
from knowledge.knowledge import Knowledge

TITLES: dict[Kind, str] = {
    "herziening": "Te laat nagekeken",
    "einddatum": "Loopt af zonder opvolger",
    "diepte": "Nog niet diep genoeg",
    "onbereikbaar": "Wordt nooit gebruikt",
    "dubbel": "Staat dubbel",
    "taal": "Lastig te lezen",
}
SHORT: dict[Kind, str] = {
    "herziening": "te laat nagekeken",
    "einddatum": "loopt af",
    "diepte": "niet diep genoeg",
    "onbereikbaar": "nooit gebruikt",
    "dubbel": "dubbel",
    "taal": "lastig te lezen",
}
CELL = 10  # Characters that the counts of one cell need at least.
MOST = 10  # Lines of one kind; a longer list is not read.
ALL_OF_IT = "Alles staat op de pagina Onderhoud van Moi, en in: uv run app.py knowledge report."


def report_view(report: CareReport, role: str | None = None) -> View:
    """The whole report, or the part of one role."""
    title = "Onderhoud van de kennis" + (f": {role}" if role else "")
    blocks: list[Block] = [Text(title, "heading"), Text(f"Stand van {long_date(report.day)}.", "small")]
    if report.errors:
        blocks += _list("Fouten, die gaan voor", [str(problem) for problem in report.errors])
    parts = [part for part in report.roles if role is None or part.role == role]
    for part in parts:
        if role is None:
            blocks.append(Text(part.role, "heading"))
        blocks += _of_role(part)
    if not parts:
        blocks.append(Text("Er is nu niets te doen."))
    if role is None:
        blocks += _list("Gaten: een hoofdthema zonder criterium op een niveau", report.holes)
        blocks += _list("Begint binnen een half jaar", report.starts)
        blocks += _list("Eerste einddatums zonder opvolger", report.ends)
    blocks.append(Text("Alles, ook wat hier niet past, staat in: uv run app.py check.", "small"))
    return View(tuple(blocks), summary=title)


def _of_role(part: RoleReport) -> Iterator[Block]:
    for kind, title in TITLES.items():
        found = part.findings.get(kind, ())
        yield from _list(title, [f"{one.problem}" for one in found])
        if kind == "herziening":
            yield from _list("Binnen 60 dagen nakijken", part.soon)


def _list(title: str, lines: Sequence[str]) -> Iterator[Block]:
    if not lines:
        return
    count = f" ({len(lines)})" if len(lines) <= MOST else f" (de eerste {MOST} van {len(lines)})"
    yield Text(f"**{title}{count}**")
    yield Bullets(tuple(line.replace("*", "") for line in lines[:MOST]))


def report_lines(report: CareReport) -> list[tuple[str, str]]:
    """The report in one line per role, for the note in the channel."""
    lines = [("Fouten", f"{len(report.errors)} (die gaan voor)")] if report.errors else []
    for part in report.roles:
        counts = [
            f"{said}: {len(part.findings[kind])}" for kind, said in SHORT.items() if kind in part.findings
        ]
        if part.soon:
            counts.append(f"binnen 60 dagen nakijken: {len(part.soon)}")
        lines.append((part.role, ", ".join(counts)))
    if report.holes:
        lines.append(("Gaten", f"{len(report.holes)} keer een hoofdthema zonder criterium op een niveau"))
    if report.ends:
        lines.append(("Eerste einddatum", report.ends[0]))
    return lines


def note_view(title: str, lines: Sequence[tuple[str, str]], url: str | None, *, closing: str) -> View:
    """What Moi says in the channel by itself, with the address of all of it and a `closing` line, if there is one."""
    told = Lines(tuple(Line(label, value) for label, value in lines))
    body: Block = told if lines else Text("Er is nu niets te doen.")
    actions = (Link("Alles zien", url),) if url else ()
    last = (Text(closing, "small"),) if closing else ()
    return View((Text(title, "heading"), body, *last), actions, summary=title)


def matrix_text(knowledge: Knowledge) -> str:
    """The coverage matrix and what each group has too little of, for a terminal."""
    cells = {(cell.category, cell.theme): cell for cell in matrix(knowledge)}
    wide = max(len(category.name) for category in knowledge.categories.values())
    themes = {theme.id: theme.short.split(" en ")[0].ljust(CELL) for theme in knowledge.themes.values()}
    rows = ["  ".join([" " * wide, *themes.values()])]
    for category in knowledge.categories.values():
        row = [category.name.ljust(wide)]
        for theme, title in themes.items():
            cell = cells[category.id, theme]
            mark = "!" if cell.holes else "*" if cell.main else ""
            row.append(("·".join(str(cell.counts[level]) for level in LEVELS) + mark).ljust(len(title)))
        rows.append("  ".join(row).rstrip())
    holes = [cell for cell in cells.values() if cell.holes]
    legend = "Per vak: criteria op basis · significant · ambitieus. * = hoofdthema in het actieplan, ! = hoofdthema met een gat."
    lacking = [
        f"{group.name}: {', '.join(lacks)}"
        for group in knowledge.groups.values()
        if (lacks := missing(knowledge, group))
    ]
    parts = ["\n".join(rows), legend]
    parts.append(f"Gaten: {len(holes)}." if holes else "Er is geen gat.")
    if lacking:
        parts.append("\n".join(["Nog niet diep genoeg:", *lacking]))
    return "\n\n".join(parts)


def matrix_rows(knowledge: Knowledge) -> Iterator[tuple[str, ...]]:
    """The coverage matrix for a spreadsheet, with its header first."""
    yield ("categorie", "thema", "hoofdthema", *LEVELS, "ontbreekt")
    for cell in matrix(knowledge):
        counts = (str(cell.counts[level]) for level in LEVELS)
        names = (knowledge.categories[cell.category].name, knowledge.themes[cell.theme].short)
        yield (*names, "ja" if cell.main else "nee", *counts, ", ".join(cell.holes))
