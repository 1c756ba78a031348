"""What a turn costs among 100 and among 100.000 stored talks: it must not matter."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, text

from bench.databases import KINDS
from bench.rows import Goal, Row
from bot.people import Person
from bot.records import Records
from bot.talk_state import Place, Response, Talk
from cards.view import Text, View

FEW, MANY = 100, 100_000
TURNS = 400
ANSWERS = '{"wat": "50 bureaustoelen", "nodig": "ja", "waarde": "15000"}'
VIEW = View((Text("Wat past het best?"),), summary="Wat past het best?")

# One talk in ten is still open; each talk had four messages and its conversation eight activities.
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)"
FILL = (
    f"""{NUMBERS} INSERT INTO talks (id, person_id, dialog, answers, state, version, changed)
    SELECT 'talk-' || i, 'person-' || i, 'koop', '{ANSWERS}', CASE WHEN i % 10 = 0 THEN 'open' ELSE 'done' END, 4,
    '2026-11-01 09:00:00' FROM n""",
    f"""{NUMBERS} INSERT INTO deliveries (channel, delivery, at)
    SELECT 'web', 'delivery-' || i || '-' || m, '2026-11-01 09:00:00'
    FROM n CROSS JOIN (SELECT 1 AS m UNION SELECT 2 UNION SELECT 3 UNION SELECT 4) AS messages""",
    f"""{NUMBERS} INSERT INTO records (id, person_id, version, outcome, value_band, advice, knowledge_version, made,
    changed) SELECT 'record-' || i, 'person-' || i, 1, 'niet-gekocht', '', '{ANSWERS}', 'a', '2026-11-01 09:00:00',
    '2026-11-01 09:00:00' FROM n""",
    f"""{NUMBERS} INSERT INTO conversations (id, person_id, channel, last_seq)
    SELECT 'conversation-' || i, 'person-' || i, 'web', 8 FROM n""",
    f"""{NUMBERS} INSERT INTO activities (conversation, seq, activity) SELECT 'conversation-' || i, seq, '{ANSWERS}'
    FROM n CROSS JOIN (SELECT 1 AS seq UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6
    UNION SELECT 7 UNION SELECT 8) AS said""",
)


def measure() -> Iterator[Row]:
    """A row for each kind of database."""
    for kind, database in KINDS.items():
        with database() as few, database() as many:
            fewer, more = asyncio.run(_both(few, many))
        yield Row(
            f"a turn among 100.000 stored talks, {kind}",
            more * 1000,
            "ms",
            f"among {FEW}",
            fewer * 1000,
            Goal("at most", 1.2),
        )


async def _both(few: str, many: str) -> tuple[float, float]:
    """The median seconds of a turn in each database, in turns so that both meet the same machine."""
    fewer, more = await Records.open(few), await Records.open(many)
    await asyncio.gather(_fill(fewer, FEW), _fill(more, MANY))
    took: dict[Records, list[float]] = {fewer: [], more: []}
    for number in range(TURNS):
        for records in (fewer, more) if number % 2 else (more, fewer):
            start = time.perf_counter()
            await _turn(records, number)
            took[records].append(time.perf_counter() - start)
    await fewer.close()
    await more.close()
    return statistics.median(took[fewer]), statistics.median(took[more])


async def _fill(records: Records, count: int) -> None:
    def fill(connection: Connection) -> None:
        for statement in FILL:
            connection.execute(text(statement), {"count": count})

    await asyncio.wrap_future(records.database.write(fill))


async def _turn(records: Records, number: int) -> None:
    """One message of somebody who is in the middle of a talk, answered and kept with its activities."""
    one = 10 * (number % (FEW // 10) + 1)

    def work(talk: Talk | None) -> Response:
        if talk is None:
            raise LookupError(f"person-{one} has no open talk")
        return Response(replace(talk, answers={**talk.answers, "hoeveel": number}), (VIEW,))

    def log(_views: object) -> list[dict[str, Any]]:
        return [{"type": "message", "text": "dertig"}, {"type": "message", "text": "Wat past het best?"}]

    place = Place("web", f"conversation-{one}")
    await records.in_turn(
        Person(f"person-{one}", "Koper"), place, f"bench-{number}", work, lambda _: (VIEW,), log
    )
