"""Nudges in the talk: which are due, what is tapped on them, and the talk that they open. One way for all channels."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import Connection, update

from bot.beside import Log, beside_the_talk
from bot.channel_place import targets
from bot.channel_posts import AHEAD, FROM_MOI, Record, add_note
from bot.follow_up import is_day, until_day
from bot.nudges import (
    HERE,
    Nudge,
    begun,
    let_go,
    make_due,
    mark,
    nudge_of,
    put_off,
    recorded,
    stop,
    told_late,
    waits_for,
)
from bot.own_chat import BUSY, DUE, SENT, OwnChat, Sends
from bot.people import Person
from bot.records import Records
from bot.rights import MOI, note
from bot.talk_state import Answer, Message, Place, Response
from bot.tender_contracts import follow_contracts
from bot.tender_tables import nudges
from bot.tenders import gave_it, give_to, person_of
from cards.marks import legible, shortened
from cards.remarks import plain_view
from cards.tender import DO, FILE, nudge_view, subject_name, whose_view, written
from cards.view import View
from knowledge.knowledge import Knowledge
from knowledge.shelf import Shelf
from knowledge.tenders import TenderPolicy

LONGEST_NAME = 80  # characters of whose it is
A_MONTH = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class NudgeWish:
    """What somebody taps on a nudge."""

    tap: Mapping[str, str]

    @property
    def answered(self) -> bool:
        """Whether it is answered here, and not by the talk that it opens."""
        return self.tap.get("act") != "begin"


class NudgeDesk:
    """Makes nudges due, shows them, and carries out what is tapped on them."""

    def __init__(self, shelf: Shelf, records: Records) -> None:
        self._shelf = shelf
        self._records = records
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def policy(self) -> TenderPolicy | None:
        """When to nudge; None when nothing is written about that."""
        return self._shelf.current.tenders

    def letters(self, way_out: Sends | None = None) -> NudgeLetters:
        """What delivers the cards, to Teams by a `way_out`."""
        return NudgeLetters(self._records, self, way_out)

    async def ask(self) -> None:
        """Make due what may be said now, and have it delivered. May be called as often as one likes."""
        policy, now = self.policy(), self.now()
        if policy is None or not is_day(policy, now):
            return
        for id_ in await self._records.write(partial(self._make_due, self._shelf.current, policy, now)):
            self._records.deliver_again(id_)

    def _make_due(
        self, knowledge: Knowledge, policy: TenderPolicy, now: datetime, connection: Connection
    ) -> list[str]:
        follow_contracts(knowledge, policy, now, connection)
        due, of_nobody = make_due(policy, now, connection)
        if due or of_nobody:
            about = f"aan collega's: {len(due)}, aan het MVOI-team: {len(of_nobody)}"
            note(connection, MOI, "seintje gegeven", about, now)
        if of_nobody:
            told = _told_team(knowledge, of_nobody, now)
            add_note(connection, told, targets(connection, self._records.targets))
            heard = update(nudges).where(nudges.c.id.in_([one.id for one in of_nobody]))
            connection.execute(heard.values(told=SENT))
            due.append(told.id)
        return due

    def card(self, nudge: Nudge) -> View | None:
        """The card; None when there is nothing to say any more."""
        policy, today = self.policy(), self.now().astimezone(HERE).date()
        moment = next((one for one in policy.moments if one.id == nudge.moment), None) if policy else None
        if policy is None or moment is None or nudge.tender.gone or nudge.tender.start <= today:
            return None
        return nudge_view(
            self._shelf.current, nudge.id, nudge.tender.values, nudge.tender.subject, moment, policy, today
        )

    async def late(self, person: Person) -> tuple[View, ...]:
        """What could not be said while this person was nowhere; once."""
        if not await self._records.read(partial(waits_for, person.id)):
            return ()
        found = await self._records.write(partial(told_late, person.id, self.now()))
        return tuple(view for one in found if (view := self.card(one)))

    def wish(self, message: Message) -> NudgeWish | None:
        """What a tap asks of a nudge; None when it is about something else."""
        if message.changed or message.tap is None or message.tap.get("do") != DO:
            return None
        return NudgeWish({str(name): legible(str(value or "")) for name, value in message.tap.items()})

    async def talk(self, person: Person, message: Message, wish: NudgeWish) -> Message:
        """The tap that opens the talk with all that is known; of a nudge that is not theirs, an old card."""
        nudge = await self._records.read(partial(nudge_of, id_=wish.tap.get("item", "")))
        if nudge is None or nudge.person_id != person.id:
            return message
        tender, known = nudge.tender, [nudge.tender.values["team"]]
        known.append(f"start {written(tender.start)}")
        said = f"{tender.what} ({', '.join(part for part in known if part)})"
        needed = tender.day("contract_start") or tender.start
        soon = needed <= (self.now().astimezone(HERE).date() + A_MONTH)
        tap = {"said": said, "when": "vast-binnen-maand" if soon else "vast-later", "nudge": nudge.id}
        if tender.subject:
            return replace(message, tap={"do": "about", "package": tender.subject, **tap})
        return replace(message, tap={"do": "begin", "text": tender.what, "nudge": nudge.id})

    def settle(
        self, connection: Connection, person: Person, new_talk: str, message: Message, response: Response
    ) -> None:
        """Within a turn: keep which talk began with a nudge, and which record came of it."""
        talk = response.talk
        if talk and message.tap and talk.id == new_talk and (id_ := message.tap.get("nudge")):
            begun(connection, str(id_), person.id, talk.id)
        if talk and response.record and (record := response.record.id or talk.record):
            recorded(connection, talk.id, record)

    async def turn(
        self, person: Person, message: Message, place: Place, wish: NudgeWish, log: Log | None
    ) -> Answer:
        """Do it and say what became of it; a tap that comes twice does nothing twice."""
        answer = partial(self.answer, person=person, tap=wish.tap)
        return await self._records.write(
            partial(beside_the_talk, person=person, message=message, place=place, log=log, answer=answer)
        )

    def answer(self, connection: Connection, person: Person, tap: Mapping[str, str]) -> View:
        """Carry out one tap within a transaction; the same again changes nothing."""
        nudge = nudge_of(connection, tap.get("item", ""), locked=True)
        if nudge is None or nudge.person_id != person.id:
            given = nudge and tap.get("act") == "over" and gave_it(connection, nudge.tender.id, person.id)
            return self._say("doorgegeven" if given else "onbekend")
        match tap.get("act"):
            case "later":
                return self._later(connection, nudge, tap.get("termijn", ""))
            case "weg":
                return whose_view(self._shelf.current, nudge.id, nudge.tender.what)
            case "over":
                return self._over(connection, person, nudge, tap)
            case "laat-maar":
                stop(connection, nudge)
                return self._say("laat-maar")
        return self._say("onbekend")

    def _later(self, connection: Connection, nudge: Nudge, chosen: str) -> View:
        policy = self.policy()
        delay = next((one for one in policy.delays if one.id == chosen), None) if policy else None
        if delay is None:
            return self._say("onbekend")
        until = self.now() + timedelta(days=delay.days)
        day = until.astimezone(HERE).date()
        if nudge.record:
            return self._say("laat-maar")
        put_off(connection, nudge, until)
        return self._say("te-laat") if day >= nudge.tender.start else self._say("later", dag=written(day))

    def _over(self, connection: Connection, person: Person, nudge: Nudge, tap: Mapping[str, str]) -> View:
        to = shortened(" ".join(tap.get("aan", "").split()), LONGEST_NAME)
        if tap.get("niemand") == "ja":
            to = ""
        elif not to:
            return whose_view(self._shelf.current, nudge.id, nudge.tender.what)
        if to and person_of(connection, to) == person.id:
            return self._say("dat-ben-jij")
        give_to(connection, person, nudge.tender, to, self.now())
        return self._say("doorgegeven" if to else "van-niemand")

    def _say(self, sentence: str, **values: str) -> View:
        return plain_view(self._shelf.current.words.say(FILE, sentence, **values))


class NudgeLetters:
    """Delivers the nudges that are due in people's own chats, once, and only by day."""

    def __init__(self, records: Records, desk: NudgeDesk, way_out: Sends | None = None) -> None:
        self._records = records
        self._desk = desk
        self._own_chat = OwnChat(records, way_out)

    async def deliver(self, id_: str) -> float | None:
        """Bring this card, when it is due; gives the seconds after which to try again, if any."""
        nudge = await self._records.read(partial(nudge_of, id_=id_))
        if nudge is None or nudge.person_id is None or nudge.told not in (DUE, BUSY):
            return None
        policy, view = self._desk.policy(), self._desk.card(nudge)
        if policy is None or view is None:
            await self._records.write(partial(let_go, id_))
            return None
        now = self._desk.now()
        if nudge.told == DUE and (wait := until_day(policy, now)):
            return wait
        return await self._own_chat.bring_once(nudge.person_id, view, partial(mark, id_, now), nudge.told)


def _told_team(knowledge: Knowledge, found: list[Nudge], now: datetime) -> Record:
    """What comes up and is of nobody whom Moi knows, in totals: what it is called may name somebody."""
    say = knowledge.words.say
    counted: dict[str, list[Nudge]] = {}
    for one in sorted(found, key=lambda one: one.tender.start):
        counted.setdefault(subject_name(knowledge, one.tender.subject), []).append(one)
    lines = [
        [name, say(FILE, "aantal-en-eerste", aantal=str(len(some)), dag=written(some[0].tender.start))]
        for name, some in counted.items()
    ]
    named = "\0".join(sorted(one.id for one in found))
    id_ = hashlib.sha256(f"komt-eraan\0{now.isoformat()}\0{named}".encode()).hexdigest()[:32]
    told = {"title": say(FILE, "van-wie", aantal=str(len(found))), "lines": lines}
    return Record(id_, FROM_MOI, 1, AHEAD, None, None, "", told, knowledge.version, now, now)
