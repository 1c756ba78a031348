"""`app.py walk`: every path of each dialog, counted or drawn."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Mapping
from datetime import date
from functools import partial

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.settings import Settings
from dialogs.advice import Advice
from dialogs.purchase import PART_OF, purchase
from dialogs.walk import Summary, diagram, summary
from dialogs.what import DIALOG
from knowledge.loading import load

FINE = 0


def run(settings: Settings, said: Namespace) -> int:
    """Walk, and show what was found."""
    knowledge = load(settings.knowledge_dir)
    dialogs = {DIALOG: partial(purchase, knowledge, date.today())}
    found = {}
    screen = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    # How many paths there are is what the walk finds out, so the bar moves without an end.
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as progress:
        for name, dialog in dialogs.items():
            task = progress.add_task(f"paden van {name}", total=None)
            found[name] = summary(dialog, _end, PART_OF, partial(progress.advance, task))
    tell(found, drawn=said.diagram)
    return FINE


def tell(found: Mapping[str, Summary], *, drawn: bool) -> None:
    """Print what was counted in each dialog as JSON; when `drawn` the diagrams, and the counts as an aside (stderr)."""
    counts = {
        name: {"paths": walked.paths, "longest": walked.longest, "outcomes": walked.outcomes}
        for name, walked in found.items()
    }
    if drawn:
        print(*map(diagram, found.values()), sep="", end="")
    print(json.dumps(counts, ensure_ascii=False, indent=2), file=sys.stderr if drawn else sys.stdout)


def _end(advice: Advice) -> str:
    return advice.outcome
