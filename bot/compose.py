"""An inspiration package in any conversation in Teams: looked for from the compose box, or by the link to its page.

Who asks is of no importance and is kept nowhere: every colleague may read every package.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError
from pydantic.alias_generators import to_camel

from bot.teams_package import FIELD, SEARCH
from cards.adaptive import attached, card
from cards.inspiration import FILE, hit_lines, shared_view
from cards.marks import legible
from knowledge.finding import Hit
from knowledge.knowledge import Knowledge
from knowledge.packages import package

if TYPE_CHECKING:
    from knowledge.shelf import Shelf

PAGES = "/inspiratie/"
HERE = ZoneInfo("Europe/Amsterdam")
IN_SHORT = "application/vnd.microsoft.card.thumbnail"
MOST = 25  # Packages at a time; Teams asks for more while one scrolls.
LONGEST_LINK = 2000
LONGEST = 200  # characters of a question


class NotUnderstoodError(Exception):
    """This is no search that Moi knows."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel)


class _Field(_Part):
    name: str
    value: JsonValue = None


class _Window(_Part):
    skip: int = Field(0, ge=0)
    count: int = Field(MOST, ge=0)


class _Query(_Part):
    command_id: str
    parameters: list[_Field] = []
    query_options: _Window | None = None

    def words(self) -> str:
        """What was typed; nothing yet when the search was just opened."""
        typed = next((field.value for field in self.parameters if field.name == FIELD), "")
        return " ".join(legible(typed).split())[:LONGEST] if isinstance(typed, str) else ""


FIRST_PAGE = _Window.model_validate({})


class _Link(_Part):
    url: str = Field(max_length=LONGEST_LINK)


class ComposeBox:
    """The search, in the knowledge as it is at that moment; `address` is where the pages of the packages are."""

    def __init__(self, shelf: Shelf, address: str) -> None:
        self._shelf = shelf
        self._address = address
        self._made: tuple[tuple[str, date] | None, dict[tuple[str, str | None], Mapping[str, Any]]] = (
            None,
            {},
        )

    async def answer(self, name: str | None, asked: JsonValue) -> Mapping[str, Any] | None:
        """What Teams shows for a query or for a link that somebody pastes; None when it asks for something else.

        Packages come as cards, each with a line for the list; where there are none a query gets a sentence. Raises
        `NotUnderstoodError` for a query that is not the search of the manifest.
        """
        try:
            match name:
                case "composeExtension/query":
                    query = _Query.model_validate(asked)
                    if query.command_id != SEARCH:
                        raise NotUnderstoodError
                    # Twenty-five cards that nobody asked for before take a tenth of a second, in which others want answers.
                    shown = await asyncio.to_thread(self._found, query)
                case "composeExtension/queryLink":
                    shown = self._linked(_Link.model_validate(asked))
                case _:
                    return None
        except ValidationError as error:
            raise NotUnderstoodError from error
        return {"composeExtension": shown}

    def _found(self, query: _Query) -> Mapping[str, Any]:
        knowledge = self._shelf.current
        window = query.query_options or FIRST_PAGE
        found = knowledge.find(query.words())
        if found.nothing:
            return {"type": "message", "text": knowledge.words.say(FILE, "zoekvak-niets")}
        hits = found.hits if found.asked else knowledge.finder.everything()
        shown = hits[window.skip : window.skip + min(window.count, MOST)]
        return _result(self._cards(knowledge, shown))

    def _linked(self, link: _Link) -> Mapping[str, Any]:
        """The package whose page this is; nothing for any other page."""
        before = f"{self._address}{PAGES}"
        if not link.url.startswith(before):
            return _result([])
        id_, _, query = link.url.removeprefix(before).partition("#")[0].partition("?")
        knowledge = self._shelf.current
        asked = parse_qs(query).get("thema", [""])[0]
        hits = [hit for hit in knowledge.finder.everything() if hit.id == id_]
        if hits and hits[0].kind != "thema" and asked in knowledge.themes:
            hits = [replace(hits[0], theme=asked)]
        return _result(self._cards(knowledge, hits))

    def _cards(self, knowledge: Knowledge, hits: Sequence[Hit]) -> list[Mapping[str, Any]]:
        edition = (knowledge.version, datetime.now(HERE).date())
        if self._made[0] != edition:
            self._made = (edition, {})
        # Taken once, because an edit of the knowledge may come in between.
        made = self._made[1]
        for hit in hits:
            if (hit.id, hit.theme) not in made:
                made[hit.id, hit.theme] = self._card(knowledge, hit, edition[1])
        return [one for hit in hits if (one := made[hit.id, hit.theme])]

    def _card(self, knowledge: Knowledge, hit: Hit, on: date) -> Mapping[str, Any]:
        """One package as a card with its line for the list; nothing for a package that is not there on that day."""
        about = package(knowledge, hit.id, on, hit.theme)
        if about is None:
            return {}
        title, line = hit_lines(knowledge, hit)
        return {
            **attached(card(shared_view(knowledge, about, self._address), "teams")),
            "preview": {"contentType": IN_SHORT, "content": {"title": title, "text": line}},
        }


def _result(cards: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    return {"type": "result", "attachmentLayout": "list", "attachments": cards}
