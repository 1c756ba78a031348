"""Measures recognition on our own examples, and puts the figures and who is taken for whom in herkenning.md.

Run it after a change of words: `uv run python docs/herkenning.py`. With `--check` it only says whether the page still
holds, give or take a few points, so that adding a word does not have to mean a new page.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.knowledge import Knowledge
from knowledge.loading import load
from knowledge.recognition import Recognition

PAGE = Path(__file__).with_name("herkenning.md")
EXAMPLES = Path(__file__).parents[1] / "tests" / "knowledge" / "herkenning_voorbeelden.csv"
PLACE = re.compile(r"(<!-- cijfers:[^\n]*-->\n).*?(<!-- /cijfers -->)", re.DOTALL)
NONE = ""
KINDS = {
    "spreektaal": "zoals collega's typen",
    "aanbesteding": "titels van aanbestedingen",
    "geen": "geen inkoop",
}
LEEWAY = 3  # points that a figure on the page may be off


@dataclass
class Tally:
    """What became of the examples of one kind."""

    texts: int = 0
    category: int = 0
    within_three: int = 0
    groups: int = 0
    group: int = 0
    sure: int = 0
    surely_wrong: int = 0

    def add(self, found: Recognition, categories: Sequence[str], groups: Sequence[str]) -> None:
        right = _category(found) in categories
        self.texts += 1
        self.category += right
        self.within_three += right or any(one.category in categories for one in found.suggestions)
        self.groups += bool(groups)
        self.group += found.group in groups
        self.sure += found.sure
        self.surely_wrong += found.sure and not right


@dataclass
class Measured:
    """The tallies, and per real category how often it was taken for which."""

    kinds: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    taken_for: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


def _category(found: Recognition) -> str:
    return found.category or NONE if found.purchase else NONE


def measure(knowledge: Knowledge) -> Measured:
    """Recognise every example; where two categories count, the one that was found is the real one."""
    measured = Measured()
    with EXAMPLES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found = knowledge.recognise(row["tekst"])
            categories = row["categorie"].split("|")
            groups = [group for group in row["groep"].split("|") if group]
            measured.kinds[row["soort"]].add(found, categories, groups)
            taken = _category(found)
            measured.taken_for[taken if taken in categories else categories[0]][taken] += 1
    return measured


def page_part(knowledge: Knowledge, measured: Measured) -> str:
    """The figures and the table as Markdown, in whole percents."""
    lines = [
        "| soort tekst | teksten | categorie goed | bij de drie suggesties | productgroep goed | zeker, en toch fout |",
        "|---|---|---|---|---|---|",
    ]
    for kind, shown in KINDS.items():
        tally = measured.kinds[kind]
        figures = [
            _percent(tally.category, tally.texts),
            "" if kind == "geen" else _percent(tally.within_three, tally.texts),
            _percent(tally.group, tally.groups),
            _percent(tally.surely_wrong, tally.texts if kind == "geen" else tally.sure),
        ]
        lines.append(f"| {shown} | {tally.texts} | {' | '.join(figures)} |")
    names = {category.id: category.name for category in knowledge.categories.values()} | {NONE: "Geen inkoop"}
    numbers = {category: str(number) for number, category in enumerate(names, 1)}
    lines += [
        "",
        "Per rij: van alle teksten die hierbij horen, hoeveel procent Moi waar plaatst.",
        "",
        f"| | hoort bij | {' | '.join(numbers.values())} |",
        f"|---|---|{'---|' * len(numbers)}",
    ]
    for category, name in names.items():
        taken = measured.taken_for[category]
        cells = [_percent(taken[other], taken.total()) if taken[other] else "" for other in names]
        lines.append(f"| {numbers[category]} | {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}%" if whole else ""


def off(page: str, measured: str) -> list[str]:
    """The lines of the page of which a figure is further off than it may be."""
    stands, holds = page.splitlines(), measured.splitlines()
    if len(stands) != len(holds):
        return ["de cijfers ontbreken, of horen bij andere categorieën"]
    return [
        f"er staat: {line}\nhet is:   {now}"
        for line, now in zip(stands, holds, strict=True)
        if any(abs(one - other) > LEEWAY for one, other in zip(_figures(line), _figures(now), strict=True))
    ]


def _figures(line: str) -> list[int]:
    """The percents in a line of a table, with 0 where nothing stands."""
    cells = (cell.strip() for cell in line.strip("|").split("|")[2:])
    return [int(cell.rstrip("%") or 0) for cell in cells if not cell or cell.endswith("%")]


def main(arguments: Sequence[str]) -> int:
    """Write the page, or with `--check` say what is off; the exit code is 1 when something is."""
    knowledge = load()
    part = page_part(knowledge, measure(knowledge))
    page = PAGE.read_text(encoding="utf-8")
    if "--check" in arguments:
        found = PLACE.search(page)
        stands = "" if found is None else page[found.end(1) : found.start(2)]
        wrong = off(stands, part)
        for line in wrong:
            print(line)
        return 1 if wrong else 0
    PAGE.write_text(PLACE.sub(lambda place: place[1] + part + place[2], page), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
