"""`app.py contracts import BESTAND | export BESTAND`: the register of contracts in and out by files, beside a running Moi."""

from __future__ import annotations

from collections.abc import Iterator

from bot.contract_files import TakenIn, as_table, read_list, take_in
from bot.contracts import Contract, all_contracts
from bot.list_commands import KeptList

USAGE = """\
gebruik: app.py contracts import BESTAND
         app.py contracts export BESTAND

  import  maak van een .csv of een Excel-bestand de lijst van lopende contracten. Kolommen: wat, voor_wie, tot (een datum,
          of onbepaald) en hoe_bestellen, en als je wilt vanaf, opzeggen_voor, leverancier, productgroep, beheerder (een rol)
          en zekerheid. Het bestand is de hele lijst: wat er niet meer in staat, gaat weg. Met één fout verandert er niets.
  export  schrijf de lijst naar een .xlsx of een .csv"""


def _told(name: str, number: int, done: TakenIn) -> Iterator[str]:
    yield (
        f"In de lijst van contracten staan nu {number} regels uit {name}: {done.new} nieuw, {done.changed} gewijzigd, "
        f"{done.same} hetzelfde. {done.gone} oude regels zijn weg."
    )


CONTRACTS: KeptList[Contract, TakenIn] = KeptList(
    read=read_list,
    take_in=take_in,
    told=_told,
    table=lambda connection: as_table(all_contracts(connection)),
)
RUNS = CONTRACTS.runs
