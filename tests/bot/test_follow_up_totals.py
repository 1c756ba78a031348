"""What worked out, in totals in which nobody can be recognised: at the command line and on the page Onderhoud."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest

from bot.follow_up_totals import Totals, counted, lines, show
from bot.people import Person
from bot.records import Records
from bot.settings import Settings
from cards.follow_up import GIVEN
from knowledge.shelf import Shelf
from tests.bot.follow_up_stage import Stage, yes


async def test_totals(sqlite_url: str, shelf: Shelf) -> None:
    """Of four colleagues nothing is shown, of five it is; a reason of one of them is not, and every question is counted once."""
    talk = Stage(await Records.open(sqlite_url), shelf)
    people = [Person(f"p{number}", f"Collega {number}") for number in range(10, 16)]
    for who in people:
        await talk.buy(who)
    talk.clock.move(91)
    shown_after = []
    for who, id_ in zip(people, await owners(talk, people), strict=True):
        card = talk.desk.card(await talk.found(id_))
        assert card
        button = yes(card)
        if who is people[4]:
            button[f"{GIVEN}weg"] = "nee"
        if who is not people[5]:
            await talk.say(who=who, **button)
        if who is people[4]:
            await talk.say(who=who, act="waardoor", item=id_, oorzaak="duur", woorden="Geheim")
        shown_after.append(totals(await talk.kept.read(counted)))
    found = await talk.kept.read(counted)
    await talk.kept.close()

    assert "Circulariteit" not in shown_after[3]
    assert "Circulariteit: gelukt: 5, deels gelukt: 0, niet gelukt: 0 (5 collega's)" in shown_after[4]
    assert "Niet gekocht, of anders opgelost: gelukt: 4, deels gelukt: 0, niet gelukt: 1" in shown_after[4]
    assert "redenen van minder dan vijf collega's" in shown_after[4]
    assert "Het kostte" not in shown_after[5]
    assert "Geheim" not in shown_after[5]
    assert found.endings["beantwoord"] == 5
    assert sum(found.endings.values()) == 6


def totals(found: Totals) -> str:
    return "\n".join(f"{line.label}: {line.value}" for line in lines(found))


async def owners(talk: Stage, people: list[Person]) -> list[str]:
    """The questions that are due now, in the order of their people."""
    asked = {(await talk.found(id_)).record.person_id: id_ for id_ in await talk.due()}
    return [asked[who.id] for who in people]


def test_at_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`app.py followup` says the same, also when there is nothing yet."""
    code = show(Settings(secret="x" * 40, data_dir=tmp_path), Namespace())

    assert code == 0
    assert "Aan minder dan vijf collega's" in capsys.readouterr().out
