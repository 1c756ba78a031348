"""Criteria from a file wait for a person; what is wrong in the file is named by row and column, and changes nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge.knowledge import Knowledge
from knowledge.lines import parse
from knowledge.loading import gather, load
from knowledge.review import Origin, as_yaml, decided, read_criteria, with_criterion
from knowledge.sheets import RefusedFileError

HEAD = "productgroep;type;thema;niveau;tekst;bewijs;omdat;bron;bron_id;versie;datum\n"
GOOD = "kantoormeubilair;eis;circulariteit;basis;Stoelen zijn te demonteren.;Handleiding;losse delen opnieuw meegaan;MVOI-team;M-1;2;2026-11-20\n"


@pytest.fixture
def known(folder: Path) -> Knowledge:
    return load(folder)


def sheet(folder: Path, *rows: str, head: str = HEAD) -> Path:
    path = folder.parent / "criteria.csv"
    path.write_text(head + "".join(rows), encoding="utf-8")
    return path


def test_read(folder: Path, known: Knowledge) -> None:
    """A row becomes a criterion with a new id and a source that finds the original back."""
    (found,) = read_criteria(sheet(folder, GOOD), known, Origin())

    assert (found.group, found.criterion.id) == ("kantoormeubilair", "kme-03")
    assert found.criterion.source == "MVOI-team, M-1, versie 2, 2026-11-20"
    assert found.criterion.certainty == "voorstel"


def test_names_as_people_write_them(folder: Path, known: Knowledge) -> None:
    """Names of groups and themes and other names of columns are understood."""
    head = "Groep;Soort;Thema;Ambitieniveau;Criterium;Bewijsmiddel;Toelichting\n"
    row = "Kantoormeubilair;Eis;Milieu en biodiversiteit;Basis;Verf is op waterbasis.;Productblad;verf in de sloot komt\n"
    (found,) = read_criteria(sheet(folder, row, head=head), known, Origin("Team Inkoop", "1", "2026-11-01"))

    assert (found.criterion.theme, found.criterion.level) == ("milieu_biodiversiteit", "basis")
    assert found.criterion.source == "Team Inkoop, versie 1, 2026-11-01"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (";eis;", ";eisje;", "rij 2, kolom type: 'eisje' ken ik niet. Bedoel je 'eis'?"),
        (";basis;", ";hoog;", "rij 2, kolom niveau: 'hoog' ken ik niet. Kies uit"),
        ("kantoormeubilair;", "meubels;", "rij 2, kolom productgroep: 'meubels' ken ik niet."),
        (";Handleiding;", ";;", "rij 2, kolom bewijs: er staat niets. Vul het in."),
        (";MVOI-team;", ";;", "rij 2, kolom bron: er staat niets."),
        ("2026-11-20", "20 nov", "rij 2, kolom datum: '20 nov' is geen datum."),
    ],
)
def test_wrong_row(folder: Path, known: Knowledge, old: str, new: str, says: str) -> None:
    """Whatever is wrong in a row is named with row, column and what to do; nothing of the file is taken in."""
    with pytest.raises(RefusedFileError) as error:
        read_criteria(sheet(folder, GOOD.replace(old, new, 1), GOOD), known, Origin())

    assert [problem for problem in error.value.problems if says in problem]


def test_column_missing(folder: Path, known: Knowledge) -> None:
    """A column that is not there is named, with those that are."""
    with pytest.raises(RefusedFileError, match="de kolom 'omdat' ontbreekt"):
        read_criteria(sheet(folder, head=HEAD.replace("omdat;", "")), known, Origin())


def test_empty(folder: Path, known: Knowledge) -> None:
    """A file without rows is no review list."""
    with pytest.raises(RefusedFileError, match="geen enkel criterium"):
        read_criteria(sheet(folder), known, Origin())


def test_likeness(folder: Path, known: Knowledge) -> None:
    """A criterion that is there already is shown beside the new one, and ids in one file do not meet."""
    row = GOOD.replace("Stoelen zijn te demonteren.", "Onderdelen blijven tien jaar leverbaar")
    first, second = read_criteria(sheet(folder, row, GOOD), known, Origin())

    assert first.like.endswith("(100%)")
    assert (first.criterion.id, second.criterion.id) == ("kme-03", "kme-04")


def reviewed(folder: Path, known: Knowledge, *changes: tuple[str, str], source: str = "MVOI-team") -> object:
    """What is decided about the only item of a review list after these edits."""
    proposed = read_criteria(sheet(folder, GOOD.replace("MVOI-team", source)), known, Origin())
    text = as_yaml("criteria.csv", date(2026, 11, 25), proposed)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (item,) = parse("lijst.yaml", text.encode()).value
    return decided(item, 1)


def test_open(folder: Path, known: Knowledge) -> None:
    """As long as nobody decided, nothing is taken over; "niet" stays away for good."""
    assert reviewed(folder, known) is None
    assert reviewed(folder, known, ("besluit: open", "besluit: niet")) is None
    assert "ken ik niet" in str(reviewed(folder, known, ("besluit: open", "besluit: misschien")))


def test_text_of_another(folder: Path, known: Knowledge) -> None:
    """A text from outside is only taken over in words of our own."""
    take = ("besluit: open", "besluit: overnemen")
    own_words = (
        '\n  tekst: "Stoelen zijn te demonteren."',
        '\n  tekst: "Je haalt de stoel zonder lijm uit elkaar."',
    )

    assert "eigen woorden" in str(reviewed(folder, known, take, source="Landelijke tool"))
    assert not isinstance(reviewed(folder, known, take, own_words, source="Landelijke tool"), str)


def test_taken_over(folder: Path, known: Knowledge) -> None:
    """A criterion that is taken over stands behind the others of its group, and the file stays right."""
    (found,) = read_criteria(sheet(folder, GOOD), known, Origin())
    path = folder / "productgroepen" / "kantoormeubilair.yaml"
    path.write_text(with_criterion(path.read_text(encoding="utf-8"), found.criterion), encoding="utf-8")
    criteria = load(folder).groups["kantoormeubilair"].criteria
    written = gather(folder).values["productgroepen/kantoormeubilair.yaml"].criteria

    assert [criterion.id for criterion in criteria] == ["kme-01", "kme-02", "kme-03", "ket-a1"]
    assert written[2] == found.criterion


def test_no_list() -> None:
    """A file without criteria is no file of a product group."""
    with pytest.raises(RefusedFileError, match="geen lijst 'criteria:'"):
        with_criterion("id: x\n", load().themes["klimaat"].general_criteria[0])
