"""What only Moi can read or make: cookies that are encrypted, signed, and good for one purpose and a limited time."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Seal:
    """Seals and opens for one purpose; what is sealed for another purpose, or with another secret, does not open."""

    def __init__(self, secret: str, purpose: str) -> None:
        key = HKDF(SHA256(), 32, salt=None, info=f"moi {purpose}".encode()).derive(secret.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def close(self, said: Mapping[str, Any]) -> str:
        """The same as text that tells nothing to whoever carries it."""
        # Without its padding, for that would have to be quoted in a cookie.
        return self._fernet.encrypt(json.dumps(said).encode()).decode().rstrip("=")

    def open(self, text: str, seconds: int) -> dict[str, Any] | None:
        """What was sealed, when that was at most so many seconds ago; None for anything else."""
        try:
            padded = text + "=" * (-len(text) % 4)
            said = json.loads(self._fernet.decrypt(padded.encode(), ttl=seconds))
        except (InvalidToken, ValueError):
            return None
        return said if isinstance(said, dict) else None
