"""A nudge where colleagues are in Teams, and how long what comes up is kept."""

from __future__ import annotations

from bot.records import Records
from bot.tender_tables import nudges, tender_changes, tender_imports
from bot.tenders import all_tenders
from knowledge.shelf import Shelf
from tests.bot.channel_stage import BUYER as TEAMS_BUYER
from tests.bot.channel_stage import open_stage
from tests.bot.follow_up_stage import Clock
from tests.bot.nudge_stage import Calendar
from tests.bot.test_retention import NEVER, moved


async def test_in_teams(sqlite_url: str, shelf: Shelf) -> None:
    """In Teams the nudge comes in the own chat by itself, and its button opens the talk there."""
    async with open_stage(sqlite_url, shelf) as stage:
        await stage.say("verbind dit kanaal")
        await stage.buy()
        channel, clock = stage.room.channel, Clock()
        plan = Calendar(stage.records, shelf, clock)
        await plan.plan(client=TEAMS_BUYER["name"])
        stage.house.nudges.now = clock
        await stage.house.nudges.ask()
        await channel.until(lambda: any("Denk je alvast mee?" in said for said in stage.said("a:chat")))
        [card] = [one for one in channel.landed if "Denk je alvast" in one.activity.get("summary", "")]
        [button] = [
            one
            for one in card.activity["attachments"][0]["content"]["actions"]
            if one["title"] == "Begin het gesprek"
        ]
        await stage.press(button["data"], TEAMS_BUYER, "a:chat")
        [row] = await stage.records.read(lambda connection: connection.execute(nudges.select()).all())

    assert row.talk
    assert row.state == "begun"


async def test_kept_long_enough(sqlite_url: str, shelf: Shelf) -> None:
    """What started and ended long ago goes with its log, its nudges and the files that nobody said yes to; what comes up stays."""
    calendar = Calendar(await Records.open(sqlite_url), shelf)
    await calendar.brought()
    await calendar.plan("Blijft", 300)
    for days in (260, 390):
        await moved(calendar.kept, days, **NEVER | {"keep_finished_talks_days": 100}).batch()
    left = await calendar.kept.read(all_tenders)
    logs = await calendar.kept.read(
        lambda connection: [
            len(connection.execute(table.select()).all())
            for table in (nudges, tender_changes, tender_imports)
        ]
    )
    await calendar.kept.close()

    assert [tender.what for tender in left] == ["Blijft"]
    assert logs == [0, 1, 0]
