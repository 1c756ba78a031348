"""Where a talk is within one turn: keep an answer, forget one, and ask what is open. Pure, as `bot/respond.py` is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.desk import Desk, left
from bot.several import apart, draft_of, outcome
from bot.talk_state import RecordDraft, Response, Talk
from cards.record import advice_views
from cards.remarks import plain_view, welcome_view
from cards.talk import asking_view, known_view
from cards.view import View
from dialogs.engine import Asking, Finished
from dialogs.existing import THERE, to_look_up
from dialogs.listed import DIALOG as LIST
from dialogs.purchase import FORGOTTEN_WITH
from dialogs.several import Settled
from dialogs.what import refused

MOST_ROOMS = (
    8  # Conversations of which is remembered what was asked there last; every page that opens is one.
)


class Turn:
    """One message, worked out against the talk as it is."""

    def __init__(self, desk: Desk, talk: Talk | None) -> None:
        self.desk = desk
        self.talk = talk

    def current(self) -> Talk:
        """The talk that is going on, or a new one."""
        return self.talk or self.desk.begin()

    def now(self) -> Asking | Finished[Any]:
        """Where the talk is."""
        return self.desk.run(self.current())

    def keep(self, given: Mapping[str, Any]) -> Response:
        """Keep answers and go on: the next question, or the end with its record."""
        talk = self.current()
        self.talk = replace(talk, answers={**talk.answers, **given}, state="open")
        now = self.desk.run(self.talk)
        found = self.desk.found
        if found is not None and (look := to_look_up(now)) is not None:
            if look.subject.id not in found:
                return Response(self.talk, (), look=look)
            there = {THERE: found[look.subject.id]}
            self.talk = replace(self.talk, answers={**self.talk.answers, **there})
            now = self.desk.run(self.talk)
        if isinstance(now, Asking):
            return self.asking(self.talk, now)
        if talk.dialog == LIST:
            return self.settle(self.talk, now.outcome)
        advice = now.outcome
        record = talk.record or self.desk.new_record
        draft = draft_of(advice, record)
        shown = self.desk.record_shown(record)
        done = replace(self.talk, state="done", record=record, asked=None)
        views = advice_views(advice, shown, talk=done.id, changed=talk.record is not None)
        return Response(done, views, record=draft)

    def settle(self, talk: Talk, settled: Sequence[Settled]) -> Response:
        """End a list: its lines are talks of their own from now on, and the first that asks something goes on at once."""
        done = replace(talk, state="done", asked=None)
        found = outcome(self.desk, done, settled)
        also: list[tuple[Talk, RecordDraft | None]] = [
            *found.sent,
            *((later, None) for later in found.later[1:]),
        ]
        if not found.later:
            return Response(done, (found.view,), also=tuple(also))
        on = Turn(self.desk, replace(found.later[0], state="open")).ask()
        return replace(on, views=(found.view, *on.views), also=(*also, (done, None)))

    def forget(self, key: str) -> Turn:
        """The same turn without an answer and what goes with it; it has to be sent again."""
        talk = self.current()
        gone = {key, "versturen", *FORGOTTEN_WITH.get(key, ())}
        kept = {
            k: v for k, v in talk.answers.items() if k not in gone and not (key == "wat" and refused(k, v))
        }
        return Turn(self.desk, replace(talk, answers=kept, state="open"))

    def ask(self, first: View | None = None) -> Response:
        """The question that is open now, after what has to be said first."""
        before = (first,) if first else ()
        if self.talk is None or self.talk.state == "stopped":
            return Response(self.talk, before or self.welcome().views)
        now = self.desk.run(self.talk)
        if isinstance(now, Finished):
            if self.talk.dialog == LIST:
                return Response(self.talk, before or (apart(self.desk, self.talk),))
            record = self.desk.record_shown(self.talk.record or self.desk.new_record)
            shown = advice_views(now.outcome, record, talk=self.talk.id, changed=False)
            return Response(self.talk, before or shown)
        return self.asking(self.talk, now, first)

    def resume(self, sentence: str) -> Response:
        """Where the talk is, for who comes (back) here: what is known, and the open question with all that belongs to it."""
        talk, words = self.current(), self.desk.say(sentence)
        now = self.desk.run(talk)
        if isinstance(now, Finished):
            return self.remark(sentence)
        known = plain_view(words) if self.desk.shared else known_view(now, talk.id, words)
        return self.asking(talk, now, known, once_more=False)

    def asking(
        self, talk: Talk, now: Asking, first: View | None = None, *, once_more: bool | None = None
    ) -> Response:
        """The card of the open question; asked `once_more`, as it is after something else, only the question itself."""
        again = first is not None if once_more is None else once_more
        view = asking_view(now, talk.id, left(self.desk, talk, now), once_more=again)
        key, room = now.question.key, self.desk.room
        before = [(where, what) for where, what in talk.seen.items() if where != room][1 - MOST_ROOMS :]
        seen = dict([*before, (room, key)]) if room else talk.seen
        return Response(replace(talk, asked=key, seen=seen), (first, view) if first else (view,))

    def welcome(self) -> Response:
        """Who Moi is and what it does."""
        return Response(self.talk, (welcome_view(self.desk.say("welkom")),))

    def remark(self, sentence: str) -> Response:
        """A general sentence by its key (`woorden/algemeen.yaml`), and then the question that is open."""
        return self.ask(plain_view(self.desk.say(sentence)))

    def only(self, sentence: str) -> Response:
        """A general sentence by its key, and nothing else."""
        return Response(self.talk, (plain_view(self.desk.say(sentence)),))
