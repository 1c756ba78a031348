"""All measures by name. A process that was started for one finds it here."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bench import (
    campaign,
    cold_start,
    crowd,
    depot,
    loading,
    recognition,
    replay,
    stored_talks,
    teams_turn,
    web_turn,
)
from bench.rows import Row

MEASURES: dict[str, Callable[[], Iterator[Row]]] = {
    "cold_start": cold_start.measure,
    "replay": replay.measure,
    "recognition": recognition.measure,
    "depot": depot.measure,
    "loading": loading.measure,
    "web_turn": web_turn.measure,
    "teams_turn": teams_turn.measure,
    "crowd": crowd.measure,
    "campaign": campaign.measure,
    "stored_talks": stored_talks.measure,
}


def rows(name: str) -> list[Row]:
    """Do one measure."""
    return list(MEASURES[name]())
