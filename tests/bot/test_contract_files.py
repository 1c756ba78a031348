"""The register of contracts from a file: whole or not at all, every mistake by row and column, and written down who did it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.commands import main
from bot.contract_files import TakenIn, as_table, read_list, take_in
from bot.contracts import Contract, all_contracts
from bot.people import Person
from bot.records import Records
from bot.rights import NotYoursError
from bot.tables import audit
from knowledge.knowledge import Knowledge
from knowledge.sheets import RefusedFileError, write_workbook
from knowledge.shelf import Shelf
from tests.bot.web_room import BUYER

INKOOP = Person("i1", "Ine", frozenset({"buyer", "inkoop"}))
LIST = """Contract;Teams;Einddatum;Hoe;Leverancier;Opzegdatum;Rol;Zekerheid
Koffie en thee;alle teams;31-12-2028;Bel de servicebalie;Voorbeeld BV;30 jun 2028;Facilitair;zeker
Schoonmaak;Facilitair;2027-03-31;"Via het portaal, of bel";;;;
Kopieerpapier;alle teams;onbepaald;Bestel in het portaal;;;team-inkoop;
"""
HEADING = "wat;voor_wie;tot;hoe_bestellen"


@pytest.fixture
def knowledge(shelf: Shelf) -> Knowledge:
    return shelf.current


def written(folder: Path, content: str, name: str = "lijst.csv") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


async def take(kept: Records, path: Path, knowledge: Knowledge, person: Person = INKOOP) -> TakenIn:
    """Take a file in."""
    return await kept.write(partial(take_in, path.name, read_list(path, knowledge), person=person))


def told(found: Sequence[Contract]) -> list[tuple[object, ...]]:
    return [(c.what, c.for_whom, c.until, c.notice_before, c.supplier, c.manager, c.certainty) for c in found]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_read(tmp_path: Path, knowledge: Knowledge, separator: str) -> None:
    """Whatever stands between the columns, whatever they are called and however a day is written, the list is the same."""
    path = written(tmp_path, LIST.replace(";", separator).replace('"Via het portaal, of bel"', "portaal"))
    found = [contract for _, contract in read_list(path, knowledge)]

    assert told(found) == [
        (
            "Koffie en thee",
            "alle teams",
            date(2028, 12, 31),
            date(2028, 6, 30),
            "Voorbeeld BV",
            "facilitair",
            "zeker",
        ),
        ("Schoonmaak", "Facilitair", date(2027, 3, 31), None, "", None, "waarschijnlijk"),
        ("Kopieerpapier", "alle teams", None, None, "", "team-inkoop", "waarschijnlijk"),
    ]
    assert [contract.group for contract in found][1] == "schoonmaak"


@pytest.mark.parametrize(
    ("content", "problems"),
    [
        (
            "wat;voor_wie;tot\n",
            ["rij 1: de kolom 'hoe_bestellen' ontbreekt. Gevonden: wat, voor_wie, tot."],
        ),
        (
            f"{HEADING};vanaf;opzeggen_voor;productgroep;beheerder;zekerheid\n"
            f"a;b;31-12-2026;{'x' * 201};1-1-2027;1 jan 2027;kantoormeubels;Jan Jansen;vast\n;b;ooit;d;;;;;\n",
            [
                "rij 2, kolom hoe_bestellen: dit is te lang. Gebruik hoogstens 200 tekens.",
                "rij 2, kolom tot: dit is vóór de dag bij vanaf. Verbeter een van de twee.",
                "rij 2, kolom opzeggen_voor: dit is na de dag bij tot. Verbeter een van de twee.",
                "rij 2, kolom productgroep: 'kantoormeubels' ken ik niet. Bedoel je 'kantoormeubilair'?",
                "rij 2, kolom beheerder: 'Jan Jansen' is geen rol die Moi kent. Noem een rol, geen mens. Op de pagina Contracten staan ze.",
                "rij 2, kolom zekerheid: 'vast' ken ik niet. Kies uit: onbekend, voorstel, waarschijnlijk, zeker.",
                "rij 3, kolom wat: er staat niets. Vul het in.",
                "rij 3, kolom tot: 'ooit' is geen datum. Schrijf 26-11-2026, 2026-11-26 of 26 nov 2026.",
            ],
        ),
        (
            f"{HEADING}\na;b;31-12-2026;c\nA;B;31-12-2027;d\n",
            [
                "rij 3, kolom wat: 'A' staat er al, op rij 2, met dezelfde leverancier, voor_wie en vanaf. Laat er één staan."
            ],
        ),
    ],
)
def test_wrong_file(tmp_path: Path, knowledge: Knowledge, content: str, problems: list[str]) -> None:
    """Every mistake is named at once, with row and column, and what to do; a person is no role."""
    with pytest.raises(RefusedFileError) as refused:
        read_list(written(tmp_path, content), knowledge)

    assert refused.value.problems == [f"lijst.csv, {problem}" for problem in problems]


async def test_replaces(records: Records, tmp_path: Path, knowledge: Knowledge) -> None:
    """A file is the list from then on; what stays keeps its id, and who did it is in the log with what changed."""
    first = await take(records, written(tmp_path, LIST), knowledge)
    before = {contract.what: contract.id for contract in await records.read(all_contracts)}
    second = LIST.replace("31-12-2028", "31-12-2029").replace("Schoonmaak", "Glasbewassing")
    done = await take(records, written(tmp_path, second, "nieuw.csv"), knowledge)
    after = {contract.what: contract.id for contract in await records.read(all_contracts)}
    with pytest.raises(NotYoursError, match="Team Inkoop en Facilitair"):
        await take(records, written(tmp_path, LIST), knowledge, BUYER)
    logged = await records.read(
        lambda connection: connection.execute(select(audit.c.person_id, audit.c.about)).all()
    )

    assert first == TakenIn(new=3, changed=0, same=0, gone=0)
    assert done == TakenIn(new=1, changed=1, same=1, gone=1)
    assert {"Koffie en thee", "Glasbewassing", "Kopieerpapier"} == set(after)
    assert after["Koffie en thee"] == before["Koffie en thee"]
    assert sorted(map(tuple, logged)) == [
        ("i1", "lijst.csv: 3 regels (3 nieuw, 0 gewijzigd, 0 weg)"),
        ("i1", "nieuw.csv: 3 regels (1 nieuw, 1 gewijzigd, 1 weg)"),
    ]


async def test_out_and_in(sqlite_url: str, tmp_path: Path, knowledge: Knowledge) -> None:
    """What was exported can be read in again and is the same; a formula stays words."""
    kept = await Records.open(sqlite_url)
    await take(kept, written(tmp_path, LIST + "=1+1;alle teams;31-12-2027;bel;;;;\n"), knowledge)
    before = await kept.read(all_contracts)
    write_workbook(tmp_path / "uit.xlsx", [as_table(before)])
    done = await take(kept, tmp_path / "uit.xlsx", knowledge)
    after = await kept.read(all_contracts)
    await kept.close()

    assert after == before
    assert done.same == 4


def test_from_the_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The commands take a file in, write it out, and say what is wrong without changing anything."""
    monkeypatch.setenv("MOI_DATA_DIR", str(tmp_path / "data"))
    wrong = written(tmp_path, f"{HEADING}\n" + "a;b;x;c\n" * 25, "fout.csv")
    codes = [
        main(["contracts", "import", str(written(tmp_path, LIST))]),
        main(["contracts", "import", str(wrong)]),
        main(["contracts", "export", str(tmp_path / "uit.csv")]),
        main(["contracts", "import"]),
    ]
    said = capsys.readouterr()

    assert codes == [0, 1, 0, 2]
    assert "In de lijst van contracten staan nu 3 regels uit lijst.csv: 3 nieuw, 0 gewijzigd" in said.out
    assert "fout.csv, rij 2, kolom tot: 'x' is geen datum." in said.err
    assert "En nog 5 fouten." in said.err
    assert "app.py contracts import BESTAND" in said.err
    assert "Kopieerpapier;alle teams;onbepaald;Bestel in het portaal" in (tmp_path / "uit.csv").read_text(
        "utf-8-sig"
    )
