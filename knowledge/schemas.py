"""JSON Schemas of the YAML files, so that an editor can complete keys and underline mistakes while one types."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter

from knowledge.loading import GROUPS, LANGUAGE, SHAPES, WORDS
from knowledge.model import WrittenGroup
from knowledge.plain_words import PlainWords
from knowledge.words import FILL_INS, SENTENCES, QuestionText

MEANINGS = Path(__file__).parent / "sleutels.yaml"


def schemas() -> dict[str, dict[str, Any]]:
    """Give a JSON Schema for each file of the data folder, by the name or the pattern of the file."""
    made = {name: TypeAdapter(shape).json_schema(by_alias=True) for name, shape in SHAPES.items()}
    made[LANGUAGE] = PlainWords.model_json_schema(by_alias=True)
    made[f"{GROUPS}/*.yaml"] = WrittenGroup.model_json_schema(by_alias=True)
    made[f"{WORDS}/*.yaml"] = _words()
    meanings: Mapping[str, str] = yaml.safe_load(MEANINGS.read_text(encoding="utf-8"))
    for schema in made.values():
        _explain(schema, meanings)
    return made


def _explain(schema: dict[str, Any], meanings: Mapping[str, str]) -> None:
    """Say in Dutch at every key what it is for, in place of what our code says about it."""
    schema.pop("description", None)
    model = schema.get("title", "")
    for key, value in schema.get("properties", {}).items():
        # Beside a reference a description does not count in every editor, so it goes around it.
        meaning = meanings.get(f"{model}.{key}", meanings.get(key))
        if "$ref" in value:
            value["allOf"] = [{"$ref": value.pop("$ref")}]
        value.pop("title", None)
        if meaning:
            value["description"] = meaning
    for inner in schema.get("$defs", {}).values():
        _explain(inner, meanings)


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
