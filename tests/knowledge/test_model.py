"""What the knowledge says about itself: where it comes from, how sure it is, and which scale is meant."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import jsonschema
import pytest
import yaml
from pydantic import ValidationError

from knowledge.knowledge import Knowledge
from knowledge.loading import DATA
from knowledge.model import CriteriaLevel, Criterion, Sourced
from knowledge.policy import LevelName
from knowledge.reference import AmbitiewebStep
from knowledge.schemas import schemas, write_schemas
from knowledge.words import filled, placeholders


def items(knowledge: Knowledge) -> Iterator[Sourced]:
    """Everything that must say where it comes from."""
    for part in (
        knowledge.themes,
        knowledge.categories,
        knowledge.groups,
        knowledge.contract_forms,
        knowledge.reasons,
    ):
        yield from part.values()
    yield from (*knowledge.roles.values(), *knowledge.examples.values(), *knowledge.labels.values())
    yield from (*knowledge.limits, *knowledge.social_return, knowledge.national, *knowledge.phases)
    yield from (*knowledge.ambitions, *knowledge.level_names, *knowledge.level_matches, *knowledge.ambiguous)
    yield from (*knowledge.r_ladder, *knowledge.ambitieweb, *knowledge.ladders, *knowledge.tco_items)
    yield from knowledge.campaign_moments
    for theme in knowledge.themes.values():
        yield from (*theme.goals, theme.sdg)


def test_sourced(knowledge: Knowledge) -> None:
    """Every item says where it comes from and how sure that is."""
    assert all(len(item.source) > 5 and item.certainty for item in items(knowledge))


def test_unknown_stays_open(knowledge: Knowledge) -> None:
    """What the plan does not say is left open: the name of level 4 and the procedures under the European limits."""
    nameless = [name for name in knowledge.level_names if name.name is None]

    assert [(name.level, name.certainty) for name in nameless] == [(4, "onbekend")]
    assert (knowledge.national.bands, knowledge.national.certainty) == ((), "onbekend")


def test_direction_is_no_decision(knowledge: Knowledge) -> None:
    """The table of categories is a denkrichting, so all of it is a proposal."""
    assert {category.certainty for category in knowledge.categories.values()} == {"voorstel"}
    assert {"denkrichting" in category.source for category in knowledge.categories.values()} == {True}


def test_smart_goals(knowledge: Knowledge) -> None:
    """As the plan says, only climate and social return have SMART goals."""
    smart = {theme.id for theme in knowledge.themes.values() for goal in theme.goals if goal.smart}

    assert smart == {"klimaat", "social_return"}


def test_general_criteria(knowledge: Knowledge) -> None:
    """Every theme has a general criterion on every level of criteria, so there is always something to propose."""
    for theme in knowledge.themes.values():
        assert {criterion.level for criterion in theme.general_criteria} == set(get_args(CriteriaLevel))


def test_scales_apart(knowledge: Knowledge) -> None:
    """The four scales do not fit in each other's place."""
    with pytest.raises(ValidationError, match="niveau"):
        Criterion.model_validate({**criterion_in_yaml(knowledge), "niveau": 3})
    with pytest.raises(ValidationError, match="niveau"):
        LevelName.model_validate({"niveau": "significant", "naam": None, "bron": "b", "zekerheid": "zeker"})
    with pytest.raises(ValidationError, match="niveau"):
        AmbitiewebStep.model_validate({"niveau": 5, "betekenis": "x", "bron": "b", "zekerheid": "zeker"})


def criterion_in_yaml(knowledge: Knowledge) -> dict[str, object]:
    """A criterion as it is written in YAML."""
    criterion = knowledge.themes["klimaat"].general_criteria[0]
    return criterion.model_dump(by_alias=True, exclude_none=True)


def test_examples_and_groups(knowledge: Knowledge) -> None:
    """Whoever buys something sees an example that exists, and every theme has at least one."""
    assert {example.theme for example in knowledge.examples.values()} == set(knowledge.themes)


def test_four_numbers(knowledge: Knowledge) -> None:
    """The mini-calculation asks four numbers."""
    assert [item.id for item in knowledge.tco_items if item.asked] == [
        "aanschaf",
        "energie",
        "onderhoud",
        "restwaarde",
    ]


def test_ambiguous_words(knowledge: Knowledge) -> None:
    """Every meaning of an ambiguous word is a product group of its own."""
    for word in knowledge.ambiguous:
        assert len({choice.group for choice in word.choices}) == len(word.choices)


def test_tone(knowledge: Knowledge) -> None:
    """The general texts do not shout, and say "je"."""
    sentences = knowledge.words.dialogs["algemeen"].sentences.values()

    assert not [text for text in sentences if "!" in text or " u " in text]


def test_fill_ins_are_used(knowledge: Knowledge) -> None:
    """The list of words to fill in names nothing that no text uses."""
    for words in knowledge.words.dialogs.values():
        texts = [*words.sentences.values(), *(question.ask for question in words.questions.values())]
        texts += [question.explain or "" for question in words.questions.values()]
        texts += [question.why or "" for question in words.questions.values()]
        used = frozenset().union(*(placeholders(text) for text in texts))

        assert words.fill_ins.keys() <= used


def test_filled_once() -> None:
    """What somebody typed is not filled in again, and cannot reach into the program."""
    assert filled("Je zei: {wat}", {"wat": "{wat} {wat.__class__}"}) == "Je zei: {wat} {wat.__class__}"
    with pytest.raises(ValueError, match="__class__"):
        filled("{wat.__class__}", {"wat": "stoel"})


def test_schemas_accept_the_data() -> None:
    """An editor that uses the schemas finds nothing wrong in the files of today."""
    for pattern, schema in schemas().items():
        checker = jsonschema.Draft202012Validator(schema)
        for path in DATA.glob(pattern):
            content = yaml.load(
                path.read_text(encoding="utf-8"), yaml.BaseLoader if "woorden" in pattern else yaml.SafeLoader
            )

            assert [
                error.message for error in checker.iter_errors(json.loads(json.dumps(content, default=str)))
            ] == []


def test_schemas_refuse_a_misspelt_key() -> None:
    """An editor underlines a key that does not exist."""
    content = yaml.safe_load((DATA / "kennis.yaml").read_text(encoding="utf-8")) | {"eigenaer": "x"}
    checker = jsonschema.Draft202012Validator(schemas()["kennis.yaml"])

    assert not checker.is_valid(json.loads(json.dumps(content, default=str)))


def test_schemas_written(tmp_path: Path) -> None:
    """The schemas can be written to a folder, one file per kind."""
    written = write_schemas(tmp_path / "schemas")

    assert {path.name for path in written} >= {
        "themas.schema.json",
        "productgroepen.schema.json",
        "woorden.schema.json",
    }
    assert all(
        json.loads(path.read_text(encoding="utf-8"))["type"] in ("object", "array") for path in written
    )


def test_every_key_is_explained() -> None:
    """An editor says at every key of every file what it is for, in Dutch."""
    without = [
        f"{name}: {model.get('title')}.{key}"
        for name, schema in schemas().items()
        for model in (schema, *schema.get("$defs", {}).values())
        for key, value in model.get("properties", {}).items()
        if "description" not in value
    ]

    assert without == [], "add them to knowledge/sleutels.yaml"
