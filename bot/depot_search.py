"""The words of the depot as an index: what somebody means with "depot stoelen". What is free is never kept in it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from bot.depot import revision
from bot.depot_tables import depot_items
from bot.line_index import LineSearch, Words


class DepotSearch(LineSearch):
    """The index of the depot as it is now."""

    def __init__(self) -> None:
        super().__init__(revision, _lines)


def _lines(connection: Connection) -> Iterable[Words]:
    lines = select(depot_items.c.id, depot_items.c.what, depot_items.c.product_group)
    rows = connection.execute(lines.order_by(depot_items.c.what, depot_items.c.id)).all()
    return ((row.id, row.what, row.product_group) for row in rows)
