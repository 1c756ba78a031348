"""Pictures on campaigns: looked at before they are kept, and served to whoever has their address, as Teams needs."""

from __future__ import annotations

import secrets
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web
from sqlalchemy import Connection, delete, insert, select

from bot.campaign_tables import campaign_pictures, campaigns

if TYPE_CHECKING:
    from bot.records import Records

PICTURES = "/beeld/"
"""Where a picture is, before its id."""
LARGEST = 1_000_000  # bytes; Teams shows no larger picture.
MOST_PIXELS = 4096  # On a side: a small file can hold a picture that fills the memory of a phone.
PNG, JPEG = "image/png", "image/jpeg"
ENDINGS = {PNG: ".png", JPEG: ".jpg"}
YEAR = 365 * 24 * 3600

_PNG = b"\x89PNG\r\n\x1a\n"
# What a picture needs to be seen. Text, place and moment of making, and moving parts stay out.
_PNG_PARTS = (b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"pHYS")
_JPEG_LEFT_OUT = frozenset({0xE1, *range(0xE3, 0xEE), 0xEF, 0xFE})
_SIZES = frozenset({*range(0xC0, 0xD0)}) - {0xC4, 0xC8, 0xCC}
_SCAN = 0xDA


class NoPictureError(Exception):
    """This is no PNG or JPEG that can go on a card."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A picture that can be kept: of which kind, and its bytes without what a camera wrote into it."""

    kind: str
    content: bytes


def checked(content: bytes) -> Checked:
    """The picture in a file that somebody chose; raises `NoPictureError`."""
    if len(content) > LARGEST:
        raise NoPictureError
    kind, parts = (PNG, _png) if content.startswith(_PNG) else (JPEG, _jpeg)
    try:
        return Checked(kind, b"".join(parts(content)))
    except (struct.error, IndexError) as cut_off:
        raise NoPictureError from cut_off


def _png(content: bytes) -> Iterator[bytes]:
    yield _PNG
    at, name = len(_PNG), b""
    while name != b"IEND":
        first, (length, name) = not name, struct.unpack_from(">I4s", content, at)
        part = content[at : at + 12 + length]
        if len(part) < 12 + length or first != (name == b"IHDR"):
            raise NoPictureError
        if first:
            _bounded(*struct.unpack_from(">II", part, 8))
        if name in _PNG_PARTS:
            yield part
        at += len(part)


def _jpeg(content: bytes) -> Iterator[bytes]:
    if content[:2] != b"\xff\xd8":
        raise NoPictureError
    yield content[:2]
    at, measured = 2, False
    while True:
        mark, kind, length = struct.unpack_from(">BBH", content, at)
        if mark != 0xFF or length < 2:
            raise NoPictureError
        if kind in _SIZES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            _bounded(width, height)
            measured = True
        if kind == _SCAN:
            break
        if kind not in _JPEG_LEFT_OUT:
            yield content[at : at + 2 + length]
        at += 2 + length
    # A phone may put a second picture behind the first, with where it was taken.
    end = content.find(b"\xff\xd9", at)
    if end < 0 or not measured:
        raise NoPictureError
    yield content[at : end + 2]


def _bounded(width: int, height: int) -> None:
    if not (0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS):
        raise NoPictureError


def keep_picture(connection: Connection, picture: Checked) -> str:
    """Keep a picture; gives the id under which it is shown. Write that id on a campaign in the same transaction."""
    # Some clients of Teams only show what ends as a picture does.
    id_ = secrets.token_hex(16) + ENDINGS[picture.kind]
    row = {"id": id_, "kind": picture.kind, "content": picture.content}
    connection.execute(insert(campaign_pictures).values(row))
    return id_


def drop_unused_pictures(connection: Connection) -> None:
    """Delete pictures that are on no campaign any more."""
    used = select(campaigns.c.picture).where(campaigns.c.picture.is_not(None))
    connection.execute(delete(campaign_pictures).where(campaign_pictures.c.id.not_in(used)))


def add_pictures(app: web.Application, records: Records) -> None:
    """Serve pictures to whoever has their address: the servers of Teams that fetch them cannot sign in."""

    async def picture(request: web.Request) -> web.Response:
        found = await records.read(partial(_read, request.match_info["picture"]))
        if found is None:
            raise web.HTTPNotFound
        headers = {
            # What is under an id never changes.
            "Cache-Control": f"public, max-age={YEAR}, immutable",
            # Teams in a browser shows it on a page that is not ours.
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        return web.Response(body=found.content, content_type=found.kind, headers=headers)

    app.router.add_get(PICTURES + r"{picture:[0-9a-f]{32}\.(?:png|jpg)}", picture)


def _read(id_: str, connection: Connection) -> Checked | None:
    found = select(campaign_pictures.c.kind, campaign_pictures.c.content)
    row = connection.execute(found.where(campaign_pictures.c.id == id_)).one_or_none()
    return Checked(row.kind, row.content) if row else None
