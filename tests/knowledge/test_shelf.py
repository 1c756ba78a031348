"""A running Moi reads changed knowledge, and never puts something broken in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.edition import Edition
from knowledge.mistakes import KnowledgeError, Problem
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


@pytest.mark.parametrize(
    "content",
    [
        "[" * 100_000,
        "- " * 100_000,
        "a: &a [x, x, x]\n"
        + "".join(
            f"{n}: &{n} [*{o}, *{o}, *{o}, *{o}, *{o}, *{o}, *{o}, *{o}]\n"
            for o, n in zip("abcdefg", "bcdefgh", strict=True)
        ),
    ],
)
def test_without_end(folder: Path, content: str) -> None:
    """Blocks in blocks without end are named, where reading them would end the program or take for ever."""
    shelf = Shelf(folder)
    (folder / "naslag.yaml").write_text(content)

    assert "te veel blokken" in shelf.refresh()[0].message


def test_too_large(folder: Path) -> None:
    """A file that is far too large is not even read."""
    shelf = Shelf(folder)
    (folder / "kennis.yaml").write_bytes(b"# lang\n" * 1_000_000)

    assert "te groot" in str(shelf.refresh())


def test_at_rest(folder: Path) -> None:
    """While somebody saves, the folder is not at rest; it is when nothing changed between two looks."""
    shelf = Shelf(folder)
    quiet = shelf.at_rest()
    rewrite(folder / "woorden" / "algemeen.yaml", OLD, NEW)

    assert (quiet, shelf.at_rest(), shelf.at_rest()) == (True, False, True)


def test_tried_out(folder: Path) -> None:
    """What reads well but does not work when it is tried out is not used; keeping it comes before using it."""
    shelf = Shelf(folder)
    before = shelf.current
    kept: list[tuple[str, str]] = []
    rewrite(folder / "woorden" / "algemeen.yaml", OLD, NEW)
    problem = Problem("woorden/algemeen.yaml", 1, "zo niet")

    assert shelf.refresh(lambda _: [problem], lambda edition: kept.append((edition.version, ""))) == [problem]
    assert (shelf.current, kept) == (before, [])

    rewrite(folder / "woorden" / "algemeen.yaml", NEW, NEW + " Echt.")

    assert shelf.refresh(keep=lambda edition: kept.append((edition.version, shelf.current.version))) == []
    assert kept == [(shelf.edition.version, before.version)]


def test_not_kept(folder: Path) -> None:
    """When it cannot be kept it is not used, and the next look tries again."""
    shelf = Shelf(folder)
    before = shelf.current
    rewrite(folder / "woorden" / "algemeen.yaml", OLD, NEW)

    def fail(_: Edition) -> None:
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011
        shelf.refresh(keep=fail)

    assert shelf.current is before
    assert shelf.refresh() == []
    assert shelf.current is not before
