"""A message that is edited, deleted or put back after it was answered: what becomes of the answer that it gave.

Pure, as `bot/respond.py` is. A talk keeps by which message each answer was typed, so that a later answer to the same
question takes that over, and forgetting the talk forgets it as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from bot.desk import Desk
from bot.respond import respond, typed, with_missed
from bot.several import is_settled
from bot.talk_state import Message, Response, Talk
from bot.turn import Turn
from cards.marks import legible
from cards.remarks import plain_view
from dialogs.engine import Asking
from dialogs.questions import FACT

SENDING = "versturen"


def mark_of(delivery: str) -> str:
    """A short mark for a message, the same for every delivery of it."""
    return sha256(delivery.encode()).hexdigest()[:16]


def signed(before: Talk | None, after: Talk, mark: str) -> Talk:
    """The talk with what this message answered under its mark; no mark for what cannot be edited, such as a tap.

    A message that answered nothing is kept with the question it left open, so that correcting a mistake in it answers
    that question.
    """
    known = before.answers if before and before.id == after.id else {}
    new = {key for key, kept in after.answers.items() if not key.startswith(FACT) and known.get(key) != kept}
    given = {key: by for key, by in after.given.items() if key in after.answers and key not in new}
    if mark:
        left_open = {after.asked} if after.asked and after.state == "open" else set()
        given |= dict.fromkeys(new or left_open, mark)
    return replace(after, given=given)


def amend(desk: Desk, message: Message, mark: str, elsewhere: bool, talk: Talk | None) -> Response:
    """Work out what was done with the message of this mark. `talk` is the one with its answer, else the open one;
    `elsewhere` tells whether the person has another talk open."""
    turn = Turn(desk, talk)
    keys = [key for key, by in talk.given.items() if by == mark] if talk else []
    if message.changed == "deleted":
        return taken_back(turn, keys, elsewhere)
    if not keys and (talk is None or talk.state != "open"):
        # Nothing goes on, so the words are no answer to anything else than to "wat wil je kopen?".
        return respond(desk, replace(message, changed=""), talk)
    return with_missed(desk, talk, corrected(turn, keys, legible(message.text)))


def corrected(turn: Turn, keys: Sequence[str], text: str) -> Response:
    """The new words, as if the person had gone back to the question that the old ones answered."""
    talk = turn.current()
    if talk.state != "open":
        return turn.only("bewerkt-verstuurd" if talk.state == "done" else "bewerkt-gestopt")
    answered = [key for key in keys if key in talk.answers]
    if keys and not answered:
        return typed(turn, text)
    back = without(turn, answered)
    now = back.now()
    if not isinstance(now, Asking) or now.question.key not in answered:
        return turn.remark("bewerkt-onbekend")
    response = typed(back, text)
    if response.talk is None or now.question.key not in response.talk.answers:
        return response
    if response.talk.answers == talk.answers:
        return turn.only("bewerkt-hetzelfde")
    return replace(response, views=(plain_view(turn.desk.say("bewerkt")), *response.views))


def taken_back(turn: Turn, keys: Sequence[str], elsewhere: bool) -> Response:
    """Forget what a deleted message answered, as far as that goes, and ask it again."""
    talk = turn.current()
    answered = [key for key in keys if key in talk.answers]
    if not answered:
        return Response(turn.talk, ())
    back = without(turn, answered)
    match talk.state:
        case "open":
            return back.ask(plain_view(turn.desk.say("weggehaald")))
        case "stopped":
            gone = replace(back.current(), state="stopped")
            return Response(gone, (plain_view(turn.desk.say("weggehaald-gestopt")),))
        case "done" if elsewhere or answered == [SENDING] or is_settled(talk):
            # Opening it again would stop the talk that goes on, or ask again what was done already.
            return turn.only("weggehaald-blijft")
        case "done":
            return back.ask(plain_view(turn.desk.say("weggehaald-verstuurd")))


def without(turn: Turn, keys: Sequence[str]) -> Turn:
    """The turn without these answers."""
    for key in keys:
        turn = turn.forget(key)
    return turn
