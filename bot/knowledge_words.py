"""`app.py knowledge unknown | word`: what Moi did not recognise, and the search word that helps, in one line."""

from __future__ import annotations

import sys
from argparse import Namespace
from functools import partial

from babel.dates import format_date
from rapidfuzz import fuzz, process

from bot import unrecognised
from bot.library import Library
from bot.settings import Settings
from knowledge.dutch import fold
from knowledge.knowledge import Knowledge
from knowledge.loading import load
from knowledge.mistakes import nearest
from knowledge.search_words import RefusedError, add

FINE, WRONG = 0, 1
NEAREST = 3
NEAR_ENOUGH = 60  # Under this likeness a word looks like another one by chance.
SHOWN = 40
COMMAND = 'uv run app.py knowledge word {} "{}"'


def unknown(settings: Settings, said: Namespace) -> int:
    """List what was not recognised, what was said most first, each with the command that may help."""
    knowledge = load(settings.knowledge_dir)
    with Library(settings) as library:
        found = library.read(unrecognised.listed) or []
    if not found:
        print("Er staat niets in de lijst: wat collega's zochten, heeft Moi herkend.")
        return FINE
    for one in found if said.alles else found[:SHOWN]:
        groups = near_groups(knowledge, one.text)
        week = format_date(one.last_week, "d MMMM y", locale="nl")
        print(f"{one.times} keer, het laatst in de week van {week}: {one.text}")
        near = ", ".join(f"{knowledge.groups[id_].name} ({id_})" for id_ in groups)
        print(
            f"  lijkt op: {near}" if groups else "  lijkt op niets wat Moi kent; kies zelf een productgroep"
        )
        print(f"  {COMMAND.format(groups[0] if groups else 'GROEP', one.text)}\n")
    if len(found) > SHOWN and not said.alles:
        print(f"En nog {len(found) - SHOWN}. Met --alles zie je die ook.")
    days = unrecognised.KEPT_FOR.days
    print(f"Een tekst blijft, zonder naam of nummer, {days} dagen staan nadat die voor het laatst is gezegd.")
    return FINE


def word(settings: Settings, said: Namespace) -> int:
    """Add a search word to a product group, and take off the list what is recognised with it."""
    folder = settings.knowledge_dir
    before = load(folder)
    if said.groep not in before.groups:
        print(
            f"De productgroep {said.groep} bestaat niet. {nearest(said.groep, before.groups.keys())}",
            file=sys.stderr,
        )
        return WRONG
    try:
        path = add(folder, before, said.groep, said.woord)
    except RefusedError as refused:
        print(refused, file=sys.stderr)
        return WRONG
    after = load(folder)
    print(f"Toegevoegd aan {before.groups[said.groep].name}: {said.woord}  [{path.name}]")
    with Library(settings) as library:
        listed = library.read(unrecognised.listed) or []
        known = [one.text for one in listed if recognised(after, one.text, said.groep)]
        library.write(partial(unrecognised.remove, known))
    if known:
        print(f"Dit herkent Moi nu, en is van de lijst: {', '.join(known)}.")
    if not recognised(after, said.woord, said.groep):
        print("Let op: met alleen dit woord is Moi nog niet zeker. Moi vraagt dan wat er bedoeld wordt.")
    return FINE


def recognised(knowledge: Knowledge, text: str, group: str) -> bool:
    """Whether a text now surely means this product group."""
    found = knowledge.recognise(text)
    return found.purchase and found.sure and found.group == group


def near_groups(knowledge: Knowledge, text: str) -> list[str]:
    """The product groups that come nearest to a text, by what is recognised in it or else by how words are written."""
    ids = [one.group for one in knowledge.recognise(text).suggestions if one.group]
    owners = {
        fold(term): group.id
        for group in knowledge.groups.values()
        for term in (*group.search_words, group.name)
    }
    alike = process.extract(
        fold(text), list(owners), scorer=fuzz.ratio, limit=4 * NEAREST, score_cutoff=NEAR_ENOUGH
    )
    return list(dict.fromkeys([*ids, *(owners[match[0]] for match in alike)]))[:NEAREST]
