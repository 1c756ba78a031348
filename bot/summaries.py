"""What the procurement channel gets to see of a record, as a view, and as the card and line that Teams wants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.channel_posts import QUESTION, REPORT, Record
from bot.posting import Render
from cards.adaptive import card
from cards.care import note_view
from cards.record import Shown, summary_view
from cards.view import Line, Lines, Text, Typed, View
from dialogs.advice import load


def summary(record: Record, address: str | None = None) -> View:
    """The summary of a record, the question of a colleague who wants to speak to a person, or the monthly report."""
    if record.outcome == QUESTION:
        return question_view(record.advice)
    if record.outcome == REPORT:
        lines = [(label, said) for label, said in record.advice["lines"]]
        return note_view(record.advice["title"], lines, f"{address}/onderhoud" if address else None)
    url = f"{address}/aanvraag/{record.id}" if address else None
    return summary_view(load(dict(record.advice)), Shown(record.id, record.version, url))


def question_view(advice: Mapping[str, Any]) -> View:
    """A colleague wants to speak to a person; what they told so far was typed, so it is shown to the letter."""
    title = "Een collega wil iemand van Team Inkoop spreken"
    told = tuple(Line(line["label"], Typed(line["value"])) for line in advice.get("lines", ()))
    blocks = (Text(title, "heading"), Lines(told)) if told else (Text(title, "heading"),)
    return View(blocks, summary=title)


def summaries(address: str | None) -> Render:
    """Renders records for Teams, with links to Moi at this address."""

    def render(record: Record) -> tuple[Mapping[str, Any], str]:
        view = summary(record, address)
        return card(view, "teams"), view.summary

    return render
