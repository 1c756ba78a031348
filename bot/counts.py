"""How requests were solved in a period, per product group, with the money figures and what they rest on; as tables too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from bot.channel_posts import Record, to_record
from bot.small import is_small
from bot.tables import records
from cards.record import spread
from dialogs.advice import ENDS, Figure
from dialogs.counting import (
    SOLVED,
    Count,
    Counted,
    Solution,
    Sum,
    counted,
    how_solved,
    kinds_by_label,
)
from knowledge.amounts import Amount, euros
from knowledge.knowledge import Knowledge
from knowledge.sheets import Table

HERE = ZoneInfo("Europe/Amsterdam")
FILE = "tellen"
KINDS = ("niet uitgegeven", "levensduurverschil", "meerkosten")
"""The three money figures, which are never added to each other."""


@dataclass(frozen=True, slots=True)
class Found:
    """What was counted, over which days, and every figure that is in it with what it assumes."""

    first: date
    last: date
    counts: Counted
    solutions: tuple[tuple[Record, Solution], ...]


def this_year(today: date) -> tuple[date, date]:
    """The period that is counted when nobody names one."""
    return date(today.year, 1, 1), today


def found(
    connection: Connection, knowledge: Knowledge, first: date, last: date, *, only_small: bool
) -> Found:
    """Count the requests that were made from the first day up to and including the last (our own time)."""
    kinds = kinds_by_label(knowledge)
    begin, end = (datetime.combine(day, time(), HERE) for day in (first, last + timedelta(days=1)))
    asked = select(records).where(records.c.outcome.in_(ENDS), records.c.made >= begin, records.c.made < end)
    rows = map(to_record, connection.execute(asked.order_by(records.c.made)).mappings())
    of_period = [row for row in rows if not only_small or is_small(knowledge, row)]
    solutions = tuple((row, solution(knowledge, row, kinds)) for row in of_period)
    return Found(first, last, counted([one for _, one in solutions]), solutions)


def solution(knowledge: Knowledge, record: Record, kinds: Mapping[str, str]) -> Solution:
    """How one request was solved; `kinds` as `kinds_by_label` gives them."""
    advice = record.advice
    group = knowledge.groups.get(record.group or "")
    category = knowledge.categories.get(record.category or "")
    name = group.name if group else str(advice.get("title") or (category.name if category else ""))
    try:
        figures = tuple(Figure(**figure) for figure in advice.get("money", ()))
    except TypeError:
        figures = ()  # One that cannot be read any more counts, but for nothing.
    kept = {**advice, "outcome": record.outcome}
    return Solution(name, record.person_id, how_solved(kept, kinds), figures)


def solved_names(knowledge: Knowledge) -> Mapping[str, str]:
    """What every way of solving is called."""
    options = knowledge.words.question(FILE, "opgelost").options
    return {way: options[way].label for way in SOLVED}


def in_words(knowledge: Knowledge, count: Count) -> str:
    """How the requests of a group were solved, those ways that occur."""
    names = solved_names(knowledge)
    return " · ".join(f"{names[way]} {times}" for way, times in count.solved.items() if times)


def money_in_words(knowledge: Knowledge, count: Count, kind: str) -> str:
    """One money figure of a group: the range, of how many requests, and how sure; or that it is not known."""
    say = knowledge.words.say
    if (sums := count.money.get(kind)) is None:
        return say(FILE, "onbekend")
    sure = ", ".join(f"{status} {times}" for status, times in sums.statuses.items())
    of = f"{sums.requests} van {count.requests}"
    return say(FILE, "bedrag", bedrag=amount(kind, sums), aantal=of, stand=sure)


def amount(kind: str, sums: Sum) -> str:
    """A sum as a range in words; a lifetime difference says cheaper or more expensive."""
    if kind == "levensduurverschil":
        return spread(Figure("levensduurverschil", sums.low, sums.high, ""))
    return euros(Amount(sums.low, sums.high))


def tables(knowledge: Knowledge, about: Found) -> list[Table]:
    """The counts and what the figures assume, as a spreadsheet has them: the second is what the first rests on."""
    say, names = knowledge.words.say, solved_names(knowledge)
    labels = {kind: option.label for kind, option in knowledge.words.question(FILE, "geld").options.items()}
    period = f"{about.first.isoformat()} tot en met {about.last.isoformat()}"
    columns = ["periode", "productgroep", "aanvragen", *names.values()]
    for kind in KINDS:
        columns += [f"{labels[kind]}: {part}" for part in ("laagst", "hoogst", "bij aanvragen", "stand")]
    rows = [
        (period, name, count.requests, *count.solved.values(), *_money(say, count))
        for name, count in _named(knowledge, about.counts)
    ]
    basis = ("dag", "productgroep", "opgelost", "bedrag", "laagst", "hoogst", "stand", "aanname")
    return [
        Table("telling", tuple(columns), tuple(rows)),
        Table("aannames", basis, tuple(_assumptions(knowledge, about, names, labels))),
    ]


def _named(knowledge: Knowledge, counts: Counted) -> Iterator[tuple[str, Count]]:
    """Every group with its name, the rest, and all together last."""
    yield from ((group.name, group) for group in counts.groups)
    if counts.rest:
        yield knowledge.words.say(FILE, "overige"), counts.rest
    if counts.total:
        yield "alles", counts.total


def _money(say: Callable[..., str], count: Count) -> Iterator[float | int | str | None]:
    for kind in KINDS:
        if sums := count.money.get(kind):
            sure = ", ".join(f"{status} {times}" for status, times in sums.statuses.items())
            high = say(FILE, "onbekend") if sums.high is None else _whole(sums.high)
            yield from (_whole(sums.low), high, sums.requests, sure)
        else:
            yield from (say(FILE, "onbekend"), say(FILE, "onbekend"), 0, None)


def _assumptions(
    knowledge: Knowledge, about: Found, names: Mapping[str, str], labels: Mapping[str, str]
) -> Iterator[tuple[Any, ...]]:
    """Every figure by itself; nothing of it when there are too few people, and no group that is not shown by itself."""
    shown: Sequence[tuple[Record, Solution]] = about.solutions if about.counts.total else ()
    alone = about.counts.shown()
    for record, one in shown:
        group = one.group if one.group in alone else knowledge.words.say(FILE, "overige")
        day = record.made.astimezone(HERE).date().isoformat()
        for figure in one.figures:
            high = knowledge.words.say(FILE, "onbekend") if figure.high is None else _whole(figure.high)
            low, name = _whole(figure.low), labels[figure.kind]
            yield day, group, names[one.solved], name, low, high, figure.status, figure.assumption


def _whole(value: float) -> float | int:
    """Euro without cents where there are none, so that a spreadsheet in any language reads it."""
    return int(value) if float(value).is_integer() else value
