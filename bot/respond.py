"""One turn of a talk: state and message in, new state and views out. Pure: it may be worked out again when two turns meet.

Knows nothing of channels, clocks or the database; `bot/conversation.py` gives it what it needs and keeps what it returns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot import inspiration
from bot.about_me import TAPS, about_me
from bot.desk import Desk
from bot.orders import FREE_TEXT, arrived, change, human_asked, obey
from bot.talk_state import Message, Response, Talk
from bot.turn import Turn
from bot.unanswered import (
    ABOUT_WHAT,
    another,
    in_between,
    instead,
    no_purchase,
    not_understood,
    off_road,
    said_besides,
)
from bot.unrecognised import missed, misunderstood
from cards.marks import legible
from cards.meeting import DO as SAMEN
from cards.remarks import another_view, plain_view
from cards.talk import express_view
from cards.view import View
from dialogs.again import repeated
from dialogs.commands import ABOUT_PACKAGES, Command, command
from dialogs.engine import Asking, Finished
from dialogs.express import express_answers
from dialogs.listed import DIALOG as LIST
from dialogs.listed import Requests
from dialogs.product import Product
from dialogs.questions import Question, Unclear
from dialogs.several import Deal
from knowledge.requests import requests


def respond(desk: Desk, message: Message, talk: Talk | None) -> Response:
    """Work out one message in a talk (None: no talk is going on)."""
    turn = Turn(desk, talk)
    if message.arrived:
        return arrived(turn)
    tap = message.tap
    if message.attached and not message.text:
        return turn.remark("geen-bestanden")
    response = typed(turn, legible(message.text)) if tap is None else tapped(turn, tap)
    if message.attached:
        response = replace(response, views=(plain_view(desk.say("geen-bestanden")), *response.views))
    return with_missed(desk, talk, response)


def with_missed(desk: Desk, talk: Talk | None, response: Response) -> Response:
    """The response, with what is to be counted of the words for a purchase that Moi did not recognise."""
    text = response.missed or misunderstood(talk, response.talk)
    counted = missed(desk.knowledge, text) if text else None
    return replace(response, missed=counted, puzzled=response.missed is not None)


def again(desk: Desk, talk: Talk | None) -> tuple[View, ...]:
    """What Moi asks now, for a message that was dealt with before."""
    return Turn(desk, talk).ask().views


def typed(turn: Turn, text: str) -> Response:
    """Typed words: a command, an answer, a question in between, or a new purchase."""
    order = command(turn.desk.knowledge, text)
    if order and not answers(turn, order):
        return obey(turn, order)
    if turn.talk is None or turn.talk.state != "open":
        return start(turn, text)
    now = turn.desk.run(turn.talk)
    if isinstance(now, Finished):
        return start(turn, text)
    return turn.resume("elders-verder") if of_old(turn, now, text) else answer_typed(turn, now, text)


def of_old(turn: Turn, now: Asking, text: str) -> bool:
    """Whether these words answer a question that still stands here, but was answered elsewhere in the meantime."""
    seen = turn.current().seen.get(turn.desk.room)
    for answered in now.trail:
        if answered.question.key == seen:
            try:
                return bool(answered.question.hear(text))
            except Unclear:
                return False
    return False


def answers(turn: Turn, order: Command) -> bool:
    """Whether words that look like a wish for inspiration are an answer: a talk is open, and no package fits them."""
    if order.name not in ABOUT_PACKAGES or not order.rest or turn.talk is None or turn.talk.state != "open":
        return False
    return turn.desk.knowledge.find(order.rest).nothing


def tapped(turn: Turn, tap: Mapping[str, Any]) -> Response:
    """A button or a card with fields. A card of another talk, or of a question long answered, changes nothing."""
    fields = {str(key): legible(str(kept)) for key, kept in tap.items() if isinstance(kept, str | int | bool)}
    match fields.get("do"):
        case "express":
            return Response(turn.talk, (express_view(turn.desk.knowledge),))
        case "express-send":
            return express(turn, fields)
        case "say":
            return typed(turn, fields.get("text", ""))
        case "begin":
            return start(turn, fields.get("text", ""))
        case "human-yes":
            return human_asked(turn)
        case "new" | "list":
            return obey(turn, Command("opnieuw" if fields["do"] == "new" else "lijst"))
        case do if do in TAPS:
            return about_me(turn, TAPS[do], fields)
        case do if do == SAMEN:
            # What becomes of it is decided where both of them are known.
            return Response(turn.talk, ())
        case do if do in inspiration.TAPS:
            return inspiration.tapped(turn, fields)
    if turn.talk is None or fields.get("talk") != turn.talk.id:
        return turn.remark("oude-kaart")
    match fields.get("do"):
        case "answer":
            return answer_tapped(turn, fields.get("key", ""), fields.get("answer", ""))
        case "form":
            return form(turn, fields)
        case "grow":
            return grow(turn, turn.talk)
        case "change":
            return change(turn, fields.get("key", ""))
        case "review":
            return obey(turn, Command("wijzig"))
        case "back" | "stop" | "why":
            return obey(turn, Command({"back": "terug", "stop": "stop", "why": "waarom"}[fields["do"]]))
    return turn.remark("oude-kaart")


def start(turn: Turn, text: str) -> Response:
    """The first words of a new talk."""
    if answer := in_between(turn, text):
        return Response(turn.talk, (plain_view(answer), *turn.ask().views))
    if listed := in_lines(turn, text):
        return listed
    new = turn.desk.begin()
    first = turn.desk.run(new)
    if not isinstance(first, Asking) or not isinstance(first.question, Product):
        raise LookupError("the purchase dialog no longer starts with what")
    try:
        heard = first.question.hear(text)
    except Unclear:
        missed = Response(turn.talk, (no_purchase(turn, text),), missed=text)
        return inspiration.about_theme(turn, text) or missed
    return Turn(turn.desk, new).keep(heard)


def in_lines(turn: Turn, text: str) -> Response | None:
    """The card with a line for each request in these words, or for what is asked again; None for one ordinary request."""
    listed = turn.desk.begin(LIST)
    now = turn.desk.run(listed)
    if not isinstance(now, Asking) or not isinstance(now.question, Requests):
        raise LookupError("the list no longer starts with its lines")
    kept = repeated(now.question, text, turn.desk.earlier)
    if kept is None and (parts := requests(text, turn.desk.knowledge.recognise)):
        kept = now.question.gather(text, parts)
    return Turn(turn.desk, listed).keep({now.question.key: kept}) if kept else None


def grow(turn: Turn, talk: Talk) -> Response:
    """Open the talk of one line of a list: to go on with it, or to change what was sent."""
    if talk.state == "done":
        return obey(turn, Command("wijzig"))
    return Turn(turn.desk, replace(talk, state="open")).ask()


def answer_typed(turn: Turn, now: Asking, text: str) -> Response:
    """Typed words to the open question; what cannot be read may be a question in between, or another purchase."""
    if isinstance(now.question, Product) and (listed := in_lines(turn, text)):
        return listed
    if isinstance(now.question, Deal) and requests(text, turn.desk.knowledge.recognise):
        return Response(turn.talk, (another_view(turn.desk.say("nog-een-aanvraag"), text),))
    problem = ""
    for question in now.questions:
        if question is not now.question and question.name in FREE_TEXT:
            continue
        if question.name == "versturen" and len(now.questions) > 1 and text.strip().isdecimal():
            continue  # The number of a choice on the same card sends nothing.
        try:
            heard = question.hear(text)
            if off_road(question, heard) and (other := another(turn, text)):
                return turn.forget("wat").keep(other)
            return turn.keep(heard)
        except Unclear as unclear:
            problem = problem or str(unclear)
    if answer := in_between(turn, text):
        return turn.ask(plain_view(answer))
    if isinstance(now.question, Product | Requests):
        missed = Response(turn.talk, (no_purchase(turn, text),), missed=text)
        return inspiration.about_theme(turn, text) or missed
    if turn.desk.knowledge.recogniser.is_report(text) and not turn.desk.knowledge.recognise(text).purchase:
        return turn.remark("melding")
    if amount := said_besides(turn, text):
        return amount
    if now.question.name in ABOUT_WHAT | {"bedoeld"} and (listed := in_lines(turn, text)):
        return listed
    if now.question.name in ABOUT_WHAT and (taken := instead(turn, now.question, text)):
        return taken
    if turn.desk.knowledge.recognise(text).sure or requests(text, turn.desk.knowledge.recognise):
        return Response(turn.talk, (another_view(turn.desk.say("nog-een-aanvraag"), text),))
    return not_understood(turn, now.question, text, problem)


def answer_tapped(turn: Turn, key: str, answer: str) -> Response:
    """A tap on one option. Twice the same tap, or one on an old card, is harmless."""
    now = turn.now()
    if isinstance(now, Finished):
        return turn.remark("al-verstuurd")
    questions = {question.key: question for question in (*now.questions, *now.unsaid)}
    question = questions.get(key)
    if question is None:
        return turn.remark("oude-kaart")
    return read(turn, question, {key: answer})


def form(turn: Turn, fields: Mapping[str, str]) -> Response:
    """A card with fields: everything that is open and was filled in, all at once."""
    now = turn.now()
    if isinstance(now, Finished):
        return turn.remark("al-verstuurd")
    given: dict[str, Any] = {}
    shown = {key for key in fields if key not in ("do", "talk")}
    problem = ""
    for question in now.questions:
        if question.name == "versturen":
            given[question.key] = "ja"
            continue
        filled = any(key.startswith(question.key) and fields[key] for key in shown)
        try:
            if filled or not question.optional:
                given[question.key] = question.take(fields)
        except Unclear as unclear:
            problem = problem or str(unclear)
    if not problem:
        return turn.keep(given)
    if (talk := turn.current()).dialog == LIST:
        # Each line is decided by itself; what is whole need not be filled in again.
        kept = {key: value for key, value in given.items() if key != "versturen"}
        turn = Turn(turn.desk, replace(talk, answers={**talk.answers, **kept}))
    return turn.ask(plain_view(problem))


def read(turn: Turn, question: Question[Any], fields: Mapping[str, str]) -> Response:
    """Keep one tapped answer, or say what is unclear."""
    try:
        return turn.keep({question.key: question.take(fields)})
    except Unclear as unclear:
        return turn.ask(plain_view(str(unclear)))


def express(turn: Turn, fields: Mapping[str, str]) -> Response:
    """The express card: several answers at once, in a new talk; of several requests each has to be decided by itself."""
    if listed := in_lines(turn, fields.get("wat", "")):
        return listed
    try:
        given = express_answers(turn.desk.knowledge, fields)
    except Unclear as unclear:
        return Response(turn.talk, (plain_view(str(unclear)), express_view(turn.desk.knowledge, fields)))
    return Turn(turn.desk, turn.desk.begin()).keep(given)
