"""Several processes that answer side by side behind one address, so that Moi uses more than one processor.

Each is a whole Moi: they share the address and the database, as several instances do. The process that was started only watches: one
that dies begins anew, and one that finds at its start that it cannot run ends all.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module

import structlog

from bot.settings import Settings

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)
LOOK_EVERY = 0.1  # Seconds, until all are there.
AT_REST = 60.0  # Seconds; a signal wakes us earlier.
AGAIN_AFTER = 1.0  # Seconds between two starts, so that one that cannot run does not keep the processor busy.
FINE = 0
UP = b"!"
COUNTED = "PROMETHEUS_MULTIPROC_DIR"

log = structlog.stdlib.get_logger("moi")


class AddressTaken(Exception):  # noqa: N818  it is said to a person
    """Moi cannot listen at this address; the message says in Dutch what to do."""


@dataclass(frozen=True, slots=True)
class Doors:
    """Where Moi listens; `inside` is for those who run it, when that has a port of its own."""

    outside: socket.socket
    inside: socket.socket | None


@dataclass(frozen=True, slots=True)
class Seat:
    """The place of one process: the first one speaks to whoever started Moi.

    Something is written to `leash` once people are answered; it ends when the process that watches is gone.
    """

    first: bool = True
    leash: socket.socket | None = None

    def is_up(self) -> None:
        """Tell whoever watches that people are answered."""
        if self.leash:
            # When nobody watches any more, that is noticed at once after this.
            with suppress(OSError):
                self.leash.send(UP)


@contextmanager
def open_doors(settings: Settings) -> Iterator[Doors]:
    """Take the addresses before anything is loaded: whoever connects early waits a moment instead of being refused.

    Raises `AddressTaken`.
    """
    with ExitStack() as stack:
        outside = stack.enter_context(_listen(settings.host, settings.port, "MOI_PORT"))
        inside = None
        if settings.inside_port is not None:
            inside = stack.enter_context(_listen(settings.host, settings.inside_port, "MOI_INSIDE_PORT"))
        yield Doors(outside, inside)


def side_by_side(count: int, serve: Callable[[Seat], int]) -> int:
    """Serve in so many processes; gives the exit code. Each of those processes comes back from here too, with what `serve` gave."""
    if count == 1:
        return serve(Seat())
    numbers = tempfile.mkdtemp(prefix="moi-")
    # Where what the processes count comes together; prometheus_client looks at this when it is imported.
    os.environ[COUNTED] = numbers
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    watch = _Watch(count)
    while not watch.done:
        if seat := watch.start():
            signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
            return serve(seat)
        watch.wait()
    shutil.rmtree(numbers, ignore_errors=True)
    return watch.code


@dataclass(slots=True)
class _Child:
    number: int
    leash: socket.socket
    up: bool = False


class _Watch:
    """Starts the processes, the first one alone, and looks after them."""

    def __init__(self, count: int) -> None:
        self.code = FINE
        self._count = count
        self._stopping = False
        self._children: dict[int, _Child] = {}
        self._not_before = 0.0

    @property
    def done(self) -> bool:
        """Whether all have stopped, and none may start."""
        return self._stopping and not self._children

    def start(self) -> Seat | None:
        """Start one that is missing, if it is time for that. Gives its seat in the new process, None in this one."""
        running = {child.number for child in self._children.values()}
        alone = self._children and not self._any_up()
        if self._stopping or alone or len(running) == self._count or time.monotonic() < self._not_before:
            return None
        number = min(set(range(self._count)) - running)
        ours, theirs = socket.socketpair()
        if pid := os.fork():
            theirs.close()
            ours.setblocking(False)
            self._children[pid] = _Child(number, ours)
            return None
        ours.close()
        for child in self._children.values():
            # Held here too, the others would not notice that whoever watches is gone.
            child.leash.close()
        return Seat(number == 0, theirs)

    def wait(self) -> None:
        """Wait until something happens, and deal with it."""
        at_rest = self._stopping or (len(self._children) == self._count and self._all_up())
        heard = signal.sigtimedwait(SIGNALS, AT_REST if at_rest else LOOK_EVERY)
        if heard and heard.si_signo != signal.SIGCHLD:
            self._stop()
        for child in self._children.values():
            if not child.up:
                with suppress(BlockingIOError):
                    child.up = child.leash.recv(1) == UP
        for pid in list(self._children):
            gone, status = os.waitpid(pid, os.WNOHANG)
            if gone:
                self._ended(pid, os.waitstatus_to_exitcode(status))

    def _ended(self, pid: int, code: int) -> None:
        self._children.pop(pid).leash.close()
        # Only here, because it is not loaded in the process that watches.
        import_module("prometheus_client.multiprocess").mark_process_dead(pid)
        if self._stopping:
            self.code = self.code or max(code, FINE)
        elif code > FINE and not self._any_up():
            # It has said why it cannot run, and another one would say the same.
            self.code = code
            self._stop()
        else:
            log.error("process ended", code=code)
            self._not_before = time.monotonic() + AGAIN_AFTER

    def _stop(self) -> None:
        self._stopping = True
        for pid in self._children:
            os.kill(pid, signal.SIGTERM)

    def _any_up(self) -> bool:
        return any(child.up for child in self._children.values())

    def _all_up(self) -> bool:
        return all(child.up for child in self._children.values())


def _listen(host: str, port: int, setting: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=1024)
    except OSError as error:
        raise AddressTaken(
            f"Op {host}:{port} kan ik niet luisteren ({os.strerror(error.errno or 0)}). Draait Moi al? Stop die, of kies een andere {setting}."
        ) from error
