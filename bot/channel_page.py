"""The procurement channel as a page of Moi: summaries newest first, live, for the people of procurement."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from aiohttp import web
from babel.dates import format_datetime

from bot.channel_desk import ChannelDesk, Wish
from bot.channel_posts import AHEAD, CAMPAIGN, DIGEST, NOTES, PAGE, QUESTION, REPLY, REPORT, Post, Record
from bot.channel_work import NOTHING_YET, Work
from bot.html import Html, in_words, wants_json
from bot.own_answers import LINKED, own_answers
from bot.people import Person
from bot.rights import NotYoursError, may, may_read, require
from bot.signin import SignIn
from bot.small import is_small
from bot.summaries import UNREADABLE_WHEN, view_of, work_blocks
from cards.follow_up import realised_blocks
from cards.plain import text
from cards.record import END_NAMES, startform_part
from cards.startformulier import StartformPart, copyable, document
from cards.view import Block, View
from dialogs.advice import load

if TYPE_CHECKING:
    from bot.records import Records
    from knowledge.shelf import Shelf

HERE = ZoneInfo("Europe/Amsterdam")
PING_SECONDS = 20.0
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
NOTE_NAMES = {
    QUESTION: "Vraag aan Team Inkoop",
    REPLY: "Vraag aan het MVOI-team",
    REPORT: "Onderhoud van de kennis",
    DIGEST: "Weekbericht",
    CAMPAIGN: "Campagne",
    AHEAD: "Komt eraan",
}

ON_THE_WAY = {
    "due": "onderweg naar {}",
    "sending": "onderweg naar {}",
    "uncertain": "onzeker of dit is aangekomen in {}",
    "failed": "niet aangekomen in {}",
}

STUCK = frozenset({"uncertain", "failed"})
"""What a person has to look at before it is sent again."""
Resend = Callable[[str, Person], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A post as the page shows it."""

    id: str
    version: int
    outcome: str
    outcome_name: str
    view: View
    made: str
    changed: str | None
    moment: str
    notes: tuple[str, ...]
    stuck: bool
    work: Work = NOTHING_YET
    work_blocks: tuple[Block, ...] = ()
    campaign: str = ""
    """The campaign that it is about, for whoever may see that."""
    is_purchase: bool = True


