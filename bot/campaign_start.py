"""The moment at which a campaign begins: who is in its audience then is who it goes to."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection, insert, update

from bot.campaign_audience import find_people
from bot.campaign_reach import too_small
from bot.campaign_rules import CampaignRules
from bot.campaign_tables import campaign_recipients, campaigns
from bot.campaigns import Campaign, read

NOBODY = "onbekend:"
"""Before the number under which a line that names nobody is in the ledger."""

log = structlog.stdlib.get_logger("moi")


def start(connection: Connection, campaign: Campaign, rules: CampaignRules, now: datetime) -> Campaign:
    """Put everybody in the ledger who is in the audience at this moment, and every line of a list that names nobody.

    With too few people by now it becomes a draft again, and from when it was due is seen that it did not begin.
    """
    audience = campaign.draft.audience
    found = find_people(connection, audience, rules, now)
    here = update(campaigns).where(campaigns.c.id == campaign.id, campaigns.c.state == "released")
    if too_small(audience, found):
        connection.execute(here.values(state="draft", version=campaign.version + 1, changed=now))
        log.warning("campaign not begun: too few people", campaign=campaign.id)
    else:
        fresh = [_row(campaign, person, "waiting", found.addresses.get(person)) for person in found.ids]
        fresh += [
            _row(campaign, f"{NOBODY}{number}", "unknown", said)
            for number, (_, said) in enumerate(found.unknown, 1)
        ]
        if fresh:
            connection.execute(insert(campaign_recipients), fresh)
        connection.execute(here.values(state="sending", run=campaign.run + 1))
    return read(connection, campaign.id) or campaign


def _row(campaign: Campaign, person_id: str, state: str, address: str | None) -> dict[str, Any]:
    return {
        "id": uuid.uuid4().hex, "campaign": campaign.id, "person_id": person_id, "state": state,
        "reason": "", "tries": 0, "run": 0, "address": address,
    }  # fmt: skip
