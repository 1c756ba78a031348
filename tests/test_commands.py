"""What a person at the command line can rely on, tried with the real program."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from shutil import copytree
from urllib.request import urlopen
from zipfile import is_zipfile

import pytest

from bot.settings import PROJECT
from bot.walk_command import tell
from dialogs.walk import Summary
from knowledge.loading import DATA, load
from tests.command_line import app, environment, in_one_go


def test_help(tmp_path: Path) -> None:
    """--help is in Dutch and names every command."""
    done = app(tmp_path, "--help")

    assert done.returncode == 0
    said = done.stdout.decode()
    assert all(
        re.search(rf"^  {command}\s", said, re.MULTILINE)
        for command in ("serve", "chat", "check", "recognise", "walk", "doctor", "teams-package", "knowledge")
    )
    assert "usage" not in said
    assert "show this" not in said


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (["chekc"], "chekc ken ik niet. Bedoel je check?"),
        (["--verbose"], "--verbose ken ik niet. Met --help zie je wat er kan."),
        (["check", "--diagram"], "--diagram hoort bij walk: app.py walk --diagram."),
        (
            ["check", "--naar", "x.zip"],
            "--naar hoort bij teams-package: app.py teams-package --naar BESTAND.",
        ),
        (["knowledge", "schema"], "schema ken ik niet. Bedoel je schemas?"),
        (
            ["knowledge", "schemas", "a", "b"],
            "Dat begrijp ik niet. Zo gebruik je het: app.py knowledge schemas [map]",
        ),
    ],
)
def test_unknown(tmp_path: Path, arguments: list[str], answer: str) -> None:
    """What Moi does not know is refused in Dutch, with what was probably meant."""
    done = app(tmp_path, *arguments)

    assert done.returncode == 2
    assert done.stderr.decode().strip() == answer


def test_refuses_unsafe(tmp_path: Path) -> None:
    """An unsafe setting stops the server before it listens, with exit code 2 and what to do."""
    done = app(tmp_path, MOI_HOST="0.0.0.0", MOI_DEVELOPMENT="true")

    assert done.returncode == 2
    assert "MOI_DEVELOPMENT=false" in done.stderr.decode()
    assert b"Traceback" not in done.stderr


def test_typing_mistake_in_a_setting(tmp_path: Path) -> None:
    """A setting that does not exist is named, and does not stop anything."""
    done = app(tmp_path, "check", MOI_PROT="8080")

    assert done.returncode == 0
    assert "MOI_PROT ken ik niet. Bedoel je MOI_PORT?" in done.stderr.decode()


def test_check_is_fine(tmp_path: Path) -> None:
    """The knowledge of this project is right, warnings stop nothing, and checking it writes nothing."""
    done = app(tmp_path, "check")

    assert done.returncode == 0
    assert all(": waarschuwing (" in line for line in done.stdout.decode().splitlines())
    assert "De kennis klopt." in done.stderr.decode()
    assert not (tmp_path / "data").exists()


def test_check_names_mistakes(tmp_path: Path) -> None:
    """A mistake is one line with file, line and message, and exit code 1."""
    folder = tmp_path / "kennis"
    copytree(DATA, folder)
    with (folder / "fasen.yaml").open("a") as file:
        file.write("\n\tid: tab\n")

    done = app(tmp_path, "check", MOI_KNOWLEDGE_DIR=str(folder))

    assert done.returncode == 1
    lines = done.stdout.decode().splitlines()
    assert lines
    assert all(re.match(r"[\w./-]+:\d+: .+", line) for line in lines)
    assert any("fasen.yaml" in line for line in lines)


def test_bad_knowledge_stops_the_start(tmp_path: Path) -> None:
    """Without any good knowledge the server does not start, and says which file and line to repair."""
    folder = tmp_path / "kennis"
    copytree(DATA, folder)
    (folder / "themas.yaml").write_text("- id: [\n")

    done = app(tmp_path, "serve", MOI_KNOWLEDGE_DIR=str(folder), MOI_PORT="0")

    assert done.returncode == 1
    assert re.search(r"themas\.yaml:\d+: ", done.stderr.decode())
    assert b"Traceback" not in done.stderr


def test_recognise(tmp_path: Path) -> None:
    """Every line that is read becomes one JSON object, in the same order, with the agreed keys."""
    lines = ["we willen 50 bureaustoelen, zo'n 15k", "", "de lantaarnpaal voor mijn huis is stuk"]

    done = app(tmp_path, "recognise", typed="\n".join(lines) + "\n")

    assert done.returncode == 0
    chairs, nothing, report = (json.loads(line) for line in done.stdout.decode().splitlines())
    names = {category.name for category in load().categories.values()}
    assert chairs["text"] == lines[0]
    assert chairs["purchase"] is True
    assert chairs["category"] in names
    assert chairs["product_group"] == "kantoormeubilair"
    assert 0 <= chairs["confidence"] <= 1
    assert all(set(suggestion) == {"category", "product_group"} for suggestion in chairs["suggestions"])
    assert (chairs["amount"], chairs["quantity"]) == ({"low": 15000, "high": 15000}, 50)
    assert nothing["purchase"] is False
    assert (report["purchase"], report["category"], report["amount"]) == (False, None, None)


def test_recognise_reads_anything(tmp_path: Path) -> None:
    """Bytes that are no text, very long lines and Windows line ends are read as well."""
    done = app(tmp_path, "recognise", typed=b"\xff\xfe laptops\r\n" + b"x" * 200_000 + b"\nB\xc3\xb6den")

    assert done.returncode == 0
    assert len(done.stdout.decode().splitlines()) == 3


def test_walk_draws(capsys: pytest.CaptureFixture[str]) -> None:
    """The diagram is a Mermaid flowchart, and the counts are an aside; the walk itself is among the tests of the dialogs."""
    found = Summary(2, 1, {"klaar": 2}, {("kleur", "klaar"): None})
    tell({"verven": found}, drawn=True)
    said = capsys.readouterr()

    assert said.out.startswith("flowchart ")
    assert json.loads(said.err) == {"verven": {"paths": 2, "longest": 1, "outcomes": {"klaar": 2}}}


def test_walk_without_diagram(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a diagram the counts are what is printed, and nothing else."""
    found = Summary(2, 1, {"klaar": 2}, {("kleur", "klaar"): None})
    tell({"verven": found}, drawn=False)
    said = capsys.readouterr()

    assert json.loads(said.out) == {"verven": {"paths": 2, "longest": 1, "outcomes": {"klaar": 2}}}
    assert said.err == ""


