"""Moi in Teams: what goes in, what comes out, and what never happens."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any

import pytest

from bot.activities import Incoming
from bot.people import Person
from bot.talk_state import Message, Place
from tests.bot.teams_room import Echo, Room, open_room
from tests.fakes.connector import Fault
from tests.fakes.identity import TENANT

MOI = {"id": "28:moi", "name": "Moi"}
CHANNEL = {"id": "19:inkoop@thread.tacv2;messageid=1", "conversationType": "channel", "tenantId": TENANT}
MENTION = {"type": "mention", "text": "<at>Moi</at>", "mentioned": MOI}
CARD = "application/vnd.microsoft.card.adaptive"


async def test_message() -> None:
    """A message becomes a turn of this person in this conversation."""
    async with open_room() as room:
        await room.post(room.activity(id="m1", text=" 50 bureaustoelen\xa0\n"))

    assert room.heard == [
        (
            Person("aad:person-1", "Een collega"),
            Message("teams:a:chat:m1", "50 bureaustoelen"),
            Place("teams", "a:chat"),
        )
    ]


async def test_answer() -> None:
    """An answer is one activity per view: a card with a summary, addressed to the sender, and no text beside it."""
    async with open_room() as room:
        await room.post(room.activity(id="m1"))

    (landed,) = room.channel.landed
    said = landed.activity
    assert (landed.what, landed.conversation, landed.reply_to) == ("reply", "a:chat", "m1")
    assert (said["type"], said["summary"]) == ("message", "hallo")
    assert "text" not in said
    assert [attached["contentType"] for attached in said["attachments"]] == [CARD]
    assert said["attachments"][0]["content"]["version"] == "1.5"
    assert (said["from"]["id"], said["recipient"]["id"]) == ("28:moi", "29:colleague")
    assert said["recipient"]["aadObjectId"] == "person-1"


async def test_without_entra_id() -> None:
    """A person without an Entra id is known by their Teams id; one without any id, and a bot, is not answered."""
    async with open_room() as room:
        await room.post(room.activity(**{"from": {"id": "29:x", "name": None}}))
        await room.post(room.activity(**{"from": {"name": "niemand"}}))
        await room.post(room.activity(**{"from": None}))
        await room.post(room.activity(**{"from": {"id": "28:bot", "role": "bot"}}))

    assert [person for person, _, _ in room.heard] == [Person("teams:29:x", "")]


async def test_submit() -> None:
    """The data of a button and the fields of its card are the tap."""
    async with open_room() as room:
        await room.post(
            room.activity(text=None, value={"key": "nodig", "value": "nee", "msteams": {"type": "x"}})
        )

    assert room.heard[0][1].tap == {"key": "nodig", "value": "nee"}


async def test_execute() -> None:
    """A universal action is answered in the HTTP answer, and the next question comes as a message."""
    async with open_room() as room:
        response = await room.post(_execute(room, {"key": "nodig", "value": "nee"}))

    assert room.heard[0][1].tap == {"key": "nodig", "value": "nee"}
    assert len(room.said()) == 1
    assert (response.status, await response.json()) == (
        200,
        {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": "Ik heb het."},
    )


async def test_execute_says_what_was_pressed() -> None:
    """Teams shows no press in the talk, so the answer repeats the button, to the letter and not as Markdown."""
    async with open_room() as room:
        response = await room.post(
            _execute(room, {"question": "nodig", "label": "[Nee](https://kwaad.example)"})
        )

    assert room.heard[0][1].tap == {"key": "nodig"}
    assert (await response.json())["value"].startswith("Je koos: \\[Nee\\]")


@pytest.mark.parametrize("value", [None, {}, {"action": "x"}, {"action": {"data": [1]}}, [1], "x"])
async def test_execute_without_data(value: Any) -> None:
    """A universal action that passes nothing gets an error that the client can show."""
    async with open_room() as room:
        response = await room.post(room.activity(type="invoke", name="adaptiveCard/action", value=value))

    assert response.status == 200
    assert (await response.json())["statusCode"] == 400
    assert room.heard == []


async def test_execute_twice() -> None:
    """A universal action that the client repeats gets the same answer, and nothing is said twice."""
    async with open_room() as room:
        tap = _execute(room, {"key": "nodig", "value": "nee"})
        first, second = await room.post(tap), await room.post(tap)

    assert await first.json() == await second.json()
    assert len(room.said()) == 1


async def test_other_invokes() -> None:
    """What Moi does not offer is refused without a server error."""
    async with open_room() as room:
        response = await room.post(room.activity(type="invoke", name="task/fetch", value={}))

    assert response.status == 400


async def test_delivered_twice() -> None:
    """A message that Teams delivers again is answered with 200, and nothing is said twice."""
    async with open_room() as room:
        activity = room.activity()
        statuses = [(await room.post(activity)).status for _ in range(3)]

    assert statuses == [200, 200, 200]
    assert room.said() == ["hallo"]


async def test_delivered_again_after_an_outage() -> None:
    """An answer that did not get through is said when Teams delivers the message again, and only once."""
    async with open_room() as room:
        activity = room.activity()
        room.channel.faults.append(Fault(429, {"Retry-After": "60"}))
        statuses = [(await room.post(activity)).status for _ in range(3)]

    assert statuses == [200, 200, 200]
    assert room.said() == ["hallo"]


async def test_expect_replies() -> None:
    """A caller that expects the replies gets them in the answer, and nothing is sent."""
    async with open_room() as room:
        response = await room.post(room.activity(deliveryMode="expectReplies"))
        answer = await response.json()

    assert response.status == 200
    assert [activity["summary"] for activity in answer["activities"]] == ["hallo"]
    assert answer["activities"][0]["attachments"][0]["contentType"] == CARD
    assert room.channel.calls == []


async def test_expect_replies_to_a_button() -> None:
    """A universal action of which the replies are expected gives the replies."""
    async with open_room() as room:
        response = await room.post(_execute(room, {"key": "a"}, deliveryMode="expectReplies"))

    assert [activity["summary"] for activity in (await response.json())["activities"]] == ["{'key': 'a'}"]


@pytest.mark.parametrize(
    ("entities", "text", "heard"),
    [
        ([MENTION], "<at>Moi</at> 20 laptops", ["20 laptops"]),
        ([MENTION, {"type": "clientInfo"}], "vraag <at>Moi</at>", ["vraag"]),
        ([{"type": "mention", "mentioned": MOI, "text": None}], "20 laptops", ["20 laptops"]),
        ([{"type": "mention", "mentioned": {"id": "29:x"}, "text": "<at>Jan</at>"}], "<at>Jan</at> hoi", []),
        ([], "20 laptops", []),
        (None, "20 laptops", []),
    ],
)
async def test_in_a_channel(entities: Any, text: str, heard: list[str]) -> None:
    """In a channel Moi answers only when it is mentioned, and does not read its own name as words."""
    async with open_room() as room:
        await room.post(room.activity(conversation=CHANNEL, entities=entities, text=text))

    assert [message.text for _, message, _ in room.heard] == heard


@pytest.mark.parametrize("kind", ["personal", "groupChat", "channel"])
async def test_edit_and_delete(kind: str) -> None:
    """An edit and a deletion are about the message with the same id; among others, an edit counts when it names Moi."""
    place = {"id": "19:x", "conversationType": kind, "tenantId": TENANT}
    async with open_room() as room:
        for type_, event, entities, mode in (
            ("messageUpdate", "editMessage", [MENTION], "expectReplies"),
            ("messageUpdate", "editMessage", None, None),
            ("messageDelete", "softDeleteMessage", None, None),
            ("messageUpdate", "anders", [MENTION], None),
        ):
            data = {"tenant": {"id": TENANT}, "eventType": event}
            response = await room.post(
                room.activity(
                    **{"id": "m1", "type": type_, "text": "<at>Moi</at> 20 laptops", "channelData": data},
                    **{"entities": entities, "conversation": place, "deliveryMode": mode},
                )
            )

            assert response.status == 200
    heard = [(message.changed, message.about) for _, message, _ in room.heard]
    edits = 2 if kind == "personal" else 1

    assert heard == [("edited", "teams:19:x:m1")] * edits + [("deleted", "teams:19:x:m1")]


async def test_button_in_a_channel() -> None:
    """A button on a card in a channel needs no mention."""
    async with open_room() as room:
        await room.post(room.activity(conversation=CHANNEL, text=None, value={"do": "pak-op"}))

    assert room.heard[0][1].tap == {"do": "pak-op"}


async def test_welcome() -> None:
    """Who adds Moi to their chat is welcomed; other arrivals pass in silence."""
    async with open_room() as room:
        await room.post(_arrival(room, [MOI]))
        await room.post(_arrival(room, [{"id": "29:another"}]))
        await room.post(_arrival(room, [MOI], conversation=CHANNEL))

    assert [message.arrived for _, message, _ in room.heard] == [True]
    assert room.said() == ["Moi!"]


@pytest.mark.parametrize("first", ["conversationUpdate", "installationUpdate"])
async def test_welcome_once(first: str) -> None:
    """Teams tells an arrival twice, in any order and at the same time, and may deliver both again: one welcome."""
    async with open_room() as room:
        told = [_arrival(room, [MOI]), room.activity(type="installationUpdate", action="add", text=None)]
        told.sort(key=lambda activity: activity["type"] != first)
        await asyncio.gather(*(room.post(activity) for activity in told))
        await asyncio.gather(*(room.post(activity) for activity in told))
        await room.post(room.activity(type="installationUpdate", action="add-upgrade", text=None))

    assert room.said() == ["Moi!"]


@pytest.mark.parametrize(
    "kind",
    [
        "typing",
        "messageReaction",
        "messageUpdate",
        "installationUpdate",
        "event",
        "endOfConversation",
        "x",
        "",
    ],
)
async def test_other_activities(kind: str) -> None:
    """What is not said to Moi is taken without an answer."""
    async with open_room() as room:
        response = await room.post(room.activity(type=kind))

    assert response.status == 200
    assert room.heard == []


async def test_typing() -> None:
    """A colleague who waits sees once that Moi is busy, before the answer."""
    async with open_room(
        Echo(lambda _: room.channel.until(lambda: bool(room.channel.landed))), typing_after=0
    ) as room:
        await room.post()

    assert [landed.activity["type"] for landed in room.channel.landed] == ["typing", "message"]


async def test_no_typing_when_fast() -> None:
    """An answer that is there at once is not announced."""
    async with open_room() as room:
        await room.post()

    assert [landed.activity["type"] for landed in room.channel.landed] == ["message"]


async def test_failing_turn() -> None:
    """A turn that fails is not a server error: the colleague hears it once, and Moi does not type for ever."""
    async with open_room(Echo(_fail), typing_after=0) as room:
        response = await room.post()

    assert response.status == 200
    assert [
        landed.activity["type"] for landed in room.channel.landed if landed.activity["type"] != "typing"
    ] == ["message"]
    assert room.said()[-1].startswith("Er ging bij mij iets mis.")


async def test_failing_button() -> None:
    """A universal action that fails gets an error that the client can show."""
    async with open_room(Echo(_fail)) as room:
        response = await room.post(_execute(room, {"key": "a"}))
        answer = await response.json()

    assert response.status == 200
    assert (answer["statusCode"], answer["type"]) == (500, "application/vnd.microsoft.error")
    assert room.said() == []


async def test_busy_channel() -> None:
    """A channel that is busy or broken for a moment costs no answer."""
    async with open_room() as room:
        room.channel.faults.extend([Fault(429, {"Retry-After": "0"}), Fault(502, {"Retry-After": "0"})])
        await room.post()

    assert room.said() == ["hallo"]


@pytest.mark.parametrize("fault", [Fault(403), Fault(404), Fault(400), Fault(500), Fault(drop="after")])
async def test_answer_cannot_be_sent(fault: Fault) -> None:
    """An answer that the channel does not take is tried once, and the delivery is still in order."""
    async with open_room() as room:
        room.channel.faults.append(fault)
        response = await room.post()

    assert response.status == 200
    assert len(room.channel.calls) == 1


async def test_many_at_once() -> None:
    """Fifty colleagues at once all get their own answer."""
    async with open_room() as room:
        places = [{"id": f"a:{n}", "conversationType": "personal", "tenantId": TENANT} for n in range(50)]
        await asyncio.gather(
            *(room.post(room.activity(conversation=place, text=place["id"])) for place in places)
        )

    assert {(landed.conversation, landed.activity["summary"]) for landed in room.channel.landed} == {
        (place["id"], place["id"]) for place in places
    }


def test_delivery_key() -> None:
    """An activity without an id is never taken for another one."""
    said = Incoming.model_validate(
        {"type": "message", "serviceUrl": "https://x/", "channelId": "msteams", "conversation": {"id": "c"}}
    )

    assert said.delivery_key() != said.delivery_key()


def test_loaded_late() -> None:
    """The rest of Moi does not load botbuilder, which costs a second and memory that the web does not need."""
    program = "import sys, bot.connector, bot.callers; print(any(m.startswith('botb') for m in sys.modules))"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "False"


def _execute(room: Room, data: dict[str, Any], **changes: Any) -> dict[str, Any]:
    action = {"type": "Action.Execute", "id": "", "verb": "antwoord", "data": data}
    value = {"action": action, "trigger": "manual"}
    return room.activity(type="invoke", name="adaptiveCard/action", text=None, value=value, **changes)


def _arrival(room: Room, members: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    return room.activity(type="conversationUpdate", text=None, membersAdded=members, **changes)


async def _fail(_message: Message) -> None:
    raise RuntimeError("a mistake of ours")
