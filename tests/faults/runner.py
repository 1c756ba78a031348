"""A small Moi in a process of its own that may be killed: keeping and delivering, driven by lines of JSON.

It connects to a socket; every line that comes in is a command, every line that goes out the answer to one. A turn
that says something adds one to a counter in the talk, so an answer that counts twice shows.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
import sys
from collections.abc import Mapping
from functools import partial
from typing import Any

from bot.app_credentials import Secret
from bot.channel_place import TeamsPlace
from bot.channel_posts import Record
from bot.channel_work import Work
from bot.connector import Connector
from bot.delivery import Delivery
from bot.logs import set_up_logs
from bot.people import Person
from bot.posting import Rendered
from bot.records import Records
from bot.talk_state import Place, RecordDraft, Response, Talk
from bot.teams_channel import TeamsChannel
from tests.fakes.identity import APP_ID, PASSWORD, TENANT

BUYER = Person("p1", "Inkoper")
WEB = Place("web", "c1")
CHANNEL = "19:inkoop@thread.tacv2"


def render(record: Record, _work: Work) -> Rendered:
    card = {"type": "AdaptiveCard", "version": "1.5", "body": []}
    return Rendered(card, f"{record.id} versie {record.version}")


async def turn(records: Records, command: Mapping[str, Any]) -> dict[str, Any]:
    """Say one thing, or send the talk."""

    def work(talk: Talk | None) -> Response:
        now = talk or Talk(command["talk"], BUYER.id, "inkoop")
        if command["do"] == "send":
            draft = RecordDraft("niet-gekocht", "kantoor", None, command["value"], dict(now.answers), "k1")
            return Response(dataclasses.replace(now, state="done"), (), draft)
        key = command["key"]
        times = int(str(now.answers.get(key, 0))) + 1
        return Response(dataclasses.replace(now, answers={**now.answers, key: times}), ())

    talk_id = command["talk"] if command["do"] == "send" else None
    answer = await records.in_turn(BUYER, WEB, command["id"], work, lambda _talk: (), talk_id=talk_id)
    return {"repeated": answer.repeated}


async def look(records: Records, command: Mapping[str, Any]) -> dict[str, Any]:
    """Tell what is kept of a talk, and where its record is."""
    talk = await records.talk(command["talk"])
    posts = [(post.record.version, dict(post.states)) for post in await records.posts()]
    return {
        "answers": dict(talk.answers) if talk else {},
        "state": talk.state if talk else None,
        "posts": posts,
    }


async def until(records: Records, command: Mapping[str, Any]) -> dict[str, Any]:
    """Wait until the posts are exactly these, version and states, after so many changes."""
    revision, posts = await records.posts_since(0)
    while (
        revision < command["changes"]
        or [[post.record.version, dict(post.states)] for post in posts] != command["posts"]
    ):
        await records.wait_for_posts(revision)
        revision, posts = await records.posts_since(0)
    return {}


async def obey(records: Records, line: bytes, writer: asyncio.StreamWriter) -> None:
    command = json.loads(line)
    done = await {"look": look, "until": until}.get(command["do"], turn)(records, command)
    writer.write(json.dumps({"id": command["id"], **done}).encode() + b"\n")


async def live(address: str, settings: Mapping[str, Any]) -> None:
    """Keep and deliver, and obey until the other side hangs up."""
    token_url = f"{settings['authority']}/{TENANT}/oauth2/v2.0/token"
    connector = Connector(credential=Secret(token_url, APP_ID, PASSWORD), patience=2.0)
    records = await Records.open(settings["database"], ("page", "teams"))
    place = TeamsPlace(CHANNEL, settings["connector"])
    channel = TeamsChannel(connector, partial(records.channel_place, place))
    delivery = Delivery(records, render, {"teams": channel}, sweep="* * * * * *")
    starting = asyncio.create_task(delivery.start()) if settings["delivers"] else None
    reader, writer = await asyncio.open_unix_connection(address)
    running: set[asyncio.Task[None]] = set()
    while line := await reader.readline():
        task = asyncio.create_task(obey(records, line, writer))
        running.add(task)
        task.add_done_callback(running.discard)
    await asyncio.gather(*running)
    if starting:
        await starting
    await delivery.close()
    await records.close()
    await connector.close()
    writer.close()


def run(address: str, log: str, settings: Mapping[str, Any]) -> None:
    """What the process does; it logs to a file."""
    with open(log, "a") as sys.stderr:
        set_up_logs("WARNING", readable=True)
        asyncio.run(live(address, settings))
