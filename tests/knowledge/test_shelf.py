"""A running Moi reads changed knowledge, and never puts something broken in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.mistakes import KnowledgeError
from knowledge.shelf import Shelf

OLD, NEW = "Dit is advies, geen besluit.", "Dit is alleen advies."


def rewrite(path: Path, old: str, new: str) -> None:
    """Change a text in a file."""
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_unchanged(folder: Path) -> None:
    """Without a change the same knowledge stays, and it is not even read."""
    shelf = Shelf(folder)
    before = shelf.current

    assert shelf.refresh() == []
    assert shelf.current is before


def test_changed(folder: Path) -> None:
    """A changed text is there after a refresh; who holds the old knowledge keeps it."""
    shelf = Shelf(folder)
    before = shelf.current
    rewrite(folder / "woorden" / "algemeen.yaml", OLD, NEW)

    assert shelf.refresh() == []
    assert NEW in shelf.current.words.say("algemeen", "advies")
    assert OLD in before.words.say("algemeen", "advies")
    assert shelf.current.version != before.version


def test_new_file(folder: Path) -> None:
    """A file that is added or taken away counts as a change."""
    shelf = Shelf(folder)
    source = folder / "woorden" / "koop.yaml"
    (folder / "woorden" / "nieuw.yaml").write_bytes(source.read_bytes())

    assert shelf.refresh() == []
    assert "nieuw" in shelf.current.words.dialogs

    (folder / "woorden" / "nieuw.yaml").unlink()

    assert shelf.refresh() == []
    assert "nieuw" not in shelf.current.words.dialogs


def test_broken(folder: Path) -> None:
    """A bad edit keeps the last good knowledge and names the problem until it is mended."""
    shelf = Shelf(folder)
    before = shelf.current
    rewrite(folder / "kennis.yaml", "eigenaar:", "eigenaer:")
    first, second = shelf.refresh(), shelf.refresh()

    assert first == second
    assert [(problem.file, problem.line) for problem in first] == [("kennis.yaml", 2), ("kennis.yaml", 3)]
    assert shelf.current is before

    rewrite(folder / "kennis.yaml", "eigenaer:", "eigenaar:")

    assert shelf.refresh() == []
    assert shelf.current.version == before.version


def test_folder_gone(folder: Path) -> None:
    """Even when the whole folder is gone, the last good knowledge stays."""
    shelf = Shelf(folder)
    before = shelf.current
    folder.rename(folder.with_name("weg"))

    assert "leeg of bestaat niet" in shelf.refresh()[0].message
    assert shelf.current is before


def test_bad_start(folder: Path) -> None:
    """At the start there is nothing to fall back on, so a bad folder is refused."""
    (folder / "kennis.yaml").unlink()

    with pytest.raises(KnowledgeError, match=r"kennis\.yaml ontbreekt"):
        Shelf(folder)
