"""Everything that asks for care, of every kind, in one list."""

from __future__ import annotations

from knowledge.care.calendar import ending, overdue
from knowledge.care.depth import shallow
from knowledge.care.doubles import doubles
from knowledge.care.language import hard_to_read
from knowledge.care.material import Finding, Material
from knowledge.care.reach import unreachable
from knowledge.plain_words import PlainWords


def inspect(material: Material, words: PlainWords | None) -> tuple[Finding, ...]:
    """List every finding on contents that load, in order of file and line."""
    found = [
        *overdue(material),
        *ending(material),
        *unreachable(material),
        *doubles(material),
        *shallow(material),
        *(hard_to_read(material, words) if words else ()),
    ]
    return tuple(sorted(found, key=lambda finding: (finding.problem, finding.kind)))
