"""The real program at the command line, in a process of its own: `app` starts it once for a command, as a person does;
`in_one_go` types one command after the other without starting anew, which is most of the time that a command takes."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

from app import main
from bot.settings import PROJECT


class Done(NamedTuple):
    """How a command ended: its exit code, and what it wrote."""

    code: int
    out: str
    err: str


def environment(folder: Path, said: dict[str, str]) -> dict[str, str]:
    """The settings that were said and no others, with the data in a folder of the test."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MOI_")}
    return clean | {"MOI_DATA_DIR": str(folder / "data"), "NO_COLOR": "1"} | said


def app(
    folder: Path, *arguments: str, typed: str | bytes = "", within: float = 60, **said: str
) -> subprocess.CompletedProcess[bytes]:
    """Run app.py with these arguments and settings, and what is typed or piped in."""
    return subprocess.run(
        [sys.executable, "app.py", *arguments],
        cwd=PROJECT,
        env=environment(folder, said),
        input=typed if isinstance(typed, bytes) else typed.encode(),
        capture_output=True,
        timeout=within,
        check=False,
    )


def in_one_go(folder: Path, *commands: Sequence[str], **said: str) -> list[Done]:
    """Run app.py with each of these lists of arguments in turn, under the same settings."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.command_line", json.dumps(commands)],
        cwd=PROJECT,
        env=environment(folder, said),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [Done(*told) for told in json.loads(done.stdout)]


def _run(arguments: list[str]) -> Done:
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        code = main(arguments)
    return Done(code, out.getvalue(), err.getvalue())


if __name__ == "__main__":
    print(json.dumps([_run(arguments) for arguments in json.loads(sys.argv[1])]))
