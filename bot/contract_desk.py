"""Running contracts in the talk: `contract koffie`, `contracten` and `contracten die aflopen`. One way for all channels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.beside import Log, after, beside_the_talk, buys, calls
from bot.contract_search import running, words_of
from bot.contracts import SOON, all_running, count_running, expiring, mark, months_later
from bot.people import Person
from bot.records import Records
from bot.rights import may
from bot.talk_state import Answer, Message, Place
from cards.contract import FILE, LISTED, SHOWN, all_view, ending_view, found_view, nothing_view
from cards.marks import legible, shortened
from cards.view import View
from dialogs.hearing import plain
from knowledge.knowledge import Knowledge
from knowledge.shelf import Shelf

HERE = ZoneInfo("Europe/Amsterdam")
PAGE = "/contracten"
LONGEST = 120  # characters of what somebody looked for


@dataclass(frozen=True, slots=True)
class ContractWish:
    """What somebody wants to know of contracts, and the words they look for."""

    act: Literal["alles", "aflopend", "zoek"]
    words: str = ""


class ContractDesk:
    """Answers what is asked of contracts; changes nothing."""

    def __init__(self, shelf: Shelf, records: Records, address: str | None = None) -> None:
        self._shelf = shelf
        self._records = records
        self._link = f"{address}{PAGE}" if address else None

    def wish(self, message: Message) -> ContractWish | None:
        """What a message asks of contracts; None when it is about something else."""
        if message.changed or message.tap is not None or not message.text:
            return None
        return heard(self._shelf.current, legible(message.text))

    async def turn(
        self, person: Person, message: Message, place: Place, wish: ContractWish, log: Log | None
    ) -> Answer:
        """Look it up and say it; a message that comes twice is kept once."""
        today = datetime.now(HERE).date()
        # Made beside the one thread that may write, when the list is another one than last time.
        await self._records.read(partial(words_of, knowledge=self._shelf.current))
        answer = partial(self.answer, person=person, wish=wish, on=today)
        return await self._records.write(
            partial(beside_the_talk, person=person, message=message, place=place, log=log, answer=answer)
        )

    def answer(self, connection: Connection, person: Person, wish: ContractWish, on: date) -> View:
        """What there is to say on this day."""
        knowledge, link = self._shelf.current, self._link
        if wish.act == "aflopend":
            found = expiring(connection, on, months_later(on, SOON))
            return ending_view(knowledge, found, more=len(found) > LISTED, link=link)
        if wish.act == "zoek" and words_of(connection, knowledge).telling(wish.words):
            found = running(connection, knowledge, None, wish.words, on, SHOWN + 1)
            if found:
                asked = shortened(wish.words, LONGEST)
                return found_view(knowledge, found, on, asked=asked, more=len(found) > SHOWN, link=link)
        elif number := count_running(connection, on):
            return all_view(knowledge, all_running(connection, on, LISTED), number, link=link)
        keeps, empty = may(person, "contracten bijgewerkt"), not mark(connection)
        return nothing_view(knowledge, shortened(wish.words, LONGEST), empty=empty, keeps=keeps, link=link)


def heard(knowledge: Knowledge, text: str) -> ContractWish | None:
    """What somebody types about contracts; None for a purchase, an answer or a story that names one."""
    said = plain(text)
    if "contract" not in said and "raamovereenkomst" not in said:
        return None
    if said in calls(knowledge, FILE, "alles"):
        return ContractWish("alles")
    ending = calls(knowledge, FILE, "aflopend")
    if said in ending or after(said, ending):
        return ContractWish("aflopend")
    if words := after(said, calls(knowledge, FILE, "vraagt")) or _asked(knowledge, said):
        return ContractWish("zoek", words)
    words = after(said, (*calls(knowledge, FILE, "zoek"), *calls(knowledge, FILE, "alles"))).removeprefix(
        "voor "
    )
    other = frozenset(calls(knowledge, FILE, "anders")).intersection(words.split())
    if not words or other or buys(knowledge, words) or any(map(str.isdecimal, words)):
        return None
    return ContractWish("zoek", words)


def _asked(knowledge: Knowledge, said: str) -> str:
    """What a question in other words is about: "is er ergens een contract voor koffie" -> koffie; empty when it is none."""
    if not after(said, calls(knowledge, FILE, "begint")):
        return ""
    parts = (said.partition(f" {call} ") for call in calls(knowledge, FILE, "waarvoor"))
    about = next((rest for _, _, rest in parts if rest), "")
    # "Heb je een contract voor nodig" asks something else.
    return "" if about.startswith("nodig") else about
