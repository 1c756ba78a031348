"""Reading a table that somebody sent over the web in a process of its own, because a small workbook can claim more memory
than there is, and would take all of Moi with it.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
from importlib import import_module
from pathlib import Path

from knowledge.sheets import RefusedFileError, Row, Sheet, SheetError, read_table

HERE = Path(__file__).parent.parent
MOST_SECONDS = 60
MOST_MEMORY = 400 * 2**20  # bytes; 50.000 long rows fit in 300 (measured), and a pod has 1.024 for all of Moi
FINE, NO_TABLE = 0, 1


async def read_apart(name: str, content: bytes) -> Sheet:
    """The table in a file with this `name`. Raises `RefusedFileError` when it is none, or too large to read."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.reading_apart", name),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=HERE,
        env={},  # It needs none of our secrets.
    )
    said = b""
    try:
        said, _ = await asyncio.wait_for(child.communicate(content), MOST_SECONDS)
    except TimeoutError:
        child.kill()
        await child.wait()
    match child.returncode:
        case 0:
            return await asyncio.to_thread(_sheet, said)
        case 1 if said:
            raise RefusedFileError([said.decode()])
    raise RefusedFileError(
        [f"{name} kan ik niet lezen. Bewaar alleen het blad met de lijst opnieuw, als .xlsx of als .csv."]
    )


def main(name: str) -> int:
    """Read the file on stdin and write its table on stdout, or why it is none; the exit code tells which."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        columns, rows = _read(name, sys.stdin.buffer.read())
    except SheetError as error:
        sys.stdout.buffer.write(str(error).encode())
        return NO_TABLE
    found = [columns, [(row.number, [row.cells[column] for column in columns]) for row in rows]]
    sys.stdout.buffer.write(json.dumps(found).encode())
    return FINE


def _read(name: str, content: bytes) -> Sheet:
    if not name.lower().endswith(".ics"):
        return read_table(name, content)
    # Only here, for it takes most of a second.
    found: Sheet = import_module("bot.agenda_files").read_agenda(name, content)
    return found


def _sheet(said: bytes) -> Sheet:
    columns, rows = json.loads(said)
    return tuple(columns), tuple(
        Row(number, dict(zip(columns, cells, strict=True))) for number, cells in rows
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
