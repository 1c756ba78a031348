"""Campaigns as pages for the MVOI team: write, see it as it will look, release as a second person, follow, take back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web
from aiohttp.web_request import FileField
from sqlalchemy import Connection

from bot.campaign_audience import Size, size
from bot.campaign_begin import calendar, first_draft
from bot.campaign_desk import CampaignDesk
from bot.campaign_form import PICTURE_FIELD, problems, read_draft, shown_buttons, subjects
from bot.campaign_pictures import LARGEST, NoPictureError, add_pictures, checked, keep_picture
from bot.campaign_rules import HERE, CampaignRules, moment_here
from bot.campaigns import (
    ACTS,
    FLOOR,
    LONGEST,
    STATE_NAMES,
    Campaign,
    Correction,
    NotNowError,
    act,
    begin,
    correct,
    newest,
    pressed,
    read,
    reasons,
    release,
    release_correction,
    totals,
    write,
)
from bot.channel_page import in_dutch
from bot.html import Html
from bot.kept_turn import keep_person
from bot.own_chat import SENT, OwnChat
from bot.people import Person
from bot.rights import NotYoursError, note, require
from bot.signin import SignIn
from cards.adaptive import card, fits
from cards.campaign import MOST_BUTTONS, Button, subject_names

if TYPE_CHECKING:
    from bot.records import Records
    from knowledge.shelf import Shelf

PAGE = "/campagnes"
CHOSEN = "gekozen"
"""The id of a picture that is chosen in a browser and not sent yet; its page knows where it is."""
LARGEST_FORM = 12 * 1024 * 1024  # bytes; a larger picture than Teams takes is told with the words kept.
SAID = {
    "bewaard": "Bewaard.",
    "geen-beeld": "De tekst is bewaard, de afbeelding niet. Kies een PNG of JPEG van hoogstens 1 MB en 4096 punten breed of hoog.",
    "dubbel": "Dit is een kopie. Pas aan wat anders moet.",
    "getest": "De proef staat in je eigen gesprek met Moi.",
    "niet-getest": "De proef kwam niet aan. Zeg eerst iets in je eigen gesprek met Moi, en probeer het dan opnieuw.",
    "gedaan": "Gedaan.",
    "vier-ogen": "Een ander van het MVOI-team geeft dit vrij: jij schreef het als laatste.",
    "net-veranderd": "Iemand anders was je net voor. Kijk eerst wat er nu staat.",
    "niet-meer": "Dat kan nu niet meer.",
    "niets-opnieuw": "Er is niets om opnieuw te sturen.",
    "niet-af": "Dit is nog niet af. Kijk bij Dit moet nog.",
    "leeg": "Vul de titel, de tekst en de melding in.",
    "geen-moment": "Dat moment bestaat niet, of het is voorbij. Kies een ander moment.",
}
TOO_LARGE = "Dit past niet op één kaart in Teams. Maak de tekst korter, of gebruik minder bijzondere tekens."


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

    def add_routes(self, app: web.Application) -> None:
        """Add the pages, what their buttons do, and the pictures."""
        add_pictures(app, self._records)
        app.router.add_get(PAGE, self.all)
        app.router.add_post(PAGE, self.new)
        app.router.add_get(PAGE + "/{campaign:[0-9a-f]+}", self.one)
        app.router.add_post(PAGE + "/{campaign:[0-9a-f]+}", self.act)
        app.router.add_post(PAGE + "/{campaign:[0-9a-f]+}/voorbeeld", self.preview)

    async def all(self, request: web.Request) -> web.Response:
        """Every campaign, last changed first."""
        self._writer(request)
        found = await self._records.read(newest)
        shown = [(one, STATE_NAMES[one.state], in_dutch(one.changed)) for one in found]
        knowledge = self._shelf.current
        return self._html.page(
            request,
            "campagnes.html",
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
        campaign = await self._campaign(request)
        shown: dict[str, Any] = {
            "campaign": campaign,
            "state": STATE_NAMES[campaign.state],
            "said": SAID.get(request.query.get("zei", "")),
            "due": in_dutch(campaign.due) if campaign.due else None,
            "acts": {name for name, (states, _) in ACTS.items() if campaign.state in states},
        }
        if campaign.state == "draft":
            return self._html.page(request, "campagne.html", **shown, **await self._writing(person, campaign))
        return self._html.page(
            request, "campagne-verslag.html", **shown, **await self._report(person, campaign)
        )

    async def preview(self, request: web.Request) -> web.Response:
        """What is written at this moment as it would look, with what must still be done; nothing is kept."""
        self._writer(request)
        campaign = await self._campaign(request)
        form = await _sent(request)
        picture = CHOSEN if form.get("gekozen") else "" if form.get("beeld-weg") else campaign.draft.picture
        now = replace(campaign, draft=read_draft(self._shelf.current, form, picture))
        return self._html.page(request, "campagne-nu.html", **await self._now(now, await self._size(now)))

    async def act(self, request: web.Request) -> web.Response:
        """Do what a button asks, and show the page again. Raises 403 for who may not, 400 for an unknown button."""
        person = self._writer(request)
        campaign = await self._campaign(request)
        form = await _sent(request)
        what = str(form.get("act", ""))
        address = f"{PAGE}/{campaign.id}"
        try:
            await self._records.write(lambda connection: keep_person(connection, person, _now().date()))
            said = await self._do(person, campaign, what, form)
        except NotNowError as late:
            said = late.why
        if what == "weg" and said == "gedaan":
            raise web.HTTPSeeOther(PAGE)
        if what == "dupliceer":
            raise web.HTTPSeeOther(f"{PAGE}/{said}?zei=dubbel")
        raise web.HTTPSeeOther(f"{address}?zei={said}")

    async def _do(self, person: Person, campaign: Campaign, what: str, form: dict[str, Any]) -> str:
        """Carry it out; gives the key of what to say."""
        version = int(form["versie"]) if str(form.get("versie", "")).isdecimal() else 0
        if what == "bewaar":
            return await self._keep(person, campaign, version, form)
        if what == "dupliceer":
            return await self._records.write(
                lambda connection: begin(connection, person, _now(), campaign.draft)
            )
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
            draft = read_draft(self._shelf.current, form, picture)
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
        return self._problems(campaign, await self._size(campaign))

    def _problems(self, campaign: Campaign, people: Size) -> list[str]:
        found = problems(self._shelf.current, campaign.draft, people)
        return found if fits(self._preview(campaign)) else [*found, TOO_LARGE]

    async def _size(self, campaign: Campaign) -> Size:
        audience, rules = campaign.draft.audience, self._campaigns.rules
        return await self._records.read(lambda connection: size(connection, audience, rules, _now()))

    async def _writing(self, person: Person, campaign: Campaign) -> dict[str, Any]:
        draft, people = campaign.draft, await self._size(campaign)
        counts = (people.everybody, people.reached, people.opted_out, people.capped, people.nowhere)
        few = _at_least_five if draft.audience.about else str
        opens = self._campaigns.rules.opens(_now())
        return await self._now(campaign, people) | {
            "counts": [few(count) for count in counts],
            "subjects": subjects(self._shelf.current),
            "names": subject_names(self._shelf.current),
            "buttons": [*draft.buttons, *[Button("", "")] * MOST_BUTTONS][:MOST_BUTTONS],
            "longest": LONGEST,
            "largest_picture": LARGEST,
            "mine": campaign.written_by == person.id,
            "rules": self._campaigns.rules,
            "opens": in_dutch(opens) if opens > _now() else None,
        }

    async def _now(self, campaign: Campaign, people: Size) -> dict[str, Any]:
        """What is said beside the form: how it looks, what must still be done and what can be easier."""
        draft, view = campaign.draft, self._preview(campaign)
        written = f"{draft.title}\n{draft.line}\n{draft.text}"
        return {
            "view": view,
            "cards": {"teams": card(view, "teams"), "web": card(view, "web")},
            "problems": self._problems(campaign, people),
            "hints": await asyncio.to_thread(_hints, self._folder, written),
        }

    async def _report(self, person: Person, campaign: Campaign) -> dict[str, Any]:
        def look(connection: Connection) -> tuple[dict[str, int], list[tuple[str, int]], dict[str, int]]:
            id_ = campaign.id
            return totals(connection, id_), reasons(connection, id_), pressed(connection, id_)

        correction = campaign.correction
        states, failed, answers = await self._records.read(look)
        opens = self._campaigns.rules.opens(max(campaign.due or _now(), _now()))
        return {
            "view": self._preview(campaign),
            "totals": [(name, number) for name, number in states.items() if number],
            "everybody": sum(states.values()),
            "reasons": failed,
            "pressed": [(label, _at_least_five(number)) for label, number in answers.items()],
            "corrected": correction and self._preview(replace(campaign, draft=correction.of(campaign.draft))),
            "words": correction or campaign.draft,
            "mine": campaign.written_by == person.id,
            "longest": LONGEST,
            "failed": states["mislukt"],
            "uncertain": states["onzeker"],
            "opens": in_dutch(opens) if campaign.state in ("released", "sending") else None,
            "waits": campaign.state == "released" or not self._campaigns.rules.is_open(_now()),
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


def _at_least_five(number: int) -> str:
    """A number of people of whom is told what they did or asked, without pointing at anybody."""
    return str(number) if number == 0 or number >= FLOOR else f"minder dan {FLOOR}"


async def _sent(request: web.Request) -> dict[str, Any]:
    """What a form says, by field; a file as its bytes. Raises 413 for far more than a campaign can be."""
    form: dict[str, Any] = {}
    for name, value in (await request.clone(client_max_size=LARGEST_FORM).post()).items():
        if isinstance(value, FileField):
            with value.file as file:
                form[name] = await asyncio.to_thread(file.read)
        else:
            form[name] = value
    return form


def _hints(folder: Path, text: str) -> list[str]:
    # Only now: it brings a dictionary of syllables, which nobody else needs.
    found: list[str] = import_module("bot.campaign_hints").hints(folder, text)
    return found


def _now() -> datetime:
    return datetime.now(UTC)
