"""Plays a transcript: says its lines to the real conversation, and holds what comes back against the lines of Moi.

A transcript reads like a talk:

    > we willen 50 bureaustoelen        typed by a person
    > [Ja, klopt]                       a button
    > [Verder] Wat wil je: 12 stoelen · Hebben we: kapot      a button under fields, filled in by their labels
    > [wijzig Waarde]                   "wijzig" behind a given answer
    Moi: 50 × kantoormeubilair          Moi says this, among other things
    Moi zwijgt over: startformulier     and does not say this
    Kanaal 1: Anders opgelost           the newest card in the procurement channel is version 1 and says this
    Kanaal: leeg                        nothing was sent
    Kanaal telt: 2                      so many requests of this person are in the channel
    Regels: 12 × catering · papier      these lines stand on the card, or this one request was understood; or "geen"
    Tikken: 3                           so many taps it took for one request, at most: buttons, and fields filled in for it
    -- verder op teams                  the person goes on elsewhere
    -- aanvraag 7                       a colleague who said nothing yet begins
    -- in het depot: 6 Bureaustoel, Loods        Facilitair puts something in the depot
    -- een ander reserveert: 6 Bureaustoel       and somebody else takes of it
    -- er loopt: Koffie | Bel Facilitair.        a running contract: what for, and how to order
    Depot: 6 × Bureaustoel              this waits for Facilitair now, and nothing else ("leeg": nothing waits)
"""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Any, Literal

from sqlalchemy import Connection

from bot.conversation import Conversation
from bot.depot import Item, Reservation, add, all_items, reservations, reserve
from bot.list_files import recognised_group
from bot.people import Person
from bot.records import Records
from bot.summaries import summary
from bot.talk_state import Message, Place
from cards.plain import text
from cards.view import Action, Input, Lines, Text, Typed, View
from dialogs.existing import ContractLine
from knowledge.shelf import Shelf

SPEECH = re.compile(
    r"^(>|Moi zwijgt over:|Moi:|Kanaal(?: \d+| telt)?:|Regels:|Tikken:|Depot:|-- (?:verder op|aanvraag|in het depot:|een ander reserveert:|er loopt:)) ?(.*)$"
)
BUTTON = re.compile(r"^\[(.+?)\](?: (.+))?$")
ALL = "all"
NUMBER = re.compile(r"^\d")
LISTED = re.compile(r"^\d+\.(?: (.+))?$|^Ik begrijp: \*\*(.+)\*\*")
COLLEAGUE = Person("web:collega", "collega")
OTHER = Person("web:ander", "ander")
FACILITAIR = Person("web:facilitair", "Facilitair", frozenset({"facilitair"}))
TODAY = date(2026, 11, 26)


