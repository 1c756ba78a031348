"""What Moi keeps of whoever asks, in the talk: how much, where to see it all, and deleting it. Pure, as `bot/respond.py` is."""

from __future__ import annotations

from collections.abc import Mapping

from bot.talk_state import Response
from bot.turn import Turn
from cards.mine import FILE, forget_view, mine_view
from cards.remarks import plain_view

ORDERS = frozenset({"gegevens", "vergeten", "vergeten-zeker"})
TAPS = {"mine": "gegevens", "mine-forget": "vergeten", "mine-forget-yes": "vergeten-zeker"}


def about_me(turn: Turn, order: str, fields: Mapping[str, str] | None = None) -> Response:
    """Show, ask whether it is sure, or delete. Where colleagues read along, Moi says nothing of it."""
    desk = turn.desk
    say = desk.knowledge.words.say
    if desk.kept is None:
        return Response(turn.talk, (plain_view(say(FILE, "eigen-gesprek")),))
    if order == "gegevens":
        return Response(turn.talk, (mine_view(desk.knowledge, desk.kept, desk.page("/mijn-gegevens")),))
    today = desk.today.isoformat()
    # A button on the card of another day is pressed by mistake more often than on purpose.
    if order == "vergeten" or (fields and fields.get("day") != today):
        return Response(turn.talk, (forget_view(desk.knowledge, desk.kept, today),))
    return Response(None, (plain_view(say(FILE, "verwijderd")),), forget=True)
