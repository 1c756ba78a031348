"""One version of the knowledge as its files were when they were read, to keep and to look things up in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge.folder import read_files, version_of
from knowledge.knowledge import Knowledge
from knowledge.loading import DATA, LANGUAGE, Contents, assembled, gather


@dataclass(frozen=True, slots=True)
class Edition:
    """The files of one version, by name, exactly as they were."""

    version: str
    files: Mapping[str, bytes]

    @classmethod
    def of(cls, contents: Contents) -> Edition:
        """The edition of what was read from a folder, right or not."""
        return cls(contents.version, contents.files)

    @classmethod
    def at(cls, folder: Path) -> Edition:
        """The files of a folder as they are at this moment, right or not; nothing is checked, which takes longer."""
        files, _ = read_files(folder, without=LANGUAGE)
        return cls(version_of(files), files)

    def contents(self, folder: Path = DATA) -> Contents:
        """What is in these files and what is wrong with them today, as if they were in the folder."""
        return gather(folder, self.files)

    def knowledge(self) -> Knowledge:
        """The knowledge of this edition; KnowledgeError when the models of today no longer accept it."""
        return assembled(self.contents())
