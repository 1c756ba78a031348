"""HTTP/1.1 over asyncio's bare protocols, for a load that must not take the processor from what is measured."""

from __future__ import annotations

import asyncio
import re
from abc import ABC, abstractmethod
from collections.abc import Callable

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)

Answered = Callable[[int], None]
"""Gets the status of an answer, or 0 when the connection was lost before there was one."""
Heard = Callable[[bytes, bytes], tuple[float, bytes]]
"""Gets the first lines and the body of a request; gives after how many seconds to answer it, and with what."""


class _Http(asyncio.Protocol, ABC):
    """Cuts what comes in into messages; knows of bodies with a length only, which is what all who are measured send."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self._unread = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._unread += data
        while (ends := self._unread.find(b"\r\n\r\n")) >= 0:
            head = bytes(self._unread[:ends])
            length = LENGTH.search(head)
            whole = ends + 4 + (int(length[1]) if length else 0)
            if len(self._unread) < whole:
                return
            body = bytes(self._unread[ends + 4 : whole])
            del self._unread[:whole]
            self.heard(head, body)

    @abstractmethod
    def heard(self, head: bytes, body: bytes) -> None:
        """Deal with one message."""


class Door(_Http):
    """The side that is called: one connection to it."""

    def __init__(self, hear: Heard) -> None:
        super().__init__()
        self._hear = hear

    def heard(self, head: bytes, body: bytes) -> None:
        seconds, answer = self._hear(head, body)
        asyncio.get_running_loop().call_later(seconds, self._answer, answer)

    def _answer(self, answer: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer)


class Callers:
    """The side that calls: as many connections to a port as there are requests without an answer."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._free: list[_Caller] = []
        self._all: set[_Caller] = set()

    async def call(self, request: bytes, answered: Answered) -> None:
        """Send a ready-made request; its answer comes later."""
        if self._free:
            caller = self._free.pop()
        else:
            loop = asyncio.get_running_loop()
            try:
                _, caller = await loop.create_connection(lambda: _Caller(self._free), "127.0.0.1", self._port)
            except OSError:
                answered(0)
                return
            self._all.add(caller)
        caller.call(request, answered)

    def close(self) -> None:
        """Hang up everywhere; requests without an answer hear that they will have none."""
        for caller in self._all:
            caller.transport.abort()


class _Caller(_Http):
    def __init__(self, free: list[_Caller]) -> None:
        super().__init__()
        self._free = free
        self._answered: Answered | None = None

    def call(self, request: bytes, answered: Answered) -> None:
        self._answered = answered
        self.transport.write(request)

    def heard(self, head: bytes, body: bytes) -> None:
        answered, self._answered = self._answered, None
        if b"\r\nconnection: close" in head.lower():
            self.transport.close()
        else:
            self._free.append(self)
        if answered:
            answered(int(head[9:12]))

    def connection_lost(self, error: Exception | None) -> None:
        if self in self._free:
            self._free.remove(self)
        if self._answered:
            self._answered(0)
