"""Under which running contract something can be ordered, for the talk, the page and the purchase."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, select

from bot.contracts import Contract, mark, running_of
from bot.depot_tables import contracts
from bot.line_index import LineIndex, LineSearch, Words, first_of
from knowledge.knowledge import Knowledge


def running(
    connection: Connection, knowledge: Knowledge, group: str | None, words: str, on: date, most: int
) -> list[Contract]:
    """The contracts under which can be ordered on this day, at most so many: what fits the `words`, then what is of the group.

    `words` name a thing ("bureaustoelen") and `group` is the id of a product group; without either nothing is found.
    """
    index = words_of(connection, knowledge)
    fits = index.find(words) if index.telling(words) else ()
    ids = list(dict.fromkeys((*fits, *index.like(group))))
    return first_of(ids, most, lambda part: running_of(connection, part, on))[0]


def words_of(connection: Connection, knowledge: Knowledge) -> LineIndex:
    """The words of the list as this connection sees it; made again, in a fraction of a second, when the list has changed."""
    return _SEARCH.index(connection, knowledge)


def _lines(connection: Connection) -> Iterable[Words]:
    lines = select(contracts.c.id, contracts.c.what, contracts.c.product_group)
    rows = connection.execute(lines.order_by(contracts.c.what, contracts.c.id)).all()
    return ((row.id, row.what, row.product_group) for row in rows)


# For the whole process: the mark of a list is of that list only, in whatever database.
_SEARCH = LineSearch(mark, _lines)
