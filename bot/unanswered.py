"""Typed words that do not answer what Moi asks: a question in between, what it costs, another purchase, or nothing that Moi
understands. Pure, as `bot/respond.py` is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.talk_state import Response
from bot.turn import Turn
from cards.remarks import instead_view, plain_view, way_out_view, welcome_view
from cards.view import View
from dialogs.again import means_last_time
from dialogs.engine import Asking
from dialogs.hearing import choose
from dialogs.listed import DIALOG as LIST
from dialogs.questions import FACT, Question, Unclear
from dialogs.what import DIALOG as PURCHASE
from knowledge.amounts import euros, read_amount
from knowledge.intent import Refusal

ABOUT_WHAT = frozenset({"klopt", "welke", "categorie", "groep"})
"""While these are asked, other words may name another purchase."""
PUZZLED = f"{FACT}onbegrepen"
"""Where is kept which of these questions got words that Moi did not understand."""


def in_between(turn: Turn, text: str) -> str | None:
    """The answer to a question that people ask in between, or None."""
    options = turn.desk.knowledge.words.question("vragen", "tussendoor").options
    asked = None if text.strip().isdecimal() else choose(text, options, within=3)
    return options[asked].explain if asked else None


def no_purchase(turn: Turn, text: str) -> View:
    """Say kindly that this is no purchase; a report of something broken goes elsewhere."""
    if turn.desk.knowledge.recogniser.is_report(text):
        return plain_view(turn.desk.say("melding"))
    if means_last_time(text):
        return welcome_view(turn.desk.knowledge.words.say(LIST, "geen-vorige"))
    if read_amount(text, bare=False):
        return welcome_view(turn.desk.say("alleen-een-bedrag"))
    # Words that Moi does not know are perhaps a purchase after all.
    known = turn.desk.knowledge.recognise(text).refused is not Refusal.UNKNOWN
    return welcome_view(turn.desk.say("geen-inkoop" if known and len(text.split()) > 3 else "onbegrepen"))


def said_besides(turn: Turn, text: str) -> Response | None:
    """What it costs, said while Moi asks something else: it is kept, and the open question is asked again."""
    amount = read_amount(text, bare=False)
    if amount is None or turn.desk.knowledge.recognise(text).words:
        return None
    talk = turn.current()
    key = "waarde-anders" if "waarde-anders" in talk.answers else "waarde"
    kept = {**talk.answers, key: {"low": amount.low, "high": amount.high}}
    noted = plain_view(turn.desk.say("bedrag-genoteerd", bedrag=euros(amount)))
    return Turn(turn.desk, replace(talk, answers=kept)).ask(noted)


def off_road(question: Question[Any], heard: Mapping[str, Any]) -> bool:
    """Whether Moi was told that it misunderstood, perhaps with what it should be: "nee, 12 bureaustoelen"."""
    answer = heard.get(question.key)
    return isinstance(answer, str) and answer in question.detours


def another(turn: Turn, text: str) -> dict[str, Any] | None:
    """Another purchase, said while Moi asks whether it understood."""
    if not turn.desk.knowledge.recognise(text).words:
        return None
    first = turn.desk.run(turn.desk.begin())
    try:
        return first.question.hear(text) if isinstance(first, Asking) else None
    except Unclear:
        return None


def instead(turn: Turn, question: Question[Any], text: str) -> Response | None:
    """Another purchase takes the place of what Moi asks about, and Moi says so."""
    # Where something is understood already, a word that is only like one is asked about before that is given up.
    doubtful = question.name in ("klopt", "welke") and not turn.desk.knowledge.recognise(text).named
    if doubtful or (other := another(turn, text)) is None:
        return None
    response = turn.forget("wat").keep(other)
    about = instead_view(turn.desk.say("nu-om"), text[:500])
    return replace(response, views=(about, *response.views))


def not_understood(turn: Turn, question: Question[Any], text: str, problem: str) -> Response:
    """What to do when Moi does not understand; while it asks what somebody wants, a second time gives ways to go on.

    So does "nee" or "weet ik niet" at once, where that is no answer.
    """
    talk = turn.current()
    if question.name not in ABOUT_WHAT:
        return turn.ask(plain_view(problem))
    none = turn.desk.knowledge.words.question(PURCHASE, "welke").options
    if talk.answers.get(PUZZLED) == question.key or choose(text, none):
        return Response(talk, (way_out_view(turn.desk.say("uitweg"), question, talk.id),))
    noted = replace(talk, answers={**talk.answers, PUZZLED: question.key})
    # From "klopt dat?" one cannot go back, and it names all that can be said.
    said = problem if question.name == "klopt" else turn.desk.say("kies-of-anders")
    return Turn(turn.desk, noted).ask(plain_view(said))
