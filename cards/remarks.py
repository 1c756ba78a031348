"""What Moi says that is no question of a talk: a remark, a welcome, and ways on for who is not understood."""

from __future__ import annotations

from typing import Any

from cards.view import Action, Text, Typed, View
from dialogs.questions import Choice, Question
from dialogs.what import NOT_LISTED, OTHER


def plain_view(text: str) -> View:
    """A short remark without buttons."""
    return View((Text(text),), summary=text, quiet=True)


def why_view(text: str) -> View:
    """Why something is asked."""
    return View((Text(f"*{text}*"),), summary=text, quiet=True)


def welcome_view(text: str) -> View:
    """Who Moi is, with ways to begin for people who do not know what to type."""
    actions = (
        Action("Kies uit een lijst", {"do": "list"}),
        Action("Alles op één kaart", {"do": "express"}),
        Action("Hulp", {"do": "say", "text": "hulp"}),
    )
    return View((Text(text),), actions, summary=text)


def another_view(text: str, request: str) -> View:
    """Is this another purchase, or an answer that was not understood?"""
    actions = (
        Action("Ja, begin hiermee", {"do": "begin", "text": request[:500]}),
        Action("Nee, ga verder", {"do": "say", "text": "verder"}),
    )
    return View((Text(text), Typed(request)), actions, summary=text)


def instead_view(text: str, request: str) -> View:
    """What the talk is about from now on, in the words that were typed."""
    return View((Typed(request, text),), summary=text, quiet=True)


def human_view(text: str) -> View:
    """Put the question to a person in the procurement channel?"""
    actions = (
        Action("Doe maar", {"do": "human-yes"}),
        Action("Nee, ik ga verder", {"do": "say", "text": "verder"}),
    )
    return View((Text(text),), actions, summary=text)


def way_out_view(text: str, question: Question[Any], talk: str) -> View:
    """Ways to go on for who is not understood twice: without the answer, with a person, or with another request."""
    without = {OTHER: "Kies een categorie", NOT_LISTED: "Staat er niet bij"}
    options = question.options if isinstance(question, Choice) else {}
    actions = (
        *(
            Action(label, {"do": "answer", "talk": talk, "key": question.key, "answer": id_})
            for id_, label in without.items()
            if id_ in options
        ),
        Action("Vraag Team Inkoop", {"do": "say", "text": "mens"}),
        Action("Begin opnieuw", {"do": "new"}),
    )
    return View((Text(text),), actions, summary=text)
