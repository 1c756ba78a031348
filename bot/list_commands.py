"""Taking a list in from a file and writing it to one, from the command line and beside a running Moi; for every list alike."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
from rich.progress import Progress as Bars
from sqlalchemy import Connection

from bot.database import Database
from bot.list_files import Progress
from bot.settings import Settings
from knowledge.knowledge import Knowledge
from knowledge.loading import load
from knowledge.sheets import RefusedFileError, Table, write_csv, write_workbook

T = TypeVar("T")
Done = TypeVar("Done")
Run = Callable[[Settings, argparse.Namespace], int]

FINE, WRONG = 0, 1
SHOWN = 20  # problems; whoever has more of them has one problem many times


@dataclass(frozen=True, slots=True)
class KeptList(Generic[T, Done]):
    """A list as the command line needs it: reading a file, making it the list, what to say then, and the list as a table."""

    read: Callable[[Path, Knowledge, Progress], Sequence[tuple[int, T]]]
    take_in: Callable[[str, Sequence[tuple[int, T]], Connection], Done]
    told: Callable[[str, int, Done], Iterable[str]]
    table: Callable[[Connection], Table]

    @property
    def runs(self) -> Mapping[str, Run]:
        """What can be done with the list, by the word for it."""
        return {"import": self.read_in, "export": self.write_out}

    def read_in(self, settings: Settings, said: argparse.Namespace) -> int:
        """Make a file the list, all of it or nothing; every mistake is named."""
        path: Path = said.bestand
        knowledge = load(settings.knowledge_dir)
        screen = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        database = Database(settings.database_url)
        try:
            database.migrate()
            with Bars(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bars:
                task = bars.add_task("regels gelezen", total=None)
                lines = self.read(path, knowledge, partial(bars.advance, task))
                bars.update(task, description="regels opslaan", total=None)
                done = database.write(partial(self.take_in, path.name, lines)).result()
        except RefusedFileError as error:
            print(*shown(error), sep="\n", file=sys.stderr)
            print("Er is niets veranderd. Verbeter het bestand en probeer het opnieuw.", file=sys.stderr)
            return WRONG
        finally:
            database.close()
        print(*self.told(path.name, len(lines), done), sep="\n")
        return FINE

    def write_out(self, settings: Settings, said: argparse.Namespace) -> int:
        """Write the list to an Excel file or a CSV file."""
        path: Path = said.bestand
        if path.suffix.lower() not in (".xlsx", ".csv"):
            print(f"{path} eindigt niet op .xlsx of .csv.", file=sys.stderr)
            return WRONG
        database = Database(settings.database_url)
        try:
            database.migrate()
            table = database.read(self.table).result()
        finally:
            database.close()
        if path.suffix.lower() == ".xlsx":
            write_workbook(path, [table])
        else:
            write_csv(path.parent, [replace(table, name=path.stem)])
        print(f"{len(table.rows)} regels staan in {path}.")
        return FINE


def shown(error: RefusedFileError) -> list[str]:
    """The first problems of a file, and how many there are more."""
    more = len(error.problems) - SHOWN
    return [*error.problems[:SHOWN], *([f"En nog {more} fouten."] if more > 0 else [])]