def test_chat(tmp_path: Path) -> None:
    """In the terminal Moi says hello, understands a purchase, and ends with the input."""
    done = app(tmp_path, "chat", typed="we willen 50 bureaustoelen, zo'n 15k\n")

    said = done.stdout.decode()
    assert done.returncode == 0, done.stderr.decode()
    assert "Moi" in said
    assert "15.000" in said


def test_taken_port(tmp_path: Path) -> None:
    """When the port is taken Moi says so, and which setting helps."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        done = app(tmp_path, "serve", MOI_PORT=str(other.getsockname()[1]))

    assert done.returncode == 2
    assert "MOI_PORT" in done.stderr.decode()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_and_stop(tmp_path: Path, number: signal.Signals) -> None:
    """The server says where it is, answers, and ends well when it is asked to stop."""
    with subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=PROJECT,
        env=environment(tmp_path, {"MOI_PORT": "0"}),
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stderr
        found = next(
            match for line in server.stderr if (match := re.search(r"http://127\.0\.0\.1:\d+", line))
        )
        with urlopen(found.group() + "/healthz") as answer:
            healthy = answer.status
        server.send_signal(number)
        rest = server.stderr.read()
        ended = server.wait(20)

    assert (healthy, ended) == (200, 0)
    assert "Traceback" not in rest


def test_doctor(tmp_path: Path) -> None:
    """The check-up of a fresh copy finds nothing red, and leaves nothing behind."""
    done = app(tmp_path, "doctor", "--json")

    assert done.returncode == 0, done.stderr.decode()
    told = json.loads(done.stdout)
    assert told["oordeel"] == "oranje"
    assert {one["onderdeel"]: one["oordeel"] for one in told["onderdelen"]}["Kennis"] == "groen"
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"MOI_PORT": "abc"}, "MOI_PORT moet een geheel getal zijn"),
        ({"MOI_HOST": "0.0.0.0", "MOI_APP_ID": "moi"}, "MOI_SECRET ontbreekt"),
    ],
)
def test_doctor_says_red(tmp_path: Path, told: dict[str, str], expected: str) -> None:
    """What keeps Moi from working is red, in Dutch and with what to do, and the exit code is 1."""
    done = app(tmp_path, "doctor", **told)

    assert done.returncode == 1
    assert expected in done.stdout.decode()
    assert "Doe dit: " in done.stdout.decode()
    assert "Traceback" not in done.stderr.decode()


def test_teams_package(tmp_path: Path) -> None:
    """The package for Teams is put where one asks for it, and its place is what is printed."""
    file = tmp_path / "pakket" / "moi.zip"
    told = {"MOI_APP_ID": "6f1c7a3e-0000-4000-8000-2f1d5b7c9e11", "MOI_PUBLIC_URL": "https://moi.example.nl"}

    done = app(tmp_path, "teams-package", "--naar", str(file), **told)

    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode().strip() == str(file)
    assert is_zipfile(file)


def test_no_teams_package(tmp_path: Path) -> None:
    """Without an application id and an address no package is made, and both are asked for."""
    done = app(tmp_path, "teams-package")

    assert done.returncode == 2
    assert "MOI_APP_ID ontbreekt" in done.stderr.decode()
    assert "MOI_PUBLIC_URL ontbreekt" in done.stderr.decode()
    assert not (tmp_path / "data").exists()


def test_schemas_for_an_editor(tmp_path: Path) -> None:
    """The JSON Schemas are written where one asks for them."""
    done = app(tmp_path, "knowledge", "schemas", str(tmp_path / "schemas"))

    assert done.returncode == 0
    assert (tmp_path / "schemas" / "productgroepen.schema.json").is_file()
    assert "schemas " in app(tmp_path, "knowledge").stdout.decode()


def test_knowledge_out_and_in(tmp_path: Path) -> None:
    """What goes out as a table can come in again: as a list to review, and in use only after a decision."""
    folder = Path(copytree(DATA, tmp_path / "kennis"))
    table, lists = tmp_path / "uit", tmp_path / "beoordelen"
    told = {"MOI_KNOWLEDGE_DIR": str(folder)}
    exports = [("knowledge", "export", str(tmp_path / to)) for to in ("uit", "uit.json", "uit.xlsx")]
    assert [done.code for done in in_one_go(tmp_path, *exports, **told)] == [0, 0, 0]
    assert json.loads((tmp_path / "uit.json").read_text(encoding="utf-8"))["versie"] == load(folder).version
    assert (tmp_path / "uit.xlsx").stat().st_size > 50_000

    head, first = (table / "criteria.csv").read_text(encoding="utf-8-sig").splitlines()[:2]
    nieuw = tmp_path / "nieuw.csv"
    nieuw.write_text(f"{head}\n{first}\n", encoding="utf-8")
    take_in = "knowledge", "import", str(nieuw)
    done, again = in_one_go(tmp_path, (*take_in, "--datum", "2026-11-25"), take_in, **told)
    (listed,) = lists.iterdir()

    assert done.code == 0, done.err
    assert "nog niet in gebruik" in done.out
    assert again.code == 1

    refused = app(tmp_path, "knowledge", "accept", str(listed), **told)
    listed.write_text(
        listed.read_text(encoding="utf-8").replace("besluit: open", "besluit: overnemen"), encoding="utf-8"
    )
    before = load(folder).every_criterion.keys()
    taken = app(tmp_path, "knowledge", "accept", str(listed), **told)

    assert refused.returncode == 1
    assert taken.returncode == 0, taken.stderr.decode()
    assert len(load(folder).every_criterion.keys() - before) == 1
    assert "besluit: overgenomen" in listed.read_text(encoding="utf-8")


def test_wrong_import(tmp_path: Path) -> None:
    """A file with mistakes is named by row and column, and leaves nothing behind."""
    folder = Path(copytree(DATA, tmp_path / "kennis"))
    nieuw = tmp_path / "nieuw.csv"
    nieuw.write_text(
        "productgroep;type;thema;niveau;tekst;bewijs;omdat;bron\nwegen;x;klimaat;basis;a;b;c;d\n"
    )
    done = app(tmp_path, "knowledge", "import", str(nieuw), MOI_KNOWLEDGE_DIR=str(folder))

    assert done.returncode == 1
    assert "nieuw.csv, rij 2, kolom type: 'x' ken ik niet." in done.stderr.decode()
    assert not (tmp_path / "beoordelen").exists()


def test_matrix_with_a_hole(tmp_path: Path) -> None:
    """A main theme of a category without a level is a hole: it is shown, for a spreadsheet as well, with exit code 1."""
    folder = tmp_path / "kennis"
    copytree(DATA, folder)
    for path in (folder / "productgroepen").iterdir():
        text = path.read_text()
        if "categorie: flexibele_arbeid" in text:
            path.write_text(text.replace("niveau: ambitieus", "niveau: basis"))
    themes = folder / "themas.yaml"
    themes.write_text(themes.read_text().replace("niveau: ambitieus", "niveau: basis"))

    matrix = "knowledge", "matrix"
    table, sheet = in_one_go(tmp_path, matrix, (*matrix, "--csv"), MOI_KNOWLEDGE_DIR=str(folder))

    assert (table.code, sheet.code) == (1, 1)
    assert re.search(r"^Flexibele arbeid .*·0!", table.out, re.MULTILINE)
    rows = sheet.out.removeprefix("\ufeff").splitlines()
    assert rows[0] == "categorie;thema;hoofdthema;basis;significant;ambitieus;ontbreekt"
    assert any(re.match(r"Flexibele arbeid;Diversiteit en inclusie;ja;.*;ambitieus$", row) for row in rows)


def test_report(tmp_path: Path) -> None:
    """The report is readable text, of all roles or of one by its name or id; an unknown role is refused with a hint. So
    are the totals of what worked out."""
    report = "knowledge", "report"
    roles = (*report, "--rol", "mvoi-projectleider"), (*report, "--rol", "projectleider")
    everything, one, unknown, worked_out = in_one_go(tmp_path, report, *roles, ["followup"])

    assert (everything.code, one.code, unknown.code) == (0, 0, 2)
    assert "minder dan vijf collega's" in worked_out.out
    assert "Manifest MVOI" in one.out
    assert "**" not in everything.out
    assert "Bedoel je 'MVOI-projectleider'?" in unknown.err
