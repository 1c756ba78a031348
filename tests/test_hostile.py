"""Whatever is stored and whatever is sent: no error, and nobody's words become markup on a card."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from importlib.resources import files
from typing import Any

import pytest
from jsonschema_rs import Draft6Validator

from bot.desk import Desk
from bot.people import Person
from bot.respond import respond
from bot.talk_state import Message, Response, Talk
from cards.adaptive import LARGEST, card
from cards.plain import text
from cards.record import Shown, advice_views, summary_view
from cards.talk import asking_view
from cards.view import Text, View
from dialogs.advice import load as load_advice
from dialogs.engine import Asking, Finished, replay
from dialogs.purchase import purchase
from dialogs.visit import visit
from dialogs.walk import fill
from knowledge.knowledge import Knowledge

DAY = date(2026, 11, 23)
SEED = 23_11_2026
STORED = 20_000
MESSAGES = 10_000
EVERY = 20  # One in so many cards is rendered: rendering all would take minutes.
MARK = "kwaad"
HOSTILE = (
    "[klik hier](https://kwaad.example)",
    "50 bureaustoelen [kwaad](https://kwaad.example) voor 9000 euro",
    "![kwaad](https://kwaad.example/beeld.png)",
    "<img src=x onerror=alert('kwaad')><script>kwaad()</script>",
    "laptops <b>kwaad</b>",
    "{{ kwaad }}{% for x in kwaad %}{{ x }}{% endfor %}",
    "{{DATE(2017-02-14T06:00:00Z, SHORT)}} kwaad",
    "${kwaad} {0} {kwaad.__class__} %s %(kwaad)s",
    '{"do": "answer", "kwaad": [1, {"a": null}]}',
    "'; DROP TABLE talks; -- kwaad",
    'kwaad "aanhaling" \\ \\u0000 \\n',
    "**kwaad** _kwaad_ # kwaad\n# kwaad\n- kwaad\n| kwaad |",
    "\u202ekwaad\u2066 draait om \u200fعربي kwaad",
    "kwaad \x00\x01\x1b[31m\x7f\x9f \ud800 \uffff",
    "🙂🏳️‍🌈👨‍👩‍👧‍👦 kwaad",
    "kwaad" * 40_000,
    "kwaad " * 20_000,
    "9" * 5_000 + " kwaad euro",
    "wijzig kwaad 99999999999999999999999",
    "1 kwaad, 2 kwaad, 3 kwaad",
    "1e309 kwaad, -5 euro, NaN euro, ∞ stuks",
    "anders, want [kwaad](javascript:alert(1))",
    "te duur, [kwaad](https://kwaad.example)",
    "mens <at>kwaad</at>",
    "①②③ ½ ٣ kwaad",
    "\n\n\t kwaad \r\n",
)
PLAIN = (
    "ja",
    "nee",
    "toch kopen",
    "weet ik niet",
    "neem ik mee",
    "50000",
    "300000",
    "2500",
    "terug",
    "wijzig",
)
KEYS = (
    "wat",
    "aantal",
    "aantal-anders",
    "waarde",
    "waarde-anders",
    "doel",
    "wanneer",
    "mvoi",
    "reken",
    "versturen",
)
SHAPES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    7,
    2.5,
    1e308,
    10**400,
    "",
    "ja",
    "weet-niet",
    "kwaad [x](https://kwaad.example)",
    [],
    ["ja", 1, None],
    [[[]]],
    {},
    {"low": 1, "high": 2},
    {"low": "1e5", "high": None},
    {"low": True, "high": {}},
    {"low": float("nan"), "high": float("inf")},
    {"tekst": "x", "categorie": None, "groep": [], "suggesties": {}, "dubbelzinnig": 3},
    {"tekst": 5, "categorie": "gww", "groep": "weg", "suggesties": ["weg", 3], "dubbelzinnig": "bank"},
    {"tekst": "x", "categorie": "weg", "groep": "weg", "suggesties": "abc", "dubbelzinnig": "weg"},
)


@pytest.fixture(scope="module")
def paths(knowledge: Knowledge) -> list[dict[str, Any]]:
    """A hundred ways through the dialog, from all over it: one through each of its cards with each answer to it."""
    stops = visit(partial(purchase, knowledge, DAY))
    return [dict(stop.answers) for stop in stops if isinstance(stop.result, Finished)]


@pytest.fixture(scope="module")
def schema() -> Draft6Validator:
    """The official schema of Adaptive Cards 1.5."""
    definition = files("adaptive_cards").joinpath("schemas/schema-1.5.json").read_text("utf-8")
    return Draft6Validator(json.loads(definition))


def words_of_ours(node: Any) -> Iterator[str]:
    """All words on a card that a client may read as Markdown, and what is on buttons."""
    if isinstance(node, dict):
        match node.get("type"):
            case "TextBlock":
                yield str(node.get("text"))
            case "FactSet":
                yield json.dumps(node["facts"])
            case str(kind) if kind.startswith("Action."):
                yield str(node.get("title"))
                yield str(node.get("url"))
        yield str(node.get("fallbackText", ""))
        for child in node.values():
            yield from words_of_ours(child)
    elif isinstance(node, list):
        for child in node:
            yield from words_of_ours(child)


def rendered(view: View) -> dict[str, Any]:
    """The card of a view, which is small enough, holds no words of others as markup, and has a plain text."""
    made = card(view, "teams")
    planted = [words for words in words_of_ours(made) if MARK in words]

    assert planted == []
    assert len(json.dumps(made, ensure_ascii=False).encode()) < LARGEST
    assert text(view)
    return made


def spoiled(chance: random.Random, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Stored answers of which some were replaced by anything that JSON can hold, or lost."""
    kept = dict(answers)
    for _ in range(chance.randrange(4)):
        key = chance.choice(
            [*kept, *KEYS, f"sleutel-{chance.random()}", "nodig/", "pas-toe/kantoormeubilair"]
        )
        if chance.random() < 0.2:
            kept.pop(key, None)
            continue
        value = chance.choice(SHAPES)
        deeper = isinstance(kept.get(key), dict) and kept[key] and chance.random() < 0.5
        kept[key] = {**kept[key], chance.choice(list(kept[key])): value} if deeper else value
    return kept


