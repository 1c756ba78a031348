"""One turn of a talk: state and message in, new state and views out. Pure: it may be worked out again when two turns meet.

Knows nothing of channels, clocks or the database; `bot/conversation.py` gives it what it needs and keeps what it returns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.desk import Desk, left
from bot.talk_state import ChannelNote, Message, RecordDraft, Response, Talk
from cards.record import advice_view
from cards.talk import asking_view, changes_view, express_view, human_view, plain_view, welcome_view, why_view
from cards.view import View
from dialogs.advice import Advice, dump
from dialogs.commands import Command, command
from dialogs.engine import Asking, Finished, last_key
from dialogs.express import express_answers
from dialogs.hearing import choose
from dialogs.product import Product
from dialogs.purchase import FORGOTTEN_WITH
from dialogs.questions import Question, Unclear
from knowledge.words import OptionWords

FREE_TEXT = frozenset({"doel", "kansen"})
ABOUT_WHAT = frozenset({"klopt", "welke", "categorie", "groep"})
"""While these are asked, other words may name another purchase."""


def respond(desk: Desk, message: Message, talk: Talk | None) -> Response:
    """Work out one message in a talk (None: no talk is going on)."""
    if message.tap is not None:
        return Turn(desk, talk).tapped(message.tap)
    if message.arrived:
        return Turn(desk, talk).arrived()
    return Turn(desk, talk).typed(message.text)


def again(desk: Desk, talk: Talk | None) -> tuple[View, ...]:
    """What Moi asks now, for a message that was dealt with before."""
    return Turn(desk, talk).ask().views


class Turn:
    """One message, worked out against the talk as it is."""

    def __init__(self, desk: Desk, talk: Talk | None) -> None:
        self.desk = desk
        self.talk = talk

    # ---- what comes in

    def arrived(self) -> Response:
        """Somebody opens Moi: resume, or welcome."""
        if self.talk and self.talk.state == "open" and len(self.talk.answers) > 1:
            return self.ask(plain_view(self.desk.say("welkom-terug")))
        return self.welcome()

    def typed(self, text: str) -> Response:
        """Typed words: a command, an answer, a question in between, or a new purchase."""
        order = command(self.desk.knowledge, text)
        if order:
            return self.order(order)
        if self.talk is None or self.talk.state != "open":
            return self.start(text)
        now = self.desk.run(self.talk)
        if isinstance(now, Finished):
            return self.start(text)
        return self.answer_typed(now, text)

    def tapped(self, tap: Mapping[str, Any]) -> Response:
        """A button or a card with fields. A card of another talk, or of a question long answered, changes nothing."""
        fields = {str(key): str(kept) for key, kept in tap.items() if isinstance(kept, str | int | bool)}
        match fields.get("do"):
            case "express":
                return Response(self.talk, (express_view(self.desk.knowledge),))
            case "express-send":
                return self.express(fields)
            case "say":
                return self.typed(fields.get("text", ""))
            case "human-yes":
                return self.human_asked()
            case "new" | "list":
                return self.order(Command("opnieuw" if fields["do"] == "new" else "lijst"))
        if self.talk is None or fields.get("talk") != self.talk.id:
            return self.ask(plain_view(self.desk.say("oude-kaart")))
        match fields.get("do"):
            case "answer":
                return self.answer_tapped(fields.get("key", ""), fields.get("answer", ""))
            case "form":
                return self.form(fields)
            case "change":
                return self.change(fields.get("key", ""))
            case "review":
                return self.order(Command("wijzig"))
            case "back" | "stop" | "why":
                return self.order(Command({"back": "terug", "stop": "stop", "why": "waarom"}[fields["do"]]))
        return self.ask(plain_view(self.desk.say("oude-kaart")))

    # ---- answers

    def start(self, text: str) -> Response:
        """The first words of a new talk."""
        if answer := self.in_between(text):
            return Response(self.talk, (plain_view(answer), *self.ask().views))
        new = self.desk.begin()
        first = self.desk.run(new)
        if not isinstance(first, Asking) or not isinstance(first.question, Product):
            raise LookupError("the purchase dialog no longer starts with what")
        try:
            heard = first.question.hear(text)
        except Unclear:
            return Response(self.talk, (self.no_purchase(text),))
        return Turn(self.desk, new).keep(heard)

    def answer_typed(self, now: Asking, text: str) -> Response:
        """Typed words to the open question; what cannot be read may be a question in between, or another purchase."""
        problem = ""
        for question in now.questions:
            if question is not now.question and question.name in FREE_TEXT:
                continue
            try:
                return self.keep(question.hear(text))
            except Unclear as unclear:
                problem = problem or str(unclear)
        if answer := self.in_between(text):
            return self.ask(plain_view(answer))
        if isinstance(now.question, Product):
            return Response(self.talk, (self.no_purchase(text),))
        if (
            self.desk.knowledge.recogniser.is_report(text)
            and not self.desk.knowledge.recognise(text).purchase
        ):
            return self.ask(plain_view(self.desk.say("melding")))
        if now.question.name in ABOUT_WHAT and (other := self.another(text)):
            return self.forget("wat").keep(other)
        return self.ask(plain_view(problem))

    def another(self, text: str) -> dict[str, Any] | None:
        """Another purchase, said while Moi asks whether it understood."""
        if not self.desk.knowledge.recognise(text).words:
            return None
        first = self.desk.run(self.desk.begin())
        try:
            return first.question.hear(text) if isinstance(first, Asking) else None
        except Unclear:
            return None

    def answer_tapped(self, key: str, answer: str) -> Response:
        """A tap on one option. Twice the same tap, or one on an old card, is harmless."""
        now = self.now()
        if isinstance(now, Finished):
            return self.ask(plain_view(self.desk.say("al-verstuurd")))
        questions = {question.key: question for question in (*now.questions, *now.unsaid)}
        question = questions.get(key)
        if question is None:
            return self.ask(plain_view(self.desk.say("oude-kaart")))
        return self.read(question, {key: answer})

    def form(self, fields: Mapping[str, str]) -> Response:
        """A card with fields: everything that is open and was filled in, all at once."""
        now = self.now()
        if isinstance(now, Finished):
            return self.ask(plain_view(self.desk.say("al-verstuurd")))
        given: dict[str, Any] = {}
        shown = {key for key in fields if key not in ("do", "talk")}
        try:
            for question in now.questions:
                if question.name == "versturen":
                    given[question.key] = "ja"
                    continue
                filled = any(key.startswith(question.key) and fields[key] for key in shown)
                if filled or not question.optional:
                    given[question.key] = question.take(fields)
        except Unclear as unclear:
            return self.ask(plain_view(str(unclear)))
        return self.keep(given)

    def read(self, question: Question[Any], fields: Mapping[str, str]) -> Response:
        """Keep one tapped answer, or say what is unclear."""
        try:
            return self.keep({question.key: question.take(fields)})
        except Unclear as unclear:
            return self.ask(plain_view(str(unclear)))

    def express(self, fields: Mapping[str, str]) -> Response:
        """The express card: several answers at once, in a new talk."""
        try:
            given = express_answers(self.desk.knowledge, fields)
        except Unclear as unclear:
            return Response(self.talk, (plain_view(str(unclear)), express_view(self.desk.knowledge, fields)))
        return Turn(self.desk, self.desk.begin()).keep(given)

    def keep(self, given: Mapping[str, Any]) -> Response:
        """Keep answers and go on: the next question, or the end with its record."""
        talk = self.current()
        self.talk = replace(talk, answers={**talk.answers, **given}, state="open")
        now = self.desk.run(self.talk)
        if isinstance(now, Asking):
            return self.ask()
        advice = now.outcome
        record = talk.record or self.desk.new_record
        draft = RecordDraft(
            outcome=advice.outcome,
            category=advice.category,
            group=advice.group,
            value_band=advice.value_band,
            advice=dump(advice),
            knowledge_version=advice.knowledge_version,
            id=record,
        )
        shown = self.desk.record_shown(record)
        done = replace(self.talk, state="done", record=record, asked=None)
        view = advice_view(advice, shown, talk=done.id, changed=talk.record is not None)
        return Response(done, (view,), record=draft)

    # ---- commands

    def order(self, order: Command) -> Response:
        """What one can always say."""
        match order.name:
            case "terug":
                return self.back()
            case "wijzig":
                return self.changes(order.rest)
            case "stop":
                return self.stop()
            case "waarom":
                return self.why()
            case "hulp":
                return self.ask(plain_view(self.desk.say("hulp")))
            case "opnieuw":
                return Response(self.desk.begin(), (plain_view(self.desk.say("groet")),))
            case "lijst":
                listed: dict[str, Any] = {
                    "tekst": "",
                    "categorie": None,
                    "groep": None,
                    "suggesties": [],
                    "dubbelzinnig": None,
                }
                return Turn(self.desk, self.desk.begin()).keep({"wat": listed})
            case "mens":
                return Response(self.talk, (human_view(self.desk.say("mens")),))
            case "express":
                return Response(self.talk, (express_view(self.desk.knowledge),))
            case "bedankt":
                return Response(self.talk, (plain_view(self.desk.say("bedankt")),))
            case "reken":
                return self.calculate()
            case _:
                return self.arrived()

    def back(self) -> Response:
        """Take the last answer away and ask it again; after sending the talk opens again for that."""
        if self.talk is None:
            return self.welcome()
        key = last_key(self.desk.run(self.talk))
        if key == "versturen":
            return self.changes("")
        if key is None or key == "wat":
            return self.ask(plain_view(self.desk.say("terug-kan-niet")))
        return self.forget(key).ask()

    def changes(self, what: str) -> Response:
        """Show everything that can be changed, or change what was named."""
        if self.talk is None:
            return Response(self.talk, (plain_view(self.desk.say("wijzig-kan-niet")),))
        now = self.desk.run(self.talk)
        newest_first = {answered.question.key: answered.question for answered in reversed(now.trail)}
        calls = {
            key: OptionWords(question.words.short or question.words.ask)
            for key, question in newest_first.items()
        }
        key = choose(what, calls) if what else None
        if key is None:
            return Response(self.talk, (changes_view(now, self.talk.id, self.desk.say("wijzig")),))
        try:
            return (
                self.forget(key).keep(newest_first[key].hear(what))
                if any(map(str.isdigit, what))
                else self.change(key)
            )
        except Unclear:
            return self.change(key)

    def change(self, key: str) -> Response:
        """Ask one answer again; only what follows from it is asked anew."""
        talk = self.current()
        if key not in talk.answers:
            return self.ask(plain_view(self.desk.say("oude-kaart")))
        if key.startswith("klopt/"):
            key = "wat"
        return self.forget(key).ask()

    def forget(self, key: str) -> Turn:
        """The same turn without an answer and what goes with it; it has to be sent again."""
        talk = self.current()
        gone = {key, "versturen", *FORGOTTEN_WITH.get(key, ())}
        kept = {k: v for k, v in talk.answers.items() if k not in gone}
        return Turn(self.desk, replace(talk, answers=kept, state="open"))

    def stop(self) -> Response:
        """Stop the talk; nothing is sent."""
        if self.talk is None or self.talk.state != "open":
            return Response(None, (plain_view(self.desk.say("niets-te-stoppen")),))
        return Response(replace(self.talk, state="stopped"), (plain_view(self.desk.say("gestopt")),))

    def why(self) -> Response:
        """Why is this asked?"""
        if self.talk is None or not isinstance(now := self.desk.run(self.talk), Asking):
            return self.ask(plain_view(self.desk.say("hulp")))
        words = now.question.words
        return self.ask(why_view(words.why or self.desk.say("waarom-onbekend")))

    def calculate(self) -> Response:
        """The calculation over the lifetime, where the talk is far enough for it."""
        now = self.now()
        if isinstance(now, Asking) and any(question.key == "reken" for question in now.unsaid):
            return self.keep({"reken": "ja"})
        return self.ask()

    def human_asked(self) -> Response:
        """Put the question for a person in the procurement channel, with what was told."""
        lines: list[dict[str, str]] = []
        if self.talk:
            now = self.desk.run(self.talk)
            lines = [
                {"label": a.question.words.short or a.question.words.ask, "value": a.question.show(a.value)}
                for a in (*now.trail, *now.said)
                if a.question.name not in FREE_TEXT
            ]
        note = ChannelNote({"lines": lines}, self.desk.knowledge.version)
        return Response(self.talk, (plain_view(self.desk.say("mens-gevraagd")),), note=note)

    # ---- what goes out

    def ask(self, first: View | None = None) -> Response:
        """The question that is open now, after what has to be said first."""
        before = (first,) if first else ()
        if self.talk is None or self.talk.state == "stopped":
            return Response(self.talk, before or self.welcome().views)
        now = self.desk.run(self.talk)
        if isinstance(now, Finished):
            record = self.desk.record_shown(self.talk.record or self.desk.new_record)
            shown = advice_view(now.outcome, record, talk=self.talk.id, changed=False)
            return Response(self.talk, before or (shown,))
        self.talk = replace(self.talk, asked=now.question.key)
        view = asking_view(now, self.talk.id, left(self.desk, self.talk, now), once_more=first is not None)
        return Response(self.talk, (*before, view))

    def welcome(self) -> Response:
        """Who Moi is and what it does."""
        return Response(self.talk, (welcome_view(self.desk.say("welkom")),))

    def no_purchase(self, text: str) -> View:
        """Say kindly that this is no purchase; a report of something broken goes elsewhere."""
        if self.desk.knowledge.recogniser.is_report(text):
            return plain_view(self.desk.say("melding"))
        return welcome_view(self.desk.say("geen-inkoop" if len(text.split()) > 2 else "onbegrepen"))

    def in_between(self, text: str) -> str | None:
        """The answer to a question that people ask in between, or None."""
        options = self.desk.knowledge.words.question("vragen", "tussendoor").options
        asked = None if text.strip().isdecimal() else choose(text, options, within=3)
        return options[asked].explain if asked else None

    def current(self) -> Talk:
        """The talk that is going on, or a new one."""
        return self.talk or self.desk.begin()

    def now(self) -> Asking | Finished[Advice]:
        """Where the talk is."""
        return self.desk.run(self.current())
