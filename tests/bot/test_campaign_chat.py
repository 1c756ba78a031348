"""Writing a campaign in one's own talk: the same draft as on the page, and for nobody but the MVOI team."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from bot.campaigns import newest, read, release
from bot.people import Person
from bot.talk_state import Message, Place
from cards.view import Action, Input, Link, View
from tests.bot.campaign_room import RELEASER, WRITER, Town
from tests.bot.test_campaign_page import page
from tests.bot.test_depot import buttons, shown
from tests.bot.web_room import BUYER, Room

FILLED = {"do": "campagne", "act": "bewaar", "sjabloon": "geen"}


async def say(
    room: Room, text: str = "", tap: dict[str, Any] | None = None, who: Person = WRITER, **about: Any
) -> tuple[View, ...]:
    """What Moi says back in the own talk of this person."""
    message = Message(about.pop("id", text + str(tap)), text, tap)
    answer = await room.house.turns.turn(who, message, Place("web", f"c-{who.id}", **about))
    return answer.views


def tap_of(view: View, label: str) -> dict[str, Any]:
    """The tap of the button with this label."""
    return next(dict(one.data) for one in view.actions if isinstance(one, Action) and one.label == label)


async def test_written_in_the_talk(room: Room) -> None:
    """Typed words become a draft with a button; it says what must still be done, and the page has the rest."""
    [asked] = await say(room, "campagne")
    fields = [one.id for one in asked.blocks if isinstance(one, Input)]
    typed = {
        "titel": "Kijk eerst",
        "tekst": "Er ligt\n\ngenoeg.",
        "knop-1-tekst": "Praat erover",
        "label": "x",
    }
    tap = tap_of(asked, "Bewaar als concept")
    for _ in range(2):
        await say(room, tap=tap | typed | {"sjabloon": "geen"}, id="once")
    [first] = await room.house.records.read(newest)
    [view] = await say(
        room, tap=FILLED | {"titel": "Tweede", "knop-1-tekst": "Lees", "knop-1-adres": "https://a.example/"}
    )
    second = (await room.house.records.read(newest))[0]
    link = next(one for one in view.actions if isinstance(one, Link))

    assert fields == ["sjabloon", "titel", "tekst", "regel", "knop-1-tekst", "knop-1-adres"]
    assert (first.draft.title, first.draft.text) == ("Kijk eerst", "Er ligt\n\ngenoeg.")
    assert [(one.kind, one.label, one.to) for one in first.draft.buttons] == [
        ("praat", "Praat erover", "begin")
    ]
    assert [(one.kind, one.to) for one in second.draft.buttons] == [("link", "https://a.example/")]
    assert "Niemand heeft het nog" in shown((view,))
    assert "Schrijf de regel voor de melding." in shown((view,))
    assert link.url.endswith(f"/campagnes/{second.id}")
    assert "Kijk eerst" in await page(room, WRITER, f"/campagnes/{first.id}")


async def test_template_and_change(room: Room) -> None:
    """A question of the plan fills what was left empty, is ready at once, and can be changed; its buttons stay."""
    [kept] = await say(room, tap=FILLED | {"sjabloon": "nodig", "titel": "Nodig of niet?"})
    [first] = await room.house.records.read(newest)
    [again] = await say(room, tap=tap_of(kept, "Pas aan"))
    change = tap_of(again, "Bewaar als concept")
    values = {one.id: one.value for one in again.blocks if isinstance(one, Input)}
    await say(room, tap=change | values | {"regel": "Wacht nog even"})
    [late] = await say(room, tap=change | values | {"regel": "Te laat"})
    [second] = await room.house.records.read(newest)
    [empty] = await say(room, tap=FILLED | {"titel": "  "})

    assert "Dit moet nog" not in shown((kept,))
    assert (first.draft.title, first.draft.line) == ("Nodig of niet?", "Eén vraag voordat je iets koopt")
    assert [one.kind for one in first.draft.buttons] == ["vraag", "praat", "laat-maar"]
    assert (second.draft.title, second.draft.line) == ("Nodig of niet?", "Wacht nog even")
    assert second.draft.buttons == first.draft.buttons
    assert "net veranderd" in shown((late,))
    assert "Schrijf een titel, of kies waarmee je begint." in shown((empty,))


async def test_list(room: Room) -> None:
    """`campagnes` says how far each is, with totals; what was released is not changed in the talk any more."""
    [nothing] = await say(room, "campagnes", id="a")
    town = Town(room.house.records, room.house.shelf)
    await town.settle(web=2, nowhere=1)
    sent = await town.released()
    await town.delivery().run(sent)
    await say(room, tap=FILLED | {"sjabloon": "nodig"})
    draft = next(one for one in await room.house.records.read(newest) if one.state == "draft")
    now = datetime.now(UTC)
    [view] = await say(room, "alle campagnes")
    await room.house.records.write(lambda connection: release(connection, RELEASER, draft.id, 1, None, now))
    [late] = await say(room, tap={"do": "campagne", "act": "pas-aan", "campaign": draft.id})
    kept = await room.house.records.read(lambda connection: read(connection, draft.id))
    said = re.sub(r"\s+", " ", shown((view,)))

    assert "Er is nog geen campagne." in shown((nothing,))
    assert "Concept: Heb je het wel nodig?" in said
    assert "Verstuurd (verstuurd 2, niet geïnstalleerd 2): Bedrijfskleding kan vaker mee" in said
    assert buttons((view,))[0] == "Nieuwe campagne"
    assert buttons((view,))[-1] == "Alle campagnes"
    assert "net veranderd" in shown((late,))
    assert kept is not None
    assert kept.state == "released"


async def test_not_yours(room: Room) -> None:
    """Somebody else hears who writes these and what they can do; nothing is kept, not even with a card of another."""
    heard = [await say(room, order, who=BUYER) for order in ("campagne", "nieuwe campagne", "campagnes")]
    [view] = heard[0]
    [forged] = await say(room, tap=FILLED | {"titel": "Van mij"}, who=BUYER)
    [buying] = await say(room, tap=tap_of(view, "Een campagne inkopen"), who=BUYER)
    [shared] = await say(room, "campagne", shared=True, id="s")

    assert "Campagnes schrijft het MVOI-team." in shown((view,))
    assert heard == [(view,)] * 3
    assert forged == view
    assert "Hebben we het wel nodig?" in shown((buying,))
    assert "eigen gesprek" in shown((shared,))
    assert await room.house.records.read(newest) == []
