"""What holds for the whole house: who may import whom, how long a file is, and that nothing is forgotten."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import PROJECT, Settings

ROOMS = ("knowledge", "dialogs", "cards", "bot")
MAY_IMPORT = {
    "knowledge": {"knowledge"},
    "dialogs": {"knowledge", "dialogs"},
    "cards": {"knowledge", "dialogs", "cards"},
    "bot": {"knowledge", "dialogs", "cards", "bot"},
}
OUTSIDE_WORLD = {
    "aiohttp",
    "aiosqlite",
    "sqlalchemy",
    "asyncio",
    "socket",
    "dbos",
    "time",
    "random",
    "threading",
}
MOST_LINES = 400  # About 300 is the aim; a page of models or a table may be longer.
MOST_LINES_IN_FUNCTION = 70
PATHS_OF_A_MACHINE = re.compile(r"/(?:home|root|work|Users|mnt)/[\w.-]+")
TEXT = {".py", ".md", ".yaml", ".yml", ".toml", ".html", ".css", ".js", ".jinja", ".j2", ".sh", ".mako", ""}


def tracked(*patterns: str) -> list[Path]:
    """The files of the project as git knows them, with those not added yet."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [PROJECT / name for name in listed.stdout.splitlines() if (PROJECT / name).is_file()]


def sources() -> list[Path]:
    return [PROJECT / "app.py", *(file for room in ROOMS for file in sorted((PROJECT / room).rglob("*.py")))]


def shown(file: Path) -> str:
    return file.relative_to(PROJECT).as_posix()


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def public(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """What others may use: functions and classes of a module, and the methods of classes that start something new."""
    for node in tree.body:
        if not isinstance(
            node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
        ) or node.name.startswith("_"):
            continue
        yield node
        if isinstance(node, ast.ClassDef) and not node.bases:
            yield from (
                child
                for child in node.body
                if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
                and not child.name.startswith("_")
            )


@pytest.mark.parametrize("room", ROOMS)
def test_direction_of_imports(room: str) -> None:
    """A room imports only itself and the rooms before it: knowledge, dialogs, cards, bot."""
    forbidden = set(ROOMS) - MAY_IMPORT[room]
    wrong = [
        f"{shown(file)} imports {name}"
        for file in sorted((PROJECT / room).rglob("*.py"))
        for name in imports(file)
        if name in forbidden
    ]

    assert wrong == []


@pytest.mark.parametrize("room", ["knowledge", "dialogs", "cards"])
def test_pure_rooms(room: str) -> None:
    """What is true, what is asked and how it looks know no clock, no network and no database."""
    wrong = [
        f"{shown(file)} imports {name}"
        for file in sorted((PROJECT / room).rglob("*.py"))
        for name in imports(file)
        if name in OUTSIDE_WORLD
    ]

    assert wrong == []


def test_botbuilder_in_two_files() -> None:
    """Only bot/teams.py and bot/bot_framework.py know botbuilder, so it can be replaced in one place."""
    wrong = [
        shown(file)
        for file in sources()
        if any(name.startswith(("botbuilder", "botframework")) for name in imports(file))
        and file.name not in ("teams.py", "bot_framework.py")
    ]

    assert wrong == []


def test_entrance_is_short() -> None:
    """app.py is wiring only: under sixty lines."""
    assert len((PROJECT / "app.py").read_text().splitlines()) < 60


def test_file_lengths() -> None:
    """No file is so long that one cannot keep it in mind."""
    lengths = {
        shown(file): len(file.read_text().splitlines()) for file in [*sources(), *tracked("tests/*.py")]
    }

    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES} == {}


def test_functions_fit_a_screen() -> None:
    """A function can be read without scrolling."""
    long = [
        f"{shown(file)}:{node.lineno} {node.name}"
        for file in sources()
        if "migrations" not in file.parts  # One migration makes all tables, in order.
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= MOST_LINES_IN_FUNCTION
    ]

    assert long == []


def test_module_docstrings() -> None:
    """Every file says what it is for."""
    without = [
        shown(file)
        for file in [*sources(), *tracked("tests/*.py", "docs/*.py", "bench/*.py")]
        if file.read_text().strip() and not ast.get_docstring(ast.parse(file.read_text()))
    ]

    assert without == []


def test_public_docstrings() -> None:
    """Whatever another room can use says in a sentence what it does; an override leaves that to its original."""
    without = [
        f"{shown(file)}:{node.lineno} {node.name}"
        for file in sources()
        if "migrations" not in file.parts
        for node in public(ast.parse(file.read_text()))
        if not ast.get_docstring(node)
    ]

    assert without == []


def test_tests_claim_something() -> None:
    """Every test states in a sentence what is true."""
    without = [
        f"{shown(file)}:{node.lineno} {node.name}"
        for file in tracked("tests/*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and not (ast.get_docstring(node) or "").endswith(".")
    ]

    assert without == []


def test_no_paths_of_a_machine() -> None:
    """Nothing in the project depends on, or tells about, the machine it was made on."""
    found = [
        f"{shown(file)}: {match.group()}"
        for file in tracked()
        if file.suffix in TEXT and file.name != "uv.lock"
        for match in PATHS_OF_A_MACHINE.finditer(file.read_text(errors="replace"))
    ]

    assert found == []


def test_no_leftovers() -> None:
    """No TODO without an owner, no debugging left behind."""
    leftover = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b(?!\()|\bbreakpoint\(\)")
    found = [
        f"{shown(file)}:{number}"
        for file in [*sources(), *tracked("tests/*.py", "bench/*.py", "docs/*.py")]
        if file != Path(__file__)
        for number, line in enumerate(file.read_text().splitlines(), 1)
        if leftover.search(line)
    ]

    assert found == []


def test_settings_are_documented() -> None:
    """The table in the README names exactly the settings there are, each with its default and its meaning."""
    readme = (PROJECT / "README.md").read_text()
    table = dict(re.findall(r"^\| `(MOI_\w+)` \|[^|]*\| (.+?) \|$", readme, re.MULTILINE))

    assert table == {
        f"MOI_{name.upper()}": setting.description for name, setting in Settings.model_fields.items()
    }


def test_decisions_are_short() -> None:
    """A decision can be read in a minute: about ten lines, with its reason."""
    long = [shown(file) for file in tracked("docs/decisions/*.md") if len(file.read_text().splitlines()) > 20]

    assert long == []
