"""Is het gelukt? The card and its answer where colleagues are: in the chat on the web, in Teams, and on the pages."""

from __future__ import annotations

from bot.follow_up import due_cards
from knowledge.shelf import Shelf
from tests.bot.channel_stage import BUYER as TEAMS_BUYER
from tests.bot.channel_stage import CHANNEL, open_stage
from tests.bot.follow_up_stage import Clock
from tests.bot.web_room import BUYER, PURCHASE, Room, open_page


async def test_on_the_web(room: Room) -> None:
    """On the web the card comes in the last talk, and the page of the request shows the answer to who may see it."""
    page = await open_page(room)
    for words in (*PURCHASE, "versturen"):
        await page.say(words)
    await page.hear()
    kept, desk = room.house.records, room.house.follow_up
    clock = Clock()
    clock.move(91)
    desk.now = clock
    await desk.ask()
    [id_] = await kept.read(due_cards)
    for _ in range(2):
        await desk.letters().deliver(id_)
    heard = await page.hear()
    [action] = [
        action
        for action in heard[-1]["attachments"][0]["content"]["actions"]
        if action["title"] == "Alles ja"
    ]
    await page.say(value=action["data"])
    [record] = await kept.records_of(BUYER.id)
    async with room.get(f"/aanvraag/{record.id}", headers=room.cookie(BUYER)) as answer:
        seen = await answer.text()
    async with room.get("/mijn-gegevens", headers=room.cookie(BUYER)) as answer:
        mine = await answer.text()

    assert len(heard) == 1
    assert "Is het gelukt?" in heard[0]["summary"]
    assert "na de levering" in seen
    assert "Vragen of het gelukt is, met je antwoorden: 1" in mine
    assert "Beantwoord op" in mine


async def test_in_teams(sqlite_url: str, shelf: Shelf) -> None:
    """In Teams the card comes in the own chat by itself, and the answer is a line on the card in the channel."""
    async with open_stage(sqlite_url, shelf) as stage:
        await stage.say("verbind dit kanaal")
        record = await stage.buy()
        channel = stage.room.channel
        clock = Clock()
        clock.move(91)
        stage.house.follow_up.now = clock
        await stage.house.follow_up.ask()
        await channel.until(lambda: any("Is het gelukt?" in said for said in stage.said("a:chat")))
        [card] = [one for one in channel.landed if "Is het gelukt?" in one.activity.get("summary", "")]
        [button] = [
            one for one in card.activity["attachments"][0]["content"]["actions"] if one["title"] == "Alles ja"
        ]
        for _ in range(2):
            await stage.press(button["data"], TEAMS_BUYER, "a:chat")
        await channel.until(
            lambda: any(
                "na de levering" in str(one.activity) and one.conversation.startswith(CHANNEL)
                for one in channel.landed
            )
        )
        works = await stage.records.works([record])

    assert len(works[record].realised) == 1
