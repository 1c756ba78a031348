"""The tables of what there is already, beside those in `bot/tables.py`: the depot, and the contracts that run."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, Integer, String, Table, text

from bot.tables import Moment, metadata

# One row. Whoever changes the list of the depot raises it first, so that two never do that at once.
depot = Table(
    "depot", metadata, Column("id", String, primary_key=True), Column("revision", Integer, nullable=False)
)

# What stands in the depot; of `number` there are `taken` reserved or lent out.
depot_items = Table(
    "depot_items",
    metadata,
    Column("id", String, primary_key=True),
    Column("what", String, nullable=False),
    Column("product_group", String),
    Column("number", Integer, nullable=False),
    Column("taken", Integer, nullable=False),
    Column("place", String, nullable=False),
    Column("condition", String, nullable=False),
    Column("until", Date),
)

# Who wants something from the depot. It says itself what, because the list may be read in anew.
depot_reservations = Table(
    "depot_reservations",
    metadata,
    Column("id", String, primary_key=True),
    Column("item", String, nullable=False, index=True),
    Column("what", String, nullable=False),
    Column("place", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("person_id", String, nullable=False, index=True),
    Column("state", String, nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("changed", Moment, nullable=False),
    Column("decided_by", String),
    # How far the message about the decision is.
    Column("told", String, nullable=False, index=True),
)

# One reservation of a person for a line waits at a time, however often somebody taps.
Index(
    "ix_depot_reservations_waiting",
    depot_reservations.c.item,
    depot_reservations.c.person_id,
    unique=True,
    sqlite_where=text("state = 'waiting'"),
    postgresql_where=text("state = 'waiting'"),
)

# One row. Whoever changes the list of contracts gives it another mark, which no other list ever has.
contract_list = Table(
    "contract_list", metadata, Column("id", String, primary_key=True), Column("mark", String, nullable=False)
)

# The contracts under which can be ordered: `for_whom` says which teams may, `manager` is a role.
contracts = Table(
    "contracts",
    metadata,
    Column("id", String, primary_key=True),
    Column("what", String, nullable=False),
    Column("product_group", String),
    Column("for_whom", String, nullable=False),
    Column("start", Date),
    # The last day; none when it runs on.
    Column("until", Date, index=True),
    Column("notice_before", Date, index=True),
    Column("how_to_order", String, nullable=False),
    Column("supplier", String, nullable=False),
    Column("manager", String),
    Column("certainty", String, nullable=False),
)
