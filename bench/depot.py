"""How long looking up what there is already takes: free among 10.000 lines of the depot, running among 5.000 contracts."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

from sqlalchemy import Connection, insert

from bench.databases import KINDS
from bench.rows import Goal, Row
from bot.contract_search import running
from bot.contracts import hold as hold_contracts
from bot.database import Database
from bot.depot import hold
from bot.depot_desk import found_free
from bot.depot_search import DepotSearch
from bot.depot_tables import contracts, depot_items
from cards.contract import SHOWN as CONTRACTS_SHOWN
from cards.depot import SHOWN
from knowledge.knowledge import Knowledge
from knowledge.loading import load

LINES = 10_000
CONTRACTS = 5_000
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


Look = Callable[[str, Connection], object]


def measure() -> Iterator[Row]:
    """For each kind of database the median and the slowest in a hundred; making the index is not in it."""
    knowledge = load()
    search = DepotSearch()

    def depot_look(words: str, connection: Connection) -> object:
        return found_free(connection, search.index(connection, knowledge).find(words), TODAY, SHOWN)

    def contract_look(words: str, connection: Connection) -> object:
        return running(connection, knowledge, None, words, TODAY, CONTRACTS_SHOWN)

    for about, fill, look in (
        ("10.000 lines of the depot", _fill, depot_look),
        ("5.000 contracts", _fill_contracts, contract_look),
    ):
        for kind, database in KINDS.items():
            with database() as url:
                took = _looked(Database(url), partial(fill, knowledge), look)
            yield Row(
                f"a look-up in {about}, {kind}, median",
                statistics.median(took),
                "ms",
                goal=Goal("at most", 3),
            )
            yield Row(f"a look-up in {about}, {kind}, p99", statistics.quantiles(took, n=100)[98], "ms")


def _looked(kept: Database, fill: Callable[[Connection], None], look: Look) -> list[float]:
    kept.migrate()
    kept.write(fill).result()
    kept.read(partial(look, ASKED[0])).result()
    took = []
    for words in ASKED * ROUNDS:
        start = time.perf_counter()
        kept.read(partial(look, words)).result()
        took.append((time.perf_counter() - start) * 1000)
    kept.close()
    return took


def _things(knowledge: Knowledge, number: int) -> Iterator[tuple[int, str, str]]:
    """What people buy, in several kinds, with a number as stickers have it: number, words and product group."""
    things = [(word, group.id) for group in knowledge.groups.values() for word in group.search_words]
    named = itertools.islice(itertools.cycle(things), number)
    for place, (word, group) in enumerate(named):
        yield place, f"{word} {LOOKS[place % len(LOOKS)]} nr {place}", group


def _fill_contracts(knowledge: Knowledge, connection: Connection) -> None:
    """Contracts for what people buy; one in seven is over."""
    hold_contracts(connection)
    rows = [
        {
            "id": f"{number:032x}",
            "what": what,
            "product_group": group,
            "for_whom": "alle teams",
            "start": None,
            "until": date(2026, 1, 1) if number % 7 == 0 else date(2027, 12, 31),
            "notice_before": None,
            "how_to_order": "Bestel in het portaal",
            "supplier": "",
            "manager": "facilitair",
            "certainty": "zeker",
        }
        for number, what, group in _things(knowledge, CONTRACTS)
    ]
    connection.execute(insert(contracts), rows)


def _fill(knowledge: Knowledge, connection: Connection) -> None:
    """Things for the depot; one in seven is all taken."""
    hold(connection)
    rows = [
        {
            "id": f"{number:032x}",
            "what": what,
            "product_group": group,
            "number": 5,
            "taken": 5 if number % 7 == 0 else 0,
            "place": "Loods",
            "condition": "goed",
            "until": None,
        }
        for number, what, group in _things(knowledge, LINES)
    ]
    connection.execute(insert(depot_items), rows)
