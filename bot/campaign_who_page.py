"""Who gets a campaign, as a page: groups one under the other, and how many people that is before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aiohttp import web
from sqlalchemy import Connection

from bot.campaign_audience import HOWS, KINDS, LIST, MOST_PARTS, Audience, Part
from bot.campaign_form import subjects
from bot.campaign_lists import file_rows, known_rows
from bot.campaign_reach import Size, number_shown, size
from bot.campaign_rules import CampaignRules
from bot.campaign_who import (
    HOW_NAMES,
    KIND_NAMES,
    added,
    audience_problems,
    choices,
    described,
    part_said,
    read_parts,
    without_part,
)
from bot.campaigns import Campaign, NotNowError, version_of, write
from bot.html import Html
from bot.kept_turn import keep_person
from bot.people import BY_CONFIGURATION, ROLE_NAMES, Person
from bot.reading_apart import read_apart
from cards.marks import legible
from knowledge.sheets import RefusedFileError

if TYPE_CHECKING:
    from bot.records import Records
    from knowledge.shelf import Shelf

ADDRESS = "/campagnes/{campaign:[0-9a-f]+}/wie"
LARGEST_FORM = 4 * 1024 * 1024  # bytes; a list as long as it may be, pasted and as a file
SHOWN_UNKNOWN = 100
SAID = {
    "bewaard": "Bewaard.",
    "net-veranderd": "Iemand anders was je net voor. Kijk eerst wat er nu staat.",
    "kies": "Kies eerst wie je erbij wilt.",
}


class WhoPage:
    """The page on which a group is added, changed or taken out; `writer` and `campaign` see to who may and which it is."""

    def __init__(
        self,
        html: Html,
        records: Records,
        shelf: Shelf,
        rules: CampaignRules,
        writer: Callable[[web.Request], Person],
        campaign: Callable[[web.Request], Awaitable[Campaign]],
    ) -> None:
        self._html = html
        self._records = records
        self._shelf = shelf
        self._rules = rules
        self._writer = writer
        self._campaign = campaign

    def add_routes(self, app: web.Application) -> None:
        """Add the page and what its buttons do."""
        app.router.add_get(ADDRESS, self.page)
        app.router.add_post(ADDRESS, self.change)

    async def page(self, request: web.Request) -> web.Response:
        """The groups, how many people they are together, and where Moi knows that from. Only while it is a draft."""
        self._writer(request)
        campaign = await self._draft(request)
        return await self._page(request, campaign, SAID.get(request.query.get("zei", "")))

    async def change(self, request: web.Request) -> web.Response:
        """Keep what was filled in, with a group more or less when a button asks that; 422 for a list that is none."""
        person = self._writer(request)
        campaign = await self._draft(request)
        form = await request.clone(client_max_size=LARGEST_FORM).post()
        act, version = str(form.get("act", "")), str(form.get("versie", ""))
        try:
            parts = [
                await _from_file(part, form.get(f"bestand-{number}"))
                for number, part in enumerate(read_parts(form, campaign.draft.audience), 1)
            ]
        except RefusedFileError as refused:
            return await self._page(request, campaign, problems=refused.problems)
        said = "bewaard"
        if taken := re.fullmatch(r"weg-([1-9])", act):
            parts = without_part(parts, int(taken[1]) - 1)
        elif act == "erbij":
            new = added(form)
            said = "bewaard" if new else "kies"
            parts = [*parts, new][:MOST_PARTS] if new else parts
        draft = replace(campaign.draft, audience=Audience(tuple(parts) or (Part(),)))

        def keep(connection: Connection) -> None:
            keep_person(connection, person, _now().date())
            write(connection, person, campaign.id, version_of(version), draft, _now())

        try:
            await self._records.write(keep)
        except NotNowError as late:
            said = late.why
        raise web.HTTPSeeOther(f"/campagnes/{campaign.id}/wie?zei={said}")

    async def _draft(self, request: web.Request) -> Campaign:
        campaign = await self._campaign(request)
        if campaign.state != "draft":
            raise web.HTTPSeeOther(f"/campagnes/{campaign.id}?zei=niet-meer")
        return campaign

    async def _page(
        self,
        request: web.Request,
        campaign: Campaign,
        said: str | None = None,
        problems: list[str] | None = None,
    ) -> web.Response:
        audience, knowledge = campaign.draft.audience, self._shelf.current
        now, rules = _now(), self._rules
        people, can_choose, unknown = await self._records.read(
            lambda connection: (
                size(connection, audience, rules, now, campaign.draft.subject),
                choices(connection, rules, now),
                [known_rows(connection, part.rows)[1] for part in audience.parts],
            )
        )
        return self._html.page(
            request,
            "campagne-wie.html",
            status=422 if problems else 200,
            campaign=campaign,
            said=said,
            refused=problems or [],
            problems=audience_problems(audience, people),
            parts=[
                (part, part_said(knowledge, part), nobody)
                for part, nobody in zip(audience.parts, unknown, strict=True)
            ],
            counts=counts(audience, people),
            who=described(knowledge, audience),
            known=can_choose,
            subjects=subjects(knowledge),
            roles=[(role, ROLE_NAMES[role]) for role in ROLE_NAMES if role in BY_CONFIGURATION],
            kinds=[(kind, KIND_NAMES[kind]) for kind in KINDS],
            hows=[(how, HOW_NAMES[how]) for how in HOWS],
            most=MOST_PARTS,
            most_unknown=SHOWN_UNKNOWN,
        )


def counts(audience: Audience, people: Size) -> Mapping[str, str]:
    """The numbers of an audience as they may be shown; none when they would tell of somebody."""
    if people.faults:
        return {}
    names = ("everybody", "reached", "opted_out", "capped", "blocked", "nowhere", "week", "month")
    return {name: number_shown(audience, getattr(people, name)) for name in names}


async def _from_file(part: Part, sent: Any) -> Part:
    """The group with the lines of the file that was sent along, if one was. Raises `RefusedFileError`."""
    if part.kind != LIST or not isinstance(sent, web.FileField) or not sent.filename:
        return part
    # Whatever it is called, the end says what kind of file it is.
    name = re.sub(r"[^\w .()-]", "_", legible(sent.filename))[-60:].strip() or "bestand"
    with sent.file as file:
        content = file.read()
    return replace(part, rows=file_rows(name, await read_apart(name, content)))


def _now() -> datetime:
    return datetime.now(UTC)
