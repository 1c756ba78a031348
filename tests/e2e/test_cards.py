"""Every card that Moi can show: drawn by the library of Microsoft without a complaint, after the official schema, and
within what Teams takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any, Literal

import pytest
from jsonschema_rs import Draft6Validator
from playwright.sync_api import Browser, Page

from bot.html import STATIC
from cards.adaptive import LARGEST, card
from cards.view import MOST_ACTIONS, Text, View
from knowledge.loading import load
from tests.cards.every_view import every_view, of_every_shape, with_every_part

LIBRARY = STATIC / "vendor" / "adaptivecards.min.js"
NARROW = 300  # Pixels that a card has on a phone.
Channel = Literal["teams", "web"]
CHANNELS: tuple[Channel, ...] = ("teams", "web")

DRAW = """([cards, maxActions, width]) => JSON.parse(cards).map((made) => {
  const complaints = [];
  const { AdaptiveCard, HostConfig, SerializationContext } = AdaptiveCards;
  // Its pattern remembers where it was, and so refuses every second card.
  AdaptiveCard.langProperty.regEx.lastIndex = 0;
  // Only a heading may hold Markdown, and in ours it is escaped.
  AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = Object.assign(document.createElement("p"), { textContent: text }).innerHTML;
    result.didProcess = true;
  };
  const context = new SerializationContext();
  const drawn = new AdaptiveCard();
  drawn.hostConfig = new HostConfig({ actions: { maxActions } });
  drawn.parse(made, context);
  for (let at = 0; at < context.eventCount; at += 1) complaints.push(context.getEventAt(at).message);
  const failures = drawn.validateProperties().validationEvents;
  complaints.push(...failures.map((event) => event.message));
  const place = document.body.appendChild(document.createElement("div"));
  place.style.width = `${width}px`;
  const element = drawn.render(place);
  if (!element || drawn.shouldFallback()) complaints.push("not drawn");
  if (place.scrollWidth > place.clientWidth) complaints.push("runs off the side");
  const found = {
    complaints,
    text: place.textContent,
    buttons: place.querySelectorAll("button.ac-pushButton").length,
    fields: drawn.getAllInputs().length,
  };
  place.remove();
  return found;
})"""


@pytest.fixture(scope="module")
def views() -> list[View]:
    """The largest view of every shape."""
    return of_every_shape(every_view(load()))


@pytest.fixture(scope="module")
def library(browser: Browser) -> Iterator[Page]:
    """A page with the library that draws cards, and nothing else."""
    page = browser.new_page()
    page.add_script_tag(path=LIBRARY)
    yield page
    page.close()


def drawings(library: Page, cards: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the library makes of each card, and what it complains of."""
    # As text: playwright takes seconds to hand over what is nested this deep.
    made: list[dict[str, Any]] = library.evaluate(DRAW, [json.dumps(cards), MOST_ACTIONS, NARROW])
    return made


def found(node: Any, key: str) -> Iterator[Any]:
    """Every value under a key, anywhere in a card; what is only there as a fallback does not count."""
    if isinstance(node, dict):
        if key in node:
            yield node[key]
        for name, child in node.items():
            if name != "fallback":
                yield from found(child, key)
    elif isinstance(node, list):
        for child in node:
            yield from found(child, key)


def kinds(made: dict[str, Any], start: str) -> int:
    """How many elements there are of a kind, by the first letters of their type."""
    return sum(str(kind).startswith(start) for kind in found(made, "type"))


def words(made: dict[str, Any]) -> list[str]:
    """Everything that must be read on a card: its runs, and what stands on its buttons."""
    runs = [run["text"] for runs in found(made, "inlines") for run in runs]
    titles = [button["title"] for buttons in found(made, "actions") for button in buttons]
    return [" ".join(text.split()) for text in (*runs, *titles)]


def test_every_card_fits(views: list[View]) -> None:
    """Each follows the official schema, is whole and smaller than Teams takes, and has at most six actions."""
    schema = files("adaptive_cards").joinpath("schemas/schema-1.5.json").read_text("utf-8")
    official = Draft6Validator(json.loads(schema))
    wrong = []
    for made in (card(view, channel) for view in views for channel in CHANNELS):
        bare = {name: value for name, value in made.items() if name != "msteams"}
        wrong += [error.message for error in official.iter_errors(bare)]
        wrong += [f"{size} bytes" for size in (len(json.dumps(made)),) if size > LARGEST]
        wrong += [f"cut: {made['speak']}" for text in words(made) if text.startswith("De rest past niet")]
        wrong += [f"actions: {made['speak']}" for row in found(made, "actions") if len(row) > MOST_ACTIONS]

    assert len(views) > 100
    assert wrong == []


@pytest.mark.e2e
def test_every_card_is_drawn(library: Page, views: list[View]) -> None:
    """The library takes everything that can stand on a card without a warning, on the width of a phone: every word,
    button and field is there."""
    cards = [card(view, channel) for view in with_every_part(views) for channel in CHANNELS]
    said: list[str] = []
    library.on("console", lambda line: said.append(line.text))
    wrong = []
    for made, drawn in zip(cards, drawings(library, cards), strict=True):
        text = " ".join(drawn["text"].split())
        wrong += [f"{complaint}: {made['speak']}" for complaint in drawn["complaints"]]
        wrong += [f"not read: {run}" for run in words(made) if run not in text]
        shown = drawn["buttons"], drawn["fields"]
        wrong += (
            [f"{shown}: {made['speak']}"] if shown != (kinds(made, "Action."), kinds(made, "Input.")) else []
        )

    assert wrong == []
    assert said == []


@pytest.mark.e2e
@pytest.mark.parametrize(
    "change",
    [
        {"body": [{"type": "TextBlok", "text": "x"}]},
        {"body": [{"type": "Input.Text", "label": "zonder id"}]},
        {"version": "9.9"},
        {"actions": [{"type": "Action.Submit", "title": str(number)} for number in range(7)]},
    ],
    ids=["kind", "id", "version", "actions"],
)
def test_drawing_complains(library: Page, change: dict[str, Any]) -> None:
    """A card that is wrong is complained of."""
    (drawn,) = drawings(library, [card(View((Text("x"),), summary="x"), "teams") | change])

    assert drawn["complaints"] != []
