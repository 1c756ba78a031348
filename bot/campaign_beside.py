"""What stands beside a campaign while it is written: how it looks, what must still be done, and what can be easier."""

from __future__ import annotations

import asyncio
from importlib import import_module
from pathlib import Path
from typing import Any

from bot.campaign_audience import Size
from bot.campaign_form import problems
from bot.campaigns import Draft
from cards.adaptive import card, fits
from cards.view import View
from knowledge.knowledge import Knowledge

CHOSEN = "gekozen"
"""The id of a picture that is chosen in a browser and not sent yet; its page knows where it is."""
TOO_LARGE = "Dit past niet op één kaart in Teams. Maak de tekst korter, of gebruik minder bijzondere tekens."


def all_problems(knowledge: Knowledge, draft: Draft, people: Size, view: View) -> list[str]:
    """What must be done before it can be released, also about the card that is made of it."""
    found = problems(knowledge, draft, people)
    return found if fits(view) else [*found, TOO_LARGE]


async def beside(
    knowledge: Knowledge, folder: Path, draft: Draft, people: Size, view: View
) -> dict[str, Any]:
    """What `campagne-nu.html` shows; `folder` is that of the knowledge."""
    written = f"{draft.title}\n{draft.line}\n{draft.text}"
    return {
        "view": view,
        "cards": {"teams": card(view, "teams"), "web": card(view, "web")},
        "problems": all_problems(knowledge, draft, people, view),
        "hints": await asyncio.to_thread(_hints, folder, written),
    }


def _hints(folder: Path, text: str) -> list[str]:
    # Only now: it brings a dictionary of syllables, which nobody else needs.
    found: list[str] = import_module("bot.campaign_hints").hints(folder, text)
    return found
