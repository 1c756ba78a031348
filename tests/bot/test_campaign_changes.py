"""What the MVOI team does with a campaign: release, pause, stop, correct, take back, send again where it failed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.campaign_rules import CampaignRules
from bot.campaign_tables import campaign_recipients, campaigns
from bot.campaigns import (
    Correction,
    NotNowError,
    begin,
    correct,
    read,
    release,
    release_correction,
    write,
)
from bot.connector_errors import Refused, Throttled, Unavailable, Uncertain
from bot.people import Person
from bot.rights import NotYoursError
from tests.bot.campaign_room import DRAFT, RELEASER, WRITER, Town, on_web, put
from tests.bot.web_room import BUYER

LATER = timedelta(seconds=400)


async def test_stop(town: Town) -> None:
    """Stopping while it is sent: nobody gets it any more, and whoever waited has it taken away."""
    await town.settle(teams=20)
    id_ = await town.released()

    async def stop(_room: str) -> None:
        if sum(town.teams.there.values()) == 3:
            town.teams.sending = None
            await town.act(id_, "stop")

    town.teams.sending = stop
    town.rules = CampaignRules(rate=40)
    await town.delivery().run(id_)
    found = await town.totals(id_)

    assert await town.state(id_) == "stopped"
    assert found["verstuurd"] == sum(town.teams.there.values()) < 10
    assert found["verstuurd"] + found["ingetrokken"] == 20


async def test_pause(town: Town) -> None:
    """Paused, nothing goes; then it goes on where it was."""
    await town.settle(teams=2)
    id_ = await town.released()
    await town.act(id_, "pauze")
    await town.delivery().run(id_)
    quiet = dict(town.teams.there)
    await town.act(id_, "verder")
    await town.delivery().run(id_)

    assert quiet == {}
    assert await town.totals(id_) == {"verstuurd": 2}


async def test_recall(town: Town) -> None:
    """Taking back deletes it in Teams and replaces it on the web, also when Teams fails first."""
    await town.settle(teams=3, web=1)
    id_ = await town.released()
    await town.delivery().run(id_)
    [(_, before)] = await town.records.activities("room-w0", 1)
    faults = [Unavailable("weg"), Throttled("429", wait=1.0), Uncertain("weg")]

    def answer(_room: str) -> None:
        if faults:
            raise faults.pop()

    town.teams.before = answer
    await town.act(id_, "intrekken")
    for _ in range(5):
        await town.delivery().run(id_)
        town.now += LATER

    [(_, after)] = await town.records.activities("room-w0", 1)

    assert await town.totals(id_) == {"ingetrokken": 4}
    assert (after["id"], after["timestamp"]) == (before["id"], before["timestamp"])
    assert await town.state(id_) == "recalled"
    assert sum(town.teams.there.values()) == 0
    assert await on_web(town.records, "w0") == ["Het MVOI-team heeft dit bericht teruggehaald."]


async def test_correct(town: Town) -> None:
    """Whoever has the message sees the new words once a second person says so, without another notice; then it can be taken back."""
    await town.settle(teams=3, web=1, nowhere=1)
    id_ = await town.released()
    await town.delivery().run(id_)
    new = Correction("Kleding", "Kijk eerst in de loods.", "Kijk in de loods")

    async def let_go(person: Person, version: int) -> None:
        await town.records.write(
            lambda connection: release_correction(connection, person, id_, version, town.now)
        )

    with pytest.raises(NotNowError):
        await let_go(RELEASER, 2)
    await town.records.write(lambda connection: correct(connection, WRITER, id_, 2, new, town.now))
    for person, version in ((WRITER, 3), (RELEASER, 2)):
        with pytest.raises(NotNowError):
            await let_go(person, version)
    await let_go(RELEASER, 3)
    faults = [Unavailable("weg"), Throttled("429", wait=1.0), Refused("nee")]

    def answer(_room: str) -> None:
        if faults:
            raise faults.pop()

    town.teams.before = answer
    for _ in range(4):
        await town.delivery().run(id_)
        town.now += LATER
    found = await town.totals(id_), await town.state(id_)
    await town.act(id_, "intrekken")
    await town.delivery().run(id_)

    assert found == ({"bijgewerkt": 3, "verstuurd": 1, "niet geïnstalleerd": 1}, "done")
    assert town.teams.corrected == ["Kijk in de loods"] * 2
    assert len(town.teams.notices) == 3
    assert await town.totals(id_) == {"ingetrokken": 4, "niet geïnstalleerd": 1}
    assert await on_web(town.records, "w0") == ["Het MVOI-team heeft dit bericht teruggehaald."]


async def test_not_taken_back(town: Town) -> None:
    """What cannot be taken back stays sent, with the reason, and the campaign ends all the same."""

    def no(_room: str) -> None:
        raise Refused("nee")

    await town.settle(teams=2)
    id_ = await town.released()
    await town.delivery().run(id_)
    town.teams.before = no
    await town.act(id_, "intrekken")
    await town.delivery().run(id_)
    why = select(campaign_recipients.c.reason).distinct()

    assert await town.totals(id_) == {"verstuurd": 2}
    assert await town.state(id_) == "recalled"
    assert await town.records.read(lambda connection: list(connection.execute(why).scalars())) == [
        "niet bij te werken of terug te halen"
    ]


async def test_only_failed(town: Town) -> None:
    """Sending again goes to those for whom it failed, and to nobody else."""

    def no(room: str) -> None:
        if room == "room-t1":
            raise Refused("nee")

    town.teams.before = no
    await town.settle(teams=3)
    id_ = await town.released()
    await town.delivery().run(id_)
    town.teams.before = lambda _room: None
    await town.act(id_, "opnieuw")
    await town.delivery().run(id_)
    with pytest.raises(NotNowError):
        await town.act(id_, "opnieuw")

    assert await town.totals(id_) == {"verstuurd": 3}
    assert set(town.teams.there.values()) == {1}


async def test_second_person(town: Town) -> None:
    """Whoever wrote it last does not release it, nobody releases what they did not see, and a buyer does nothing."""
    now = town.now
    id_ = await town.records.write(lambda connection: begin(connection, WRITER, now))
    await town.records.write(lambda connection: write(connection, WRITER, id_, 1, DRAFT, now))
    for person, version, problem in (
        (WRITER, 2, NotNowError), (RELEASER, 1, NotNowError), (BUYER, 2, NotYoursError),
    ):  # fmt: skip
        with pytest.raises(problem):
            await town.records.write(
                lambda connection, who=person, seen=version: release(connection, who, id_, seen, None, now)
            )
    with pytest.raises(NotNowError):
        await town.records.write(lambda connection: write(connection, RELEASER, id_, 1, DRAFT, now))
    kept = await town.records.read(lambda connection: read(connection, id_))

    assert kept
    assert (kept.state, kept.version, kept.draft) == ("draft", 2, DRAFT)


async def test_gone_meanwhile(town: Town) -> None:
    """A campaign that is gone is nobody's work any more."""
    await town.settle(web=1)
    id_ = await town.released()
    await put(town.records, id_, state="draft")
    await town.act(id_, "weg")

    assert await town.delivery().run(id_) is None
    assert await town.records.read(lambda connection: connection.execute(select(campaigns)).all()) == []
