"""A channel in Teams becomes the procurement channel, by whoever may do that, and stops being it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channel_posts import due
from bot.doctor_here import database
from bot.people import Person
from bot.settings import Settings
from knowledge.shelf import Shelf
from tests.bot.channel_stage import BUYER, CHANNEL, COLLEAGUE, OTHER, OTHER_COLLEAGUE, Stage, open_stage
from tests.fakes.connector import Fault
from tests.fakes.identity import TENANT

TEAM = {"id": CHANNEL, "conversationType": "channel", "tenantId": TENANT}
GENERAL = {"id": "19:algemeen@thread.tacv2", "conversationType": "channel", "tenantId": TENANT}
TITLE = "Dit is nu het inkoopkanaal"


def _of_team(event: str | None, **more: Any) -> dict[str, Any]:
    return {"eventType": event, "tenant": {"id": TENANT}, "team": {"id": "t", "name": "Inkoop"}} | more


async def arrive(stage: Stage, **changes: Any) -> None:
    activity = {
        "type": "conversationUpdate",
        "text": None,
        "membersAdded": [{"id": "28:moi"}],
        "conversation": TEAM,
    }
    await stage.room.post(stage.room.activity(**(activity | changes)))


async def test_introduces_itself_once(sqlite_url: str, shelf: Shelf) -> None:
    """Added to a team, of which Teams tells twice and more, Moi says once who it is and how to connect a channel."""
    async with open_stage(sqlite_url, shelf, delivers=False) as stage:
        await arrive(stage)
        await arrive(stage, type="installationUpdate", action="add", membersAdded=None)
        await arrive(stage)
        (said,) = stage.said()

    assert said.startswith("Moi. Ik ben een digitale assistent")
    assert "@Moi verbind dit kanaal" in said


async def test_others_join(sqlite_url: str, shelf: Shelf) -> None:
    """When a colleague joins the team nothing is said; when Moi was taken out and comes back, it is said again."""
    async with open_stage(sqlite_url, shelf, delivers=False) as stage:
        await arrive(stage, membersAdded=[{"id": "29:iemand"}])
        nothing = stage.said()
        await arrive(stage)
        await arrive(stage, type="installationUpdate", action="remove", membersAdded=None)
        await arrive(stage)

    assert nothing == []
    assert len(stage.said()) == 2


async def test_welcome_again(sqlite_url: str, shelf: Shelf) -> None:
    """In their own chat somebody is welcomed once, and again after taking Moi away and adding it again."""
    own = {"id": "a:chat", "conversationType": "personal", "tenantId": TENANT}
    async with open_stage(sqlite_url, shelf, delivers=False) as stage:
        await arrive(stage, conversation=own)
        for action in ("add", "remove", "add", "add"):
            await arrive(stage, type="installationUpdate", action=action, membersAdded=None, conversation=own)

        assert len(stage.said("a:chat")) == 2


@pytest.mark.parametrize(
    "event",
    [
        {"channelData": _of_team("channelDeleted", channel={"id": CHANNEL})},
        {"channelData": _of_team("teamArchived")},
        {"channelData": _of_team("teamMemberRemoved"), "membersRemoved": [{"id": "28:moi"}]},
        {"channelData": _of_team(None), "type": "installationUpdate", "action": "remove"},
    ],
    ids=["channel deleted", "team archived", "removed", "uninstalled"],
)
async def test_channel_gone(sqlite_url: str, shelf: Shelf, event: dict[str, Any]) -> None:
    """When the channel or its team is gone it is no longer connected, and the log says so."""
    async with open_stage(sqlite_url, shelf, delivers=False) as stage:
        await stage.say("verbind dit kanaal")
        await arrive(stage, membersAdded=None, conversation=GENERAL, **event)

        assert await stage.records.channel_place(None) is None
        assert (await stage.logged())[-1] == ("moi", "kanaal verbroken")


async def test_waiting_for_another_channel(sqlite_url: str, shelf: Shelf) -> None:
    """A summary that was not sent yet when the channel went goes on waiting, which the check-up tells, for another."""
    event = {"channelData": _of_team("teamDeleted"), "membersAdded": None}
    async with open_stage(sqlite_url, shelf, delivers=False) as stage:
        await stage.say("verbind dit kanaal")
        record = await stage.buy()
        await arrive(stage, conversation=GENERAL, **event)
        told = str(await database(Settings(database_url=sqlite_url)))
        await stage.say("verbind dit kanaal", where=OTHER)
        waits = [(post.record, post.target) for post in await stage.records.read(due)]
        now = await stage.records.channel_place(None)

    assert "Inkoop is weg: verwijderd, gearchiveerd, of Moi is uit het team gehaald." in told
    assert "Er wachten er 1 tot er weer een kanaal is." in told
    assert (record, "teams") in waits
    assert now
    assert now.conversation == OTHER


@pytest.mark.parametrize(
    "event",
    [
        {"channelData": _of_team("channelDeleted", channel={"id": OTHER})},
        {"channelData": _of_team("teamRenamed")},
        {"channelData": _of_team("teamMemberRemoved"), "membersRemoved": [{"id": "29:iemand"}]},
        {"channelData": {"eventType": "teamDeleted", "tenant": {"id": TENANT}, "team": {"id": "anders"}}},
        {"channelData": _of_team("teamDeleted", team=None)},
        {"channelData": _of_team(None), "type": "installationUpdate", "action": "remove-upgrade"},
    ],
    ids=["another channel", "renamed", "somebody else", "another team", "no team", "upgrade"],
)
async def test_channel_stays(sqlite_url: str, shelf: Shelf, event: dict[str, Any]) -> None:
    """What happens to another channel, team or person leaves the procurement channel as it is."""
    async with open_stage(sqlite_url, shelf, delivers=False) as stage:
        await stage.say("verbind dit kanaal")
        await arrive(stage, membersAdded=None, **event)

        assert await stage.records.channel_place(None)


async def test_group_chat(sqlite_url: str, shelf: Shelf) -> None:
    """In a group chat Moi says who it is, and that a channel can only be connected in a team."""
    group = {"id": "19:groep@thread.v2", "conversationType": "groupChat", "tenantId": TENANT}
    async with open_stage(sqlite_url, shelf, delivers=False) as stage:
        await arrive(stage, conversation=group)
        await stage.say("verbind dit kanaal", conversation=group)
        said = stage.said("19:groep@thread.v2")

    assert "Zet Moi daarin" in said[1]
    assert len(said) == 2


async def test_connect(database_url: str, shelf: Shelf) -> None:
    """Somebody of Team Inkoop connects the channel: a test card lands as a thread of its own, and it is in the log."""
    async with open_stage(database_url, shelf, delivers=False) as stage:
        await stage.say("verbind dit kanaal")
        place = await stage.records.channel_place(None)
        logged = await stage.logged()
        threads = [landed.conversation for landed in stage.room.channel.landed if landed.what == "send"]

    assert place
    assert (place.conversation, place.service_url, place.name) == (CHANNEL, stage.room.channel.url, "Inkoop")
    assert stage.said() == [TITLE, "Gedaan. Dit is nu het inkoopkanaal. Ik heb er een proefkaart in gezet."]
    assert threads == [CHANNEL]
    assert logged == [("aad:sam", "kanaal verbonden")]


async def test_delivered_twice(sqlite_url: str, shelf: Shelf) -> None:
    """When Teams delivers the order again, nothing is connected or said again."""
    async with open_stage(sqlite_url, shelf, delivers=False) as stage:
        await stage.say("verbind dit kanaal", id="m1")
        await stage.say("verbind dit kanaal", id="m1")

        assert len(stage.said()) == 2
        assert len(await stage.logged()) == 1


@pytest.mark.parametrize("order", ["verbind dit kanaal", "verbreek"])
async def test_buyer(sqlite_url: str, shelf: Shelf, order: str) -> None:
    """A buyer who tries is refused kindly, nothing changes, and nothing of the talk begins."""
    async with open_stage(sqlite_url, shelf, delivers=False) as stage:
        await stage.say(order, BUYER)
        place, logged = await stage.records.channel_place(None), await stage.logged()
        pressed = await stage.press({"do": "channel-replace", "known": ""}, BUYER)
        still = await stage.records.channel_place(None)

    assert stage.said()[0].startswith("Dat kan ik voor jou niet doen.")
    assert (place, logged, still) == (None, [], None)
    assert pressed


async def test_role_from_the_web(sqlite_url: str, shelf: Shelf) -> None:
    """Who has the role on the web has it in Teams as well, also after a talk in Teams, which knows no roles."""
    async with open_stage(sqlite_url, shelf, delivers=False, role_members={}) as stage:
        await stage.visit(Person("aad:bo", "Bo", frozenset({"buyer", "beheer"})))
        await stage.chat("hallo")
        await stage.say("verbind dit kanaal", BUYER)

        assert await stage.records.channel_place(None)


async def test_replace_after_confirmation(database_url: str, shelf: Shelf) -> None:
    """Another channel takes the place of the first only after a yes; a yes that comes too late changes nothing."""
    async with open_stage(database_url, shelf, delivers=False) as stage:
        await stage.say("verbind dit kanaal")
        await stage.say("verbind dit kanaal", OTHER_COLLEAGUE, OTHER)
        first = await stage.records.channel_place(None)
        assert first
        asked = stage.said(OTHER)[-1]
        await stage.press({"do": "channel-keep"}, OTHER_COLLEAGUE, OTHER)
        kept = await stage.records.channel_place(None)
        await stage.press({"do": "channel-replace", "known": first.id}, OTHER_COLLEAGUE, OTHER)
        now = await stage.records.channel_place(None)
        await stage.press({"do": "channel-replace", "known": first.id}, COLLEAGUE, CHANNEL)

        assert asked.startswith("Er is al een inkoopkanaal: Inkoop, verbonden door Sam op ")
        assert (kept, now.conversation if now else "") == (first, OTHER)
        assert await stage.records.channel_place(None) == now
        assert stage.said()[-1].startswith("Intussen is een ander kanaal verbonden.")


async def test_disconnect(database_url: str, shelf: Shelf) -> None:
    """After `verbreek` nothing goes to Teams any more, also not to the channel in the settings."""
    settings = {"channel_service_url": "https://teams.example.nl/", "channel_conversation": OTHER}
    async with open_stage(
        database_url, shelf, targets=("page", "teams"), delivers=False, **settings
    ) as stage:
        await stage.say("verbreek")
        await stage.say("verbind dit kanaal")
        await stage.say("vervang")
        [asked] = [text for text in stage.said() if text.startswith("Er is al")]
        await stage.press({"do": "channel-replace", "known": ""})
        await stage.say("verbreek")
        await stage.buy()
        [post] = await stage.records.posts()

    assert "het kanaal uit de instellingen" in asked
    assert "Het kanaal uit de instellingen van Moi geldt nu niet meer." in stage.said()
    assert stage.said()[0] == "Dit kanaal was niet verbonden. Er is niets veranderd."
    assert dict(post.states) == {"page": "posted"}


async def test_proof_card_refused(sqlite_url: str, shelf: Shelf) -> None:
    """When the test card does not arrive, that is said, with what to do."""
    async with open_stage(sqlite_url, shelf, delivers=False) as stage:
        stage.room.channel.faults.append(Fault(403, body={"error": {"code": "BotNotInConversationRoster"}}))
        await stage.say("verbind dit kanaal")

    assert "mijn proefkaart kwam niet aan" in stage.said()[0]


async def test_summary_follows_the_channel(database_url: str, shelf: Shelf) -> None:
    """A summary goes to the channel that is connected, and a change of it to where it was posted."""
    async with open_stage(database_url, shelf) as stage:
        await stage.say("verbind dit kanaal")
        await stage.buy()
        await stage.room.channel.until(lambda: any("Kantoormeubilair" in text for text in stage.said()))
        first = await stage.records.channel_place(None)
        assert first
        await stage.press({"do": "channel-replace", "known": first.id}, COLLEAGUE, OTHER)
        await stage.chat("wijzig de waarde", "2000", "versturen")
        await stage.room.channel.until(lambda: any("Bijgewerkt" in text for text in stage.said()))

    assert not any("Kantoormeubilair" in text for text in stage.said(OTHER))


@pytest.mark.parametrize("kind", ["channel", "groupChat"])
async def test_only_when_mentioned(sqlite_url: str, shelf: Shelf, kind: str) -> None:
    """In a channel, in a reply in a thread, and in a group chat Moi only answers when it is named; edits as well."""
    room = {"id": "19:x@thread.tacv2;messageid=7", "conversationType": kind, "tenantId": TENANT}
    async with open_stage(sqlite_url, shelf, delivers=False) as stage:
        for text in ("verbind dit kanaal", "hallo", "we willen 20 laptops"):
            await stage.room.post(stage.room.activity(text=text, conversation=room))
            await stage.room.post(stage.room.activity(type="messageUpdate", text=text, conversation=room))
        other = {"type": "mention", "text": "<at>Sam</at>", "mentioned": {"id": "29:s"}}
        await stage.room.post(
            stage.room.activity(text="<at>Sam</at> hallo", conversation=room, entities=[other])
        )
        nothing = stage.said("19:x@thread.tacv2")
        await stage.say("hallo", conversation=room)

    assert nothing == []
    assert len(stage.said("19:x@thread.tacv2")) == 1
