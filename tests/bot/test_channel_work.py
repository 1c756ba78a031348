"""What the people of procurement do with a summary, in Teams and on the page: once, by whoever may, seen by all."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import pytest
from jsonschema_rs import Draft6Validator

from bot.channel_work import NOTHING_YET, Exchange, Work
from bot.people import Person
from bot.summaries import ask_view, with_buttons
from cards.adaptive import card as made_card
from cards.view import Link, Text, View
from knowledge.shelf import Shelf
from tests.bot.channel_stage import BUYER, CHANNEL, COLLEAGUE, OTHER_COLLEAGUE, Stage, open_stage
from tests.bot.web_room import BUYER as WEB_BUYER
from tests.bot.web_room import Room as WebRoom
from tests.bot.web_room import buy, open_page

TRICK = "Is dit [echt](https://kwaad.example) **nodig**?"
INKOOP = Person("p9", "Sam", frozenset({"buyer", "inkoop"}))
BEHEER = Person("p7", "Bo", frozenset({"buyer", "beheer"}))
MVOI = Person("p8", "Kim", frozenset({"buyer", "mvoi"}))


def button(what: str, record: str, **more: str) -> dict[str, Any]:
    return {"do": "channel", "act": what, "record": record, "label": "Knop", **more}


def card(stage: Stage) -> str:
    """Everything on the newest version of the summary in the channel."""
    cards = [landed for landed in stage.room.channel.landed if landed.what in ("send", "update")]
    shown = [landed for landed in cards if "Kantoormeubilair" in landed.activity.get("summary", "")]
    return str(shown[-1].activity) if shown else ""


async def posted(url: str, stage: Stage) -> str:
    """A summary in the connected channel; gives its record."""
    await stage.say("verbind dit kanaal")
    record = await stage.buy()
    await stage.room.channel.until(lambda: "Ik pak dit op" in card(stage))
    return record


async def test_two_at_once(database_url: str, shelf: Shelf) -> None:
    """Of two who pick a summary up at the same moment one wins; the other hears who, and the card shows it."""
    async with open_stage(database_url, shelf) as stage:
        record = await posted(database_url, stage)
        said = await asyncio.gather(
            stage.press(button("oppakken", record), COLLEAGUE),
            stage.press(button("oppakken", record), OTHER_COLLEAGUE),
        )
        await stage.room.channel.until(lambda: "Opgepakt door" in card(stage))
        again = await stage.press(button("oppakken", record), COLLEAGUE)
        logged = [action for _, action in await stage.logged()]
        await stage.press(button("teruggeven", record), OTHER_COLLEAGUE)
        await stage.room.channel.until(lambda: "Ik pak dit op" in card(stage))

    mine = "Jij pakt dit op. Op de kaart zien collega's dat."
    assert sorted(text == mine for text in said) == [False, True]
    assert {text for text in said if text != mine} <= {
        "Sam (Team Inkoop) pakt dit al op.",
        "Kim (MVOI-team) pakt dit al op.",
    }
    assert again in (mine, "Kim (MVOI-team) pakt dit al op.")
    assert logged == ["kanaal verbonden", "opgepakt"]


async def test_question_and_answer(database_url: str, shelf: Shelf) -> None:
    """A question goes to the buyer's own chat, once; the answer comes in the thread and on the card, to the letter."""
    async with open_stage(database_url, shelf) as stage:
        record = await posted(database_url, stage)
        for _ in range(2):
            await stage.press(button("vragen", record, vraag="Hoeveel mensen?"))
        chat = stage.room.channel
        await chat.until(lambda: any("heeft een vraag" in text for text in stage.said("a:chat")))
        [asked] = [found for found in chat.landed if "heeft een vraag" in found.activity.get("summary", "")]
        data = asked.activity["attachments"][0]["content"]["actions"][0]["data"]
        wrong = await stage.press({**data, "antwoord": "x"}, COLLEAGUE, "a:ander")
        for _ in range(2):
            await stage.press({**data, "antwoord": TRICK}, BUYER, "a:chat")
        await chat.until(lambda: TRICK in card(stage))
        await chat.until(lambda: any(TRICK in text for text in stage.said()))
        answers = [found for found in chat.landed if TRICK in found.activity.get("text", "")]

    assert wrong == "Dit kan ik niet vinden. Misschien is de kaart oud."
    assert len(answers) == 1
    assert answers[0].activity["textFormat"] == "plain"
    assert answers[0].conversation.startswith(f"{CHANNEL};messageid=")


async def test_what_changed(sqlite_url: str, shelf: Shelf) -> None:
    """After a change the thread says what is different: label, old and new."""
    async with open_stage(sqlite_url, shelf) as stage:
        await posted(sqlite_url, stage)
        await stage.chat("wijzig de waarde", "2000", "versturen")
        await stage.room.channel.until(lambda: any("Bijgewerkt" in text for text in stage.said()))
        [said] = [text for text in stage.said() if "Bijgewerkt" in text]

    assert "\n• Niet uitgegeven: € 12.000 → € 13.000" in said
    assert "schatting" not in said


@pytest.mark.parametrize(
    "what", ["oppakken", "teruggeven", "besproken", "niet-besproken", "vragen", "antwoorden", "x"]
)
async def test_buyer_gets_nothing(sqlite_url: str, shelf: Shelf, what: str) -> None:
    """A buyer who calls an action by hand changes nothing, and nothing is written down."""
    async with open_stage(sqlite_url, shelf, delivers=False) as stage:
        record = await stage.buy()
        said = await stage.press(button(what, record, vraag="Hoe?", antwoord="Zo"), BUYER)

        assert await stage.records.works([record]) == {}
        assert await stage.logged() == []
        assert said.startswith(("Dit is voor Team Inkoop", "Dit kan ik niet vinden"))


