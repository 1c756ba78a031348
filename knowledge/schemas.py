"""JSON Schemas of the YAML files, so that an editor can complete keys and underline mistakes while one types."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from knowledge.loading import GROUPS, LANGUAGE, SHAPES, WORDS
from knowledge.model import ProductGroup
from knowledge.plain_words import PlainWords
from knowledge.words import FILL_INS, SENTENCES, QuestionText


def schemas() -> dict[str, dict[str, Any]]:
    """Give a JSON Schema for each file of the data folder, by the name or the pattern of the file."""
    made = {name: TypeAdapter(shape).json_schema(by_alias=True) for name, shape in SHAPES.items()}
    made[LANGUAGE] = PlainWords.model_json_schema(by_alias=True)
    made[f"{GROUPS}/*.yaml"] = ProductGroup.model_json_schema(by_alias=True)
    made[f"{WORDS}/*.yaml"] = _words()
    return made


def _words() -> dict[str, Any]:
    questions = TypeAdapter(Mapping[str, QuestionText]).json_schema(by_alias=True)
    texts = {"type": "object", "additionalProperties": {"type": "string"}}
    option = questions["$defs"]["QuestionText"]["properties"]["opties"]
    option["additionalProperties"] = {"anyOf": [{"type": "string"}, option["additionalProperties"]]}
    return questions | {"properties": {SENTENCES: texts, FILL_INS: texts}}


def write_schemas(folder: Path) -> list[Path]:
    """Write every schema to a folder, for example one that an editor looks at; gives the files that were written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, schema in schemas().items():
        stem = name.removesuffix(".yaml").removesuffix("/*")
        path = folder / f"{stem}.schema.json"
        path.write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        written.append(path)
    return written
