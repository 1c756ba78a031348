"""docs/privacy.md tells the truth about what is kept: every column, every period, and no more than there is."""

from __future__ import annotations

import re
from pathlib import Path

from bot.delivery import KNOWS_DELIVERIES
from bot.my_data import ON_FORGETTING
from bot.settings import PROJECT, Settings
from bot.tables import metadata
from cards.talk import ONE_LINE, express_view
from cards.view import Input
from knowledge.shelf import Shelf
from tests.bot.web_room import open_room

TEXT = (PROJECT / "docs" / "privacy.md").read_text()
PERIODS = {
    f"MOI_{name.upper()}": setting.default
    for name, setting in Settings.model_fields.items()
    if name.startswith("keep_")
}


def rows() -> dict[str, list[str]]:
    """The data map: per column what, whose, how long and who sees it."""
    lines = re.findall(r"^\| `(\w+\.\w+)` \|(.+)\|$", TEXT, re.MULTILINE)
    return {column: [cell.strip() for cell in rest.split("|")] for column, rest in lines}


def test_every_column() -> None:
    """The map has every column of every table once, by the alphabet of the tables, and none that is not there."""
    mapped = re.findall(r"^\| `(\w+\.\w+)` \|", TEXT, re.MULTILINE)
    kept = [
        f"{name}.{column.name}"
        for name in sorted(metadata.tables)
        for column in metadata.tables[name].columns
    ]

    assert mapped == kept


def test_every_cell() -> None:
    """Of every column is told what it is, whose, how long it is kept and who sees it."""
    assert {column: cells for column, cells in rows().items() if len(cells) != 4 or not all(cells)} == {}


def test_periods() -> None:
    """The table of periods names every setting with its default and a reason, and the map names no other."""
    table = re.findall(r"^\| `(MOI_KEEP_\w+)` \| (\d+) dagen[^|]*\| \S.+ \|$", TEXT, re.MULTILINE)
    named = {name for cells in rows().values() for name in re.findall(r"MOI_\w+", cells[2])}

    assert {name: int(days) for name, days in table} == PERIODS
    assert named == set(PERIODS)


def test_how_long() -> None:
    """Everything of a colleague ends by a setting, but for the keys of messages, which go after so many days."""
    fixed = f"{KNOWS_DELIVERIES.days} dagen"
    endless = {
        column
        for column, (_, whose, how_long, _) in rows().items()
        if whose == "collega" and "MOI_KEEP_" not in how_long and how_long != fixed
    }

    assert endless == set()
    assert {rows()[f"deliveries.{name}"][2] for name in ("channel", "delivery", "at")} == {fixed}


def test_people_are_somebodys() -> None:
    """Every column that points at a person is said to be of a colleague."""
    assert {rows()[f"{table}.person_id"][1] for table in ON_FORGETTING} == {"collega"}


def test_warning_at_free_text() -> None:
    """Wherever somebody can type a sentence is said that no names of people belong there."""
    knowledge = Shelf().current
    asked = {
        name
        for file in (PROJECT / "dialogs").glob("*.py")
        for name in re.findall(r'\bText\(\s*"(\w+)"', file.read_text())
    }
    said = {name: knowledge.words.question("koop", name).explain or "" for name in asked | {"wat"}}
    boxes = [block for block in express_view(knowledge).blocks if isinstance(block, Input)]
    said |= {box.id: box.hint for box in boxes if box.kind == "text" and box.most > ONE_LINE}
    script = (PROJECT / "bot" / "web" / "static" / "chat.js").read_text()
    said["chat"] = re.findall(r'TEXT_INPUT_PLACEHOLDER: "(.+)"', script)[0]

    assert asked == {"doel", "kansen"}
    assert {name for name, words in said.items() if "namen van mensen" not in words} == set()


async def test_page_tells_the_periods(tmp_path: Path) -> None:
    """The page for colleagues names the periods as they are set."""
    async with (
        open_room(
            tmp_path, Shelf(), keep_web_log_days=41, keep_people_days=1, keep_records_days=2555
        ) as room,
        room.get("/privacy") as answer,
    ):
        page = await answer.text()

    assert "41 dagen na het laatste bericht" in page
    assert "Ben je er 1 dag niet geweest" in page
    assert "2555 dagen na de laatste wijziging" in page