class ChannelPage:
    """The channel, and the page of one record with its Word document."""

    def __init__(self, html: Html, sign_in: SignIn, records: Records, shelf: Shelf, resend: Resend) -> None:
        self._html = html
        self._sign_in = sign_in
        self._records = records
        self._shelf = shelf
        self._resend = resend
        self._desk = ChannelDesk(shelf, records)
        self._live: set[asyncio.Task[Any]] = set()

    def add_routes(self, app: web.Application) -> None:
        """Add the channel and the records."""
        app.router.add_get("/kanaal", self.channel)
        app.router.add_get("/kanaal/live", self.live)
        app.router.add_post("/kanaal/{record:[0-9a-f]+}/opnieuw", self.again)
        app.router.add_post("/kanaal/{record:[0-9a-f]+}", self.act)
        app.router.add_get("/aanvraag/{record:[0-9a-f]+}", self.record)
        app.router.add_get("/aanvraag/{record:[0-9a-f]+}/" + LINKED, self.at_question)
        for address in ("/aanvraag", "/startformulier"):
            app.router.add_get(address + "/{record:[0-9a-f]+}.docx", self.word)
        app.on_shutdown.append(self._close)

    async def channel(self, request: web.Request) -> web.Response:
        """Everything in the channel: a page, or JSON for a program."""
        self._only_readers(request)
        revision, posts = await self._records.posts_since(0)
        if wants_json(request):
            return web.json_response([self._plain(post.record) for post in posts], dumps=in_words)
        work = await self._records.works([post.record.id for post in posts])
        shown = [shown_post(post, work.get(post.record.id, NOTHING_YET)) for post in posts]
        person = self._sign_in.known(request)
        problems = [str(problem) for problem in self._shelf.problems] if person.cares_for_knowledge() else []
        return self._html.page(
            request,
            "kanaal.html",
            posts=shown,
            revision=revision,
            problems=problems,
            resends=may(person, "opnieuw verstuurd"),
            works=may(person, "opgepakt"),
            campaigns=may(person, "campagne geschreven"),
        )

    async def again(self, request: web.Request) -> web.Response:
        """Send a summary again that failed or may not have arrived, because a person looked; raises 403 for others."""
        record, person = request.match_info["record"], self._sign_in.known(request)
        try:
            require(person, "opnieuw verstuurd")
            await self._resend(record, person)
        except NotYoursError as refused:
            raise web.HTTPForbidden(text=str(refused)) from refused
        raise web.HTTPSeeOther(f"/kanaal#p-{record}")

    async def act(self, request: web.Request) -> web.Response:
        """Pick a summary up, give it back, ask its buyer something, or note that it was discussed."""
        self._only_readers(request)
        form = await request.post()
        record = request.match_info["record"]
        wish = Wish(str(form.get("act", "")), record, str(form.get("vraag", "")))
        said = await self._desk.carry_out(self._sign_in.known(request), wish)
        if wants_json(request):
            return web.json_response({"message": said}, dumps=in_words)
        raise web.HTTPSeeOther(f"/kanaal#p-{record}")

    async def live(self, request: web.Request) -> web.StreamResponse:
        """Tell an open page each time the channel changed; the page then asks what it is."""
        self._only_readers(request)
        known = request.headers.get("Last-Event-ID") or request.query.get("na", "0")
        revision = int(known) if known.isascii() and known.isdecimal() and len(known) < 16 else 0
        stream = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await stream.prepare(request)
        telling = asyncio.create_task(self._tell(stream, revision))
        self._live.add(telling)
        with suppress(asyncio.CancelledError, ConnectionError):
            await telling
        self._live.discard(telling)
        return stream

    async def record(self, request: web.Request) -> web.Response:
        """One record, for the person it is of and for who reads the channel."""
        record = await self._readable(request)
        part = form_of(record) if record.advice.get("startform") else None
        post = shown_post(Post(record, {}))
        form = copyable(part) if part else None
        own = await own_answers(self._records, self._shelf.current, self._sign_in.known(request), record.id)
        work = (await self._records.works([record.id])).get(record.id, NOTHING_YET)
        realised = realised_blocks(work.realised)
        return self._html.page(request, "aanvraag.html", post=post, form=form, own=own, realised=realised)

    async def at_question(self, request: web.Request) -> web.Response:
        """The page of a record at one question; as a path, because signing in on the way loses what comes after "#"."""
        record = await self._readable(request)
        raise web.HTTPSeeOther(f"/aanvraag/{record.id}#{request.match_info['question']}")

    async def word(self, request: web.Request) -> web.Response:
        """The MVOI part of the startformulier as a Word document."""
        record = await self._readable(request)
        part = form_of(record)
        if part is None:
            raise web.HTTPNotFound
        content = await asyncio.to_thread(document, part)
        name = f'attachment; filename="startformulier-mvoi-{record.id[:8]}.docx"'
        return web.Response(body=content, content_type=WORD, headers={"Content-Disposition": name})

    async def _tell(self, stream: web.StreamResponse, revision: int) -> None:
        while True:
            try:
                revision, _ = await asyncio.wait_for(self._records.wait_for_posts(revision), PING_SECONDS)
                await stream.write(f"id: {revision}\nevent: changed\ndata: {revision}\n\n".encode())
            except TimeoutError:
                await stream.write(b": nog hier\n\n")

    async def _close(self, _app: web.Application) -> None:
        for telling in tuple(self._live):
            telling.cancel()

    async def _readable(self, request: web.Request) -> Record:
        """The record, when the person may see it; whoever may not does not learn that it exists."""
        person = self._sign_in.known(request)
        record = await self._records.record(request.match_info["record"])
        if record is None:
            raise web.HTTPNotFound
        small = is_small(self._shelf.current, record)
        if record.person_id != person.id and not may_read(person, small=small):
            raise web.HTTPNotFound
        return record

    def _only_readers(self, request: web.Request) -> None:
        if not self._sign_in.known(request).may_read_channel():
            raise web.HTTPForbidden(
                text="Het inkoopkanaal is voor Team Inkoop, het MVOI-team en beheer. "
                "Je eigen aanvragen vind je terug in je gesprek met Moi."
            )

    def _plain(self, record: Record) -> dict[str, Any]:
        category = self._shelf.current.categories.get(record.category or "")
        return {
            "id": record.id,
            "version": record.version,
            "outcome": record.outcome,
            "category": record.advice.get("category_name") or (category.name if category else None),
            "product_group": record.group,
            "value_band": record.value_band,
            "text": text(view_of(record)),
        }


def shown_post(post: Post, work: Work = NOTHING_YET) -> Shown:
    """A post with its words, its moments in our own time, and where it has not arrived yet."""
    record = post.record
    return Shown(
        id=record.id,
        version=record.version,
        outcome=record.outcome,
        outcome_name=(END_NAMES | NOTE_NAMES)[record.outcome],
        view=view_of(record),
        made=in_dutch(record.made),
        changed=in_dutch(record.changed) if record.version > 1 else None,
        moment=record.made.isoformat(timespec="seconds"),
        notes=tuple(notes(post.states)),
        stuck=any(target != PAGE and state in STUCK for target, state in post.states.items()),
        work=work,
        work_blocks=work_blocks(work, reply=record.outcome == REPLY),
        campaign=str(record.advice.get("campaign") or "") if record.outcome in (REPLY, CAMPAIGN) else "",
        is_purchase=record.outcome not in NOTES,
    )


def form_of(record: Record) -> StartformPart | None:
    """The MVOI part of the startformulier; a note, or a record that cannot be read any more, has none."""
    if record.outcome in NOTES:
        return None
    try:
        return startform_part(load(dict(record.advice)))
    except UNREADABLE_WHEN:
        return None


def notes(states: Mapping[str, str]) -> list[str]:
    """Where the summary has not arrived yet, besides on this page."""
    return [
        ON_THE_WAY[state].format(target.capitalize())
        for target, state in states.items()
        if target != PAGE and state in ON_THE_WAY
    ]


def in_dutch(moment: datetime) -> str:
    """ "24 november 2026 om 13:05", in our own time."""
    return format_datetime(moment.astimezone(HERE), "d MMMM y 'om' HH:mm", locale="nl")
