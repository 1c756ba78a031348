"""What there is already, for the talk before a purchase: looked up once, and reserved when somebody chooses it.

Looking up is done beside the one thread that may write. A reservation is part of the turn that chose it, so that it is
made together with the answer or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from babel.dates import format_date
from rapidfuzz.distance import OSA
from sqlalchemy import Connection

from bot.contract_search import running
from bot.contracts import Contract
from bot.depot import LONGEST, Item, Reserved, reservation_of, reservations, reserve, withdraw
from bot.depot_desk import DepotDesk
from bot.desk import Desk
from bot.talk_state import Response, Talk
from bot.turn import Turn
from cards.depot import FILE
from cards.marks import legible, shortened
from cards.remarks import plain_view
from dialogs.advice import Advice
from dialogs.engine import Asking, Finished
from dialogs.existing import (
    HELD,
    THERE,
    ContractLine,
    DepotLine,
    Existing,
    WhatThereIs,
    lets_go,
    to_reserve,
)
from dialogs.what import DIALOG
from knowledge.dutch import fold, stem, words

LOOKED_AT = 12
"""Lines that fit best, of which it is seen how many are free."""
KEPT = 3
"""Lines that are kept with a talk, so that there is another one when somebody says how many."""
SHORTEST_PART, LONG = 4, 9  # letters
MARKS = str.maketrans("", "", "*{}")
NO_MORE = frozenset({"withdrawn", "declined"})

Contracts = Callable[[Desk, WhatThereIs, Connection], tuple[ContractLine, ...]]
"""Which contracts run for what somebody wants, the best first."""


def running_contracts(desk: Desk, wanted: WhatThereIs, connection: Connection) -> tuple[ContractLine, ...]:
    """What the list of contracts has for it: by its words, or of the same product group."""
    group = wanted.subject.group.id if wanted.subject.group else None
    named = " ".join(desk.knowledge.recognise(wanted.subject.request.said).words)
    found = running(connection, desk.knowledge, group, named, desk.today, KEPT)
    return tuple(_contract(one) for one in found if one.group in (None, group))


class Offers:
    """The depot and the contracts, as the talk before a purchase sees them."""

    def __init__(self, depot: DepotDesk, contracts: Contracts) -> None:
        self._depot = depot
        self._contracts = contracts

    def look(self, desk: Desk, wanted: WhatThereIs, connection: Connection) -> Existing:
        """What there is today of what somebody wants, as far as it can be offered to them."""
        return Existing(
            self._lines(desk, wanted, connection), tuple(self._contracts(desk, wanted, connection))
        )

    def settle(self, desk: Desk, connection: Connection, before: Talk | None, response: Response) -> Response:
        """Reserve what the talk now chose and give back what it no longer wants, within the turn; the response says what
        became of that. When it is gone, the ways are asked again with what else there is, and all else stays."""
        talk = response.talk
        if talk is None or not (HELD in talk.answers or _offered(talk)):
            return response
        now = desk.run(talk)
        held = talk.answers.get(HELD)
        if isinstance(held, dict) and response.record and _is_over(connection, held):
            return self._ask_again(desk, connection, before, response, now, "depot-vervallen")
        wish = None if talk.state == "stopped" else to_reserve(now)
        if isinstance(held, dict) and (wish is not None or lets_go(now) or _is_dropped(talk)):
            response = _given_back(desk, connection, response, held, changed=wish is not None)
        if wish is None or response.talk is None:
            return response
        done = reserve(connection, desk.person, wish.line.id, wish.number, desk.today)
        if done.said != "gereserveerd":
            return self._ask_again(desk, connection, before, response, now, done)
        answers = {**response.talk.answers, HELD: wish.keep(done.id)}
        return _with_card(desk, response, replace(response.talk, answers=answers))

    def _lines(self, desk: Desk, wanted: WhatThereIs, connection: Connection) -> tuple[DepotLine, ...]:
        subject = wanted.subject
        named = desk.knowledge.recognise(subject.request.said).words
        if not named:
            return ()
        found, _ = self._depot.found(" ".join(named), desk.today, LOOKED_AT, connection)
        group = subject.group.id if subject.group else None
        fitting = [item for item in found if item.group in (None, group) and is_named(named, item.what)]
        if not fitting:
            return ()
        mine = {one.item for one in reservations(connection, desk.person.id, ("waiting",))}
        free = [item for item in fitting if item.id not in mine]
        said = _stems(subject.request.said)
        # Those of which there is enough first, and then those that most of the words are about: "zwart".
        free.sort(key=lambda item: (item.free < (subject.quantity or 1), -len(said & _stems(item.what))))
        return tuple(map(_line, free[:KEPT]))

    def _ask_again(
        self,
        desk: Desk,
        connection: Connection,
        before: Talk | None,
        response: Response,
        now: Asking | Finished[Advice],
        why: Reserved | str,
    ) -> Response:
        """Say why nothing is reserved and ask the ways again, with what there is now."""
        say = desk.knowledge.words.say
        if isinstance(why, str):
            said = say(DIALOG, why)
        else:
            values = {"vrij": str(why.item.free)} if why.said == "niet-genoeg" and why.item else {}
            said = say(
                FILE, why.said, **values, **({"aantal": str(why.number)} if why.said == "had-je-al" else {})
            )
        way = next(one.question.key for one in now.trail if one.question.name == "anders")
        there = next(one.question for one in now.said if isinstance(one.question, WhatThereIs))
        back = Turn(desk, response.talk).forget(way).current()
        answers = {key: kept for key, kept in back.answers.items() if key != HELD}
        answers[THERE] = there.keep(self.look(desk, there, connection))
        record = before.record if before and before.id == back.id else None
        return _with_card(desk, response, replace(back, answers=answers, record=record), said)


def reserved_by(talk: Talk) -> str | None:
    """The id of the reservation that this talk holds."""
    held = talk.answers.get(HELD)
    return str(held["reservering"]) if isinstance(held, dict) and held.get("reservering") else None


def is_named(named: Iterable[str], what: str) -> bool:
    """Whether a thing is called by one of these words: "stoel" names a bureaustoel, "bureau" does not."""
    asked = {one for name in named for one in _stems(name)}
    return any(_is_called(one, known) for one in asked for known in _stems(what))


def _stems(text: str) -> set[str]:
    return {stem(word) for word in words(fold(text))}


def _is_called(asked: str, known: str) -> bool:
    if asked == known or (len(asked) >= SHORTEST_PART and known.endswith(asked)):
        return True
    return len(asked) > SHORTEST_PART and OSA.distance(asked, known) <= (2 if len(asked) >= LONG else 1)


def _line(item: Item) -> DepotLine:
    until = f"tot en met {format_date(item.until, 'd MMMM y', locale='nl')}" if item.until else ""
    notes = ", ".join(part for part in (_plain(item.condition), until) if part)
    return DepotLine(item.id, _plain(item.what), item.free, _plain(item.place), notes)


def _contract(found: Contract) -> ContractLine:
    until = format_date(found.until, "d MMMM y", locale="nl") if found.until else ""
    return ContractLine(found.id, _plain(found.what), until, _plain(found.how_to_order))


def _plain(text: str) -> str:
    """Words of somebody else as they may stand in a sentence of ours: nothing in it is a mark."""
    return shortened(" ".join(legible(text).translate(MARKS).split()), LONGEST)


def _offered(talk: Talk) -> bool:
    """Whether there is something of the depot in what was found."""
    there = talk.answers.get(THERE)
    return isinstance(there, dict) and bool(there.get("depot"))


def _is_over(connection: Connection, held: dict[str, object]) -> bool:
    """Whether a reservation was declined or taken back elsewhere since."""
    found = reservation_of(connection, str(held.get("reservering")))
    return found is None or found.state in NO_MORE


def _is_dropped(talk: Talk) -> bool:
    """Whether a talk was stopped before anything of it was sent."""
    return talk.state == "stopped" and talk.record is None


def _given_back(
    desk: Desk, connection: Connection, response: Response, held: dict[str, object], *, changed: bool
) -> Response:
    """Take the reservation back when it still waits; what Facilitair confirmed stays, and is said to stay."""
    talk = response.talk
    if talk is None:
        return response
    id_ = str(held.get("reservering"))
    said = "ingetrokken"
    if not withdraw(connection, desk.person.id, id_):
        found = reservation_of(connection, id_)
        said = "niet-in-te-trekken" if found and found.state == "confirmed" else ""
    elif changed:
        said = ""
    first = (plain_view(desk.knowledge.words.say(FILE, said)),) if said else ()
    answers = {key: kept for key, kept in talk.answers.items() if key != HELD}
    return replace(response, talk=replace(talk, answers=answers), views=(*first, *response.views))


def _with_card(desk: Desk, response: Response, talk: Talk, said: str = "") -> Response:
    """The response with the card of the talk as it is now, after what has to be said; nothing is sent."""
    now = desk.run(talk)
    if isinstance(now, Finished):
        return response
    first = plain_view(said) if said else None
    asked = Turn(desk, talk).asking(talk, now, first, once_more=False)
    before = () if response.record else response.views[:-1]
    return replace(response, talk=asked.talk, views=(*before, *asked.views), record=None)
