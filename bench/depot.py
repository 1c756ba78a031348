"""How long looking up what fits among 10.000 lines of the depot takes, with what is free of it, from the database."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Iterator
from datetime import date
from functools import partial

from sqlalchemy import Connection, insert

from bench.databases import KINDS
from bench.rows import Goal, Row
from bot.database import Database
from bot.depot import hold
from bot.depot_desk import found_free
from bot.depot_search import DepotSearch
from bot.tables import depot_items
from cards.depot import SHOWN
from knowledge.knowledge import Knowledge
from knowledge.loading import load

LINES = 10_000
ROUNDS = 50
TODAY = date(2026, 11, 26)
LOOKS = ("zwart", "wit", "blauw", "eiken", "groot", "klein", "verrijdbaar", "160x80", "serie 4", "met slot")
ASKED = (
    "stoelen",
    "bureaustoel zwart",
    "burostoelen",
    "zitmeubels",
    "laptop",
    "beamer voor de raadszaal",
    "vergadertafles",
    "kast met slot",
    "asdfgh",
    "partytent",
)


def measure() -> Iterator[Row]:
    """For each kind of database the median and the slowest in a hundred; making the index is not in it."""
    knowledge = load()
    for kind, database in KINDS.items():
        with database() as url:
            took = _looked(Database(url), knowledge)
        yield Row(
            f"a look-up in 10.000 lines of the depot, {kind}, median",
            statistics.median(took),
            "ms",
            goal=Goal("at most", 3),
        )
        yield Row(
            f"a look-up in 10.000 lines of the depot, {kind}, p99",
            statistics.quantiles(took, n=100)[98],
            "ms",
        )


def _looked(kept: Database, knowledge: Knowledge) -> list[float]:
    kept.migrate()
    kept.write(partial(_fill, knowledge)).result()
    search = DepotSearch()
    kept.read(lambda connection: search.index(connection, knowledge)).result()

    def look(words: str, connection: Connection) -> object:
        return found_free(connection, search.index(connection, knowledge).find(words), TODAY, SHOWN)

    took = []
    for words in ASKED * ROUNDS:
        start = time.perf_counter()
        kept.read(partial(look, words)).result()
        took.append((time.perf_counter() - start) * 1000)
    kept.close()
    return took


def _fill(knowledge: Knowledge, connection: Connection) -> None:
    """What people buy, in several kinds, with a number as stickers have it; one in seven is all taken."""
    hold(connection)
    things = [(word, group.id) for group in knowledge.groups.values() for word in group.search_words]
    named = itertools.islice(itertools.cycle(things), LINES)
    rows = [
        {
            "id": f"{number:032x}",
            "what": f"{word} {LOOKS[number % len(LOOKS)]} nr {number}",
            "product_group": group,
            "number": 5,
            "taken": 5 if number % 7 == 0 else 0,
            "place": "Loods",
            "condition": "goed",
            "until": None,
        }
        for number, (word, group) in enumerate(named)
    ]
    connection.execute(insert(depot_items), rows)
