"""What one can always say, carried out: back, change, stop, why, help, a person, inspiration. Pure, as `bot/respond.py` is."""

from __future__ import annotations

from dataclasses import replace

from bot.about_me import ORDERS, about_me
from bot.inspiration import inspire
from bot.several import is_settled
from bot.talk_state import ChannelNote, Response
from bot.turn import Turn
from cards.remarks import human_view, plain_view, why_view
from cards.talk import changes_view, express_view
from dialogs.commands import Command
from dialogs.engine import Asking, last_key
from dialogs.hearing import choose
from dialogs.product import NOTHING_SAID
from dialogs.questions import FACT, Unclear
from dialogs.what import Confirmation
from knowledge.words import OptionWords

FREE_TEXT = frozenset({"doel", "kansen", "afspraak-uitleg"})


def obey(turn: Turn, order: Command) -> Response:
    """Carry out what one can always say; a greeting resumes or welcomes."""
    match order.name:
        case "terug":
            return back(turn)
        case "wijzig":
            return changes(turn, order.rest)
        case "stop":
            return stop(turn)
        case "waarom":
            return why(turn)
        case "hulp":
            return turn.remark("hulp")
        case "opnieuw":
            return Response(turn.desk.begin(), (plain_view(turn.desk.say("groet")),))
        case "lijst":
            return Turn(turn.desk, turn.desk.begin()).keep({"wat": NOTHING_SAID})
        case "mens":
            return Response(turn.talk, (human_view(turn.desk.say("mens")),))
        case "express":
            return Response(turn.talk, (express_view(turn.desk.knowledge),))
        case "bedankt":
            return turn.only("bedankt")
        case "reken":
            return calculate(turn)
        case "inspiratie" | "criteria":
            return inspire(turn, order.rest, criteria=order.name == "criteria")
        case name if name in ORDERS:
            return about_me(turn, name)
        case _:
            return arrived(turn)


def arrived(turn: Turn) -> Response:
    """Somebody opens Moi: resume, or welcome."""
    if turn.talk and turn.talk.state == "open" and len(turn.talk.answers) > 1:
        return turn.resume("welkom-terug")
    return turn.welcome()


def back(turn: Turn) -> Response:
    """Take the last answer away and ask it again; after sending the talk opens again for that."""
    if turn.talk is None:
        return turn.welcome()
    now = turn.desk.run(turn.talk)
    key = last_key(now)
    if key == "versturen":
        return changes(turn, "")
    understood = isinstance(now, Asking) and isinstance(now.question, Confirmation)
    if key is None or key == "regels" or (key == "wat" and understood):
        return turn.remark("terug-kan-niet")
    return turn.forget(key).ask()


def changes(turn: Turn, what: str) -> Response:
    """Show everything that can be changed, or change what was named."""
    if turn.talk is None:
        return turn.only("wijzig-kan-niet")
    if is_settled(turn.talk):
        return turn.ask()
    now = turn.desk.run(turn.talk)
    newest_first = {answered.question.key: answered.question for answered in reversed(now.trail)}
    calls = {
        key: OptionWords(
            question.words.short or question.words.ask,
            # "Wijzig de waarde" is enough for "waarde nu", whose question is called waarde-anders.
            said=(question.name, question.name.partition("-")[0]),
        )
        for key, question in newest_first.items()
    }
    key = choose(what, calls) if what else None
    if key is None:
        return Response(turn.talk, (changes_view(now, turn.talk.id, turn.desk.say("wijzig")),))
    try:
        return (
            turn.forget(key).keep(newest_first[key].hear(what))
            if any(map(str.isdigit, what))
            else change(turn, key)
        )
    except Unclear:
        return change(turn, key)


def change(turn: Turn, key: str) -> Response:
    """Ask one answer again; only what follows from it is asked anew."""
    talk = turn.current()
    if is_settled(talk) or key not in talk.answers:
        return turn.remark("oude-kaart")
    if key.startswith("klopt/"):
        key = "wat"
    return turn.forget(key).ask()


def stop(turn: Turn) -> Response:
    """Stop the talk; nothing is sent."""
    if turn.talk is None or turn.talk.state != "open":
        return Response(None, (plain_view(turn.desk.say("niets-te-stoppen")),))
    return Response(replace(turn.talk, state="stopped"), (plain_view(turn.desk.say("gestopt")),))


def why(turn: Turn) -> Response:
    """Why is this asked?"""
    if turn.talk is None or not isinstance(now := turn.desk.run(turn.talk), Asking):
        return turn.remark("hulp")
    words = now.question.words
    return turn.ask(why_view(words.why or turn.desk.say("waarom-onbekend")))


def calculate(turn: Turn) -> Response:
    """The calculation over the lifetime, where the talk is far enough for it."""
    now = turn.now()
    if isinstance(now, Asking) and any(question.key == "reken" for question in now.unsaid):
        return turn.keep({"reken": "ja"})
    return turn.ask()


def human_asked(turn: Turn) -> Response:
    """Put the question for a person in the procurement channel, with what was told."""
    lines: list[dict[str, str]] = []
    if turn.talk:
        now = turn.desk.run(turn.talk)
        lines = [
            {"label": a.question.words.short or a.question.words.ask, "value": a.question.show(a.value)}
            for a in (*now.trail, *now.said)
            if a.question.name not in FREE_TEXT and not a.question.key.startswith(FACT)
        ]
    note = ChannelNote({"lines": lines}, turn.desk.knowledge.version)
    return Response(turn.talk, (plain_view(turn.desk.say("mens-gevraagd")),), note=note)
