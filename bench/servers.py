"""Programs that are started for a measure, waited for, and stopped again."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

PROJECT = Path(__file__).resolve().parent.parent
PATIENCE = 120  # Seconds: the first time, a peer has to be fetched.
PYTHON = (sys.executable, "-m")


def peer(name: str) -> tuple[str, ...]:
    """How a peer is started: in an environment of its own, so that what it brings never reaches Moi's."""
    uv = os.environ.get("UV") or shutil.which("uv")
    starter = (uv,) if uv else (*PYTHON, "uv")
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    alone = ("run", "--isolated", "--frozen", "--only-group", "bench", "--python", version)
    return (*starter, *alone, "python", "-m", f"bench.peers.{name}")


def free_port() -> int:
    """A port that nobody listens at now."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port: int = door.getsockname()[1]
        return port


@contextmanager
def running(
    command: Sequence[str], port: int, settings: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program until its port answers, and stop it afterwards; raises `RuntimeError` when it does not start."""
    environment = {**os.environ, **(settings or {})}
    with tempfile.TemporaryFile() as complaints:
        # A group of its own, for `uv run` starts the program as a child.
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            start_new_session=True,
        )
        try:
            _wait(process, port, complaints)
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait(process: subprocess.Popen[bytes], port: int, complaints: IO[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            complaints.seek(0)
            raise RuntimeError(complaints.read().decode().strip()[-500:] or "it stopped without a word")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.005)
        else:
            return
    raise RuntimeError(f"{process.args!r} did not answer at port {port}")
