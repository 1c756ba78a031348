"""`app.py knowledge agreements`: every werkafspraak, and how often it was followed or not and why, for its owner."""

from __future__ import annotations

from argparse import Namespace
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from sqlalchemy import Connection, select

from bot.library import Library
from bot.settings import Settings
from bot.tables import records
from cards.agreement import agreement_name
from dialogs.advice import AgreementLine
from knowledge.agreements import Agreement
from knowledge.care.calendar import long_date
from knowledge.knowledge import Knowledge
from knowledge.loading import load

FINE = 0
FOLLOWED = ""  # Among the reasons: there was none to give.
Counts = Mapping[str, Counter[str]]


def show(settings: Settings, _said: Namespace) -> int:
    """List the agreements by the name of their product group, those that are not followed most first."""
    knowledge = load(settings.knowledge_dir)
    with Library(settings) as library:
        counts = library.read(counted) or {}
    today = date.today()

    def passed_over(agreement: Agreement) -> tuple[int, str]:
        reasons = counts.get(agreement.group, Counter())
        return reasons[FOLLOWED] - reasons.total(), knowledge.groups[agreement.group].name.casefold()

    for agreement in sorted(knowledge.agreements.values(), key=passed_over):
        print("\n".join(lines(knowledge, agreement, counts.get(agreement.group, Counter()), today)))
    print(f"{len(knowledge.agreements)} werkafspraken. Geteld per aanvraag, zonder wie.")
    return FINE


def lines(knowledge: Knowledge, agreement: Agreement, reasons: Counter[str], today: date) -> Iterator[str]:
    """One agreement: its state, its standard choice, and what became of it in the requests."""
    name = agreement_name(agreement, agreed=agreement.agreed(today))
    yield f"{knowledge.groups[agreement.group].name}: {name}"
    yield f"  {agreement.choice} Nakijken voor {long_date(agreement.review_on)}."
    followed, passed = reasons[FOLLOWED], reasons.total() - reasons[FOLLOWED]
    yield f"  gevolgd: {followed}, niet gevolgd: {passed}"
    yield from (f"    {reason}: {times}" for reason, times in reasons.most_common() if reason != FOLLOWED)
    yield ""


def counted(connection: Connection) -> Counts:
    """Per product group how often its agreement was followed, and how often not by reason; of every request as it is now."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    kept = connection.execute(
        select(records.c.product_group, records.c.advice).where(records.c.product_group.is_not(None))
    )
    for group, advice in kept:
        if said := advice.get("agreement"):
            line = AgreementLine(**said)
            found[group][FOLLOWED if line.followed else line.reason] += 1
    return found
