"""Whether a record is of a small purchase: those that Facilitair looks after, for which there is no startformulier."""

from __future__ import annotations

from bot.channel_posts import NOTES, Record
from knowledge.knowledge import Knowledge
from knowledge.limits import START_FORM, exceeds, limit


def is_small(knowledge: Knowledge, record: Record) -> bool:
    """Whether no startformulier goes with it and nothing that is known says that it is about more than that limit.

    What was not bought has no value; then the estimate counts, when there was one. A value that nobody knows yet is small
    until somebody does.
    """
    if record.outcome in NOTES or record.advice.get("startform") is not False:
        return False
    bound = limit(knowledge, START_FORM, record.made.date())
    return bound is None or not any(
        exceeds(bound, figure.get("low", 0.0))
        for figure in record.advice.get("money", ())
        if figure.get("kind") == "niet uitgegeven"
    )