def test_stored_answers(knowledge: Knowledge, paths: list[dict[str, Any]], schema: Draft6Validator) -> None:
    """Twenty thousand sets of stored answers, spoiled in every way, still lead to a question or an end, and a card."""
    chance = random.Random(SEED)
    dialog = partial(purchase, knowledge, DAY)
    asked = ended = 0
    for number in range(STORED):
        now = replay(dialog, spoiled(chance, chance.choice(paths)))
        if isinstance(now, Asking):
            asked += 1
            views = [asking_view(now, "gesprek", (1, 2))]
        else:
            ended += 1
            views = [*advice_views(now.outcome, Shown("r", 1), talk="gesprek", changed=False)]
            views.append(summary_view(now.outcome, Shown("r", 1, "https://moi.example/aanvraag/r")))
        for view in views if number % EVERY == 0 else ():
            made = rendered(view)
            if number % (EVERY * EVERY) == 0:
                made.pop("msteams", None)

                assert schema.is_valid(made), f"{SEED=} {number=}"

    assert min(asked, ended) > STORED / 10


def hostile_tap(chance: random.Random, talk: Talk | None, key: str, words: str) -> dict[str, Any]:
    """A tap with fields of wrong kinds, wrong keys, too much or nested."""
    tap: dict[str, Any] = {
        "do": chance.choice(
            ["answer", "form", "change", "review", "back", "why", "say", "express-send", words, None, [1]]
        ),
        "talk": talk.id if talk and chance.random() < 0.9 else chance.choice(SHAPES),
        "key": chance.choice([key, key, words[:50], "klopt/x", None, ["a"]]),
        "answer": chance.choice([words, "ja", *SHAPES]),
        "text": words,
        "keys": chance.choice([[key], words[:50], {"a": [1]}]),
        key: chance.choice([words, "toe", "ja", *SHAPES]),
        f"{key}:uitleg": words,
        "nodig": "kapot",
        "wat": words,
        "waarde": chance.choice([words, "2500", 7]),
    }
    return dict(chance.sample(list(tap.items()), chance.randrange(3, len(tap) + 1)))


