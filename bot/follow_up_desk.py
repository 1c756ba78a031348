"""Is het gelukt? In the talk: what a colleague taps on the card, and which cards are due. One way for all channels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from babel.dates import format_date
from sqlalchemy import Connection

from bot.channel_place import first_time
from bot.channel_posts import PAGE, change_post
from bot.channel_work import show_again
from bot.follow_up import (
    HERE,
    FollowUp,
    follow_up_of,
    is_day,
    keep_answer,
    keep_reason,
    make_due,
    put_off,
    stop,
    told_late,
    waits_for,
)
from bot.follow_up_letters import FollowUpLetters
from bot.kept_turn import keep_person
from bot.own_chat import Sends
from bot.people import Person
from bot.records import Records
from bot.rights import MOI, note
from bot.talk_state import Answer, Message, Place
from bot.web_log import append
from cards.follow_up import (
    DO,
    FILE,
    GIVEN,
    LONGEST,
    VERDICTS,
    Question,
    Subject,
    ask_view,
    kept_view,
    said_view,
    subjects,
    why_view,
)
from cards.marks import legible, shortened
from cards.view import View
from knowledge.follow_up import FollowUpPolicy
from knowledge.knowledge import Knowledge
from knowledge.shelf import Shelf

Log = Callable[[Sequence[View]], Sequence[Mapping[str, Any]]]


def now_here() -> datetime:
    """The moment it is."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Told:
    """What to say, and the request that is shown otherwise now, if any."""

    view: View
    record: str = ""


