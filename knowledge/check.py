"""The check that a content owner runs: what stops the knowledge from loading, and what may not be asked of a supplier so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from knowledge.crossing import criteria
from knowledge.loading import DATA, Contents, gather
from knowledge.mistakes import Problem


def check(folder: Path = DATA) -> list[Problem]:
    """List every problem in a folder of knowledge, in order of file and line; none means that all is well.

    A label without "of gelijkwaardig" is named here (Aanbestedingswet 2012, art. 2.78a) but does not stop a running Moi.
    """
    contents = gather(folder)
    return sorted([*contents.problems, *_labels_alone(contents)])


def _labels_alone(contents: Contents) -> Iterator[Problem]:
    names = [
        name for label in contents.values.get("keurmerken.yaml", ()) if label.or_equal for name in label.names
    ]
    if not names:
        return
    label = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, names))})(?!\w)")
    for file, path, criterion in criteria(contents.values):
        for key, text in (("tekst", criterion.text), ("bewijs", criterion.proof)):
            found = label.search(text)
            if found and "gelijkwaardig" not in text:
                message = f"het keurmerk '{found[1]}' staat er alleen. Zet er 'of gelijkwaardig' achter."
                yield contents.documents[file].problem((*path, key), message)
