"""Direct Line 3.0: the door for the web page, and for any other Direct Line client.

Who somebody is comes from the signed token, never from what a message says. What was said is kept with the turn, so a
page that lost its connection, or a server that was restarted, goes on where it was.
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol
from uuid import uuid4

import structlog
from aiohttp import web

from bot.people import Person
from bot.sessions import session_of
from bot.signin import SignIn
from bot.streams import Streams
from bot.talk_state import Answer, Message, Place
from bot.tokens import Claim, TokenError, TokenExpired, Tokens
from bot.web_activities import of_person, of_view, typing
from bot.web_log import NoConversationError
from cards.marks import legible
from cards.view import View

if TYPE_CHECKING:
    from bot.records import Records
    from bot.settings import Settings

LARGEST = 64 * 1024  # bytes of one request
TOKEN_SECONDS = 8 * 3600  # A laptop that slept through a long meeting still gets its conversation back.
STREAM_SECONDS = 300
TYPING_AFTER = 0.6  # Seconds of silence after which a page shows that Moi is busy.
LONGEST_ID = 200
OWNERS_AT_MOST = 10_000

log = structlog.stdlib.get_logger("moi")

Log = Callable[[Sequence[View]], Sequence[Mapping[str, Any]]]


class Talks(Protocol):
    """Whoever answers; `log` says what of the answer the page gets to see, to be kept with the turn."""

    async def turn(
        self, person: Person, message: Message, place: Place, log: Log | None = None
    ) -> Answer: ...


@dataclass(frozen=True, slots=True)
class Said:
    """A message from the page: what was typed or is shown of a tap, the tap, and the page's own id for it."""

    words: str
    tap: dict[str, Any] | None
    client_id: str


def add_directline(
    app: web.Application, *, settings: Settings, conversation: Talks, records: Records, tokens: Tokens
) -> None:
    """Add Direct Line under /directline."""
    line = DirectLine(settings, conversation, records, tokens)
    app.add_routes(line.routes())
    app.on_shutdown.append(line.close)