class Stage:
    """One talk of one person, as it is played."""

    def __init__(self, shelf: Shelf, records: Records) -> None:
        self.records = records
        self.contracts: tuple[ContractLine, ...] = ()
        self.conversation = Conversation(shelf, records, contracts=lambda *_: self.contracts)
        self.place: Place = Place("web", "gesprek")
        self.views: Sequence[View] = ()
        self.lines = 0
        self.person = COLLEAGUE
        self.taps: Counter[str] = Counter()

    async def play(self, name: str, transcript: str) -> None:
        """Play every line; an AssertionError names the line that is not true."""
        for number, line in enumerate(transcript.splitlines(), 1):
            if not (found := SPEECH.match(line.strip())):
                assert not line.strip() or line.startswith("#"), f"{name}:{number}: {line}"
                continue
            try:
                await self.act(found[1], found[2])
            except AssertionError as wrong:
                raise AssertionError(f"{name}:{number}: {line}\n\nMoi zei:\n{wrong}") from None

    async def act(self, who: str, words: str) -> None:
        """One line of the transcript."""
        match who.split():
            case [">"]:
                await self.say(words)
            case ["Moi:"]:
                assert words in self.heard, self.heard
            case ["Moi", *_]:
                assert words not in self.heard, self.heard
            case ["Regels:"]:
                assert words == " · ".join(self.understood()) or "geen", self.heard
            case ["Tikken:"]:
                assert int(words) == self.most_taps, str(self.taps)
            case ["Kanaal", "telt:"]:
                sent = [
                    post for post in await self.records.posts() if post.record.person_id == self.person.id
                ]
                assert int(words) == len(sent), [post.record.group for post in sent]
            case ["--", "aanvraag"]:
                self.person = Person(f"web:aanvraag-{words}", "collega")
                self.place = Place("web", f"gesprek {words}")
                self.taps.clear()
            case ["Kanaal:"]:
                assert await self.records.posts() == [], "er staat iets in het kanaal"
            case ["Kanaal", version]:
                newest = (await self.records.posts())[0].record
                shown = f"versie {newest.version}: {text(summary(newest))}"
                assert (newest.version, words in shown) == (int(version.rstrip(":")), True), shown
            case ["Depot:"]:
                waits = [f"{one.number} × {one.what}" for one in await self.records.read(self.waiting)]
                assert waits == ([] if words == "leeg" else [words]), str(waits)
            case ["--", "in", *_]:
                number, what, place = re.split(r"(?<=\d) |, ", words)
                group = recognised_group(self.conversation.shelf.current, what)
                item = Item(uuid.uuid4().hex, what, group, int(number), 0, place, "", None)
                await self.records.write(partial(add, person=FACILITAIR, line=item))
            case ["--", "een", *_]:
                number, what = words.split(" ", 1)
                id_ = next(item.id for item in await self.records.read(all_items) if item.what == what)
                taken = partial(reserve, person=OTHER, item=id_, number=int(number), today=TODAY)
                assert (await self.records.write(taken)).said == "gereserveerd"
            case ["--", "er", "loopt:"]:
                what, ordering = words.split(" | ")
                self.contracts = (ContractLine("c", what, "1 mei 2028", ordering),)
            case _:
                channel: Literal["web", "teams"] = "teams" if words == "teams" else "web"
                self.place = Place(channel, f"gesprek op {channel}")

    @staticmethod
    def waiting(connection: Connection) -> list[Reservation]:
        """What this person reserved and Facilitair has not decided about."""
        return reservations(connection, COLLEAGUE.id, ("waiting",))

    @property
    def heard(self) -> str:
        """All that Moi said last, as plain text."""
        return "\n\n".join(text(view) for view in self.views)

    async def say(self, words: str) -> None:
        """Say or tap something, and hear what Moi says to it."""
        self.lines += 1
        button = BUTTON.match(words)
        message = (
            Message(f"regel-{self.lines}", tap=self.tap(button[1], button[2] or ""))
            if button
            else Message(f"regel-{self.lines}", text=words)
        )
        answer = await self.conversation.turn(self.person, message, self.place)
        assert not answer.repeated
        self.views = answer.views

    def tap(self, label: str, filled: str) -> Mapping[str, Any]:
        """What a channel sends for this button, with the fields filled in."""
        buttons = dict(self.buttons())
        assert label in buttons, self.heard
        given = dict(part.split(": ", 1) for part in filled.split(" · ")) if filled else {}
        self.taps[ALL] += 1
        self.taps.update(NUMBER.match(field)[0] if NUMBER.match(field) else ALL for field in given)
        return {**self.filled_in(), **buttons[label], **dict(self.fields(given))}

    def filled_in(self) -> dict[str, str]:
        """The fields that Moi filled in already: a card sends them with any button."""
        shown = (block for view in self.views for block in view.blocks if isinstance(block, Input))
        return {block.id: block.value for block in shown if block.value}

    @property
    def most_taps(self) -> int:
        """The most taps for one request: its own, and those for all of them."""
        return self.taps[ALL] + max((count for line, count in self.taps.items() if line != ALL), default=0)

    def understood(self) -> Iterator[str]:
        """The lines on the card of a list, else the one request that was understood; nothing when it is no purchase."""
        for view in self.views:
            for block, below in pairwise(view.blocks):
                if isinstance(block, Text) and (found := LISTED.match(block.text)):
                    yield found[1] or found[2] or (below.text if isinstance(below, Typed) else "")

    def buttons(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """All buttons that Moi shows now, by what is on them."""
        for view in self.views:
            yield from ((action.label, action.data) for action in view.actions if isinstance(action, Action))
            for block in view.blocks:
                if isinstance(block, Lines):
                    for line in block.lines:
                        data = {"do": "change", "talk": view.extra["talk"], "key": line.change}
                        yield f"wijzig {line.label}", data

    def fields(self, given: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """The fields as they come back from a card: options by their value, an empty field as nothing."""
        shown = [block for view in self.views for block in view.blocks if isinstance(block, Input)]
        for label, words in given.items():
            block = next((block for block in shown if block.label.startswith(label)), None)
            assert block is not None, f"geen veld {label!r} in {[block.label for block in shown]}"
            values = {option.label: option.value for option in block.options}
            yield block.id, ",".join(values.get(part, part) for part in words.split(" + "))
