"""What reads well but cannot be talked with is found before it is used."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest

from bot.rehearsal import rehearse
from bot.settings import PROJECT
from knowledge.loading import DATA, load
from knowledge.words import Words


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the real knowledge."""
    return copytree(DATA, tmp_path / "kennis")


def without(folder: Path, file: str, line: str) -> list[str]:
    """What is wrong when the lines that begin with this are gone."""
    path = folder / "woorden" / file
    kept, gone = [], False
    for text in path.read_text(encoding="utf-8").splitlines(keepends=True):
        gone = text.startswith(line) or (gone and text.startswith(" " * (len(line) - len(line.lstrip()) + 1)))
        if not gone:
            kept.append(text)
    path.write_text("".join(kept), encoding="utf-8")
    return [str(problem) for problem in rehearse(load(folder))]


def test_all_is_well() -> None:
    """The knowledge of this project can be talked with."""
    assert rehearse(load()) == []


@pytest.mark.parametrize(
    ("file", "line", "named"),
    [
        ("koop.yaml", "nodig:", "'nodig'"),
        ("koop.yaml", "  kan-anders:", "'kan-anders'"),
        ("koop.yaml", "    erbij:", "erbij"),
        ("algemeen.yaml", "  welkom:", "'welkom'"),
    ],
)
def test_a_word_is_gone(folder: Path, file: str, line: str, named: str) -> None:
    """A question, a sentence or an option that a talk needs is missed, and named with its file."""
    (problem, *_) = without(folder, file, line)

    assert re.match(r"woorden/\w+\.yaml:1: ", problem)
    assert named in problem


def test_a_word_to_fill_in(folder: Path) -> None:
    """A word between braces that Moi does not fill in there is named with its sentence."""
    path = folder / "woorden" / "koop.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("Eerst de belangrijkste vraag.", "Eerst dit over {jaren}."), encoding="utf-8"
    )
    (problem,) = rehearse(load(folder))

    assert "{jaren} vult Moi hier niet in" in problem.message


class Read(dict[str, str]):
    """Sentences, and which of them were read: without such a one there is a problem, as `test_a_word_is_gone` shows."""

    def __init__(self, sentences: Mapping[str, str]) -> None:
        super().__init__(sentences)
        self.keys_read: set[str] = set()

    def __getitem__(self, key: str) -> str:
        self.keys_read.add(key)
        return super().__getitem__(key)


def test_every_sentence() -> None:
    """Every general sentence that Moi says is rehearsed, whatever it is said to."""
    said = set()
    for file in (PROJECT / "bot").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("say", "remark", "only"):
                said |= {arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant)}
    knowledge = load()
    general = knowledge.words.dialogs["algemeen"]
    read = Read(general.sentences)
    words = Words({**knowledge.words.dialogs, "algemeen": replace(general, sentences=read)})
    problems = rehearse(replace(knowledge, words=words))
    missed = sorted(said & set(general.sentences) - read.keys_read)

    assert problems == []
    # Only said when a question has no "waarom" of its own, and now they all have.
    assert missed == ["waarom-onbekend"]
