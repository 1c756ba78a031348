"""What a campaign can begin with: a question of the plan, a moment in the year, or nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.campaign_form import ANSWER
from bot.campaigns import Draft
from cards.campaign import BEGIN, POLL, TALK, Button, subject_names
from knowledge.campaigns import CampaignTemplate
from knowledge.knowledge import Knowledge
from knowledge.reference import CampaignMoment

MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip
SEASONS = {"voorjaar": (3, 5), "zomer": (6, 8), "najaar": (9, 11), "winter": (12, 2)}
YEAR = len(MONTHS)
TEMPLATE, MOMENT = "sjabloon", "moment"
"""The fields of the form that say what to begin with."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A moment of the year: `now` when it is that time, and else it comes."""

    moment: CampaignMoment
    now: bool


def calendar(knowledge: Knowledge, today: date) -> list[Coming]:
    """The moments of the year in the order in which they come, those of now first."""
    found = []
    for place, moment in enumerate(knowledge.campaign_moments):
        first, last = months(moment.period)
        past = (today.month - first) % YEAR
        now = past <= (last - first) % YEAR
        found.append((0 if now else YEAR - past, place, Coming(moment, now)))
    return [coming for _, _, coming in sorted(found, key=lambda one: one[:2])]


def months(period: str) -> tuple[int, int]:
    """The first and the last month (1-12) that a period names, "mei tot oktober"; all year when it names none."""
    words = re.findall(r"\w+", period.casefold())
    named = [MONTHS.index(word) + 1 for word in words if word in MONTHS]
    seasons = [month for word in words for month in SEASONS.get(word, ())]
    found = named or seasons or [1, YEAR]
    return found[0], found[-1]


def first_draft(knowledge: Knowledge, form: Mapping[str, object]) -> Draft:
    """What a campaign says at first: what was chosen in the form, or nothing when that is not there any more."""
    moment = next((one for one in knowledge.campaign_moments if one.name == form.get(MOMENT)), None)
    template = knowledge.campaign_templates.get(str((moment and moment.template) or form.get(TEMPLATE, "")))
    draft = of_template(knowledge, template) if template else Draft(subject=_subject(knowledge))
    if moment is None:
        return draft
    subject = next((theme for theme in moment.themes if theme in subject_names(knowledge)), draft.subject)
    return Draft(moment.hook, draft.text, draft.line or moment.hook, draft.buttons, subject=subject)


def of_template(knowledge: Knowledge, template: CampaignTemplate) -> Draft:
    """A template as a draft: its question first among the buttons."""
    poll = Button(POLL, ANSWER, template.question, template.choices)
    others = [
        Button(one.kind, one.label, (one.about or BEGIN) if one.kind == TALK else "")
        for one in template.buttons
    ]
    return Draft(
        template.title,
        template.text,
        template.line,
        (poll, *others),
        subject=template.subject or _subject(knowledge),
    )


def _subject(knowledge: Knowledge) -> str:
    return next(iter(subject_names(knowledge)), "")
