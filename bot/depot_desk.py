"""The depot in the talk: `depot stoelen`, reserving with a button, and what Facilitair puts in. One way for all channels."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.beside import Log, after, beside_the_talk, buys, calls
from bot.depot import (
    DECISIONS,
    LONGEST,
    MOST,
    Item,
    Reservation,
    Reserved,
    add,
    decide,
    free_items,
    item_of,
    reserve,
    withdraw,
)
from bot.depot_letters import due_decisions, told_late, waits_for
from bot.depot_search import DepotSearch
from bot.kept_turn import keep_person
from bot.line_index import LineIndex, first_of
from bot.list_files import recognised_group
from bot.people import Person
from bot.records import Records
from bot.rights import NotYoursError, may, require
from bot.talk_state import Answer, Message, Place
from cards.depot import (
    DO,
    FILE,
    SHOWN,
    add_view,
    asked_view,
    decided_view,
    how_many_view,
    list_view,
    nothing_view,
    reserved_view,
)
from cards.marks import legible, shortened
from cards.remarks import plain_view
from cards.view import View
from dialogs.hearing import plain
from knowledge.knowledge import Knowledge
from knowledge.numerals import tokens
from knowledge.shelf import Shelf

HERE = ZoneInfo("Europe/Amsterdam")
LIKE_IT = 0.3  # How near something must fit to be offered instead of what is gone.
PAGE = "/depot"
TO_THE_DEPOT = re.compile(r"\b(?:(?:in|aan|bij|naar|voor) (?:het )?)?depot\b")
IN_THE_DEPOT = (" in het depot", " in depot")
BEFORE_IT = re.compile(r"^(?:er (?:zijn|is|staan|staat|komen|komt)|we hebben(?: er)?|ik heb(?: er)?)\b")


@dataclass(frozen=True, slots=True)
class DepotWish:
    """What somebody wants with the depot: `act`, the line or reservation it is about, and what they typed."""

    act: str
    item: str = ""
    given: Mapping[str, str] | None = None
    words: str = ""


class DepotDesk:
    """Answers what is asked of the depot. Reservations of which something was decided are delivered by others."""

    def __init__(self, shelf: Shelf, records: Records, address: str | None = None) -> None:
        self._shelf = shelf
        self._records = records
        self._address = address
        self._search = DepotSearch()

    def wish(self, message: Message) -> DepotWish | None:
        """What a message or a tap asks of the depot; None when it is about something else."""
        if message.changed:
            return None
        if message.tap is not None:
            tap = {name: str(value or "") for name, value in message.tap.items()}
            return DepotWish(tap.get("act", ""), tap.get("item", ""), tap) if tap.get("do") == DO else None
        return heard(self._shelf.current, legible(message.text)) if message.text else None

    async def turn(
        self, person: Person, message: Message, place: Place, wish: DepotWish, log: Log | None
    ) -> Answer:
        """Do it and say what became of it, as a whole or not at all; a message that comes twice does nothing twice."""
        today = datetime.now(HERE).date()
        # Made beside the one thread that may write, when the list is another one than last time.
        await self._records.read(self._index)
        work = partial(self.answer, person=person, wish=wish, today=today)
        answer = await self._records.write(
            partial(beside_the_talk, person=person, message=message, place=place, log=log, answer=work)
        )
        if wish.act == "reserveer" or wish.act in DECISIONS:
            for reservation in await self._records.read(due_decisions):
                self._records.deliver_again(reservation)
        return answer

    async def look(self, words: str, most: int) -> tuple[list[Item], bool]:
        """The lines of which something is free and that fit these words, best first, and whether there are more."""
        return await self._records.read(partial(self.found, words, datetime.now(HERE).date(), most))

    def told(self, found: Reservation) -> View:
        """A reservation that waits as Facilitair gets it, or the decision as whoever reserved gets it."""
        if found.state == "waiting":
            return asked_view(self._knowledge, found)
        return self.decided(found)

    def decided(self, found: Reservation) -> View:
        """A decision of Facilitair as whoever reserved gets it."""
        return decided_view(self._knowledge, found.state, found.what, found.number, found.place)

    async def decisions(self, person: Person) -> tuple[View, ...]:
        """What was decided while this person was nowhere to be told; once."""
        if not await self._records.read(partial(waits_for, person.id)):
            return ()
        return tuple(map(self.decided, await self._records.write(partial(told_late, person.id))))

    async def decide(self, person: Person, what: str, reservation: str) -> Reservation | None:
        """Confirm or decline a reservation, or note that things are back; see `bot.depot.decide`."""
        found = await self._records.write(partial(_decide, person, what, reservation))
        if found:
            self._records.deliver_again(reservation)
        return found

    def found(self, words: str, today: date, most: int, connection: Connection) -> tuple[list[Item], bool]:
        """The lines that fit and are free, at most so many, and whether there are more."""
        ids = self._index(connection).find(words)
        return found_free(connection, ids, today, most)

    def answer(self, connection: Connection, person: Person, wish: DepotWish, today: date) -> View:
        """Carry out one wish within a transaction; gives what to say."""
        try:
            match wish.act:
                case "zoek":
                    return self._list(connection, person, wish.words, today)
                case "kies":
                    return self._choose(connection, wish.item, today)
                case "reserveer":
                    return self._reserve(connection, person, wish, today)
                case "toch-niet":
                    gone = withdraw(connection, person.id, wish.item)
                    return self._say("ingetrokken" if gone else "niet-in-te-trekken")
                case act if act in DECISIONS:
                    return self._decide(connection, person, act, wish.item)
                case "nieuw":
                    require(person, "depot bijgewerkt")
                    return add_view(self._knowledge, dict(wish.given or {}))
                case "erbij":
                    require(person, "depot bijgewerkt")
                    return self._add(connection, person, wish.given or {})
                case "erbij-niet":
                    return self._say("erbij-niet")
                case _:
                    return self._say("onbekend")
        except NotYoursError:
            return self._say("alleen-facilitair")

    def _list(self, connection: Connection, person: Person, words: str, today: date) -> View:
        items, more = self.found(words, today, SHOWN, connection)
        asked = shortened(words, LONGEST)
        if not items:
            return nothing_view(self._knowledge, asked, keeps=may(person, "depot bijgewerkt"))
        return list_view(self._knowledge, items, asked=asked, more=more, link=self._page())

    def _choose(self, connection: Connection, id_: str, today: date) -> View:
        item = next(iter(free_items(connection, [id_], today)), None)
        if item is None:
            return self._instead(connection, Reserved("niet-meer", item=item_of(connection, id_)), today)
        return how_many_view(self._knowledge, item)

    def _reserve(self, connection: Connection, person: Person, wish: DepotWish, today: date) -> View:
        number = whole_number((wish.given or {}).get("aantal", ""))
        done = reserve(connection, person, wish.item, number, today)
        if done.item and done.said in ("gereserveerd", "had-je-al"):
            return reserved_view(self._knowledge, done.said, done.id, done.item.what, done.number)
        return self._instead(connection, done, today)

    def _instead(self, connection: Connection, done: Reserved, today: date) -> View:
        """Why nothing was reserved, and what else there is: the same thing when some are left, then what is like it."""
        if done.item is None:
            return self._say("onbekend")
        item, index = done.item, self._index(connection)
        ids = dict.fromkeys((item.id, *index.find(item.what, LIKE_IT), *index.like(item.group, item.id)))
        items, more = found_free(connection, list(ids), today, SHOWN)
        free = str(done.item.free)
        values = {"vrij": free} if done.said == "niet-genoeg" else {}
        why = self._knowledge.words.say(FILE, done.said, **values)
        if not items:
            return plain_view(f"{why} {self._knowledge.words.say(FILE, 'niets')}")
        return list_view(self._knowledge, items, more=more, link=self._page(), first=why)

    def _decide(self, connection: Connection, person: Person, act: str, reservation: str) -> View:
        if not may(person, DECISIONS[act][2]):
            return self._say("niet-beslissen")
        return self._say(act if decide(connection, person, act, reservation) else "te-laat")

    def _add(self, connection: Connection, person: Person, given: Mapping[str, str]) -> View:
        what, place, condition = (
            shortened(" ".join(legible(given.get(name, "")).split()), LONGEST)
            for name in ("wat", "waar", "staat")
        )
        number = whole_number(given.get("aantal", ""))
        if not (what and place and 0 < number <= MOST):
            return add_view(self._knowledge, dict(given), self._knowledge.words.say(FILE, "erbij-mist"))
        group = recognised_group(self._knowledge, what)
        line = Item(uuid.uuid4().hex, what, group, number, 0, place, condition, None)
        now = add(connection, person, line)
        return self._say("erbij-gedaan", aantal=str(now.number))

    @property
    def _knowledge(self) -> Knowledge:
        return self._shelf.current

    def _index(self, connection: Connection) -> LineIndex:
        return self._search.index(connection, self._knowledge)

    def _page(self) -> str | None:
        return f"{self._address}{PAGE}" if self._address else None

    def _say(self, sentence: str, **values: str) -> View:
        return plain_view(self._knowledge.words.say(FILE, sentence, **values))


def _decide(person: Person, what: str, reservation: str, connection: Connection) -> Reservation | None:
    keep_person(connection, person, datetime.now(UTC).date())
    return decide(connection, person, what, reservation)


def heard(knowledge: Knowledge, text: str) -> DepotWish | None:
    """What somebody types about the depot: all of it, something in it, or that something has come in."""
    said = plain(text)
    if "depot" not in said:
        return None
    of = partial(calls, knowledge, FILE)
    if said in of("alles"):
        return DepotWish("zoek")
    if buys(knowledge, said):
        return None
    if any(f" {word} " in f" {said} " for word in of("erbij")):
        return DepotWish("nieuw", given=_come_in(text.casefold(), of("erbij")))
    if words := after(said, (*of("zoek"), *of("alles"))):
        return DepotWish("zoek", words=words)
    asks = next((call for call in of("vraagt") if said.startswith(f"{call} ")), None)
    at_the_end = next((end for end in IN_THE_DEPOT if said.endswith(end)), None)
    if asks and at_the_end:
        return DepotWish("zoek", words=said.removeprefix(asks).removesuffix(at_the_end).strip())
    return None


def whole_number(text: str) -> int:
    """A number of things as people type it; 0 when it is none."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def _come_in(text: str, said: Sequence[str]) -> dict[str, str]:
    """ "er zijn 4 bureaus bijgekomen in het depot" -> wat: bureaus, aantal: 4; whoever typed it sees and corrects it."""
    rest = TO_THE_DEPOT.sub(" ", text)
    for call in said:
        rest = re.sub(rf"\b{re.escape(call)}\b", " ", rest)
    words = BEFORE_IT.sub(" ", " ".join(rest.split())).strip(" .!?,;:").split()
    first = tokens(words[0])[0].value if words and tokens(words[0]) else None
    number = str(int(first)) if first and first == int(first) else ""
    return {"wat": shortened(" ".join(words[1:] if number else words), LONGEST), "aantal": number}


def found_free(connection: Connection, ids: Sequence[str], today: date, most: int) -> tuple[list[Item], bool]:
    """The first of these lines of which something is free today, at most so many, and whether there are more."""
    return first_of(ids, most, lambda part: free_items(connection, part, today))
