"""The check that a content owner runs: what stops the knowledge from loading, and what may not go out like this."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from knowledge.care.inspection import inspect
from knowledge.care.material import Finding, Material
from knowledge.care.outgoing import not_to_send
from knowledge.knowledge import Knowledge
from knowledge.loading import DATA, Contents, add_language, assembled, gather
from knowledge.mistakes import Problem
from knowledge.plain_words import PlainWords


@dataclass(frozen=True, slots=True)
class Checked:
    """Errors and findings apart, each in order of file and line; contents that do not load get no findings."""

    errors: tuple[Problem, ...]
    findings: tuple[Finding, ...] = ()
    material: Material | None = None


def check(folder: Path = DATA) -> list[Problem]:
    """List every error in a folder of knowledge, in order of file and line; none means that all is well.

    Errors that are not in `knowledge.loading.load` do not stop a running Moi: see `knowledge.care.outgoing`.
    """
    contents = gather(folder)
    return _errors(contents, add_language(contents))


def check_with_care(today: date, folder: Path = DATA, known: Knowledge | None = None) -> Checked:
    """List the errors, and when the knowledge loads also what asks for care on this day.

    Knowledge that was loaded from this folder before may be `known`; it is used as long as nothing changed.
    """
    contents = gather(folder)
    same = known if known is not None and known.version == contents.version else None
    # Assembled before the words for the check are read: what is wrong with those does not keep Moi from loading.
    loaded = None if contents.problems else same or assembled(contents)
    words = add_language(contents)
    errors = tuple(_errors(contents, words))
    if loaded is None:
        return Checked(errors)
    material = Material(contents, loaded, today)
    return Checked(errors, inspect(material, words), material)


def _errors(contents: Contents, words: PlainWords | None) -> list[Problem]:
    return sorted({*contents.problems, *not_to_send(contents, words)})
