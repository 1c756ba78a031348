"""A client that costs little: ready-made HTTP requests over open connections, each waiting for its answer."""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Speed:
    """How many turns a second, and how long the one in the middle took in milliseconds."""

    per_second: float
    median: float


def post(path: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> bytes:
    """One HTTP request, ready to send."""
    content = json.dumps(body).encode()
    said = {"Host": "127.0.0.1", "Content-Type": "application/json", "Content-Length": str(len(content))}
    lines = [
        f"POST {path} HTTP/1.1",
        *(f"{name}: {value}" for name, value in (said | dict(headers or {})).items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + content


async def speed(port: int, callers: Sequence[Callable[[], bytes]], turns: int) -> Speed:
    """Let every caller do its turns at once, each on a connection of its own: the best of three rounds.

    The first round warms the server up and does not count. Raises `RuntimeError` when an answer is not a success.
    """
    each = max(1, turns // len(callers))
    await _round(port, callers, max(1, each // 4))
    return max([await _round(port, callers, each) for _ in range(ROUNDS)], key=lambda found: found.per_second)


async def _round(port: int, callers: Sequence[Callable[[], bytes]], each: int) -> Speed:
    took: list[float] = []
    start = time.perf_counter()
    await asyncio.gather(*(_caller(port, request, each, took) for request in callers))
    return Speed(len(took) / (time.perf_counter() - start), statistics.median(took) * 1000)


async def _caller(port: int, request: Callable[[], bytes], each: int, took: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(each):
        ready = request()
        start = time.perf_counter()
        writer.write(ready)
        await _success(reader)
        took.append(time.perf_counter() - start)
    writer.close()
    await writer.wait_closed()


async def _success(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    lengths = (line[15:] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
    body = await reader.readexactly(int(next(lengths, b"0")))
    if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201", b"HTTP/1.1 202")):
        raise RuntimeError(f"{head.splitlines()[0].decode()}: {body[:300].decode()}")


def numbered(make: Callable[[int], bytes], start: int = 0) -> Callable[[], bytes]:
    """A caller that makes its next request out of its number."""

    def numbers() -> Iterator[bytes]:
        number = start
        while True:
            yield make(number)
            number += 1

    return numbers().__next__
