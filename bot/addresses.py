"""Which addresses stay on this machine, and which are safe to send something to."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_safe_address(address: str) -> bool:
    """Whether what travels to this address is protected on its way: over https, or without leaving this machine."""
    try:
        split = urlsplit(address)
        return split.scheme == "https" or (split.scheme == "http" and is_loopback(split.hostname or ""))
    except ValueError:
        return False
