"""The whole knowledge goes out for other programs, with nothing left behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from knowledge.exporting import as_json, tables
from knowledge.loading import load
from knowledge.mistakes import KnowledgeError


def test_json(folder: Path) -> None:
    """Every file that Moi speaks from is in the JSON, with the version."""
    made = json.loads(json.dumps(as_json(folder)))

    assert made["versie"] == load(folder).version
    assert set(made["bestanden"]) == {
        path.relative_to(folder).as_posix() for path in folder.rglob("*.yaml")
    } - {"taal.yaml"}
    assert made["bestanden"]["productgroepen/kantoormeubilair.yaml"]["herzien_op"] == "2027-06-01"


def test_criteria(folder: Path) -> None:
    """The table of criteria has each one, also the general ones, with source, owner, review date and codes."""
    table = next(table for table in tables(folder) if table.name == "criteria")
    rows = {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}

    assert set(rows) == set(load(folder).every_criterion)
    assert all(
        row["bron"] and row["eigenaar"] and row["herzien_op"] and row["eforms"] for row in rows.values()
    )
    assert rows["kme-01"]["productgroep"] == "kantoormeubilair"
    assert rows["kme-01"]["eforms"] == "BT-06 env-imp; BT-774 circ-econ; BT-805 other"


def test_nothing_left_behind(folder: Path) -> None:
    """Every file has its place in a table, and every row fits its columns."""
    made = {table.name: table for table in tables(folder)}

    assert {
        "criteria",
        "productgroepen",
        "productgroepen-alternatieven",
        "productgroepen-kosten",
    } <= made.keys()
    assert {"themas", "grenzen", "herkenning", "woorden-koop", "eforms"} <= made.keys()
    assert {len(row) == len(table.columns) for table in made.values() for row in table.rows} == {True}


def test_not_right(folder: Path) -> None:
    """Knowledge that is not right is not handed out."""
    (folder / "kennis.yaml").unlink()

    with pytest.raises(KnowledgeError):
        as_json(folder)
