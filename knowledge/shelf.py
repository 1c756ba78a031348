"""The knowledge as it is now: read again when a file changes, and never replaced by something that is not right."""

from __future__ import annotations

from pathlib import Path

from knowledge.knowledge import Knowledge
from knowledge.loading import DATA, load
from knowledge.mistakes import KnowledgeError, Problem

Stamp = tuple[str, int, int]


class Shelf:
    """Holds the last good knowledge of a folder; whoever took `current` keeps what they took.

    The folder must be right at the start: KnowledgeError when it is not. Nothing happens by itself; call `refresh`.
    """

    def __init__(self, folder: Path = DATA) -> None:
        self._folder = folder
        self._stamps = _stamps(folder)
        self._current = load(folder)
        self._problems: list[Problem] = []

    @property
    def current(self) -> Knowledge:
        """The last good knowledge."""
        return self._current

    def refresh(self) -> list[Problem]:
        """Read the folder again when a file changed; the problems that keep it from being used, none when all is well."""
        stamps = _stamps(self._folder)
        if stamps != self._stamps:
            self._stamps = stamps
            try:
                self._current, self._problems = load(self._folder), []
            except KnowledgeError as error:
                self._problems = error.problems
        return list(self._problems)


def _stamps(folder: Path) -> frozenset[Stamp]:
    """Say for each file when it was last changed and how large it is; a file that goes away meanwhile is left out."""
    stamps = set()
    for path in folder.rglob("*"):
        try:
            now = path.stat()
        except FileNotFoundError:
            continue
        stamps.add((path.relative_to(folder).as_posix(), now.st_mtime_ns, now.st_size))
    return frozenset(stamps)
