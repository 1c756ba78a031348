"""`app.py knowledge feedback`: what colleagues think of the questions and of the advice, for the owners of the texts."""

from __future__ import annotations

from argparse import Namespace
from itertools import groupby

from babel.dates import format_date
from sqlalchemy import Connection, inspect

from bot import feedback
from bot.feedback import OTHER, Opinion
from bot.knowledge_tables import feedback as table
from bot.library import Library
from bot.settings import Settings
from bot.unrecognised import KEPT_FOR
from cards.record import ABOUT
from knowledge.knowledge import Knowledge
from knowledge.loading import load
from knowledge.words import MissingWordsError

FINE = 0
NAMES = {ABOUT: "het advies", OTHER: "iets anders dat Moi zei"}
VERDICTS = {"up": "duim omhoog", "down": "duim omlaag"}


def show(settings: Settings, _said: Namespace) -> int:
    """List what was thought, per question: how often, and in which words."""
    knowledge = load(settings.knowledge_dir)
    with Library(settings) as library:
        found = library.read(_listed) or []
    if not found:
        print("Er is nog geen oordeel. Duimen en reacties in Teams tellen mee, zonder naam.")
        return FINE
    for about, opinions in groupby(found, lambda one: one.about):
        print(name_of(knowledge, about))
        for one in opinions:
            print(f"  {line(one)}")
        print()
    print(f"Een oordeel blijft, zonder naam of nummer, {KEPT_FOR.days} dagen staan na de laatste keer.")
    return FINE


def name_of(knowledge: Knowledge, about: str) -> str:
    """What an owner calls it: the question as it is asked."""
    try:
        return NAMES.get(about) or f"{about}: {knowledge.words.question('koop', about).ask}"
    except MissingWordsError:
        return about  # A question of before, which is no longer asked.


def line(one: Opinion) -> str:
    """One verdict: how often in all, or the words and when they were said last."""
    if not one.text:
        return f"{VERDICTS[one.verdict]}: {one.times} keer"
    week = format_date(one.last_week, "d MMMM y", locale="nl")
    return f"{VERDICTS[one.verdict]}, week van {week}: {one.text}"


def _listed(connection: Connection) -> list[Opinion]:
    # The database may be one of an older Moi, which this command does not change.
    there = inspect(connection).has_table(table.name)
    return feedback.listed(connection) if there else []
