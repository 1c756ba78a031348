"""How long recognising one sentence takes, over our own words and all CPV descriptions."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

from bench.rows import Goal, Row
from knowledge.loading import load

ROUNDS = 5
TEXTS = (
    "we willen 50 nieuwe bureaustoelen, zo'n 15k",
    "20 laptops",
    "onderhoud van het groen in de wijk",
    "raamovereenkomst levering van bedrijfskleding en persoonlijke beschermingsmiddelen",
    "de lantaarnpaal voor mijn huis is stuk",
    "12 lunches dinsdag en een flipover",
    "Europese aanbesteding leerlingenvervoer 2027-2030, perceel 2",
    "wat is de hoofdstad van Frankrijk",
    "schoonmaakcontract verlengen voor 300.000 euro",
    "burostoelen en vergadertafles",
    "inhuur projectleider riolering voor zes maanden",
    "asdf",
    "zonnepanelen op het dak van de gymzaal",
    "we zoeken een nieuwe bank",
    "licenties voor het zaaksysteem en de koppeling met het archief, inclusief beheer en ondersteuning voor vier jaar",
    "strooizout",
    "huishoudelijke hulp wmo",
    "ik wil een mens spreken",
    "twee elektrische bestelauto's leasen",
    "koffie voor het gemeentehuis",
)


def measure() -> Iterator[Row]:
    """The median and the slowest in a hundred; every text is a little different every time, so nothing is remembered."""
    knowledge = load()
    took = []
    for number in range(ROUNDS * 20):
        for words in TEXTS:
            start = time.perf_counter()
            knowledge.recognise(f"{words} {number}")
            took.append((time.perf_counter() - start) * 1000)
    yield Row("recognising a sentence, median", statistics.median(took), "ms", goal=Goal("at most", 1))
    yield Row(
        "recognising a sentence, p99", statistics.quantiles(took, n=100)[98], "ms", goal=Goal("at most", 5)
    )
