"""`app.py depot import BESTAND | export BESTAND`: the list of the depot in and out by files, beside a running Moi."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.database import Database
from bot.depot import all_items
from bot.depot_files import as_table, read_list, take_in
from bot.settings import Settings
from knowledge.loading import load
from knowledge.sheets import RefusedFileError, write_csv, write_workbook

FINE, WRONG = 0, 1
SHOWN = 20  # problems; whoever has more of them has one problem many times
USAGE = """\
gebruik: app.py depot import BESTAND
         app.py depot export BESTAND

  import  maak van een .csv of een Excel-bestand de lijst van het depot. Kolommen: wat, aantal, waar, en als je wilt
          productgroep, staat en tot (een datum). Het bestand is de hele lijst: wat er niet meer in staat, gaat weg.
          Wat is gereserveerd of uitgeleend, blijft. Met één fout verandert er niets.
  export  schrijf de lijst naar een .xlsx of een .csv"""


def read_in(settings: Settings, said: argparse.Namespace) -> int:
    """Make a file the list of the depot, all of it or nothing; every mistake is named."""
    path: Path = said.bestand
    knowledge = load(settings.knowledge_dir)
    screen = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    database = Database(settings.database_url)
    try:
        database.migrate()
        with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as progress:
            task = progress.add_task("regels gelezen", total=None)
            lines = read_list(path, knowledge, partial(progress.advance, task))
            progress.update(task, description="regels opslaan", total=None)
            done = database.write(partial(take_in, path.name, lines)).result()
    except RefusedFileError as error:
        for problem in error.problems[:SHOWN]:
            print(problem, file=sys.stderr)
        if (more := len(error.problems) - SHOWN) > 0:
            print(f"En nog {more} fouten.", file=sys.stderr)
        print("Er is niets veranderd. Verbeter het bestand en probeer het opnieuw.", file=sys.stderr)
        return WRONG
    finally:
        database.close()
    print(
        f"In het depot staan nu {len(lines)} regels uit {path.name}: {done.new} nieuw, {done.known} al bekend. "
        f"{done.gone} oude regels zijn weg."
    )
    for what in done.kept:
        print(f"Niet in het bestand, maar gereserveerd of uitgeleend, dus gebleven: {what}")
    return FINE


def write_out(settings: Settings, said: argparse.Namespace) -> int:
    """Write the list of the depot to an Excel file or a CSV file."""
    path: Path = said.bestand
    if path.suffix.lower() not in (".xlsx", ".csv"):
        print(f"{path} eindigt niet op .xlsx of .csv.", file=sys.stderr)
        return WRONG
    database = Database(settings.database_url)
    try:
        database.migrate()
        table = as_table(database.read(all_items).result())
    finally:
        database.close()
    if path.suffix.lower() == ".xlsx":
        write_workbook(path, [table])
    else:
        write_csv(path.parent, [replace(table, name=path.stem)])
    print(f"{len(table.rows)} regels staan in {path}.")
    return FINE


RUNS = {"import": read_in, "export": write_out}
