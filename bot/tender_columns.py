"""What is known of a purchase that comes up, and what that is called in a file. Light, for it is read in a process apart as well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.list_files import Columns

COLUMNS: Final[Mapping[str, str]] = {
    "what": "wat",
    "product_group": "productgroep",
    "category": "categorie",
    "team": "team",
    "domain": "domein",
    "client": "opdrachtgever",
    "start": "start",
    "award": "gunning",
    "contract_start": "ingang",
}
"""Everything that is known of a tender, with the column of a file in which it stands."""
Values = Mapping[str, str]

FILE = Columns(
    needed=("wat", "start"),
    optional=(
        "kenmerk",
        "productgroep",
        "categorie",
        "team",
        "domein",
        "opdrachtgever",
        "gunning",
        "ingang",
        "lijst",
    ),
    called={
        "naam": "wat",
        "omschrijving": "wat",
        "aanbesteding": "wat",
        "inkoop": "wat",
        "start_procedure": "start",
        "startdatum": "start",
        "start_aanbesteding": "start",
        "publicatie": "start",
        "nummer": "kenmerk",
        "zaaknummer": "kenmerk",
        "id": "kenmerk",
        "groep": "productgroep",
        "inkoopcategorie": "categorie",
        "budgethouder": "opdrachtgever",
        "contractmanager": "opdrachtgever",
        "gunningsdatum": "gunning",
        "ingangsdatum": "ingang",
        "start_contract": "ingang",
        "contract_start": "ingang",
    },
)
IN_AN_AGENDA = frozenset(FILE.all) | frozenset(FILE.called)
"""What the description of an appointment may name."""
LONGEST = {"wat": 200, "kenmerk": 300, "team": 80, "domein": 80, "opdrachtgever": 80}
"""Characters of what people write."""
