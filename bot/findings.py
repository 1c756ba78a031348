"""What a check-up found, and how it is told: as lines for a person or as JSON for a program, never with a secret in it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Literal
from urllib.parse import quote

from rich.console import Console
from rich.text import Text
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.settings import Settings
from bot.version import VERSION

State = Literal["groen", "oranje", "rood"]
COLOURS = {"groen": "green", "oranje": "dark_orange", "rood": "bold red"}
WIDEST = 26  # characters of the name of a part
SHORTEST_HIDDEN = 4  # A shorter secret would hide half of the words.


@dataclass(frozen=True, slots=True)
class Finding:
    """One part of Moi: how it is doing, what was found, and what to do about it."""

    part: str
    state: State
    found: str
    advice: str = ""


def verdict(findings: Iterable[Finding]) -> State:
    """How Moi as a whole is doing: as its worst part."""
    states = {finding.state for finding in findings}
    return "rood" if "rood" in states else "oranje" if "oranje" in states else "groen"


def without_secrets(findings: Iterable[Finding], settings: Settings) -> list[Finding]:
    """The same findings, in which every secret of the settings is crossed out, wherever an error message took it from."""
    secrets = _secrets(settings)

    def hide(text: str) -> str:
        for secret in secrets:
            text = text.replace(secret, "…")
        return text

    return [replace(one, found=hide(one.found), advice=hide(one.advice)) for one in findings]


def as_json(findings: Sequence[Finding]) -> str:
    """The findings for a program."""
    parts = [
        {"onderdeel": one["part"], "oordeel": one["state"], "bevinding": one["found"], "doen": one["advice"]}
        for one in map(asdict, findings)
    ]
    told = {"versie": VERSION, "oordeel": verdict(findings), "onderdelen": parts}
    return json.dumps(told, ensure_ascii=False, indent=2)


def tell(findings: Sequence[Finding], screen: Console) -> None:
    """Write the findings for a person; the state is a word, and where the screen has colours also a colour."""
    for one in findings:
        head = Text(f"{one.state:<8}", style=COLOURS[one.state])
        screen.print(head + Text(f"{one.part:<{WIDEST}}{one.found}", style=""), soft_wrap=True)
        if one.advice:
            screen.print(Text(f"{'':<{8 + WIDEST}}Doe dit: {one.advice}"), soft_wrap=True)
    counts = Counter(one.state for one in findings)
    told = ", ".join(f"{counts[state]} {state}" for state in ("rood", "oranje", "groen") if counts[state])
    screen.print(Text(f"\nMoi {VERSION}: {verdict(findings)} ({told})."), soft_wrap=True)


def _secrets(settings: Settings) -> list[str]:
    known = [
        value
        for name, field in type(settings).model_fields.items()
        if not field.repr and name != "database_url" and isinstance(value := getattr(settings, name), str)
    ]
    try:
        known.append(make_url(settings.database_url).password or "")
    except ArgumentError:
        known.append(settings.database_url)
    both = {form for secret in known for form in (secret, quote(secret, safe=""))}
    # The longest first, or a short one would leave the rest of a long one standing.
    return sorted((one for one in both if len(one) >= SHORTEST_HIDDEN), key=len, reverse=True)
