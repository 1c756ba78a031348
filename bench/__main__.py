"""Measure everything in one run: `python -m bench` prints a table, with `--json` the same as JSON.

The exit code is 1 when something could not be measured; a goal that is missed is shown, for a busy machine may miss it.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table

from bench.measures import MEASURES, rows
from bench.rows import Row


def main() -> int:
    """Measure what was asked for, or everything."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("measures", nargs="*", choices=[[], *MEASURES], help="which to do (default: all)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    asked = parser.parse_args()
    found, failed = _measure(asked.measures or list(MEASURES))
    if asked.json:
        shown = [asdict(row) | {"ratio": row.ratio, "met": row.met} for row in found]
        print(json.dumps({"rows": shown, "failed": failed}, ensure_ascii=False, indent=2))
    else:
        _print(found, failed)
    return 1 if failed else 0


def _measure(names: list[str]) -> tuple[list[Row], dict[str, str]]:
    found: list[Row] = []
    failed: dict[str, str] = {}
    # Each in a fresh process, so that none is slower for what another left in memory.
    fresh = multiprocessing.get_context("spawn")
    screen = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn())
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as progress:
        task = progress.add_task("", total=len(names))
        for name in names:
            progress.update(task, description=name)
            with ProcessPoolExecutor(1, mp_context=fresh) as pool:
                try:
                    found += pool.submit(rows, name).result()
                except Exception as error:
                    failed[name] = f"{type(error).__name__}: {error}"
            progress.advance(task)
    return found, failed


def _print(found: list[Row], failed: dict[str, str]) -> None:
    table = Table("measure", "figure", "beside", "ratio", "goal")
    for row in found:
        beside = f"{row.beside}: {_figure(row.other)}" if row.other else ""
        goal = f"{row.goal.word} {row.goal.figure:g}" if row.goal else ""
        met = {None: "", True: " · met", False: " · MISSED"}[row.met]
        table.add_row(
            row.measure,
            f"{_figure(row.figure)} {row.unit}",
            beside,
            f"{row.ratio:.2f}" if row.ratio else "",
            goal + met,
        )
    console = Console(width=None if sys.stdout.isatty() else 150)
    console.print(table)
    for name, why in failed.items():
        console.print(f"NOT MEASURED {name}: {why}", style="bold", markup=False)


def _figure(figure: float) -> str:
    return f"{figure:,.0f}" if figure >= 100 else f"{figure:.3g}"


if __name__ == "__main__":
    sys.exit(main())
