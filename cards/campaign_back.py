"""What comes back of a campaign as cards: a question to the team, its answer, no more of this, and what the team hears."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cards.campaign import BACK, DO, FILE
from cards.view import Action, Block, Input, Line, Lines, Link, Text, Typed, View
from knowledge.knowledge import Knowledge

ASK, SEND, NO_MORE, AGAIN = "team-vraag", "team-stuur", "geen", "weer"
FIELD = "vraag"
ANSWER, DEALT_WITH, NOT_DEALT_WITH = "Antwoord", "Geen antwoord nodig", "Toch een antwoord nodig"
ASKED = "Een collega vraagt het MVOI-team iets"
ANSWERED = "Je antwoord komt in het eigen gesprek van de collega, precies zoals je het schrijft."


def ask_button(knowledge: Knowledge, campaign: str) -> Action:
    """The way to a person of the MVOI team, with a field for the question."""
    return Action(knowledge.words.say(BACK, "knop-vraag"), {"do": DO, "act": ASK, "campaign": campaign})


def said_view(knowledge: Knowledge, words: str, campaign: str) -> View:
    """A short answer of Moi, with the way to a person."""
    return View((Text(words),), (ask_button(knowledge, campaign),), summary=words)


def thanks_view(knowledge: Knowledge, campaign: str, mine: str, others: Sequence[tuple[str, str]]) -> View:
    """That an answer is kept, and which, and what was answered so far, when that points at nobody."""
    say = knowledge.words.say
    text = say(BACK, "peiling-dank")
    blocks: list[Block] = [Typed(mine, say(BACK, "peiling-jij")), Text(text)]
    if others:
        blocks.append(Text(say(BACK, "peiling-anderen"), "heading"))
        blocks.append(Lines(tuple(Line(choice, number) for choice, number in others)))
    return View(tuple(blocks), (ask_button(knowledge, campaign),), summary=text)


def ask_view(knowledge: Knowledge, campaign: str, title: str) -> View:
    """A field for a question to the MVOI team, about a campaign when it has a title."""
    say = knowledge.words.say
    blocks: list[Block] = [Text(say(BACK, "vraag-titel"), "heading")]
    if title:
        blocks.append(Typed(title, say(BACK, "vraag-over")))
    blocks.append(Text(say(BACK, "vraag-uitleg"), "small"))
    blocks.append(Input(FIELD, say(BACK, "veld"), "text"))
    send = Action(say(BACK, "knop-stuur"), {"do": DO, "act": SEND, "campaign": campaign}, "positive")
    return View(tuple(blocks), (send,), summary=say(BACK, "vraag-titel"))


def pass_on_view(knowledge: Knowledge, campaign: str, words: str) -> View:
    """Moi did not understand these words; shall they go to the MVOI team?"""
    say = knowledge.words.say
    tap = {"do": DO, "act": SEND, "campaign": campaign, FIELD: words}
    text = say(BACK, "doorzetten")
    return View((Text(text),), (Action(say(BACK, "knop-vraag"), tap),), summary=text)


def answer_view(knowledge: Knowledge, by: str, asked: Mapping[str, Any], answer: str, record: str) -> View:
    """The answer of the team to a `record` as whoever asked gets it, with a field to ask on."""
    say = knowledge.words.say
    title = say(BACK, "antwoord-titel", wie=by)
    blocks = (
        Text(title, "heading"),
        Typed(asked["words"], say(BACK, "veld")),
        Typed(answer, ANSWER),
        Text(say(BACK, "antwoord-verder"), "small"),
        Input(FIELD, say(BACK, "veld"), "text"),
    )
    data = {"do": DO, "act": SEND, "campaign": asked["campaign"], "after": record}
    return View(blocks, (Action(say(BACK, "knop-stuur"), data),), summary=title)


def no_more_view(knowledge: Knowledge, subject: str, name: str) -> View:
    """From now on nothing about this subject, with the way back and the way to nothing at all."""
    say = knowledge.words.say
    text = say(BACK, "geen-over", onderwerp=name)
    back = Action(say(FILE, "knop-weer"), {"do": DO, "act": AGAIN, "subject": subject})
    nothing = Action(say(BACK, "knop-alles-uit"), {"do": DO, "act": NO_MORE})
    return View((Text(text),), (back, nothing), summary=text)


def again_view(knowledge: Knowledge, name: str, *, none_at_all: bool) -> View:
    """Campaigns on this subject again; when every campaign is off, that has a way back of its own."""
    say = knowledge.words.say
    text = say(BACK, "weer-niet-alles" if none_at_all else "weer-over", onderwerp=name)
    all_again = Action(say(BACK, "knop-alles-aan"), {"do": DO, "act": AGAIN})
    return View((Text(text),), (all_again,) if none_at_all else (), summary=text)


def reply_view(advice: Mapping[str, Any]) -> View:
    """What a colleague says to the MVOI team, as the channel sees it: to the letter, without who it was."""
    blocks: list[Block] = [Text(ASKED, "heading")]
    if advice["title"]:
        blocks.append(Typed(advice["title"], "Over de campagne"))
    labels = ("Vroeg eerder", "Kreeg als antwoord")
    blocks += [Typed(words, label) for label, words in zip(labels, advice.get("earlier", ()), strict=False)]
    blocks += [Typed(advice["words"], "Vraag"), Text(ANSWERED, "small")]
    return View(tuple(blocks), summary=ASKED)


def done_view(advice: Mapping[str, Any], url: str | None) -> View:
    """A campaign is done: where it went, what somebody has to look at, and the way to all of it."""
    rows: Sequence[tuple[str, str]] = advice["lines"]
    blocks = (
        Text(advice["title"], "heading"),
        Typed(advice["campaign_title"]),
        Lines(tuple(Line(label, value) for label, value in rows)),
    )
    actions = (Link("Bekijk de campagne", url),) if url else ()
    return View(blocks, actions, summary=advice["title"])