class DirectLine:
    """The addresses of Direct Line, and the pages that are connected now."""

    def __init__(self, settings: Settings, talks: Talks, records: Records, tokens: Tokens) -> None:
        self._settings = settings
        self._talks = talks
        self._records = records
        self._tokens = tokens
        self._sign_in = SignIn(settings)
        self._streams = Streams(records)
        records.when_said(self._streams.wake)
        self._owners: OrderedDict[str, str] = OrderedDict()

    def routes(self) -> list[web.RouteDef]:
        """Everything that a Direct Line client asks for."""
        one = "/directline/conversations/{conversation}"
        return [
            web.post("/directline/tokens/generate", self.generate),
            web.post("/directline/tokens/refresh", self.refresh),
            web.post("/directline/conversations", self.start),
            web.get(one, self.reconnect),
            web.get(f"{one}/stream", self.stream),
            web.get(f"{one}/activities", self.read),
            web.post(f"{one}/activities", self.say),
        ]

    async def close(self, _app: web.Application) -> None:
        """Tell every connected page to come back later."""
        await self._streams.close()

    async def generate(self, request: web.Request) -> web.Response:
        """A token for whoever is signed in; in development also for the user that a program names."""
        body = await read_json(request)
        if session := session_of(request):
            return web.json_response(self._pass(Claim(session.person, uuid4().hex, session.began)))
        if not self._settings.development:
            raise refusal(web.HTTPForbidden, "Meld je eerst aan bij Moi.")
        user = body.get("user") if isinstance(body, dict) else None
        named = user.get("id") if isinstance(user, dict) else None
        return web.json_response(self._pass(Claim(self._sign_in.trial(named), uuid4().hex)))

    async def refresh(self, request: web.Request) -> web.Response:
        """The same token with a new period."""
        return web.json_response(self._pass(await self._claim(request)))

    async def start(self, request: web.Request) -> web.Response:
        """Open the conversation of this token, and have Moi say welcome; the same again when it is open."""
        claim = await self._claim(request)
        await read_json(request)
        conversation = claim.conversation or uuid4().hex
        kept = await self._records.conversation(conversation)
        if kept is None:
            await self._records.open_conversation(claim.person.id, "web", known_as=conversation)
        await self._only_own(claim, conversation)
        await self._turn(claim.person, Message(f"web:{conversation}:arrived", arrived=True), conversation)
        claim = replace(claim, conversation=conversation)
        opened = self._pass(claim)
        opened["streamUrl"] = self._stream_url(request, claim, "0")
        return web.json_response(opened, status=200 if kept else 201)

    async def reconnect(self, request: web.Request) -> web.Response:
        """A new stream for a page that lost the old one, from where it was."""
        claim, conversation = await self._own(request)
        after = watermark(request)
        claim = replace(claim, conversation=conversation)
        opened = self._pass(claim)
        opened["streamUrl"] = self._stream_url(request, claim, str(after))
        return web.json_response(opened)

    async def read(self, request: web.Request) -> web.Response:
        """What was said after the watermark."""
        _claim, conversation = await self._own(request)
        after = watermark(request)
        said = await self._records.activities(conversation, after)
        last = said[-1][0] if said else after
        return web.json_response({"activities": [activity for _, activity in said], "watermark": str(last)})

    async def stream(self, request: web.Request) -> web.WebSocketResponse:
        """Everything that is said after the watermark, as it is said."""
        conversation = request.match_info["conversation"]
        try:
            claim = self._tokens.read(request.query.get("t", ""), "stream")
            await self._only_signed_in(claim)
        except TokenError as error:
            raise refusal(web.HTTPUnauthorized, "Vraag eerst een nieuw adres voor deze stroom.") from error
        if claim.conversation != conversation:
            raise refusal(web.HTTPForbidden, "Dit is niet jouw gesprek.")
        return await self._streams.serve(request, conversation, watermark(request))

    async def say(self, request: web.Request) -> web.Response:
        """One message of a person. The answer comes through the stream; here only the id, once all is kept."""
        claim, conversation = await self._own(request)
        said = read_message(await read_json(request))
        if said is None:
            return web.json_response({"id": uuid4().hex})
        key = f"web:{conversation}:{said.client_id or uuid4().hex}"
        message = Message(key, "" if said.tap is not None else said.words, said.tap)
        await self._turn(claim.person, message, conversation, said)
        return web.json_response({"id": key})

    async def _turn(
        self, person: Person, message: Message, conversation: str, said: Said | None = None
    ) -> None:
        place = Place("web", conversation)

        def written(views: Sequence[View]) -> list[dict[str, Any]]:
            """The message as the page knows it, and what Moi answers."""
            client = {"clientActivityID": said.client_id} if said and said.client_id else {}
            own = [of_person(said.words, person.id, conversation, client)] if said else []
            reply_to = own[0]["id"] if own else None
            return own + [of_view(view, conversation, reply_to) for view in views]

        busy = asyncio.get_running_loop().call_later(
            TYPING_AFTER, self._streams.show, conversation, typing(conversation)
        )
        try:
            await self._talks.turn(person, message, place, written)
        except NoConversationError as gone:
            # Deleted on the page Mijn gegevens, or kept long enough, while it was open somewhere.
            self._owners.pop(conversation, None)
            raise refusal(web.HTTPForbidden, "Dit gesprek is er niet meer. Laad de pagina opnieuw.") from gone
        finally:
            busy.cancel()
        self._streams.wake(conversation)

    async def _claim(self, request: web.Request) -> Claim:
        """What the token of the request proves; 401 without a good one, 403 when its time is over."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise refusal(web.HTTPUnauthorized, "Stuur een token mee: Authorization: Bearer …")
        try:
            claim = self._tokens.read(token.strip(), "directline")
            await self._only_signed_in(claim)
        except TokenExpired as error:
            # Direct Line clients take 403 as a sign that they need a new token.
            raise refusal(web.HTTPForbidden, "Dit token is verlopen.", "TokenExpired") from error
        except TokenError as error:
            raise refusal(web.HTTPUnauthorized, "Dit token is niet van Moi.") from error
        return claim

    async def _only_signed_in(self, claim: Claim) -> None:
        """A token ends with the session that it comes from; raises `TokenExpired`."""
        if claim.began and not await self._records.sign_ins.holds(claim.person.id, claim.began):
            raise TokenExpired

    async def _own(self, request: web.Request) -> tuple[Claim, str]:
        claim, conversation = await self._claim(request), request.match_info["conversation"]
        await self._only_own(claim, conversation)
        return claim, conversation

    async def _only_own(self, claim: Claim, conversation: str) -> None:
        """Nobody gets into a conversation of somebody else, or learns that it exists; raises 403."""
        owner = self._owners.get(conversation)
        if owner is None:
            kept = await self._records.conversation(conversation)
            if kept is None or kept.channel != "web":
                raise refusal(web.HTTPForbidden, "Dit is niet jouw gesprek.")
            owner = self._owners[conversation] = kept.person_id
            if len(self._owners) > OWNERS_AT_MOST:
                self._owners.popitem(last=False)
        if owner != claim.person.id:
            raise refusal(web.HTTPForbidden, "Dit is niet jouw gesprek.")

    def _pass(self, claim: Claim) -> dict[str, Any]:
        token = self._tokens.issue(claim, "directline", TOKEN_SECONDS)
        return {"conversationId": claim.conversation, "token": token, "expires_in": TOKEN_SECONDS}

    def _stream_url(self, request: web.Request, claim: Claim, after: str) -> str:
        """An address that can be opened once it is known, because a browser sends no headers with a websocket."""
        public = self._settings.public_url
        base = public.rstrip("/") if public else f"{request.scheme}://{request.host}"
        ticket = self._tokens.issue(claim, "stream", STREAM_SECONDS)
        path = f"/directline/conversations/{claim.conversation}/stream?watermark={after}&t={ticket}"
        return f"ws{base.removeprefix('http')}{path}"


async def read_json(request: web.Request) -> Any:
    """The JSON of a request, None when it is empty; raises 413 when it is too large and 400 when it is no JSON."""
    body = bytearray()
    async for part in request.content.iter_any():
        body += part
        if len(body) > LARGEST:
            raise refusal(
                web.HTTPRequestEntityTooLarge,
                "Dit bericht is te groot.",
                max_size=LARGEST,
                actual_size=len(body),
            )
    try:
        return clean(json.loads(body)) if body.strip() else None
    except (ValueError, RecursionError) as error:
        raise refusal(web.HTTPBadRequest, "Dit is geen leesbare JSON.") from error


def clean(value: Any) -> Any:
    """The same JSON without what no database or page can show; raises ValueError for numbers that are none."""
    match value:
        case str():
            return legible(value)
        case float() if value != value or value in (float("inf"), float("-inf")):
            raise ValueError("not a number")
        case list():
            return [clean(item) for item in value]
        case dict():
            return {legible(key): clean(item) for key, item in value.items()}
    return value


def read_message(activity: Any) -> Said | None:
    """What a person said in an activity, None when it is another kind of activity; raises 400 when it says nothing."""
    if not isinstance(activity, dict) or not isinstance(activity.get("type"), str):
        raise refusal(web.HTTPBadRequest, "Een activiteit is een object met een type.")
    if activity["type"] != "message":
        return None
    words, value = activity.get("text", ""), activity.get("value")
    if not isinstance(words, str | None):
        raise refusal(web.HTTPBadRequest, "De tekst van een bericht is tekst.")
    words = words or ""
    tap = value if isinstance(value, dict) else None
    if not words.strip() and tap is None:
        raise refusal(web.HTTPBadRequest, "Een bericht heeft tekst of een keuze nodig.")
    data = activity.get("channelData")
    client_id = data.get("clientActivityID") if isinstance(data, dict) else None
    if not isinstance(client_id, str) or len(client_id) > LONGEST_ID:
        client_id = ""
    return Said(words, tap, client_id)


def watermark(request: web.Request) -> int:
    """After which activity the client wants to go on; raises 400 for what never was a watermark."""
    given = request.query.get("watermark", "")
    if given in ("", "undefined", "null", "-"):  # What clients send that have none yet.
        return 0
    if not (given.isascii() and given.isdecimal() and len(given) < 16):
        raise refusal(web.HTTPBadRequest, "Dit watermerk ken ik niet.")
    return int(given)


def refusal(kind: type[web.HTTPException], message: str, code: str = "", **about: Any) -> web.HTTPException:
    """A refusal in the shape in which Direct Line clients read it."""
    names = {400: "BadArgument", 401: "Unauthorized", 403: "Forbidden", 413: "MessageSizeTooBig"}
    said = {"error": {"code": code or names[kind.status_code], "message": message}}
    return kind(text=json.dumps(said), content_type="application/json", **about)
