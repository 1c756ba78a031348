"""Campaigns as pages for the MVOI team: write, see it as it will look, release as a second person, follow, take back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web
from sqlalchemy import Connection

from bot.campaign_begin import calendar, first_draft
from bot.campaign_beside import CHOSEN, all_problems, beside
from bot.campaign_chat import PAGE
from bot.campaign_desk import CampaignDesk
from bot.campaign_form import PICTURE_FIELD, read_draft, sent_form, shown_buttons, subjects
from bot.campaign_lists import to_mend
from bot.campaign_pictures import LARGEST, NoPictureError, add_pictures, checked, keep_picture
from bot.campaign_reach import Size, size
from bot.campaign_replies import waiting
from bot.campaign_report import BASIS, report, ways
from bot.campaign_rules import HERE, CampaignRules, moment_here
from bot.campaign_who import described
from bot.campaign_who_page import WhoPage, counts
from bot.campaign_workbook import CampaignWorkbook
from bot.campaigns import (
    ACTS,
    LONGEST,
    RECIPIENT_NAMES,
    Campaign,
    Correction,
    NotNowError,
    act,
    begin,
    correct,
    newest,
    reached_nobody,
    read,
    release,
    release_correction,
    version_of,
    write,
)
from bot.channel_page import in_dutch
from bot.html import Html
from bot.kept_turn import keep_person
from bot.own_chat import SENT, OwnChat
from bot.people import Person
from bot.rights import NotYoursError, note, require
from bot.signin import SignIn
from cards.campaign import MOST_BUTTONS, Button, subject_names

if TYPE_CHECKING:
    from bot.records import Records
    from knowledge.shelf import Shelf

SAID = {
    "bewaard": "Bewaard.",
    "geen-beeld": "De tekst is bewaard, de afbeelding niet. Kies een PNG of JPEG van hoogstens 1 MB en 4096 punten breed of hoog.",
    "dubbel": "Dit is een kopie. Pas aan wat anders moet.",
    "getest": "De proef staat in je eigen gesprek met Moi.",
    "niet-getest": "De proef kwam niet aan. Zeg eerst iets in je eigen gesprek met Moi, en probeer het dan opnieuw.",
    "gedaan": "Gedaan.",
    "vier-ogen": "Een ander van het MVOI-team geeft dit vrij: jij schreef het als laatste.",
    "net-veranderd": "Iemand anders was je net voor. Kijk eerst wat er nu staat.",
    "niet-bewaard": "Niet bewaard: iemand anders, of jij op een andere pagina, was je net voor. Hieronder staat wat jij typte. Bewaar je "
    "nu, dan komt dat in de plaats van wat er staat.",
    "niet-meer": "Dat kan nu niet meer.",
    "niets-opnieuw": "Er is niets om opnieuw te sturen.",
    "niet-af": "Dit is nog niet af. Kijk bij Dit moet nog.",
    "leeg": "Vul de titel, de tekst en de melding in.",
    "geen-moment": "Dat moment bestaat niet, of het is voorbij. Kies een ander moment.",
}


@dataclass(frozen=True, slots=True)
class Campaigns:
    """What the pages need of the rest: `send` has a campaign sent or taken back."""

    desk: CampaignDesk
    rules: CampaignRules
    own_chat: OwnChat
    send: Callable[[str], None]


class CampaignPage:
    """The list of campaigns, and the page of one: as a form while it is written, as a report from then on."""

    def __init__(
        self,
        html: Html,
        sign_in: SignIn,
        records: Records,
        shelf: Shelf,
        campaigns: Campaigns,
        knowledge_dir: Path,
    ) -> None:
        self._html = html
        self._sign_in = sign_in
        self._records = records
        self._shelf = shelf
        self._campaigns = campaigns
        self._folder = knowledge_dir
        self._who = WhoPage(html, records, shelf, campaigns.rules, self._writer, self._campaign)

    def add_routes(self, app: web.Application) -> None:
        """Add the pages, what their buttons do, and the pictures."""
        add_pictures(app, self._records)
        CampaignWorkbook(self._sign_in, self._records, self._shelf).add_routes(app)
        self._who.add_routes(app)
        app.router.add_get(PAGE, self.all)
        app.router.add_post(PAGE, self.new)
        app.router.add_get(PAGE + "/{campaign:[0-9a-f]+}", self.one)
        app.router.add_post(PAGE + "/{campaign:[0-9a-f]+}", self.act)
        app.router.add_post(PAGE + "/{campaign:[0-9a-f]+}/voorbeeld", self.preview)

    async def all(self, request: web.Request) -> web.Response:
        """Every campaign, last changed first."""
        self._writer(request)
        found = await self._records.read(newest)
        asked = await self._records.read(waiting)
        shown = [(one, one.how_far, in_dutch(one.changed)) for one in found]
        knowledge = self._shelf.current
        return self._html.page(
            request,
            "campagnes.html",
            waiting=asked,
            campaigns=shown,
            templates=knowledge.campaign_templates.values(),
            calendar=calendar(knowledge, _now().astimezone(HERE).date()),
            themes=knowledge.themes,
        )

    async def new(self, request: web.Request) -> web.Response:
        """Begin a campaign, with a template or a moment when one was chosen."""
        person = self._writer(request)
        draft = first_draft(self._shelf.current, await request.post())
        id_ = await self._records.write(lambda connection: begin(connection, person, _now(), draft))
        raise web.HTTPSeeOther(f"{PAGE}/{id_}")

    async def one(self, request: web.Request) -> web.Response:
        """One campaign: the form, or how far it is."""
        person = self._writer(request)
        return await self._page(request, person, await self._campaign(request), request.query.get("zei", ""))

    async def _page(
        self, request: web.Request, person: Person, campaign: Campaign, said: str, status: int = 200
    ) -> web.Response:
        shown: dict[str, Any] = {
            "campaign": campaign,
            "state": campaign.how_far,
            "said": SAID.get(said),
            "other": said == "niet-bewaard",
            "changed": in_dutch(campaign.changed),
            "acts": {name for name, (states, _) in ACTS.items() if campaign.state in states},
        }
        if campaign.state == "draft":
            writing = await self._writing(person, campaign)
            return self._html.page(request, "campagne.html", status=status, **shown, **writing)
        return self._html.page(
            request, "campagne-verslag.html", **shown, **await self._report(person, campaign)
        )

    async def preview(self, request: web.Request) -> web.Response:
        """What is written at this moment as it would look, with what must still be done; nothing is kept."""
        self._writer(request)
        campaign = await self._campaign(request)
        form = await sent_form(request)
        picture = CHOSEN if form.get("gekozen") else "" if form.get("beeld-weg") else campaign.draft.picture
        knowledge = self._shelf.current
        now = replace(campaign, draft=read_draft(knowledge, form, picture, campaign.draft.audience))
        said = await beside(knowledge, self._folder, now.draft, await self._size(now), self._preview(now))
        return self._html.page(request, "campagne-nu.html", **said)

    async def act(self, request: web.Request) -> web.Response:
        """Do what a button asks, and show the page again; 409 with what was typed when another was first.

        Raises 403 for who may not, 400 for an unknown button.
        """
        person = self._writer(request)
        campaign = await self._campaign(request)
        form = await sent_form(request)
        what = str(form.get("act", ""))
        address = f"{PAGE}/{campaign.id}"
        if what == "dupliceer":
            raise web.HTTPSeeOther(f"{PAGE}/{await self._copy(person, campaign.id)}?zei=dubbel")
        try:
            await self._records.write(lambda connection: keep_person(connection, person, _now().date()))
            said = await self._do(person, campaign, what, form)
        except NotNowError as late:
            said = late.why
            now = await self._campaign(request)
            if what == "bewaar" and now.state == "draft":
                typed = read_draft(self._shelf.current, form, now.draft.picture, now.draft.audience)
                return await self._page(request, person, replace(now, draft=typed), "niet-bewaard", 409)
        if what == "weg" and said == "gedaan":
            raise web.HTTPSeeOther(PAGE)
        raise web.HTTPSeeOther(f"{address}?zei={said}")

    async def _do(self, person: Person, campaign: Campaign, what: str, form: dict[str, Any]) -> str:
        """Carry it out; gives the key of what to say."""
        version = version_of(str(form.get("versie", "")))
        if what == "bewaar":
            return await self._keep(person, campaign, version, form)
        if what == "corrigeer":
            new = read_draft(self._shelf.current, form)
            other = Correction(new.title, new.text, new.line)
            if not (other.title and other.text and other.line):
                return "leeg"
            await self._records.write(
                lambda connection: correct(connection, person, campaign.id, version, other, _now())
            )
            return "bewaard"
        if what == "proef":
            return await self._try(person, campaign)
        if what not in ACTS:
            raise web.HTTPBadRequest(text="Die knop ken ik niet.")
        if what == "vrijgeven":
            if await self._open_problems(campaign):
                return "niet-af"
            due = moment_here(str(form.get("wanneer"))) if form.get("wanneer") else None
            if form.get("wanneer") and (due is None or due < _now()):
                return "geen-moment"
            await self._records.write(
                lambda connection: release(connection, person, campaign.id, version, due, _now())
            )
        elif what == "correctie":
            await self._records.write(
                lambda connection: release_correction(connection, person, campaign.id, version, _now())
            )
        else:
            await self._records.write(lambda connection: act(connection, person, campaign.id, what, _now()))
        self._campaigns.send(campaign.id)
        return "gedaan"

    async def _copy(self, person: Person, id_: str) -> str:
        """Begin a new one with everything of this one; gives its id, and raises 404 when it was just thrown away."""

        def work(connection: Connection) -> str:
            keep_person(connection, person, _now().date())
            if (found := read(connection, id_)) is None:
                raise web.HTTPNotFound
            return begin(connection, person, _now(), found.draft)

        return await self._records.write(work)

    async def _keep(self, person: Person, campaign: Campaign, version: int, form: dict[str, Any]) -> str:
        """Keep what was written, with a new picture when there is a good one; gives the key of what to say."""
        new, said = None, "bewaard"
        if sent := form.get(PICTURE_FIELD):
            try:
                new = await asyncio.to_thread(checked, bytes(sent))
            except NoPictureError:
                said = "geen-beeld"
        before = "" if form.get("beeld-weg") else campaign.draft.picture

        def work(connection: Connection) -> None:
            picture = keep_picture(connection, new) if new else before
            draft = read_draft(self._shelf.current, form, picture, campaign.draft.audience)
            write(connection, person, campaign.id, version, draft, _now())

        await self._records.write(work)
        return said

    async def _try(self, person: Person, campaign: Campaign) -> str:
        """Send it to whoever asks, outside the ledger."""
        view = self._preview(campaign)
        await self._records.write(lambda connection: note(connection, person, "campagne getest", campaign.id))
        states: list[str] = []
        await self._campaigns.own_chat.bring(person.id, view, lambda state, _connection: states.append(state))
        return "getest" if states[-1] == SENT else "niet-getest"

    async def _open_problems(self, campaign: Campaign) -> list[str]:
        people = await self._size(campaign)
        return all_problems(self._shelf.current, campaign.draft, people, self._preview(campaign))

    async def _size(self, campaign: Campaign) -> Size:
        audience, rules, subject = campaign.draft.audience, self._campaigns.rules, campaign.draft.subject
        return await self._records.read(lambda connection: size(connection, audience, rules, _now(), subject))

    async def _writing(self, person: Person, campaign: Campaign) -> dict[str, Any]:
        draft, people = campaign.draft, await self._size(campaign)
        opens = self._campaigns.rules.opens(_now())
        return await beside(self._shelf.current, self._folder, draft, people, self._preview(campaign)) | {
            "who": described(self._shelf.current, draft.audience),
            "counts": counts(draft.audience, people),
            "subjects": subjects(self._shelf.current),
            "names": subject_names(self._shelf.current),
            "buttons": [*draft.buttons, *[Button("", "")] * MOST_BUTTONS][:MOST_BUTTONS],
            "longest": LONGEST,
            "largest_picture": LARGEST,
            "mine": campaign.written_by == person.id,
            "rules": self._campaigns.rules,
            "opens": in_dutch(opens) if opens > _now() else None,
        }

    async def _report(self, person: Person, campaign: Campaign) -> dict[str, Any]:
        # After a recall nobody can let it go any more.
        correction = campaign.correction if campaign.state in ACTS["correctie"][0] else None
        found = await self._records.read(lambda connection: report(connection, campaign, _now()))
        mend = await self._records.read(lambda connection: to_mend(connection, campaign.id))
        now = _now()
        opens = self._campaigns.rules.opens(max(campaign.due or now, now))
        return {
            "view": self._preview(campaign),
            "report": found,
            "basis": BASIS,
            "ways": ways(self._shelf.current, found.effect) if found.effect else [],
            "mend": [(address, RECIPIENT_NAMES[state]) for address, state in mend],
            "who": described(self._shelf.current, campaign.draft.audience),
            "corrected": correction and self._preview(replace(campaign, draft=correction.of(campaign.draft))),
            "words": correction or campaign.draft,
            "mine": campaign.written_by == person.id,
            "longest": LONGEST,
            "failed": found.states["mislukt"],
            "uncertain": found.states["onzeker"],
            "opens": in_dutch(opens) if opens > now else None,
            "nobody": campaign.state == "done" and reached_nobody(found.states),
        }

    def _preview(self, campaign: Campaign) -> Any:
        """The message as it will look; buttons that are not right yet are left out."""
        draft = campaign.draft
        ready = replace(draft, title=draft.title or "…", buttons=shown_buttons(self._shelf.current, draft))
        return self._campaigns.desk.show(replace(campaign, draft=ready)).message

    def _writer(self, request: web.Request) -> Person:
        person = self._sign_in.known(request)
        try:
            require(person, "campagne geschreven")
        except NotYoursError as refused:
            raise web.HTTPForbidden(text=str(refused)) from refused
        return person

    async def _campaign(self, request: web.Request) -> Campaign:
        id_ = request.match_info["campaign"]
        found = await self._records.read(lambda connection: read(connection, id_))
        if found is None:
            raise web.HTTPNotFound
        return found


def _now() -> datetime:
    return datetime.now(UTC)
