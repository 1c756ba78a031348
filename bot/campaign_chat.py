"""Writing a campaign in one's own talk, and seeing which there are: the same records as the page, for the MVOI team only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.campaign_begin import first_draft
from bot.campaign_form import read_draft, unfinished
from bot.campaigns import Campaign, Draft, NotNowError, begin, newest, read, totals, version_of, write
from bot.people import Person
from bot.rights import may
from cards.campaign import BEGIN, FILE, LINK, TALK
from cards.campaign_write import (
    CHANGE,
    KEEP,
    LIST,
    NEW,
    WORDS,
    Shown,
    kept_view,
    list_view,
    not_yours_view,
    write_view,
)
from cards.talk import plain_view
from cards.view import View
from knowledge.knowledge import Knowledge

PAGE = "/campagnes"
ACTS = frozenset({NEW, LIST, KEEP, CHANGE})
"""What is done here; the first two can be typed."""
SHOWN = 8


def in_chat(
    connection: Connection,
    knowledge: Knowledge,
    person: Person,
    fields: Mapping[str, str],
    now: datetime,
    *,
    act: str,
    address: str | None,
    shared: bool,
    repeated: bool,
) -> View:
    """What somebody hears who writes a campaign or asks which there are; a message that comes twice keeps nothing twice."""
    if not may(person, "campagne geschreven"):
        return not_yours_view(knowledge)
    if shared:
        return plain_view(knowledge.words.say(FILE, "eigen-gesprek"))
    page = f"{address}{PAGE}" if address else None
    if act == NEW:
        return write_view(knowledge, {})
    if act == LIST or repeated:
        return list_view(knowledge, _listed(connection, page), page)
    campaign = read(connection, fields.get("campaign", "")) if "campaign" in fields else None
    if "campaign" in fields and (campaign is None or campaign.state != "draft"):
        return plain_view(knowledge.words.say(FILE, "veranderd"))
    if act == CHANGE and campaign:
        return _again(knowledge, campaign)
    try:
        kept = _kept(connection, knowledge, person, fields, campaign, now)
    except NotNowError:
        return plain_view(knowledge.words.say(FILE, "veranderd"))
    if kept is None:
        return write_view(knowledge, fields, wrong=knowledge.words.say(FILE, "nog-leeg"))
    id_, draft = kept
    return kept_view(knowledge, id_, draft.title, unfinished(knowledge, draft), page and f"{page}/{id_}")


def _again(knowledge: Knowledge, campaign: Campaign) -> View:
    draft = campaign.draft
    given = dict(zip((name for name, _ in WORDS), (draft.title, draft.text, draft.line), strict=True))
    return write_view(knowledge, given, campaign=campaign.id, version=campaign.version)


def _kept(
    connection: Connection,
    knowledge: Knowledge,
    person: Person,
    fields: Mapping[str, str],
    campaign: Campaign | None,
    now: datetime,
) -> tuple[str, Draft] | None:
    """Keep it as a draft; None when there is nothing to keep. Raises `NotNowError` when another was first."""
    typed = read_draft(knowledge, dict(fields) | {"knop-1-soort": _kind(fields), "knop-1-over": BEGIN})
    if campaign:
        draft = replace(campaign.draft, title=typed.title, text=typed.text, line=typed.line)
        write(connection, person, campaign.id, version_of(fields.get("version", "")), draft, now)
        return campaign.id, draft
    first = first_draft(knowledge, fields)
    draft = replace(
        first,
        title=typed.title or first.title,
        text=typed.text or first.text,
        line=typed.line or first.line,
        buttons=(*first.buttons[:4], *typed.buttons),
    )
    if not draft.title:
        return None
    return begin(connection, person, now, draft), draft


def _kind(fields: Mapping[str, str]) -> str:
    if not fields.get("knop-1-tekst", "").strip():
        return ""
    return LINK if fields.get("knop-1-adres", "").strip() else TALK


def _listed(connection: Connection, page: str | None) -> list[Shown]:
    return [
        Shown(one.draft.title or "…", _how_far(connection, one), page and f"{page}/{one.id}")
        for one in newest(connection, SHOWN)
    ]


def _how_far(connection: Connection, campaign: Campaign) -> str:
    """ "Wordt verstuurd (wacht 3, verstuurd 12)"."""
    state = campaign.how_far.capitalize()
    numbers = [f"{name} {number}" for name, number in totals(connection, campaign.id).items() if number]
    return f"{state} ({', '.join(numbers)})" if numbers else state
