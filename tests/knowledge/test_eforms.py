"""Every criterion has the codes that a tender notice asks for."""

from __future__ import annotations

from knowledge.knowledge import Knowledge
from knowledge.loading import load


def test_every_criterion_coded() -> None:
    """Each criterion says at least whether it is for the environment or for people, and what for."""
    known = load()

    for criterion in known.every_criterion.values():
        codes = known.eforms.of(criterion)
        assert codes["BT-06"], criterion.id
        assert codes.get("BT-774") or codes.get("BT-775"), criterion.id


def test_own_codes_first() -> None:
    """A criterion with codes of its own keeps them; codes of several criteria come together, each once."""
    known: Knowledge = load()
    climate, circular = (known.themes[theme].general_criteria[0] for theme in ("klimaat", "circulariteit"))
    adapted = climate.model_copy(update={"eforms": {"BT-774": ("clim-adapt",)}})
    found = [known.eforms.of(criterion) for criterion in (adapted, circular, circular)]
    together = {listed.term: codes for listed, codes in known.eforms.named(found)}

    assert together == {
        "BT-06": ("env-imp",),
        "BT-774": ("clim-adapt", "circ-econ"),
        "BT-805": ("other",),
    }
