"""The files of a folder of knowledge as they are, before anything in them is understood, and their version."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

KINDS = frozenset({".yaml", ".yml", ".csv"})
MOST_BYTES = 5_000_000  # Over ten times the largest file; reading much more would hold up a running Moi.


def read_files(folder: Path, *, without: str) -> tuple[dict[str, bytes], list[tuple[str, str]]]:
    """Read every file by its name from the folder on, and say by name, in Dutch, why one could not be read."""
    raw, unread = {}, []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix not in KINDS or path.name.startswith(".") or name == without or not path.is_file():
            continue
        try:
            if path.stat().st_size > MOST_BYTES:
                message = (
                    f"dit bestand is te groot (meer dan {MOST_BYTES // 1_000_000} MB). Zet het oude terug."
                )
                unread.append((name, message))
            else:
                raw[name] = path.read_bytes()
        except OSError:
            message = "dit bestand kan ik niet lezen. Kijk of het er nog is en of Moi het mag lezen."
            unread.append((name, message))
    return raw, unread


def version_of(raw: Mapping[str, bytes]) -> str:
    """The version of these files: changes with every letter, not with the kind of line ends."""
    digest = hashlib.sha256()
    for name, content in sorted(raw.items()):
        same = content.replace(b"\r\n", b"\n")
        digest.update(f"{name}\0{len(same)}\0".encode() + same)
    return digest.hexdigest()[:12]
