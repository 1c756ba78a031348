"""What in a campaign is harder to read than B1, said while somebody writes. Import it only then: it counts syllables."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import yaml

from knowledge.care.language import Reader, sentences
from knowledge.loading import LANGUAGE
from knowledge.plain_words import PlainWords


def hints(folder: Path, text: str) -> list[str]:
    """The hard sentences with what helps; none when the list of plain words cannot be read."""
    try:
        reader = _reader((folder / LANGUAGE).read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return []
    return [
        f"“{sentence}” {'; '.join(one.said for one in trouble)}."
        for sentence in dict.fromkeys(sentences(text))
        if (trouble := reader.trouble(sentence))
    ]


@lru_cache(maxsize=1)
def _reader(content: str) -> Reader:
    return Reader(PlainWords.model_validate_json(json.dumps(yaml.safe_load(content))), [], [])
