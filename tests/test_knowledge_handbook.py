"""`docs/kennisbank.md` is carried out to the letter, on a copy of the real knowledge, and does what it says."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from shutil import copytree

import pytest

from bot import archive
from bot.database import Database
from bot.desk import Desk
from bot.people import Person
from bot.respond import respond
from bot.settings import PROJECT
from bot.talk_state import Message, Talk
from cards.plain import text
from cards.record import Shown, summary_view
from dialogs.advice import load as load_advice
from knowledge.edition import Edition
from knowledge.knowledge import Knowledge
from knowledge.loading import DATA, load
from tests.command_line import app, in_one_go

HANDBOOK = PROJECT / "docs" / "kennisbank.md"
BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
ME = Person("web:ik", "collega")


@dataclass(frozen=True)
class Recipe:
    """One way to change something: its steps, and the blocks in them in order, each with its language."""

    title: str
    body: str

    @property
    def file(self) -> str:
        found = re.search(r"^1\. Open `(?:knowledge/data/)(.+?)`", self.body, re.MULTILINE)
        assert found
        return found[1]

    def blocks(self, language: str) -> list[str]:
        return [
            "".join(line.removeprefix(indent) for line in content.splitlines(keepends=True))
            for indent, found, content in BLOCK.findall(self.body)
            if found == language
        ]


def recipes() -> list[Recipe]:
    parts = re.split(r"^## ", HANDBOOK.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return [Recipe(*part.split(", in vijf stappen\n", 1)) for part in parts if ", in vijf stappen\n" in part]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the knowledge, of which the version before the change was in use."""
    folder = copytree(DATA, tmp_path / "kennis")
    records = Database(f"sqlite:///{tmp_path / 'data' / 'moi.sqlite'}")
    records.migrate()
    records.write(partial(archive.keep, Edition.at(folder))).result()
    records.close()
    return folder


def run(commands: Sequence[str], folder: Path) -> str:
    """Type commands as they stand in the handbook; gives everything that is seen."""
    words = [shlex.split(command) for command in commands]
    assert all(said[:3] == ["uv", "run", "app.py"] for said in words)
    done = in_one_go(folder.parent, *(said[3:] for said in words), MOI_KNOWLEDGE_DIR=str(folder))
    assert [one for one in done if one.code] == []
    return "\n".join(one.out + one.err for one in done)


def play(lines: str, knowledge: Knowledge) -> None:
    """Say the lines of a talk, and hold what Moi and the channel say against them."""
    today, talk, heard, channel = date(2026, 11, 23), None, "", ""
    for line in lines.splitlines():
        if line.startswith("-- op "):
            today, talk = date.fromisoformat(line.removeprefix("-- op ")), None
        elif line.startswith("> "):
            talk, heard, channel = say(knowledge, today, line.removeprefix("> "), talk)
        elif line.startswith("Moi: "):
            assert line.removeprefix("Moi: ") in heard
        else:
            assert line.removeprefix("Kanaal: ") in channel


def say(knowledge: Knowledge, today: date, words: str, talk: Talk | None) -> tuple[Talk | None, str, str]:
    response = respond(Desk(knowledge, ME, today, "t", "r"), Message("", words), talk)
    heard = "\n".join(text(view) for view in response.views)
    channel = ""
    if response.record:
        advice = load_advice(dict(response.record.advice))
        channel = text(summary_view(advice, Shown("r", 1, None)))
    return response.talk, heard, channel


def applied(recipe: Recipe, folder: Path) -> None:
    """Replace the old lines, which must be there once, by the new ones."""
    old, new = recipe.blocks("yaml")
    path = folder / recipe.file
    whole = path.read_text(encoding="utf-8")
    assert f"\n{old}" in whole
    assert whole.count(f"\n{old}") == 1
    path.write_text(whole.replace(f"\n{old}", f"\n{new}"), encoding="utf-8")


def steps(recipe: Recipe) -> Iterator[int]:
    yield from (int(number) for number in re.findall(r"^(\d)\. ", recipe.body, re.MULTILINE))


def test_recipes() -> None:
    """There is one for a text, a criterion, a package, an agreement, a limit and a team, each in five steps."""
    found = {recipe.title.split()[1]: list(steps(recipe)) for recipe in recipes()}

    named = ("tekst", "criterium", "pakket", "werkafspraak", "grens", "team")
    assert found == {key: [1, 2, 3, 4, 5] for key in named}


@pytest.mark.parametrize("recipe", recipes(), ids=lambda recipe: recipe.title)
def test_followed(recipe: Recipe, folder: Path) -> None:
    """Who follows the steps sees what they say, in the commands and in the talk; before that it was not so."""
    (talk,) = recipe.blocks("gesprek")
    with pytest.raises(AssertionError):
        play(talk, load(folder))
    applied(recipe, folder)
    (commands,) = recipe.blocks("sh")
    seen = run(commands.splitlines(), folder)
    (promised,) = recipe.blocks("text")

    assert [line for line in promised.splitlines() if line not in seen] == []
    play(talk, load(folder))


def test_commands_exist(tmp_path: Path) -> None:
    """Every command that the handbook names is one, and the schemas it names are written."""
    handbook = HANDBOOK.read_text(encoding="utf-8")
    named = set(re.findall(r"app\.py (?:knowledge )?(\w+)", handbook))
    commands = "knowledge --help", f"knowledge schemas {tmp_path}"
    seen = run([f"uv run app.py {command}" for command in commands], tmp_path / "x")
    known = seen + app(tmp_path, "--help").stdout.decode()

    assert {name for name in named if f"  {name} " not in known} == set()
    assert set(re.findall(r"schemas/(\w+\.schema\.json)", handbook)) <= {
        Path(line).name for line in seen.split()
    }
