"""What colleagues say back to the MVOI team, and what the team hears: in the own chat, without a name, nothing lost."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from importlib import import_module
from typing import Any

from sqlalchemy import select

from bot.campaign_news import CampaignNews
from bot.campaign_replies import waiting
from bot.campaign_returns import answer, came_back
from bot.campaign_tables import campaign_optouts
from bot.channel_posts import CAMPAIGN
from bot.conversation import Conversation
from bot.digest import waits
from bot.people import Person
from bot.retention import RULES
from bot.summaries import summaries, summary
from bot.talk_state import Message, Place
from cards.plain import text
from knowledge.shelf import Shelf
from tests.bot.campaign_room import DRAFT, THURSDAY, WRITER, Town
from tests.bot.channel_stage import BUYER, COLLEAGUE, open_stage
from tests.bot.test_campaign_back import sent
from tests.bot.test_channel_work import button
from tests.bot.test_depot import buttons, shown
from tests.fakes.identity import TENANT

HERE = Place("web", "c1")
SHARED = Place("teams", "c2", shared=True)


async def test_in_own_chat(town: Town) -> None:
    """One tap ends a subject, with the way back and the way to nothing at all; where others read along Moi does nothing."""
    await town.settle(web=6)
    assert town.shelf
    talks = Conversation(town.shelf, town.records)
    id_ = await sent(town)
    person = Person("w0", "w0")

    async def say(words: str = "", place: Place = HERE, **tap: Any) -> str:
        message = Message(f"k{len(said)}", words, {"do": "campagne", **tap} if tap else None)
        views = (await talks.turn(person, message, place)).views
        said.append(f"{shown(views)} {buttons(views)}")
        return said[-1]

    said: list[str] = []
    ended = await say(act="geen", campaign=id_, number="")
    all_ended = await say(act="geen")
    half = await say(act="weer", subject="klimaat")
    in_channel = await say("geen campagnes meer", SHARED)
    back = await say("weer campagnes")
    none = select(campaign_optouts.c.person_id)
    left = await town.records.read(lambda connection: connection.execute(none).all())
    for n in range(1, 5):
        await town.records.write(lambda connection, who=f"w{n}": answer(connection, id_, who, "1"))
    thanks = await say(act="vraag", campaign=id_, poll="1")
    closed = await say(act="vraag", campaign=id_)
    field = await say("vraag aan het MVOI-team")
    empty = await say(act="team-stuur", campaign=id_, vraag=" ")
    puzzled = await say("flurp de blurp")
    dismissed = await say(act="laat-maar", campaign=id_, number="1")

    assert "Over klimaat krijg je geen berichten" in ended
    assert "Geen enkele campagne meer" in ended
    assert "Je krijgt geen berichten van het MVOI-team meer" in all_ended
    assert "uitgezet" in half
    assert "Zet alles weer aan" in half
    assert "in je eigen gesprek" in in_channel
    assert "weer" in back
    assert left == []
    assert "Je antwoord: Kopen" in thanks
    assert "Dit is tot nu toe gezegd" in thanks
    assert "gesloten" in closed
    assert "zonder je naam" in field
    assert "Schrijf eerst je vraag" in empty
    assert "Was dit een antwoord op het bericht" in puzzled
    assert "Vraag het aan het MVOI-team" in dismissed


async def test_reply(sqlite_url: str, shelf: Shelf) -> None:
    """Words that Moi does not understand go to the team in one tap, without a name; the answer comes back in the own chat."""
    async with open_stage(sqlite_url, shelf) as stage:
        await stage.say("verbind dit kanaal")
        await stage.chat("hallo")
        town = Town(stage.records, shelf)
        id_ = await sent(town, DRAFT)
        channel = stage.room.channel
        room = {"id": "a:chat", "conversationType": "personal", "tenantId": TENANT}
        receipt = stage.room.activity(
            type="event", name="application/vnd.microsoft.readReceipt", text=None,
            value={"lastReadMessageId": "a:chat-1"}, **{"from": BUYER}, conversation=room,
        )  # fmt: skip
        read_it = await stage.room.post(receipt)
        send = {"do": "campagne", "act": "team-stuur", "campaign": id_, "label": "x"}
        for _ in range(2):
            said = await stage.press(send | {"vraag": "Mag het [ook](x) later?"}, BUYER, "a:chat")
        await channel.until(lambda: any("vraagt het MVOI-team" in line for line in stage.said()))
        [card] = [one for one in channel.landed if "vraagt het MVOI-team" in one.activity.get("summary", "")]
        asked = str(card.activity)
        before = await stage.records.read(lambda connection: (waiting(connection, id_), waits(connection)))
        data = card.activity["attachments"][0]["content"]["actions"][1]["data"]
        done = await stage.press({**data, "vraag": "Dat mag."}, COLLEAGUE)
        await channel.until(lambda: any("Antwoord van Sam" in line for line in stage.said("a:chat")))
        [told_] = [one for one in channel.landed if "Antwoord van Sam" in one.activity.get("summary", "")]
        answered = await stage.records.read(lambda connection: (waiting(connection, id_), waits(connection)))
        again = told_.activity["attachments"][0]["content"]["actions"][0]["data"]
        await stage.press({**again, "vraag": "En in mei?"}, BUYER, "a:chat")
        await channel.until(lambda: any("Kreeg als antwoord" in str(one.activity) for one in channel.landed))
        back = await stage.records.read(lambda connection: came_back(connection, id_))

    assert read_it.status == 200
    assert said
    assert "Mag het [ook](x) later?" in asked
    assert "Bedrijfskleding kan vaker mee" in asked
    assert "'Bo'" not in asked
    assert before == (1, {"week-reacties": 1})
    assert done == "Je antwoord gaat naar de collega, in het eigen gesprek met Moi."
    assert answered == (0, {})
    assert "Dat mag." in str(told_.activity)
    assert (back.questions, back.seen) == (2, 1)


async def test_team_hears(town: Town) -> None:
    """When it is done the team hears once, from whichever instance, what became of it and what is to do; not before, not of a recall."""
    await town.settle(teams=2, nowhere=1)
    assert town.shelf
    news = [CampaignNews(town.records, town.shelf, lambda: town.now) for _ in range(2)]
    id_ = await town.released()
    await news[0].post()
    quiet = await town.records.posts()
    await town.cut(id_)
    town.now += timedelta(minutes=1)
    await town.delivery().run(id_)
    for _ in range(2):
        await asyncio.gather(*(one.post() for one in news))
    [note] = [post.record for post in await town.records.posts()]
    said = text(summary(note, "https://moi.example.nl"))
    made = summaries("https://moi.example.nl")(note, import_module("bot.channel_work").NOTHING_YET)

    assert quiet == []
    assert note.outcome == CAMPAIGN
    assert [line for line in said.splitlines() if line] == [
        "Campagne verstuurd",
        "Bedrijfskleding kan vaker mee",
        "Verstuurd: 1",
        "Niet geïnstalleerd: 1",
        "Onzeker: 1",
        "Samen: 3",
        "Wat jij kunt doen: Kijk bij wie onzeker is of het aankwam (1)",
        f"Bekijk de campagne: https://moi.example.nl/campagnes/{id_}",
    ]
    assert made.card["actions"][0]["url"].endswith(id_)


async def test_told_when_back(town: Town) -> None:
    """An answer for somebody who was nowhere waits for them, and is told once."""
    await town.settle(web=1, nowhere=1)
    assert town.shelf
    talks = Conversation(town.shelf, town.records)
    person = Person("n0", "n0")
    ask = {"do": "campagne", "act": "team-stuur", "vraag": "Hoe dan?"}
    await talks.turn(person, Message("k1", tap=ask), HERE)
    [post] = await town.records.posts()
    done = Message("k2", tap=button("vragen", post.record.id, vraag="Zo."))
    await talks.turn(WRITER, done, HERE)
    await town.records.write(
        lambda connection: connection.exec_driver_sql("update channel_messages set state = 'waiting'")
    )
    heard = [shown((await talks.turn(person, Message(f"h{n}", arrived=True), HERE)).views) for n in range(2)]
    old = THURSDAY + timedelta(days=9000)
    went = await town.records.write(
        lambda connection: RULES["vragen aan het MVOI-team"].clear(connection, old, old)
    )

    assert ["Zo." in one for one in heard] == [True, False]
    assert went == 1
