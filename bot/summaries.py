"""What the procurement channel gets to see of a record, as a view, and as the card and line that Teams wants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import structlog
from babel.dates import format_date

from bot.channel_posts import AHEAD, BY_ITSELF, CAMPAIGN, QUESTION, REPLY, REPORT, Record
from bot.channel_work import Exchange, Work
from bot.posting import Render, Rendered
from cards.adaptive import card
from cards.campaign_back import ANSWER, DEALT_WITH, NOT_DEALT_WITH, done_view, reply_view
from cards.care import ALL_OF_IT, note_view
from cards.follow_up import realised_lines
from cards.marks import legible, unmarked
from cards.record import Shown, summary_view
from cards.view import Action, Block, Input, Line, Lines, Text, Typed, View
from dialogs.advice import load

CHANNEL = "channel"
"""What a button says it does when it is about work in the procurement channel; `act` says which."""

MORE = {REPORT: "onderhoud", AHEAD: "kalender"}
"""Where there is more of what Moi says by itself; of others in the channel."""
UNREADABLE_WHEN = (KeyError, TypeError, ValueError, AttributeError)
UNREADABLE = View((Text("Deze samenvatting kan ik niet meer laten zien. Vraag ernaar bij beheer."),))

log = structlog.stdlib.get_logger("moi")


def summary(record: Record, address: str | None = None) -> View:
    """The summary of a record, the question of a colleague who wants to speak to a person, or what Moi says by itself."""
    if record.outcome == QUESTION:
        return question_view(record.advice)
    if record.outcome == REPLY:
        return reply_view(record.advice)
    if record.outcome == CAMPAIGN:
        return done_view(
            record.advice, f"{address}/campagnes/{record.advice['campaign']}" if address else None
        )
    if record.outcome in BY_ITSELF:
        lines = [(label, said) for label, said in record.advice["lines"]]
        url = f"{address}/{MORE.get(record.outcome, 'kanaal')}" if address else None
        closing = ALL_OF_IT if record.outcome == REPORT else ""
        return note_view(record.advice["title"], lines, url, closing=closing)
    url = f"{address}/aanvraag/{record.id}" if address else None
    return summary_view(load(dict(record.advice)), Shown(record.id, record.version, url))


def view_of(record: Record, address: str | None = None) -> View:
    """The summary of a record; one that cannot be read any more does not take down what it stands in."""
    try:
        return summary(record, address)
    except UNREADABLE_WHEN:
        log.exception("summary", record=record.id, knowledge=record.knowledge_version)
        return UNREADABLE


def question_view(advice: Mapping[str, Any]) -> View:
    """A colleague wants to speak to a person; what they told so far was typed, so it is shown to the letter."""
    title = "Een collega wil iemand van Team Inkoop spreken"
    told = tuple(Line(line["label"], Typed(line["value"])) for line in advice.get("lines", ()))
    blocks = (Text(title, "heading"), Lines(told)) if told else (Text(title, "heading"),)
    return View(blocks, summary=title)


def work_blocks(work: Work, *, reply: bool = False) -> tuple[Block, ...]:
    """Who picked a summary up, whether it was discussed, what was asked and answered, to the letter, and what worked out.

    Of a `reply` to the MVOI team what was asked is the answer.
    """
    lines = []
    if work.taken_by:
        lines.append(Line("Opgepakt door", Typed(work.taken_by)))
    if work.discussed:
        lines.append(
            Line(
                "Afgehandeld" if reply else "Besproken", format_date(work.discussed, "d MMMM y", locale="nl")
            )
        )
    for asked in work.exchanges:
        lines.append(Line(f"{ANSWER if reply else 'Vraag'} van {asked.by}", Typed(asked.question)))
        if asked.answer is not None:
            lines.append(Line("Antwoord", Typed(asked.answer)))
    lines += realised_lines(work.realised)
    return (Lines(tuple(lines)),) if lines else ()


def with_buttons(view: View, record: str, work: Work, *, reply: bool = False) -> View:
    """The summary as the channel in Teams gets it: with what one can do with it."""

    def button(label: str, what: str, *, fields: bool = False) -> Action:
        return Action(label, {"do": CHANNEL, "act": what, "record": record}, fields=fields)

    actions = (
        button("Geef terug", "teruggeven") if work.taken_by else button("Ik pak dit op", "oppakken"),
        button("Stuur antwoord" if reply else "Vraag stellen", "vragen", fields=True),
        button(NOT_DEALT_WITH if reply else "Toch niet besproken", "niet-besproken")
        if work.discussed
        else button(DEALT_WITH if reply else "Besproken", "besproken"),
    )
    ask = Input(
        "vraag",
        "Antwoord aan de collega" if reply else "Vraag aan de collega",
        "text",
        required=False,
        hint="Geen namen of gegevens van mensen",
    )
    blocks = (*view.blocks, *work_blocks(work, reply=reply), ask)
    return replace(view, blocks=blocks, actions=(*view.actions, *actions))


def ask_view(title: str, about: str, explain: str, asked: Exchange) -> View:
    """The question of procurement as its buyer gets it, with a field for the answer."""
    blocks: tuple[Block, ...] = (
        Text(title, "heading"),
        Text(about, "small"),
        Typed(asked.question, "Vraag"),
        Text(explain, "small"),
        Input("antwoord", "Je antwoord", "text"),
    )
    send = Action("Stuur antwoord", {"do": CHANNEL, "act": "antwoorden", "record": asked.id})
    return View(blocks, (send,), summary=title)


def summaries(address: str | None) -> Render:
    """Renders records for Teams, with links to Moi at this address."""

    def render(record: Record, work: Work) -> Rendered:
        view = summary(record, address)
        reply = record.outcome == REPLY
        shown = view if record.outcome in BY_ITSELF else with_buttons(view, record.id, work, reply=reply)
        return Rendered(card(shown, "teams"), view.summary, dict(shown_lines(view)))

    return render


def shown_lines(view: View) -> Iterator[tuple[str, str]]:
    """Label and value of everything on a summary that can become different, as plain words."""
    yield "Uitkomst", unmarked(view.summary)
    for block in view.blocks:
        match block:
            case Lines(lines):
                for line in lines:
                    value = line.value
                    yield line.label, legible(value.text) if isinstance(value, Typed) else unmarked(value)
            case Typed(text, label) if label:
                yield label, legible(text)
