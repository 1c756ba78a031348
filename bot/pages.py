"""The pages for people: the chat, what they should know about it, and the way to the other pages."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from aiohttp import web

from bot.campaign_page import CampaignPage, Campaigns
from bot.care import CareOfContent, CarePage
from bot.channel_page import ChannelPage, Resend
from bot.contract_page import ContractPage
from bot.counts_page import CountsPage
from bot.depot_page import DepotPage
from bot.directline import TOKEN_SECONDS
from bot.embedding import Embedding
from bot.facilitair_page import FacilitairPage
from bot.front_door import FrontDoor
from bot.html import Html
from bot.inspiration_page import InspirationPage
from bot.log_page import LogPage
from bot.my_data_page import MyDataPage
from bot.own_answers import LINK, Change, own_answers
from bot.people import Person
from bot.sessions import Sessions, session_of
from bot.signin import SignIn
from bot.tender_import_page import add_calendar
from bot.tokens import Claim, Tokens

if TYPE_CHECKING:
    from bot.depot_desk import DepotDesk
    from bot.health import Metrics
    from bot.records import Records
    from bot.settings import Settings
    from knowledge.knowledge import Knowledge
    from knowledge.model import Category, ProductGroup, Theme
    from knowledge.shelf import Shelf

PAPERS = {
    "/toegankelijkheid": "toegankelijkheid.html",
    "/privacy": "privacy.html",
    "/voorwaarden": "voorwaarden.html",
}


def add_pages(
    app: web.Application,
    *,
    settings: Settings,
    records: Records,
    shelf: Shelf,
    care: CareOfContent,
    tokens: Tokens,
    resend: Resend,
    depot: DepotDesk,
    metrics: Metrics,
    campaigns: Campaigns,
) -> None:
    """Add every page; call it after `add_directline`, which the chat talks to."""
    sign_in = SignIn(settings)
    html = Html(settings, sign_in)
    sessions = Sessions(settings, records.sign_ins)

    async def chat(request: web.Request) -> web.Response:
        person, session = sign_in.known(request), session_of(request)
        claim = Claim(person, uuid4().hex, session.began if session else 0.0)
        token = tokens.issue(claim, "directline", TOKEN_SECONDS)
        subject = about(shelf.current, request.query.get("over", ""))
        change = await change_of(request, person, records, shelf) if "wijzig" in request.query else None
        return html.page(request, "chat.html", token=token, me=person.id, subject=subject, change=change)

    async def paper(request: web.Request) -> web.Response:
        return html.page(request, PAPERS[request.path], keep=settings)

    async def icon(_request: web.Request) -> web.Response:
        raise web.HTTPMovedPermanently(html.address("moi.svg"))

    async def nowhere(request: web.Request) -> web.Response:
        sign_in.known(request)
        raise web.HTTPSeeOther("/")

    app.middlewares.append(sessions.known)
    html.add_routes(app)
    app.middlewares.append(sign_in.only_own_forms)
    if settings.development:
        sign_in.add_choosing(app, html, sessions, records.sign_ins)
    elif settings.oidc_issuer:
        FrontDoor(settings, html, sessions, records.sign_ins, metrics).add_routes(app)
    else:
        app.router.add_get("/aanmelden", nowhere)
    ChannelPage(html, sign_in, records, shelf, resend).add_routes(app)
    DepotPage(html, sign_in, records, shelf, depot).add_routes(app)
    FacilitairPage(html, sign_in, records, shelf, depot).add_routes(app)
    CountsPage(html, sign_in, records, shelf).add_routes(app)
    ContractPage(html, sign_in, records, shelf).add_routes(app)
    CampaignPage(html, sign_in, records, shelf, campaigns, settings.knowledge_dir).add_routes(app)
    add_calendar(app, html, sign_in, records, shelf)
    LogPage(html, sign_in, records).add_routes(app)
    MyDataPage(html, sign_in, records, shelf).add_routes(app)
    InspirationPage(html, sign_in, shelf, settings.address).add_routes(app)
    CarePage(html, sign_in, care, records).add_routes(app)
    Embedding(html, sign_in, sessions, tokens).add_routes(app)
    app.router.add_get("/", chat)
    app.router.add_get("/favicon.ico", icon)
    for address in PAPERS:
        app.router.add_get(address, paper)


def about(knowledge: Knowledge, id_: str) -> ProductGroup | Category | Theme | None:
    """What somebody who comes from a package wants to talk about."""
    return knowledge.groups.get(id_) or knowledge.categories.get(id_) or knowledge.themes.get(id_)


async def change_of(request: web.Request, person: Person, records: Records, shelf: Shelf) -> Change:
    """The answer that a link asks to change; raises 404 unless it is the person's own."""
    link = LINK.fullmatch(request.query["wijzig"])
    own = await own_answers(records, shelf.current, person, link[1]) if link else None
    if link is None or own is None:
        raise web.HTTPNotFound
    if own.busy and "toch" not in request.query:
        raise web.HTTPSeeOther(f"/aanvraag/{link[1]}#{link[2]}")
    return own.change(link[2])
