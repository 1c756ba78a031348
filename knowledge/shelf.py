"""The knowledge as it is now: read again when a file changes, and never replaced by something that is not right."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from knowledge.edition import Edition
from knowledge.knowledge import Knowledge
from knowledge.loading import DATA, assembled, gather
from knowledge.mistakes import KnowledgeError, Problem

Stamp = tuple[str, int, int, int]


class Shelf:
    """Holds the last good knowledge of a folder; whoever took `current` keeps what they took.

    The folder must be right at the start: KnowledgeError when it is not. Nothing happens by itself; call `refresh`.
    """

    def __init__(self, folder: Path = DATA) -> None:
        self._folder = folder
        self._read_at = self._looked_at = _stamps(folder)
        contents = gather(folder)
        self._current = assembled(contents)
        self._edition = Edition.of(contents)
        self._problems: list[Problem] = []

    @property
    def current(self) -> Knowledge:
        """The last good knowledge."""
        return self._current

    @property
    def edition(self) -> Edition:
        """The files that the last good knowledge was read from."""
        return self._edition

    @property
    def problems(self) -> list[Problem]:
        """What keeps the folder, as it was at the last `refresh`, from being used well; empty when all is well."""
        return list(self._problems)

    def note(self, problems: Iterable[Problem]) -> None:
        """Remember what is wrong with the knowledge in use, found when it was already there."""
        self._problems = sorted(problems)

    def at_rest(self) -> bool:
        """Whether no file changed since the last time this was asked.

        An editor may save in steps (make empty, then write), and half a file can be good YAML. So whoever watches a
        folder waits until it is at rest.
        """
        before, self._looked_at = self._looked_at, _stamps(self._folder)
        return before == self._looked_at

    def refresh(
        self,
        try_out: Callable[[Knowledge], Iterable[Problem]] = lambda _: (),
        keep: Callable[[Edition], object] = lambda _: None,
    ) -> list[Problem]:
        """Read the folder again when a file changed; the problems that keep it from being used, none when all is well.

        `try_out` says what is wrong with knowledge that reads well. `keep` gets the files before they are used; when
        that fails nothing is used, and the next refresh tries again.
        """
        stamps = _stamps(self._folder)
        if stamps == self._read_at:
            return self.problems
        try:
            contents = gather(self._folder)
            if _stamps(self._folder) != stamps:
                return self.problems  # Somebody is saving right now, so this may be half of it.
            knowledge = assembled(contents)
            new = contents.version != self._edition.version
            if new and (problems := sorted(try_out(knowledge))):
                raise KnowledgeError(problems)
        except KnowledgeError as error:
            self._problems = error.problems
        else:
            if new:
                edition = Edition.of(contents)
                keep(edition)
                self._current, self._edition = knowledge, edition
            self._problems = []
        self._read_at = stamps
        return self.problems


def _stamps(folder: Path) -> frozenset[Stamp]:
    """Say for each file when it was last changed and how large it is; what cannot be looked at is left out."""
    stamps = set()
    for path in folder.rglob("*"):
        try:
            now = path.stat()
        except OSError:  # It goes away meanwhile, or it is a link to itself.
            continue
        # The third one also tells that a file may be read again, or that another came in its place.
        stamps.add((path.relative_to(folder).as_posix(), now.st_mtime_ns, now.st_ctime_ns, now.st_size))
    return frozenset(stamps)
