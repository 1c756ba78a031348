"""What became of a campaign, in totals: where it is, what people did with it, and what they asked Moi before and after.

The page, the Excel file and the card to the team all show this. What people did is told from five people on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from bot.campaign_effect import REST, Effect, Side, effect, load_effect
from bot.campaign_replies import waiting
from bot.campaign_returns import CameBack, at_least_five, came_back, choices_of, in_totals
from bot.campaign_tables import campaigns
from bot.campaigns import NO_MORE_LABEL, Campaign, reasons, totals
from bot.counts import solved_names
from cards.campaign import LINK, POLL, TALK
from knowledge.knowledge import Knowledge
from knowledge.sheets import Table

Shown = tuple[tuple[str, str], ...]
"""Names and numbers of people; small numbers in words."""
BASIS = (
    "Geteld zijn de aanvragen van collega's die het bericht kregen: evenveel dagen ervoor als erna, voor ieder vanaf het eigen bericht. "
    "Dit is ná de campagne, niet dóór de campagne: ook het seizoen, een ander bericht of toeval kan het verklaren."
)


@dataclass(frozen=True, slots=True)
class Report:
    """All of it. `states` are what recipients are in, and add up to `everybody`; the rest counts people."""

    states: Mapping[str, int]
    everybody: int
    reasons: tuple[tuple[str, int], ...]
    taps: Shown
    talks: str
    answers: Shown
    answered: str
    stopped: str
    seen: str
    questions: int
    waiting: int
    effect: Effect | None


def report(connection: Connection, campaign: Campaign, now: datetime) -> Report:
    """What became of this campaign so far."""
    states = totals(connection, campaign.id)
    back = came_back(connection, campaign.id)
    kept = select(campaigns.c.effect).where(campaigns.c.id == campaign.id)
    counted = connection.execute(kept).scalar_one()
    return Report(
        states,
        sum(states.values()),
        tuple(reasons(connection, campaign.id)),
        tuple(_taps(campaign, back)),
        at_least_five(sum(_times(campaign, back, TALK))),
        in_totals({name: back.answers.get(name, 0) for name in choices_of(campaign)}),
        at_least_five(sum(back.answers.values())),
        at_least_five(back.taps.get(NO_MORE_LABEL, 0)),
        at_least_five(back.seen),
        back.questions,
        waiting(connection, campaign.id),
        load_effect(counted) if counted else effect(connection, campaign.id, now),
    )


def ways(knowledge: Knowledge, found: Effect) -> list[tuple[str, str, str]]:
    """Every way of solving that occurs, with its requests before and after, as people read them."""
    names = {**solved_names(knowledge), REST: "Overige"}
    occurs = {way for side in found.sides if side for way in side.ways}
    return [
        (name, _requests(found.before, way), _requests(found.after, way))
        for way, name in names.items()
        if way in occurs
    ]


def tables(knowledge: Knowledge, campaign: Campaign, found: Report) -> list[Table]:
    """The same as sheets of a spreadsheet."""
    reach = [*found.states.items(), ("samen", found.everybody)]
    reach += [(f"mislukt: {reason}", number) for reason, number in found.reasons]
    sheets = [
        Table("bereik", ("waar het is", "collega's"), tuple(reach)),
        Table("wat terugkwam", ("soort", "wat", "collega's"), tuple(_back(found))),
    ]
    if found.effect:
        days = f"{found.effect.days} dagen"
        columns = ("zo opgelost", f"aanvragen {days} ervoor", f"aanvragen {days} erna")
        rows: list[tuple[str, int | str, int | str]] = [
            (name, _cell(before), _cell(after)) for name, before, after in ways(knowledge, found.effect)
        ]
        before, after = (side.people if side else "minder dan 5" for side in found.effect.sides)
        rows.append(("door zoveel collega's", before, after))
        sheets.append(Table("ervoor en erna", columns, tuple(rows)))
    told = (("campagne", campaign.draft.title), ("waar het op steunt", BASIS))
    return [*sheets, Table("uitleg", ("wat", "uitleg"), told)]


def _back(found: Report) -> Iterator[tuple[str, str, int | str]]:
    yield from (("knop", label, _cell(number)) for label, number in found.taps)
    yield "gesprek begonnen", "", _cell(found.talks)
    yield from (("antwoord", label, _cell(number)) for label, number in found.answers)
    if not found.answers and found.answered != "0":
        yield "antwoord", "", found.answered
    yield "afgemeld met de knop", "", _cell(found.stopped)
    yield "gezien, voor zover mensen dat laten zien", "", _cell(found.seen)
    yield "vragen aan het MVOI-team", "", found.questions
    yield "daarvan nog zonder antwoord", "", found.waiting


def _taps(campaign: Campaign, back: CameBack) -> Iterator[tuple[str, str]]:
    """Every button but links, which Moi does not see opened, and that of a question, whose answers are counted."""
    for button in campaign.draft.buttons:
        if button.kind not in (LINK, POLL):
            yield button.label, at_least_five(back.taps.get(button.label, 0))


def _times(campaign: Campaign, back: CameBack, kind: str) -> list[int]:
    labels = {button.label for button in campaign.draft.buttons if button.kind == kind}
    return [back.taps.get(label, 0) for label in labels]


def _requests(side: Side | None, way: str) -> str:
    return "te weinig collega's" if side is None else str(side.ways.get(way, 0))


def _cell(shown: str) -> int | str:
    return int(shown) if shown.isdecimal() else shown
