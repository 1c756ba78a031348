"""What is different between two versions is said in plain Dutch, item by item."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.difference import broken_promises, difference, left_behind
from knowledge.edition import Edition
from knowledge.items import block, items
from knowledge.loading import gather

CHAIRS, KOOP = "productgroepen/kantoormeubilair.yaml", "woorden/koop.yaml"


def edition(folder: Path) -> Edition:
    return Edition.of(gather(folder))


def edit(folder: Path, file: str, before: str, after: str) -> list[str]:
    """Change something, and say what changed."""
    old = edition(folder)
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return said(old, edition(folder))


def said(old: Edition, new: Edition) -> list[str]:
    changes = difference(old, new)
    lines = [f"{one.item.title} {one.what}: {'; '.join(one.lines)}" for one in changes]
    return [*lines, *broken_promises(changes), *left_behind(old, new)]


def test_nothing(folder: Path) -> None:
    """A remark or another layout changes the version and nothing else."""
    assert edit(folder, "grenzen.yaml", "operator:", "operator:  # zo\n     ") == []


@pytest.mark.parametrize(
    ("file", "before", "after", "line"),
    [
        (
            "grenzen.yaml",
            "bedrag: 25000",
            "bedrag: 30000",
            "Grens startformulier (Startformulier en intake) gewijzigd: bedrag: € 25.000 → € 30.000; geldt voor levering, "
            "dienst, werk, sociale_dienst, concessie, zonder einde",
        ),
        (
            CHAIRS,
            "[bureau, stoel, kast]",
            "[bureau, stoel, bank]",
            "Productgroep kantoormeubilair (Kantoormeubilair) gewijzigd: zoekwoorden: erbij bank; zoekwoorden: weg kast",
        ),
        (
            "kennis.yaml",
            "2026-11-23",
            "2026-12-01",
            "Over de kennis kennis/peildatum gewijzigd: 23 november 2026 → 1 december 2026",
        ),
        (
            "redenen.yaml",
            "toelichting_nodig: false",
            "toelichting_nodig: true",
            "toelichting_nodig: nee → ja",
        ),
        (
            "cpv_nl.csv",
            "Kantoorm",
            "Iets anders",
            "Lijst cpv_nl.csv gewijzigd: regels erbij of anders: 1, weg of anders: 1",
        ),
    ],
)
def test_changed(folder: Path, file: str, before: str, after: str, line: str) -> None:
    """Money, lists, days and yes or no are said as people say them."""
    assert line in "\n".join(edit(folder, file, before, after))


def test_key_gone(folder: Path) -> None:
    """A key that answers may hold is a promise: when it goes, or seems renamed, that is said."""
    first = items(edition(folder))
    criterion = next(item for item in first if item.kind == "Criterium" and item.file == CHAIRS)
    lines = edit(folder, CHAIRS, f"id: {criterion.id}", "id: nieuw-01")

    assert f"{criterion.title} is weg." in "\n".join(lines)
    assert "Het lijkt hernoemd tot nieuw-01" in "\n".join(lines)


def test_new_period(folder: Path) -> None:
    """A limit that is closed and gets a new period is one change and one new item; old amounts in texts are named."""
    (folder / "woorden" / "algemeen.yaml").write_text(
        (folder / "woorden" / "algemeen.yaml")
        .read_text(encoding="utf-8")
        .replace("Graag gedaan.", "Boven € 25.000 graag gedaan."),
        encoding="utf-8",
    )
    rest = 'bron: "MVOI-actieplan §4.2"\n    zekerheid: zeker\n'
    new = (
        f"geldig_tot: 2030-12-31\n    {rest}  - id: startformulier\n    naam: Startformulier en intake\n    bedrag: 40000\n"
        f'    operator: ">"\n    soorten: [levering]\n    gevolg: "Anders."\n    geldig_van: 2031-01-01\n    {rest}'
    )
    lines = edit(folder, "grenzen.yaml", rest, new)

    assert any("erbij geldig_tot: 31 december 2030" in line for line in lines)
    assert any("nieuw: € 40.000, geldt voor levering, vanaf 1 januari 2031" in line for line in lines)
    assert any("noemen nog € 25.000 (grens startformulier): woorden/algemeen.yaml" in line for line in lines)


def test_every_item_stands_somewhere(folder: Path) -> None:
    """Every item of a folder has a name, and its lines hold what it says and nothing of the next one."""
    found = edition(folder)
    every = items(found)

    assert {"Criterium", "Productgroep", "Thema", "Grens", "Zin", "Rol", "Reden"} <= {
        item.kind for item in every
    }
    for item in every:
        lines = block(found, item)
        own = item.id.rpartition("/")[2]
        assert own in lines or item.kind not in ("Criterium", "Zin", "Reden", "Rol")
        assert lines.count("\n- ") == 0 or item.kind == "Productgroep", item
