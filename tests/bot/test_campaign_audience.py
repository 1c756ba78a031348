"""Who gets a campaign: groups of colleagues taken together are what they say, and no number tells of one person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, insert

from bot.campaign_audience import HOWS, Audience, Found, Part, asked, find_people, load_audience
from bot.campaign_lists import pasted_rows
from bot.campaign_reach import FLOOR, Size, number_shown, size, telling
from bot.campaign_rules import CampaignRules
from bot.connector_errors import Blocked
from bot.database import Database
from bot.tables import people, sign_ins, talks
from knowledge.shelf import Shelf
from tests.bot.campaign_room import FAST, THURSDAY, Town
from tests.bot.channel_stage import open_stage
from tests.fakes.identity import TENANT

RULES = CampaignRules(members={"mvoi": [f"{n}" for n in range(20, 26)]})
TEAMS, DOMAINS, SUBJECTS = ("BOR", "Zorg", "Heel klein"), ("Fysiek", "Sociaal"), ("meubilair", "kleding")
DAYS = [THURSDAY - timedelta(days=days) for days in (1, 9)]


@dataclass(frozen=True)
class Colleague:
    """What is true of one of forty colleagues, by their number."""

    n: int

    @property
    def id(self) -> str:
        return f"aad:{self.n}"

    @property
    def team(self) -> str | None:
        return "Heel klein" if self.n < 3 else (*TEAMS[:2], None)[self.n % 3]

    @property
    def domain(self) -> str | None:
        return (*DOMAINS, None, None)[self.n % 4]

    @property
    def roles(self) -> list[str]:
        return ["buyer", "inkoop"] if self.n % 5 == 0 else ["buyer"]

    @property
    def signed_in(self) -> datetime:
        return THURSDAY - timedelta(days=40 if self.n % 10 == 0 else 4)

    @property
    def asked(self) -> dict[str, datetime]:
        return {subject: DAYS[self.n % 2] for at, subject in enumerate(SUBJECTS) if self.n % (2 + at) == 0}

    def is_in(self, part: Part) -> bool:
        """Whether this colleague is in a group, by what the words say."""
        match part.kind:
            case "team":
                return self.team == part.value
            case "domein":
                return self.domain == part.value
            case "rol" if part.value == "mvoi":
                return 20 <= self.n < 26
            case "rol":
                return part.value in self.roles and THURSDAY - self.signed_in <= timedelta(days=30)
            case "vroeg":
                when = self.asked.get(part.value)
                late = part.last or date.max
                return when is not None and (part.first or date.min) <= when.date() <= late
            case "lijst":
                return any(row[1] in (f"c{self.n}@example.nl", str(self.n)) for row in part.rows)
        return True


TOWN = [Colleague(n) for n in range(40)]


def fill(connection: Connection) -> None:
    """Keep the forty colleagues."""
    for one in TOWN:
        row = {"id": one.id, "name": f"Collega {one.n}", "roles": ["buyer"], "last_seen": date(2026, 11, 1)}
        connection.execute(insert(people).values(row))
        signed = {"person_id": one.id, "roles": one.roles, "at": one.signed_in, "team": one.team}
        accounts = {"domain": one.domain, "accounts": [f"c{one.n}@example.nl"]}
        connection.execute(insert(sign_ins).values(signed | accounts))
        for subject, when in one.asked.items():
            talk = {"id": f"{one.n}{subject}", "person_id": one.id, "dialog": "inkoop", "state": "done"}
            answers = {"wat": {"categorie": "x", "groep": subject}}
            connection.execute(
                insert(talks).values(talk | {"version": 1, "changed": when, "answers": answers})
            )


def said(parts: tuple[Part, ...], one: Colleague) -> bool:
    """Whether somebody is in an audience, worked out for this one person."""
    inside = one.is_in(parts[0])
    for part in parts[1:]:
        inside = {"en": inside and one.is_in(part), "of": inside or one.is_in(part)}.get(
            part.how, inside and not one.is_in(part)
        )
    return inside


def group(kind: str) -> st.SearchStrategy[Part]:
    """Any group of a kind."""
    days = st.sampled_from([None, date(2026, 11, 17), date(2026, 11, 20)])
    rows = st.sets(st.integers(0, 45), max_size=30).map(
        lambda picked: tuple((n + 1, f"c{n}@example.nl" if n % 2 else str(n)) for n in sorted(picked))
    )
    values = {"team": TEAMS, "domein": DOMAINS, "rol": ("inkoop", "mvoi"), "vroeg": SUBJECTS}.get(kind, ("",))
    when = days if kind == "vroeg" else st.none()
    return st.builds(
        Part,
        kind=st.just(kind),
        value=st.sampled_from(values),
        how=st.sampled_from(HOWS),
        first=when,
        last=when,
        rows=rows if kind == "lijst" else st.just(()),
    )


GROUP = st.sampled_from(["iedereen", "team", "domein", "rol", "vroeg", "lijst"]).flatmap(group)
AUDIENCE = st.lists(GROUP, min_size=1, max_size=5).map(lambda parts: Audience(tuple(parts)))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The forty colleagues in a database, which the tests of this only read."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('town') / 'moi.sqlite'}")
    database.migrate()
    database.write(fill).result()
    yield database
    database.close()


def find(kept: Database, audience: Audience) -> Found:
    return kept.read(lambda connection: find_people(connection, audience, RULES, THURSDAY)).result()


def measure(kept: Database, *parts: Part) -> Size:
    return kept.read(lambda connection: size(connection, Audience(parts), RULES, THURSDAY)).result()


def test_what_it_says(kept: Database) -> None:
    """Any groups taken together are exactly the colleagues of whom it is true, one by one, also after it was kept; and what
    may be shown differs from what one group more or less gives by five people or more."""

    @settings(max_examples=30, deadline=None, derandomize=True, database=None)
    @given(AUDIENCE)
    def holds(audience: Audience) -> None:
        found = find(kept, load_audience(audience.dump()))
        faults = list(telling(audience, found))

        assert found.ids == {one.id for one in TOWN if said(audience.parts, one)}
        if not faults and not audience.everyone:
            assert len(found.ids) >= FLOOR
            assert not (audience.has("lijst") and audience.has("vroeg"))
        for place in range(1, len(audience.parts)) if not faults and not audience.everyone else ():
            less = audience.parts[:place] + audience.parts[place + 1 :]
            assert len(found.ids ^ {one.id for one in TOWN if said(less, one)}) >= FLOOR

    holds()


LIST = Part("lijst", rows=tuple((n + 1, f"c{n}@example.nl") for n in range(12)))


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ((Part("lijst", rows=LIST.rows[:1]), Part("vroeg", "kleding")), [("lijst-en-vroeg", 0)]),
        ((LIST, Part("vroeg", "kleding", "zonder")), [("lijst-en-vroeg", 0)]),
        ((Part("vroeg", "kleding"), replace(LIST, how="of")), [("lijst-en-vroeg", 0)]),
        ((Part("lijst", rows=LIST.rows[:4]),), [("klein", 0)]),
        ((Part("team", "Heel klein"),), [("klein", 0)]),
        # Everyone, and everyone but one: the difference is that one.
        ((Part(), Part("lijst", how="zonder", rows=LIST.rows[:1])), [("deel-klein", 2)]),
        ((Part("vroeg", "kleding"), Part("team", "Heel klein", "zonder")), [("deel-klein", 2)]),
        # Four of the six who are in the role asked about it.
        ((Part("rol", "mvoi"), Part("vroeg", "kleding", "zonder")), [("verschil", 2), ("klein", 0)]),
        # A group that changes nothing would tell that none of them is in it.
        ((Part("team", "BOR"), Part("team", "BOR", "of")), [("verschil", 2)]),
        ((Part("team"), Part("lijst")), [("leeg", 1), ("leeg", 2)]),
        ((Part("vroeg", "kleding", first=date(2026, 2, 2), last=date(2026, 2, 1)),), [("dagen", 1)]),
        ((Part("vroeg", "kleding"),), []),
        ((LIST,), []),
        ((Part(), replace(LIST, how="zonder")), []),
    ],
)
def test_floor(kept: Database, parts: tuple[Part, ...], why: list[tuple[str, int]]) -> None:
    """What would tell of fewer than five is refused, with which group it is about, and then there are no numbers at all."""
    found = measure(kept, *parts)

    assert list(found.faults) == why
    assert (found.everybody == 0) == bool(why)


def test_shown() -> None:
    """Of a group one person more or less is not seen and none looks like a few; of everyone the number is exact."""
    shown = [number_shown(asked("x"), number) for number in (0, 1, 4, 5, 9, 10, 12)]

    assert shown == [*["minder dan 5"] * 3, "5 tot 10", "5 tot 10", "10 tot 15", "10 tot 15"]
    assert [number_shown(Audience(), number) for number in (0, 3)] == ["0", "3"]


def test_kept_before() -> None:
    """What was kept before there were groups is read as it was meant."""
    days = {"first": "2026-11-01", "last": "2026-11-26"}

    assert load_audience({"about": ""}) == Audience()
    assert load_audience({"about": "kleding"} | days) == asked(
        "kleding", date(2026, 11, 1), date(2026, 11, 26)
    )


def test_lines(kept: Database) -> None:
    """A line may be an address in any letters, as Outlook copies it, an account, the number of it or a name as in Teams; of two
    lines for one colleague the first counts, and what names nobody is told by its row."""
    rows = pasted_rows(
        "C1@Example.nl\n\n  Jansen, Jan <c2@example.nl>; c3\n4\nCollega  5\nniemand@example.nl\nc1\n<c1@>"
    )
    found = find(kept, Audience((Part("lijst", rows=rows),)))

    assert found.ids == {f"aad:{n}" for n in range(1, 6)}
    assert found.addresses["aad:1"] == "C1@Example.nl"
    assert found.unknown == ((6, "niemand@example.nl"), (8, "<c1@>"))


async def test_before_it_goes(town: Town) -> None:
    """The size says who blocked Moi last time, until they get one again, and how many got a campaign lately."""
    await town.settle(teams=3)
    blocks: list[str] = []

    def answer(chat: str) -> None:
        if chat in blocks:
            raise Blocked("nee")

    town.teams.before = answer
    sizes = []
    for blocks[:], days in (([], 8), (["room-t0"], 10), ([], 25)):
        await town.delivery().run(await town.released())
        town.now += timedelta(days=days)
        sizes.append(
            await town.records.read(lambda connection: size(connection, Audience(), town.rules, town.now))
        )

    assert [(one.reached, one.blocked, one.week, one.month) for one in sizes] == [
        (3, 0, 0, 3), (2, 1, 0, 3), (3, 0, 0, 3),
    ]  # fmt: skip


def test_line_of_nobody_is_nobodys(kept: Database) -> None:
    """What an audience keeps of a line is what was pasted, and nothing that Moi knows besides."""
    dumped: Mapping[str, Any] = Audience((Part("lijst", rows=((1, "c1@example.nl"),)),)).dump()

    assert dumped == {"parts": [{"kind": "lijst", "value": "", "how": "en", "rows": [[1, "c1@example.nl"]]}]}
    assert find(kept, load_audience(dumped)).ids == {"aad:1"}


async def test_never_typed(sqlite_url: str, shelf: Shelf) -> None:
    """Whoever has Moi in Teams and never typed is reached, also when that was so before Moi kept it and a newer version comes; not
    whoever removed it, or is nobody to Moi."""
    before = {"id": "aad:dirk", "name": "Dirk", "roles": ["buyer"], "last_seen": date(2026, 11, 1)}
    async with open_stage(sqlite_url, shelf, delivers=False) as stage:

        async def told(who: str, action: str, **more: Any) -> tuple[int, int]:
            """Teams tells of an arrival or a farewell; gives how many Moi knows, and how many it would reach."""
            person = {"id": f"29:{who}", "name": who, "aadObjectId": who}
            chat = {"id": f"a:{who}", "conversationType": "personal", "tenantId": TENANT}
            told = {
                "type": "installationUpdate",
                "action": action,
                "text": None,
                "from": person,
                "conversation": chat,
            }
            await stage.room.post(stage.room.activity(**told | more))
            found = await stage.records.read(lambda connection: size(connection, Audience(), FAST, THURSDAY))
            return found.everybody, found.reached

        added = await told("anna", "add")
        member = await told("bram", "", type="conversationUpdate", membersAdded=[{"id": "28:moi"}])
        await stage.records.write(lambda connection: connection.execute(insert(people).values(before)))
        upgraded = [await told(who, "add-upgrade") for who in ("dirk", "carla")]
        removed, back = await told("anna", "remove"), await told("anna", "add")

    assert (added, member, upgraded) == ((1, 1), (2, 2), [(3, 3), (3, 3)])
    assert (removed, back) == ((3, 2), (3, 3))
