"""What is written quickly reads as what Python writes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.adaptive import WRITTEN_OUT
from cards.marks import legible
from cards.view import Text
from cards.written import as_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES)
def test_reads_the_same(value: Any) -> None:
    """Whatever JSON can hold is read back as it was, also numbers and characters that only Python writes."""
    assert json.loads(as_json(value)) == value


@pytest.mark.parametrize("odd", [2**64, -(2**70), "\ud800", {"a": ["\udfff", 2**64]}])
def test_odd(odd: Any) -> None:
    """A number over 64 bits and half a character are written out."""
    assert json.loads(as_json(odd)) == odd


def test_in_order() -> None:
    """In order the same answers are the same bytes, in whichever order they were given."""
    assert as_json({"b": 1, "a": {"d": 2, "c": 3}}, in_order=True) == b'{"a":{"c":3,"d":2},"b":1}'
    assert as_json({"b": 2**64, "a": 1}, in_order=True).startswith(b'{"a"')


@pytest.mark.parametrize("other", [Text("x"), object(), {"a": {1, 2}}])
def test_no_json(other: object) -> None:
    """What is no JSON is refused, so that nothing is kept that reads back as something else."""
    with pytest.raises(TypeError):
        as_json(other)


@given(st.lists(st.text().map(legible)))
def test_written_out(words: list[str]) -> None:
    """Written out, something legible takes no more than three times as many bytes."""
    value = [{word: word} for word in words]

    assert len(json.dumps(value)) <= WRITTEN_OUT * len(as_json(value))
