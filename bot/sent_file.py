"""A file that somebody sends with a form on a page, and a list that goes out as one."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

from aiohttp import BodyPartReader, web

from cards.marks import legible
from knowledge.sheets import Table, csv_text, write_workbook

LARGEST_FILE = 16 * 1024 * 1024  # bytes; 50.000 long rows as CSV
LONGEST_FIELD = 500  # bytes of what is typed beside it
NO_FILE = "Kies eerst een bestand."
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Sent:
    """The name and the content of a file, and what was typed in the fields before it."""

    name: str
    content: bytes
    fields: Mapping[str, str]


async def read_sent(request: web.Request, field: str) -> Sent:
    """The file in this field of a form; raises 400 when it is no such form, 413 when it is too large."""
    fields: dict[str, str] = {}
    try:
        if request.content_type != "multipart/form-data":
            raise ValueError(request.content_type)
        parts = await request.clone(client_max_size=LARGEST_FILE).multipart()
        while (part := await parts.next()) is not None:
            if not isinstance(part, BodyPartReader) or part.name is None:
                continue
            if part.name == field:
                name = re.sub(r"[^\w .()-]", "_", legible(part.filename or ""))
                # Whatever it is called, the end says what kind of file it is.
                return Sent(name[-60:].strip() or field, bytes(await part.read(decode=True)), fields)
            said = (await part.read_chunk(LONGEST_FIELD)).decode(errors="replace")
            fields[part.name] = " ".join(legible(said).split())
            await part.release()
    except ValueError as error:
        raise web.HTTPBadRequest(text=NO_FILE) from error
    raise web.HTTPBadRequest(text=NO_FILE)


async def as_file(name: str, table: Table) -> web.Response:
    """A list as a workbook, or as CSV when its name ends so."""

    def written_out() -> bytes:
        book = BytesIO()
        write_workbook(book, [table])
        return book.getvalue()

    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if name.endswith(".csv"):
        content = csv_text(table).encode("utf-8-sig")
        return web.Response(body=content, content_type="text/csv", charset="utf-8", headers=headers)
    return web.Response(body=await asyncio.to_thread(written_out), content_type=EXCEL, headers=headers)
