"""`app.py depot import BESTAND | export BESTAND`: the list of the depot in and out by files, beside a running Moi."""

from __future__ import annotations

from collections.abc import Iterator

from bot.depot import Item, all_items
from bot.depot_files import TakenIn, as_table, read_list, take_in
from bot.list_commands import KeptList

USAGE = """\
gebruik: app.py depot import BESTAND
         app.py depot export BESTAND

  import  maak van een .csv of een Excel-bestand de lijst van het depot. Kolommen: wat, aantal, waar, en als je wilt
          productgroep, staat en tot (een datum). Het bestand is de hele lijst: wat er niet meer in staat, gaat weg.
          Wat is gereserveerd of uitgeleend, blijft. Met één fout verandert er niets.
  export  schrijf de lijst naar een .xlsx of een .csv"""


def _told(name: str, number: int, done: TakenIn) -> Iterator[str]:
    yield (
        f"In het depot staan nu {number} regels uit {name}: {done.new} nieuw, {done.known} al bekend. "
        f"{done.gone} oude regels zijn weg."
    )
    for what in done.kept:
        yield f"Niet in het bestand, maar gereserveerd of uitgeleend, dus gebleven: {what}"


DEPOT: KeptList[Item, TakenIn] = KeptList(
    read=read_list, take_in=take_in, told=_told, table=lambda connection: as_table(all_items(connection))
)
RUNS = DEPOT.runs
