"""Which Moi this is."""

from __future__ import annotations

from importlib.metadata import version

VERSION = version("moi")
"""The version in pyproject.toml, as it was when Moi was installed."""
