"""Talks with the real program, one to each end, and what each reads like when nothing goes wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.faults.program import CHANGES_PER_TALK, Colleague, Program

TALKS = {
    "anders-opgelost": (
        "we willen 50 nieuwe bureaustoelen, zo'n 15k",
        "ja",
        "het is oud, maar heel",
        "opknappen",
        "3000",
        "neem ik mee",
        "versturen",
    ),
    "niet-gekocht": ("50 bureaustoelen, zo'n 15k", "ja", "we stellen het uit", "ja"),
    "koop-met-mvoi": (
        "20 laptops",
        "ja",
        "weet ik niet",
        "toch kopen",
        "ik weet het niet",
        "weet ik niet",
        "neem ik mee",
        "versturen",
    ),
    "koop-zonder-mvoi": (
        "€ 300.000 voor het schoonmaakcontract, en mvoi doen we niet",
        "ja",
        "het contract loopt af",
        "toch kopen",
        "nee",
        "te duur",
        "bijna alles",
        "weet ik niet",
        "nee",
        "versturen",
    ),
}


@dataclass(frozen=True)
class Example:
    """A talk that was not cut: what was said, and the summary of it."""

    log: list[str]
    post: dict[str, Any]


async def carry_on(colleague: Colleague, words: tuple[str, ...], first: int = 0) -> None:
    for number, text in enumerate(words[first:], first):
        assert await colleague.say(text, f"m{number}") == 200


async def examples(moi: Program) -> dict[str, Example]:
    """Every talk once, without anything going wrong."""
    found = {}
    for outcome, words in TALKS.items():
        colleague = await Colleague.arrive(moi)
        await carry_on(colleague, words)
        log = await colleague.heard()
        (record,) = colleague.records()
        (post,) = [post for post in await moi.channel() if post["id"] == record]
        assert post["outcome"] == outcome
        found[outcome] = Example(log, without_id(post))
    return found


def without_id(post: dict[str, Any]) -> dict[str, Any]:
    return {name: CHANGES_PER_TALK.sub("…", str(value)) for name, value in post.items()}
