"""What comes back of a campaign: counted per person, told from five on, and no question stays without an answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from io import BytesIO
from typing import Any

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, insert, select, update

from bot.campaign_audience import Audience, Part
from bot.campaign_effect import MOST_DAYS, Effect, effect, load_effect
from bot.campaign_optouts import has_opted_out, opt_in, opt_out
from bot.campaign_reach import size
from bot.campaign_report import Report, report, tables, ways
from bot.campaign_returns import CameBack, answer, came_back, in_totals, press, see
from bot.campaign_tables import campaign_optouts, campaign_recipients, campaign_returns, campaigns
from bot.campaigns import Draft, read
from bot.records import Records
from bot.retention import RULES
from bot.tables import records
from cards.campaign import POLL, Button
from knowledge.sheets import read_table, write_workbook
from tests.bot.campaign_room import DRAFT, THURSDAY, WRITER, Town
from tests.bot.test_campaign_page import page
from tests.bot.web_room import COLLEAGUE as OTHER
from tests.bot.web_room import Room

ASKS = Draft(
    "Kleding", "Ligt er nog iets?", "Ligt er nog iets?",
    (*DRAFT.buttons, Button(POLL, "Antwoord", "Wat doe je?", ("Kopen", "Uitstellen"))),
    subject="klimaat",
)  # fmt: skip


async def sent(town: Town, draft: Draft = ASKS) -> str:
    """A campaign that everybody has."""
    id_ = await town.released(draft)
    await town.delivery().run(id_)
    return id_


async def told(town: Town, id_: str) -> Report:
    """What became of it."""

    def look(connection: Connection) -> Report:
        campaign = read(connection, id_)
        assert campaign
        return report(connection, campaign, town.now)

    return await town.records.read(look)


async def test_poll(town: Town) -> None:
    """One answer per person, which can be changed until it is taken back; told from five on, and kept without people."""
    await town.settle(web=6)
    id_ = await sent(town)

    async def say(person: str, choice: str) -> dict[str, int] | None:
        return await town.records.write(lambda connection: answer(connection, id_, person, choice))

    four = [await say(f"w{n}", "1") for n in range(4)][-1]
    early = await told(town, id_)
    five = await say("w4", "2")
    changed = await say("w0", "2")
    wrong = [await say("w5", choice) for choice in ("", "0", "3", "x", "9" * 5000)] + [await say("m1", "1")]
    seen = await told(town, id_)
    clear = RULES["ontvangers van campagnes"].clear
    late = THURSDAY + timedelta(days=90)
    await town.records.write(lambda connection: clear(connection, late, late))
    after = await told(town, id_), await say("w0", "1")
    await town.act(id_, "intrekken")

    assert four
    assert in_totals(four) == ()
    assert (early.answers, early.answered) == ((), "minder dan 5")
    assert five == {"Kopen": 4, "Uitstellen": 1}
    assert in_totals({"Kopen": 5, "Uitstellen": 1}) == (("Kopen", "5"), ("Uitstellen", "minder dan 5"))
    assert changed == {"Kopen": 3, "Uitstellen": 2}
    assert wrong == [None] * 6
    assert seen.answers == after[0].answers == (("Kopen", "minder dan 5"), ("Uitstellen", "minder dan 5"))
    assert after[1] is None
    assert await say("w5", "1") is None


async def test_counted_once(town: Town) -> None:
    """Each button counts once per person; what was seen counts when Teams says so, up to the message that was read."""
    await town.settle(teams=2)
    id_ = await sent(town)

    def work(connection: Connection) -> CameBack:
        for number in ("0", "0", "1", "geen", "9", "9" * 5000):
            press(connection, id_, "t0", number)
        ids = {"t0": "1700000000100", "t1": "1700000000200"}
        for person, activity in ids.items():
            mine = campaign_recipients.c.person_id == person
            connection.execute(campaign_recipients.update().where(mine).values(activity=activity))
        see(connection, "t0", "room-t0", "1700000000099")
        before = came_back(connection, id_).seen
        for person, last in (("t0", "1700000000101"), ("t0", "x"), ("t0", "1700000000300"), ("t1", "1")):
            see(connection, person, f"room-{person}", last)
        assert before == 0
        return came_back(connection, id_)

    found = await town.records.write(work)

    assert found.taps == {"Praat erover": 1, "Laat maar": 1, "Geen campagnes meer": 1}
    assert found.seen == 1


async def test_open_page(town: Town) -> None:
    """A page that is open hears that a message was taken back: after what it has already, under the id that it knows."""
    await town.settle(web=1)
    id_ = await sent(town)
    [(number, before)] = await town.records.activities("room-w0", 1)
    await town.act(id_, "intrekken")
    await town.delivery().run(id_)
    [(_, after)] = await town.records.activities("room-w0", number)

    assert (after["id"], after["timestamp"]) == (before["id"], before["timestamp"])
    assert "teruggehaald" in after["text"]


def _effect_for(id_: str, audience: dict[str, Any], now: datetime, connection: Connection) -> Effect | None:
    """What would be told when the campaign had gone to these; nothing stays changed."""
    mine = campaigns.c.id == id_
    before = connection.execute(select(campaigns.c.audience).where(mine)).scalar_one()
    connection.execute(update(campaigns).where(mine).values(audience=audience))
    found = effect(connection, id_, now)
    connection.execute(update(campaigns).where(mine).values(audience=before))
    return found


async def test_before_and_after(town: Town) -> None:
    """How requests were solved in as many days before as after, from five people on, and kept when the people are not."""
    await town.settle(web=8, nowhere=1)
    id_ = await sent(town)
    made = [(f"w{n}", "niet-gekocht", -3) for n in range(4)] + [
        (f"w{n}", "niet-gekocht", 2) for n in range(6)
    ]
    made += [("w6", "anders-opgelost", 2), ("w7", "koop-met-mvoi", 3), ("w1", "vraag", 2)]
    made += [
        ("n0", "niet-gekocht", 2),
        ("w7", "niet-gekocht", -MOST_DAYS - 1),
        ("w7", "niet-gekocht", MOST_DAYS + 1),
    ]
    rows = [
        {"id": f"r{n}", "person_id": who, "outcome": end, "category": "k", "product_group": "g", "value_band": "",
         "version": 1, "advice": {"way_kind": "huren"}, "knowledge_version": "k",
         "made": THURSDAY + timedelta(days=days), "changed": THURSDAY}
        for n, (who, end, days) in enumerate(made)
    ]  # fmt: skip
    await town.records.write(lambda connection: connection.execute(insert(records), rows))
    early = (await told(town, id_)).effect
    town.now += timedelta(days=35)
    live = await told(town, id_)
    listed = Audience((Part("lijst", rows=((1, "W 1"),)),)).dump()
    only_names = await town.records.write(partial(_effect_for, id_, listed, town.now))
    clear = RULES["ontvangers van campagnes"].clear
    while await town.records.write(lambda connection: clear(connection, town.now, town.now)):
        continue
    kept = await told(town, id_)
    nobody = await town.records.read(lambda connection: effect(connection, id_, town.now))
    assert town.shelf
    knowledge = town.shelf.current
    into = BytesIO()
    campaign = await town.records.read(lambda connection: read(connection, id_))
    assert campaign
    found = tables(knowledge, campaign, kept)
    write_workbook(into, found)

    assert early is None
    assert nobody is None
    assert only_names is None
    assert live.effect == kept.effect
    assert live.effect
    assert load_effect(live.effect.dump()) == live.effect
    assert (live.effect.days, live.effect.people, live.effect.before) == (MOST_DAYS, 8, None)
    assert live.effect.after
    assert (live.effect.after.people, live.effect.after.requests) == (8, 8)
    assert ways(knowledge, live.effect) == [("Overige", "te weinig collega's", "8")]
    assert [sheet.name for sheet in found] == ["bereik", "wat terugkwam", "ervoor en erna", "uitleg"]
    assert read_table("x.xlsx", into.getvalue())[1][-1].cells == {"waar_het_is": "samen", "collega's": "9"}


async def test_one_subject(town: Town) -> None:
    """Whoever wants nothing about a subject gets the others, is left out of the size, and can come back."""
    await town.settle(teams=2, web=2)
    town.rules = type(town.rules)(rate=2000, cap=9)
    await town.records.write(lambda connection: opt_out(connection, "t0", town.now, "klimaat"))
    await town.records.write(lambda connection: opt_out(connection, "w0", town.now))
    [about, other] = [
        await town.records.read(
            lambda connection, one=subject: size(connection, ASKS.audience, town.rules, town.now, one)
        )
        for subject in ("klimaat", "circulariteit")
    ]
    first, second = await sent(town), await sent(town, DRAFT)
    await town.records.write(lambda connection: opt_in(connection, "t0", "klimaat"))

    assert (about.opted_out, other.opted_out) == (2, 1)
    assert await town.totals(first) == {"verstuurd": 2, "afgemeld": 2}
    assert await town.totals(second) == {"verstuurd": 3, "afgemeld": 1}
    assert not await town.records.read(lambda connection: has_opted_out(connection, "t0", "klimaat"))


async def test_on_the_page(room: Room) -> None:
    """The page shows it with what it rests on, and gives it as Excel; nobody else gets that."""
    town = Town(room.house.records, room.house.shelf)
    await town.settle(web=5)
    id_ = await sent(town)
    for n in range(5):
        await town.records.write(lambda connection, who=f"w{n}": answer(connection, id_, who, "1"))
    seen = await page(room, WRITER, f"/campagnes/{id_}")
    files = []
    for who, path in ((WRITER, id_), (OTHER, id_), (WRITER, "0")):
        async with room.get(f"/campagnes/{path}.xlsx", headers=room.cookie(who)) as found:
            files.append((found.status, found.content_type))

    assert "<dt>Kopen</dt><dd>5</dd>" in seen
    assert "<dt>Verstuurd</dt><dd>5</dd>" in seen
    assert "Dat telt Moi vanaf een dag" in seen
    assert [status for status, _ in files] == [200, 403, 404]
    assert files[0][1].endswith("sheet")


async def test_from_before(sqlite_url: str) -> None:
    """What was pressed and who wanted none before there were subjects is still known, and the way down leads back."""
    kept = await Records.open(sqlite_url)
    migration = import_module("bot.migrations.versions.0016_what_came_back")
    town = Town(kept)
    await town.settle(web=1)

    def work(connection: Connection) -> tuple[Any, Any]:
        with Operations.context(MigrationContext.configure(connection)):
            migration.downgrade()
            for sql in (
                "insert into campaigns (id, title, text, line, buttons, audience, state, version, run, written_by, correction, made, changed)"
                " values ('c', '', '', '', '[]', '{}', 'done', 1, 1, 'm', '{}', '2026-01-01', '2026-01-01')",
                "insert into campaign_recipients (id, campaign, person_id, state, reason, tries, run, pressed)"
                " values ('r', 'c', 'w0', 'sent', '', 0, 1, 'Ja')",
                "insert into campaign_optouts (person_id, since) values ('w0', '2026-01-01 00:00:00')",
            ):
                connection.exec_driver_sql(sql)
            migration.upgrade()
        rows = select(campaign_returns.c.person_id, campaign_returns.c.kind, campaign_returns.c.what)
        return connection.execute(rows).all(), connection.execute(select(campaign_optouts.c.subject)).all()

    found = await kept.write(work)
    await kept.close()

    assert found == ([("w0", "tap", "Ja")], [("",)])
