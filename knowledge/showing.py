"""What an item says, in plain Dutch lines instead of YAML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from babel.dates import format_date

from knowledge.amounts import euros

MONEY = frozenset({"bedrag", "boven"})
OPERATORS = {">": "meer dan het bedrag", ">=": "het bedrag of meer"}


def lines(value: Any, indent: str = "") -> Iterator[str]:
    """The lines that say a value: a key before it, a dash before each of several."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if _is_short(inner):
                yield f"{indent}{called(key)}: {said(inner, key)}"
            else:
                yield f"{indent}{called(key)}:"
                yield from lines(inner, f"{indent}  ")
    elif isinstance(value, tuple) and not _is_short(value):
        for inner in value:
            first, *rest = lines(inner, f"{indent}  ") if not _is_short(inner) else [f"  {said(inner)}"]
            yield f"{indent}- {first.strip()}"
            yield from rest
    else:
        yield f"{indent}{said(value)}"


def said(value: Any, key: str = "") -> str:
    """One value as a person says it: money with its sign, a day in words, yes or no."""
    match value:
        case None:
            return "(open)"
        case True | False:
            return "ja" if value else "nee"
        case date():
            return format_date(value, "d MMMM y", locale="nl")
        case int() | float() if key in MONEY:
            return euros(float(value))
        case str() if key == "operator":
            return OPERATORS.get(value, value)
        case tuple():
            return ", ".join(said(inner) for inner in value) or "(geen)"
        case Mapping():
            return "; ".join(f"{called(name)}: {said(inner, name)}" for name, inner in value.items())
        case float():
            return f"{value:g}".replace(".", ",")
        case _:
            return str(value)


def called(key: str) -> str:
    """A key of the YAML as a word at the start of a line."""
    words = key.replace("_", " ")
    return words[:1].upper() + words[1:]


def _is_short(value: Any) -> bool:
    """Whether a value fits on the line of its key."""
    if isinstance(value, tuple):
        return all(not isinstance(inner, Mapping | tuple) for inner in value)
    return not isinstance(value, Mapping)
