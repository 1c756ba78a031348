"""Adding a search word to the file of a product group, and nothing else: its layout and its remarks stay."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from knowledge.dutch import fold, stem, words
from knowledge.knowledge import Knowledge
from knowledge.lines import decoded, parse
from knowledge.loading import GROUPS, gather
from knowledge.mistakes import KnowledgeError, Problem

KEY = "zoekwoorden"
WIDEST = 112
LONGEST = 60
BOM = b"\xef\xbb\xbf"


class RefusedError(Exception):
    """The word cannot be added; the message says in Dutch why, and what to do."""


def owner(knowledge: Knowledge, word: str) -> str | None:
    """Where a word is already: the name of a product group, or that it has several meanings; None when it is free."""
    said = _stems(word)
    for group in knowledge.groups.values():
        if any(_stems(known) == said for known in (*group.search_words, group.name)):
            return group.name
    for ambiguous in knowledge.ambiguous:
        if any(_stems(known) == said for known in (ambiguous.word, *ambiguous.also)):
            return f"woorden met meer betekenissen ({ambiguous.word})"
    return None


def add(folder: Path, knowledge: Knowledge, group: str, word: str) -> Path:
    """Add a search word to a product group in the folder that `knowledge` was read from; gives the changed file.

    Raises `RefusedError` when the word is taken or is no word, and `KnowledgeError` when the folder would not be right
    with it; then nothing is changed.
    """
    word = " ".join(word.split())
    if not word or len(word) > LONGEST or not any(letter.isalpha() for letter in word):
        raise RefusedError(f"Een zoekwoord heeft letters, en hoogstens {LONGEST} tekens.")
    if taken := owner(knowledge, word):
        own = taken == knowledge.groups[group].name
        raise RefusedError(
            f"{taken} heeft het zoekwoord “{word}” al."
            + ("" if own else " Haal het daar eerst weg, of kies een ander woord.")
        )
    name = f"{GROUPS}/{group}.yaml"
    path = folder / name
    content = with_word(name, path.read_bytes(), word)
    files: Mapping[str, bytes] = {**gather(folder).files, name: content}
    if problems := gather(folder, files).problems:
        raise KnowledgeError(problems)
    # Beside it and then in its place, so that a running Moi never reads half of it.
    beside = path.with_name(f".{path.name}.nieuw")
    beside.write_bytes(content)
    beside.chmod(path.stat().st_mode)
    beside.replace(path)
    return path


def with_word(name: str, content: bytes, word: str) -> bytes:
    """The file with a search word after the last one, written as the others are."""
    text = decoded(name, content)
    root = parse(name, content).node
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    found = next((value for key, value in pairs if key.value == KEY), None)
    if not isinstance(found, yaml.SequenceNode) or not found.value:
        raise KnowledgeError(
            [Problem(name, 1, f"'{KEY}' is hier geen lijst met woorden. Verbeter dat eerst.")]
        )
    last = found.value[-1]
    start = text.rfind("\n", 0, last.start_mark.index) + 1
    if found.flow_style:
        written = _written(word, flow=True)
        before = last.end_mark.column + len(f", {written}],") <= WIDEST
        first = found.value[0].start_mark.column
        addition = f", {written}" if before else f",\n{' ' * first}{written}"
    else:
        addition = "\n" + text[start : last.start_mark.index] + _written(word, flow=False)
    changed = text[: last.end_mark.index] + addition + text[last.end_mark.index :]
    if b"\r\n" in content:
        changed = changed.replace("\n", "\r\n")
    return (BOM if content.startswith(BOM) else b"") + changed.encode()


def _stems(text: str) -> list[str]:
    """A text as recognition compares it: "bureaustoelen" is the same word as "bureaustoel"."""
    return [stem(part) for part in words(fold(text))]


def _written(word: str, *, flow: bool) -> str:
    """The word as YAML, in quotes only where it would otherwise be something else."""
    try:
        plain = yaml.safe_load(f"[{word}]") == [word] if flow else yaml.safe_load(f"- {word}") == [word]
    except yaml.YAMLError:
        plain = False
    return word if plain else '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'