async def test_submit(sqlite_url: str, shelf: Shelf) -> None:
    """A client that only knows Action.Submit gets the same, said once in the thread."""
    async with open_stage(sqlite_url, shelf, delivers=False) as stage:
        record = await stage.buy()
        place = {"conversation": {"id": f"{CHANNEL};messageid=1", "conversationType": "channel"}}
        tap = stage.room.activity(
            text=None, value=button("besproken", record), **{"from": COLLEAGUE}, **place
        )
        for _ in range(2):
            await stage.room.post(tap)
        works = await stage.records.works([record])

    assert works[record].discussed
    assert stage.said() == ["Dit staat nu als besproken."]


async def test_on_the_page(room: WebRoom) -> None:
    """The page has the same buttons and shows the same; a form of another site, and a buyer, are refused."""
    record = await buy(room)
    address = f"/kanaal/{record}"
    own = room.cookie(INKOOP) | {"Sec-Fetch-Site": "same-origin"}
    buyer = room.cookie(WEB_BUYER) | {"Sec-Fetch-Site": "same-origin"}
    elsewhere = room.cookie(INKOOP) | {"Sec-Fetch-Site": "cross-site"}
    statuses = []
    for headers in (elsewhere, buyer, own):
        async with room.post(address, data={"act": "oppakken"}, headers=headers) as answer:
            statuses.append(answer.status)
    json = room.cookie(MVOI) | {"Accept": "application/json"}
    async with room.post(address, data={"act": "oppakken"}, headers=json) as answer:
        second = await answer.json()
    async with room.get("/kanaal", headers=own) as answer:
        page = await answer.text()

    assert statuses == [403, 403, 303]
    assert second == {"message": "Sam (Team Inkoop) pakt dit al op."}
    assert "Geef terug" in page
    assert "<q>Sam (Team Inkoop)</q>" in page


async def test_answer_on_the_web(room: WebRoom) -> None:
    """Who comes back on the web finds the question there, and answers it once."""
    record = await buy(room)
    own = room.cookie(INKOOP) | {"Sec-Fetch-Site": "same-origin"}
    async with room.post(f"/kanaal/{record}", data={"act": "vragen", "vraag": "Hoeveel?"}, headers=own):
        pass
    page = await open_page(room)
    shown = await page.hear()
    [asked] = [one for one in shown if "heeft een vraag" in one.get("summary", "")]
    data = asked["attachments"][0]["content"]["actions"][0]["data"]
    await page.say(value={**data, "antwoord": "Dertig"})
    said = await page.hear()
    [exchange] = (await room.house.records.works([record]))[record].exchanges

    assert (exchange.question, exchange.answer) == ("Hoeveel?", "Dertig")
    assert said[-1]["text"].startswith("Dank je.")


async def test_sender_is_gone(room: WebRoom) -> None:
    """Of a request whose sender was forgotten nothing can be asked any more, and that is said."""
    record = await buy(room)
    await room.house.records.forget(WEB_BUYER.id)
    headers = room.cookie(INKOOP) | {"Accept": "application/json"}
    data = {"act": "vragen", "vraag": "Hoeveel?"}
    async with room.post(f"/kanaal/{record}", data=data, headers=headers) as answer:
        said = await answer.json()

    assert said["message"].startswith("Die vraag kan ik niet doorgeven.")
    assert (await room.house.records.works([record]))[record].exchanges == ()


async def test_who_works(room: WebRoom) -> None:
    """Beheer reads the channel without the buttons, and is told so when it tries; the monthly report has none."""
    record = await buy(room)
    await room.house.records.add_note("ab12", "onderhoud", {"title": "Onderhoud", "lines": []}, "v1")
    said = []
    for person, about in ((BEHEER, record), (INKOOP, "ab12")):
        headers = room.cookie(person) | {"Accept": "application/json"}
        async with room.post(f"/kanaal/{about}", data={"act": "oppakken"}, headers=headers) as answer:
            said.append((await answer.json())["message"])
    pages = []
    for person in (BEHEER, INKOOP):
        async with room.get("/kanaal", headers=room.cookie(person)) as answer:
            pages.append((await answer.text()).count("Ik pak dit op"))

    assert said[0].startswith("Dit is voor Team Inkoop en het MVOI-team.")
    assert said[1].startswith("Dit kan ik niet vinden.")
    assert pages == [0, 1]


def test_cards() -> None:
    """The card with its buttons, and the question with its field, follow the official schema, fit and stay literal."""
    text = files("adaptive_cards").joinpath("schemas/schema-1.5.json").read_text("utf-8")
    official = Draft6Validator(json.loads(text))
    asked = tuple(Exchange(f"q{number}", "Sam (Team Inkoop)", TRICK * 20, TRICK * 20) for number in range(40))
    work = Work("Sam (Team Inkoop)", "aad:sam", datetime.now(UTC), asked)
    summary = View(
        (Text("Koop met MVOI · Laptops", "heading"),), (Link("Open", "https://moi.nl/"),), "Laptops"
    )
    views = (
        with_buttons(summary, "r", NOTHING_YET),
        with_buttons(summary, "r", work),
        ask_view("t", "a", "e", asked[0]),
    )
    made = [made_card(view, "teams") for view in views]
    for one in made:
        one.pop("msteams")

    assert [error.message for one in made for error in official.iter_errors(one)] == []
    assert all(len(json.dumps(one)) < 28_000 and len(one["actions"]) <= 6 for one in made)
    assert '"type": "TextRun", "text": "Is dit [echt]' in json.dumps(made[1])
