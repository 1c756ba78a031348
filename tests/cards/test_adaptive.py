"""Cards hold what the view says, to the letter where a person typed it, and stay within what Teams takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft6Validator

from cards.adaptive import LARGEST, card
from cards.view import (
    Action,
    Bullets,
    Copyable,
    Input,
    Line,
    Lines,
    Link,
    Option,
    Text,
    Typed,
    View,
)

CHANNELS: tuple[Literal["teams", "web"], ...] = ("teams", "web")
HOSTILE = (
    "[klik hier](https://kwaad.example)",
    "<img src=x onerror=alert(1)><script>alert(1)</script>",
    "{{ 7 * 7 }} {% raw %} {# weg #} ${data} {{DATE(2017-02-14T06:00:00Z, SHORT)}} {{{{",
    '"}],"actions":[{"type":"Action.OpenUrl","url":"https://kwaad.example"}]',
    "\\u0022 \\ \" ' `` ** __ # > - 1. | ~~",
    "een\nregel\n\nverder\ttab",
    "👩‍👩‍👧‍👦 🇳🇱 é́́́ ﷽ שלום مرحبا",
    "null true 0 NaN",
)


@pytest.fixture(scope="module")
def schema() -> Draft6Validator:
    """The official schema of Adaptive Cards 1.5, for a card and everything in it."""
    text = files("adaptive_cards").joinpath("schemas/schema-1.5.json").read_text("utf-8")
    return Draft6Validator(json.loads(text))


@pytest.fixture
def everything() -> View:
    """One of everything that a view can hold."""
    return View(
        blocks=(
            Text("Check je antwoorden", "heading"),
            Text("Ik begrijp: **50 × kantoormeubilair**. *Omdat je dat zei.*", "lead"),
            Text("advies, geen besluit", "small"),
            Typed("nieuwe stoelen", "Je zei"),
            Bullets(("**Opknappen**: nieuwe bekleding", "Eerst kijken wat er staat")),
            Lines(
                (
                    Line("Wat", "50 stoelen", "wat"),
                    Line("Doel", Typed("zitten"), "doel"),
                    Line("Team", "Facilitair"),
                )
            ),
            Input(
                "reden", "Wat is de reden?", options=(Option("geld", "Te duur"), Option("tijd", "Te laat"))
            ),
            Input(
                "wie",
                "Wie moet helpen?",
                "several",
                (Option("expert", "Expert"),),
                value="expert",
                required=False,
            ),
            Input("uitleg", "Waarom?", "text", value="omdat", hint="Kort"),
            Input("aantal", "Hoeveel?", "number", value="50", expanded=True),
            Copyable("Voor het startformulier", ("Onderdelen blijven leverbaar", Typed("zitten", "Doel"))),
        ),
        actions=(
            Action("Versturen", {"do": "form", "talk": "t1"}, "positive"),
            Action("Stop", {"do": "stop", "talk": "t1"}, "destructive", fields=False),
            Link("Startformulier", "https://moi.example/startformulier/1.docx"),
        ),
        summary="Check je antwoorden",
        extra={"talk": "t1"},
    )


def found(node: Any, kind: str) -> Iterator[dict[str, Any]]:
    """Every element of a kind in a card, in order."""
    if isinstance(node, dict):
        if node.get("type") == kind:
            yield node
        for child in node.values():
            yield from found(child, kind)
    elif isinstance(node, list):
        for child in node:
            yield from found(child, kind)


def runs_of(made: dict[str, Any]) -> str:
    """All words in the text runs of a card."""
    return "".join(run["text"] for run in found(made, "TextRun"))


@pytest.mark.parametrize("channel", CHANNELS)
def test_schema(everything: View, schema: Draft6Validator, channel: Literal["teams", "web"]) -> None:
    """A card with everything on it follows the official schema."""
    made = card(everything, channel)
    teams_only = made.pop("msteams", None)

    assert [error.message for error in schema.iter_errors(made)] == []
    assert (teams_only is not None) == (channel == "teams")
    assert (made["version"], made["lang"], made["speak"]) == ("1.5", "nl", "Check je antwoorden")


def test_schema_notices(everything: View, schema: Draft6Validator) -> None:
    """The schema in these tests does refuse a wrong card."""
    made = card(everything, "web") | {"body": [{"type": "TextBlock", "tekst": "x"}]}

    assert not schema.is_valid(made)


def test_buttons_teams(everything: View) -> None:
    """In Teams a button runs Action.Execute, and an older client falls back to the same Action.Submit."""
    send = card(everything, "teams")["actions"][0]

    assert send["type"] == "Action.Execute"
    assert send["fallback"]["type"] == "Action.Submit"
    assert (
        send["data"]
        == send["fallback"]["data"]
        == {
            "do": "form",
            "talk": "t1",
            "label": "Versturen",
        }
    )
    assert send["style"] == send["fallback"]["style"] == "positive"


def test_buttons_web(everything: View) -> None:
    """On the web there is no Action.Execute, and a button without fields works while a field is empty."""
    made = card(everything, "web")

    assert list(found(made, "Action.Execute")) == []
    assert [action.get("associatedInputs") for action in made["actions"]] == [None, "none", None]


def test_change(everything: View) -> None:
    """Each line that can be changed has a button of its own, outside the actions of the card."""
    made = card(everything, "web")
    buttons = [action for row in found(made["body"], "ActionSet") for action in row["actions"]]

    assert [button["data"] for button in buttons] == [
        {"do": "change", "talk": "t1", "key": "wat"},
        {"do": "change", "talk": "t1", "key": "doel"},
    ]
    assert [button["tooltip"] for button in buttons] == ["Wijzig: Wat", "Wijzig: Doel"]


def test_marks() -> None:
    """Bold and italic become styles of a run; no asterisk is left."""
    made = card(View((Text("a **b** *c* d"),)), "web")
    runs = [(run["text"], run.get("weight"), run.get("italic")) for run in found(made, "TextRun")]

    assert runs == [
        ("a ", None, None),
        ("b", "bolder", None),
        (" ", None, None),
        ("c", None, True),
        (" d", None, None),
    ]


def test_only_headings_are_markdown(everything: View) -> None:
    """A heading is the only text that a client reads as Markdown, and Markdown in it is escaped."""
    made = card(View((*everything.blocks, Text("1. [x](https://y) **z** <b>", "heading"))), "web")
    headings = [block["text"] for block in found(made, "TextBlock")]

    assert headings == ["Check je antwoorden", r"1\. \[x\](https://y) z \<b>"]
    assert list(found(made, "FactSet")) == []


def test_inputs(everything: View) -> None:
    """Fields have a label, say in Dutch what is missing, and keep what was filled in."""
    made = card(everything, "web")
    (one, several), (text,), (number,) = (
        list(found(made, f"Input.{kind}")) for kind in ("ChoiceSet", "Text", "Number")
    )

    assert (one["style"], one["isRequired"], one["errorMessage"]) == ("compact", True, "Maak een keuze.")
    assert (several["isMultiSelect"], several["value"], several.get("isRequired")) == (True, "expert", None)
    assert (text["value"], text["maxLength"], text["placeholder"]) == ("omdat", 500, "Kort")
    assert number["value"] == 50


@pytest.mark.parametrize(
    "url", ["http://moi.example/a", "javascript:alert(1)", "/startformulier/1.docx", "", "data:,x"]
)
def test_unsafe_link(url: str) -> None:
    """A card opens nothing but https, or http on this machine."""
    with pytest.raises(ValueError, match="may not open"):
        card(View((), (Link("Open", url),)), "web")


def test_loopback_link() -> None:
    """While developing, a card opens pages of this machine."""
    made = card(View((), (Link("Open", "http://127.0.0.1:3978/kanaal"),)), "web")

    assert made["actions"][0]["url"] == "http://127.0.0.1:3978/kanaal"


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("channel", CHANNELS)
def test_hostile(words: str, schema: Draft6Validator, channel: Literal["teams", "web"]) -> None:
    """Whatever a person types is shown to the letter, in a run, a line, a copyable text and a field."""
    view = View(
        (
            Typed(words),
            Lines((Line("", Typed(words)),)),
            Copyable("", (Typed(words),)),
            Input("veld", "Veld", "text", value=words),
        )
    )
    made = card(view, channel)

    assert runs_of(made) == words * 3
    assert next(found(made, "Input.Text"))["value"] == words
    assert list(found(made, "TextBlock")) == list(found(made, "Action.OpenUrl")) == []
    made.pop("msteams", None)
    assert schema.is_valid(made)


def test_no_date_function() -> None:
    """No single run holds the two braces with which a client calculates a date."""
    made = card(View((Typed("{{DATE(2017-02-14T06:00:00Z)}} {{{{TIME(2017-02-14T06:00:00Z)}}"),)), "web")

    assert not any("{{" in run["text"] for run in found(made, "TextRun"))


@given(
    st.text(
        st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp"], exclude_characters="\ufffe\uffff")
    )
)
def test_typed_unchanged(words: str) -> None:
    """Any text that can be shown comes back from the JSON of a card exactly as it was typed."""
    made = json.loads(json.dumps(card(View((Typed(words),)), "web")))

    assert runs_of(made) == words


@given(st.text(st.characters()))
def test_typed_encodable(words: str) -> None:
    """Any text at all gives a card that can be sent, without control characters or turned reading direction."""
    sent = json.dumps(
        card(View((Typed(words, "Je zei"), Text(words)), summary=words), "teams"), ensure_ascii=False
    )

    assert not set(sent.encode().decode()) & set(map(chr, [*range(32), *range(0x7F, 0xA0), 0x202E, 0x2066]))


@pytest.mark.parametrize(
    "words", ["woord " * 20_000, "€" * 100_000, "👍" * 100_000, '"' * 100_000, "{{" * 50_000]
)
def test_huge(words: str, schema: Draft6Validator) -> None:
    """A text that is too large is cut, with an ellipsis, and the rest of the card stays."""
    view = View(
        (Text("Kop", "heading"), Typed(words), Lines((Line("Zei", Typed(words)), Line("Team", "BOR")))),
        (Action("Verder", {}),),
        summary=words,
    )
    made = card(view, "web")

    assert len(json.dumps(made)) <= LARGEST
    assert "…" in runs_of(made)
    assert runs_of(made).endswith("BOR")
    assert schema.is_valid(made)


def test_huge_own() -> None:
    """When our own words are too many, the card says that there is more."""
    made = card(
        View((Text("Begin"), *(Text("tekst " * 500) for _ in range(20))), (Action("Verder", {}),)), "web"
    )

    assert len(json.dumps(made)) <= LARGEST
    assert runs_of(made).startswith("Begin")
    assert runs_of(made).endswith("De rest past niet op deze kaart.")
    assert made["actions"][0]["title"] == "Verder"


def test_fallback() -> None:
    """A client that shows no cards gets our own words, and never typed ones."""
    made = card(View((Typed("[x](https://kwaad.example)"), Text("Wat wil je **bereiken**?"))), "teams")

    assert made["fallbackText"] == "Deze kaart past niet op dit scherm: typ je antwoord. Wat wil je bereiken?"


def test_remaining(everything: View) -> None:
    """Teams has no line below the chat that says how far one is, so there the card says it itself."""
    view = replace(everything, extra={"talk": "t1", "remaining": "nog 2 tot 4 vragen"})

    assert "nog 2 tot 4 vragen" in json.dumps(card(view, "teams"))
    assert "nog 2 tot 4 vragen" not in json.dumps(card(view, "web"))


def test_lines_beside() -> None:
    """Where nothing can be changed, label and value share a line, so that a summary fits on a screen."""
    made = card(View((Lines((Line("Team", "*BOR*"), Line("Zei", Typed("*a*")))),)), "teams")
    lines = ["".join(run["text"] for run in row["inlines"]) for row in found(made, "RichTextBlock")]

    assert lines == ["Team: BOR", "Zei: *a*"]


@pytest.mark.parametrize(("kind", "beside"), [("choice", True), ("text", False)])
def test_long_hint(kind: Literal["choice", "text"], beside: bool) -> None:
    """A hint that a choice would cut off stands beside its label."""
    hint = "Wat gebeurt er als we het niet doen of een jaar wachten?"
    (made,) = card(View((Input("nodig", "Nodig?", kind, hint=hint),)), "teams")["body"]

    assert made["label"] == (f"Nodig? {hint}" if beside else "Nodig?")
    assert made.get("placeholder") == (None if beside else hint)
