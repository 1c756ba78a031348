"""The guide for administrators and the program point at each other, and neither points at nothing."""

from __future__ import annotations

import re

from bot.commands import EXPLANATION
from bot.settings import PROJECT

GUIDE = (PROJECT / "docs" / "installeren.md").read_text()
STEPS = {int(number) for number in re.findall(r"^## Stap (\d+)\.", GUIDE, re.MULTILINE)}


def anchor(heading: str) -> str:
    """How a heading is linked to on the pages of a repository."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_steps_the_program_names() -> None:
    """Every step that Moi sends an administrator to is in the guide."""
    named = {
        int(number)
        for file in sorted((PROJECT / "bot").glob("*.py"))
        for number in re.findall(r"stap (\d+)", file.read_text())
    }

    assert named
    assert named <= STEPS


def test_steps_are_whole() -> None:
    """The steps are numbered without a hole, each says what it is for and how one sees that it worked."""
    parts = re.split(r"^## Stap \d+\.", GUIDE, flags=re.MULTILINE)[1:]

    assert sorted(STEPS) == list(range(1, len(parts) + 1))
    assert all("*Waarvoor: " in part and "**Gelukt?**" in part for part in parts)
    assert {int(number) for number in re.findall(r"\bstap (\d+)", GUIDE)} <= STEPS


def test_links_in_the_guide() -> None:
    """Every link in the guide leads to a heading of it, or to a file that exists."""
    headings = {anchor(heading) for heading in re.findall(r"^#+ (.+)$", GUIDE, re.MULTILINE)}
    links = re.findall(r"\]\((?!https?:)([^)]+)\)", GUIDE)
    wrong = [
        link
        for link in links
        if link.removeprefix("#") not in headings
        and not (PROJECT / "docs" / link.partition("#")[0]).is_file()
    ]

    assert links
    assert wrong == []


def test_commands_in_the_guide() -> None:
    """What an administrator is told to type is something Moi can do."""
    typed = set(re.findall(r"app\.py ([a-z][a-z-]+)", GUIDE))

    assert {"doctor", "teams-package"} <= typed
    assert all(re.search(rf"^  {command}\s", EXPLANATION, re.MULTILINE) for command in typed)
