"""The kept versions of the knowledge for somebody at the command line: which there are, and one by the start of its name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, inspect

from bot import archive
from bot.database import Database
from bot.knowledge_tables import knowledge_versions
from bot.settings import Settings
from knowledge.edition import Edition
from knowledge.mistakes import nearest

T = TypeVar("T")

NOW = "nu"  # The folder as it is at this moment, whether it is right or not.


class NotFoundError(Exception):
    """What was asked for is not there; the message says in Dutch what to do."""


class Library:
    """Opens the database of Moi beside a running one; close it by leaving the `with`."""

    def __init__(self, settings: Settings) -> None:
        self._folder = settings.knowledge_dir
        self._database = _existing(settings.database_url)

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        if self._database:
            self._database.close()

    def read(self, work: Callable[[Connection], T]) -> T | None:
        """Look something up in the database of Moi; None when there is none yet, or only one of an older Moi."""
        return self._database.read(partial(_when_new_enough, work)).result() if self._database else None

    def write(self, work: Callable[[Connection], T]) -> T | None:
        """Change something in the database of Moi, as `read` looks something up."""
        return self._database.write(partial(_when_new_enough, work)).result() if self._database else None

    def now(self) -> Edition:
        """The folder as it is at this moment."""
        return Edition.at(self._folder)

    def last(self) -> Edition:
        """The version that was in use last; raises `NotFoundError` when there is none."""
        if edition := self.read(archive.last_in_use):
            return edition
        raise NotFoundError(
            "Er is nog geen versie in gebruik geweest bij deze database. Start Moi een keer, of noem zelf een versie."
        )

    def edition(self, said: str) -> Edition:
        """The version that was meant: "nu", or the start of the name of a kept one. Raises `NotFoundError`."""
        if said == NOW:
            return self.now()
        found = self.read(partial(archive.starting_with, said.lower())) or ()
        if len(found) == 1:
            edition = self.read(partial(archive.read, found[0]))
            assert edition is not None  # noqa: S101  It was there a moment ago, and nothing takes it away.
            return edition
        if found:
            raise NotFoundError(
                f"Er zijn {len(found)} versies die met {said} beginnen: {', '.join(found)}. Typ er een letter bij."
            )
        uses = self.read(archive.uses) or []
        if any(use.version.startswith(said) and use.first_used is None for use in uses):
            raise NotFoundError(
                f"Versie {said} was in gebruik voordat Moi de inhoud bewaarde. Wat een aanvraag toen kreeg, staat in "
                "de aanvraag zelf."
            )
        hint = nearest(said, [use.version for use in uses if use.first_used])
        raise NotFoundError(
            f"Versie {said} ken ik niet. {hint} De map zoals die nu is, heet {NOW}. "
            "Met app.py knowledge versions zie je wat er is."
        )


def _existing(url: str) -> Database | None:
    """The database when it is there already: looking something up must not make one."""
    database = Database(url)
    file = database.url.database
    if database.is_sqlite and not (file and Path(file).is_file()):
        database.close()
        return None
    return database


def _when_new_enough(work: Callable[[Connection], T], connection: Connection) -> T | None:
    return work(connection) if inspect(connection).has_table(knowledge_versions.name) else None