class FollowUpDesk:
    """Makes cards due, shows them, and carries out what is tapped on them."""

    def __init__(self, shelf: Shelf, records: Records, now: Callable[[], datetime] = now_here) -> None:
        self._shelf = shelf
        self._records = records
        self.now = now

    def policy(self) -> FollowUpPolicy | None:
        """When to ask; None when nothing is written about that."""
        return self._shelf.current.follow_up

    def letters(self, way_out: Sends | None = None) -> FollowUpLetters:
        """What delivers the cards, to Teams by a `way_out`."""
        return FollowUpLetters(
            self._records, say=self.card, policy=self.policy, now=lambda: self.now(), way_out=way_out
        )

    async def ask(self) -> int:
        """Make due what may be asked now, and have it delivered; gives how many. May be called as often as one likes."""
        policy, now = self.policy(), self.now()
        if policy is None or not is_day(policy, now):
            return 0
        due = await self._records.write(partial(_make_due, policy, now))
        for id_ in due:
            self._records.deliver_again(id_)
        return len(due)

    def card(self, asked: FollowUp) -> View | None:
        """The card with the question; None when the request as it now is, is no longer asked about at this moment."""
        policy, advice = self.policy(), asked.advice
        if policy is None or advice is None or not subjects(advice):
            return None
        moments = policy.moments(asked.record.outcome, start_form=advice.startform)
        return self._card(asked) if asked.moment in {moment.id for moment in moments} else None

    async def late(self, person: Person) -> tuple[View, ...]:
        """What could not be asked while this person was nowhere; once."""
        policy = self.policy()
        if policy is None or not await self._records.read(partial(waits_for, person.id)):
            return ()
        found = await self._records.write(partial(told_late, person.id, policy, self.now()))
        return tuple(view for one in found if (view := self.card(one)))

    def wish(self, message: Message) -> Mapping[str, str] | None:
        """What a tap asks of a follow-up; None when it is about something else."""
        if message.changed or message.tap is None or message.tap.get("do") != DO:
            return None
        return {str(name): legible(str(value or "")) for name, value in message.tap.items()}

    async def turn(
        self, person: Person, message: Message, place: Place, tap: Mapping[str, str], log: Log | None
    ) -> Answer:
        """Do it and say what became of it, as a whole or not at all; a tap that comes twice does nothing twice."""

        def work(connection: Connection) -> tuple[Told, bool]:
            repeated = not first_time(connection, message.id)
            if not repeated:
                knows_roles = place.channel != "teams"
                keep_person(connection, person, self.now().date(), knows_roles=knows_roles)
            told = self.answer(connection, person, tap, repeated=repeated)
            if log and not repeated:
                append(connection, place.conversation, log((told.view,)))
            return told, repeated

        told, repeated = await self._records.write(work)
        if told.record:
            self._records.deliver_again(told.record)
        return Answer((told.view,), repeated=repeated)

    def answer(
        self, connection: Connection, person: Person, tap: Mapping[str, str], *, repeated: bool = False
    ) -> Told:
        """Carry out one tap within a transaction; of one that is `repeated` only what is kept is said again."""
        asked = follow_up_of(connection, tap.get("item", ""), locked=True)
        if asked is None or asked.record.person_id != person.id or asked.advice is None:
            return Told(self._say("onbekend"))
        match tap.get("act"):
            case "antwoord" if repeated and asked.realised:
                return Told(self._shown(asked))
            case "antwoord":
                return self._answer(connection, asked, tap)
            case "waardoor" if asked.realised:
                kept = keep_reason(connection, asked, *self._reason(tap))
                return self._kept(connection, kept)
            case "klaar" if asked.realised:
                return Told(kept_view(self._knowledge, asked.id, "bewaard", asked.realised))
            case "wijzig" if asked.realised:
                return Told(self._card(asked, self._words("wijzig")))
            case "later":
                return Told(self._later(connection, asked))
            case "laat-maar":
                return Told(self._say(stop(connection, asked)))
            case _:
                return Told(self._say("onbekend"))

    def _answer(self, connection: Connection, asked: FollowUp, tap: Mapping[str, str]) -> Told:
        about = subjects(asked.advice) if asked.advice else ()
        given = {name.removeprefix(GIVEN): value for name, value in tap.items() if name.startswith(GIVEN)}
        answers: dict[Subject, str] = {
            subject: given[subject.key] for subject in about if given.get(subject.key) in VERDICTS
        }
        if asked.realised and tap.get("anders") != "ja":
            return Told(kept_view(self._knowledge, asked.id, "al-beantwoord", asked.realised))
        if given.keys() - {subject.key for subject in about} or not about:
            return Told(self._card(asked, self._words("gewijzigd")))
        if len(answers) < len(about):
            return Told(self._card(asked, self._words("kies"), given=tap))
        policy = self.policy()
        moment = policy.moment(asked.moment) if policy else None
        name = moment.name if moment else asked.moment
        return self._kept(connection, keep_answer(connection, asked, name, answers))

    def _kept(self, connection: Connection, asked: FollowUp) -> Told:
        """Say what is kept, and have the card in the channel show it."""
        change_post(connection, asked.record.id, PAGE)
        show_again(connection, asked.record.id)
        return Told(self._shown(asked), asked.record.id)

    def _shown(self, asked: FollowUp) -> View:
        """What is kept, or only why it did not work out when that is still to be told."""
        said, policy = asked.realised, self.policy()
        if said is None:
            return self._say("onbekend")
        if policy and not said.words and any(one.verdict != "ja" and not one.because for one in said.lines):
            return why_view(self._knowledge, asked.id, policy.causes)
        return kept_view(self._knowledge, asked.id, "bewaard", said)

    def _later(self, connection: Connection, asked: FollowUp) -> View:
        if asked.realised:
            return kept_view(self._knowledge, asked.id, "al-beantwoord", asked.realised)
        if asked.state == "stopped":
            return self._say("laat-maar")
        policy = self.policy()
        until = self.now() + timedelta(days=policy.later_days if policy else 0)
        said = put_off(connection, asked, until)
        if said != "later":
            return self._say(said)
        day = (asked.next_at if asked.moved else until) or until
        return self._say(said, wanneer=format_date(day.astimezone(HERE).date(), "d MMMM", locale="nl"))

    def _reason(self, tap: Mapping[str, str]) -> tuple[str, str]:
        """Why not, in the words of the list, and what somebody typed with it."""
        policy = self.policy()
        causes = {cause.code: cause.label for cause in policy.causes} if policy else {}
        words = " ".join(tap.get("woorden", "").split())
        return causes.get(tap.get("oorzaak", ""), ""), shortened(words, LONGEST)

    def _card(self, asked: FollowUp, first: str = "", given: Mapping[str, str] | None = None) -> View:
        policy, advice = self.policy(), asked.advice
        if advice is None or not subjects(advice):
            return self._say("onbekend")
        moment = policy.moment(asked.moment) if policy else None
        if given is None and asked.realised:
            given = {f"{GIVEN}{line.about}": line.verdict for line in asked.realised.lines}
        question = Question(
            asked.id,
            advice,
            moment.question if moment else self._words("vraag"),
            given or {},
            reminder=asked.is_last,
            movable=not asked.moved,
            again=asked.realised is not None,
        )
        return ask_view(self._knowledge, question, first)

    @property
    def _knowledge(self) -> Knowledge:
        return self._shelf.current

    def _words(self, sentence: str) -> str:
        return self._knowledge.words.say(FILE, sentence)

    def _say(self, sentence: str, **values: Any) -> View:
        return said_view(self._knowledge, sentence, **values)


def _make_due(policy: FollowUpPolicy, now: datetime, connection: Connection) -> list[str]:
    due = make_due(policy, now, connection)
    if due:
        note(connection, MOI, "opvolging gevraagd", f"collega's: {len(due)}", now)
    return due