def test_messages(knowledge: Knowledge, paths: list[dict[str, Any]], schema: Draft6Validator) -> None:
    """Ten thousand hostile messages and taps, at any point of a talk, get an answer; nothing of them becomes markup."""
    chance = random.Random(SEED)
    desk = Desk(knowledge, Person("p", "collega"), DAY, "nieuw", "record", "https://moi.example")
    shown = 0
    for number in range(MESSAGES):
        talk = some_talk(chance, desk, chance.choice(paths))
        words = chance.choice(HOSTILE if chance.random() < 0.85 else PLAIN)
        tapped = chance.random() < 0.5
        key = talk.asked if talk and talk.asked else "wat"
        tap = hostile_tap(chance, talk, key, words) if tapped else None
        said = respond(desk, Message(f"m{number}", "" if tapped else words, tap), talk)

        assert said.views, f"{SEED=} {number=}"
        if number % EVERY == 0:
            shown += len(said.views)
            check_cards(said, schema)

    assert shown > MESSAGES / EVERY


def some_talk(chance: random.Random, desk: Desk, answers: Mapping[str, Any]) -> Talk | None:
    """A talk that is somewhere on this way, stopped, sent, or not begun."""
    if chance.random() < 0.05:
        return None
    kept = dict(list(answers.items())[: chance.randrange(len(answers) + 1)])
    if "wat" in kept and chance.random() < 0.5:
        kept["wat"] = {**kept["wat"], "tekst": chance.choice(HOSTILE)[:500]}
    talk = replace(desk.begin(), answers={**desk.begin().answers, **kept}, version=1)
    now = desk.run(talk)
    if not isinstance(now, Asking):
        return replace(talk, state="done", record="record")
    return replace(talk, asked=now.question.key, state="open" if chance.random() < 0.9 else "stopped")


def check_cards(said: Response, schema: Draft6Validator) -> None:
    """The cards of an answer, and the summary in the channel."""
    views = list(said.views)
    if said.record:
        advice = load_advice(json.loads(json.dumps(dict(said.record.advice))))
        views.append(summary_view(advice, Shown("r", 1)))
    for view in views:
        made = rendered(view)
        made.pop("msteams", None)

        assert schema.is_valid(made)


def test_planted_words_are_noticed() -> None:
    """The check on these cards does see words that were planted in a text of ours."""
    with pytest.raises(AssertionError):
        rendered(View((Text("[kwaad](https://kwaad.example)"),)))


def test_typed_words_everywhere(knowledge: Knowledge) -> None:
    """A whole talk in which every free text is hostile ends in cards that show them to the letter."""
    dialog = partial(purchase, knowledge, DAY)
    for words in HOSTILE:
        answers: dict[str, Any] = {
            "wat": {
                "tekst": words[:500],
                "categorie": None,
                "groep": "kantoormeubilair",
                "suggesties": [],
                "dubbelzinnig": None,
            },
            "anders/kantoormeubilair": "toch-kopen",
            "waarde": {"low": 300_000.0, "high": 300_000.0},
            "doel": words,
            "kansen": words,
        }
        wishes = dict(answers)
        while isinstance(now := replay(dialog, answers), Asking):
            rendered(asking_view(now, "gesprek"))
            answers |= {key: wishes.get(key, kept) for key, kept in next(fill(now)).items()}
        for view in advice_views(now.outcome, Shown("r", 1), talk="gesprek", changed=False):
            rendered(view)
        rendered(summary_view(now.outcome, Shown("r", 1)))

        assert now.outcome.said == words[:500]
