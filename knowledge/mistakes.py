"""What is wrong in a file of the knowledge, for people: file, line, what it is, and what to do about it, in Dutch."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails
from rapidfuzz import process

NEAR_ENOUGH = 60  # Under this likeness a suggestion is more often wrong than right.


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in one place; `str()` gives `file:line: message`."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class KnowledgeError(Exception):
    """The knowledge cannot be used; `problems` says everything that is wrong at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def nearest(word: str, known: Collection[str]) -> str:
    """Say in Dutch what was probably meant, or else what there is to choose from."""
    best = process.extractOne(word, sorted(known), score_cutoff=NEAR_ENOUGH)
    if best:
        return f"Bedoel je '{best[0]}'?"
    if not known:
        return "Er is nog niets om uit te kiezen."
    if len(known) <= 12:
        return f"Kies uit: {', '.join(sorted(known))}."
    return "Kijk welke namen er zijn en kies er een."


WRONG_TYPE = {
    "string_type": "hier hoort tekst. Zet de waarde tussen aanhalingstekens",
    "int_type": "hier hoort een heel getal. Schrijf het zonder aanhalingstekens, bijvoorbeeld 3",
    "int_from_float": "hier hoort een heel getal. Schrijf het zonder komma of punt, bijvoorbeeld 3",
    "float_type": "hier hoort een getal. Schrijf het zonder aanhalingstekens, punten of euroteken, bijvoorbeeld 25000",
    "finite_number": "hier hoort een getal. Schrijf een gewoon getal, bijvoorbeeld 25000",
    "bool_type": "hier hoort ja of nee als true of false. Schrijf true of false, zonder aanhalingstekens",
    "date_type": "hier hoort een datum. Schrijf die als jaar-maand-dag, zonder aanhalingstekens, bijvoorbeeld 2027-06-01",
    "tuple_type": "hier hoort een lijst. Zet elk onderdeel op een eigen regel met een streepje ervoor",
    "model_type": "hier hoort een blok met sleutels. Schrijf 'sleutel: waarde' op eigen regels",
    "dict_type": "hier hoort een blok met sleutels. Schrijf 'sleutel: waarde' op eigen regels",
    "mapping_type": "hier hoort een blok met sleutels. Schrijf 'sleutel: waarde' op eigen regels",
}


def in_dutch(error: ErrorDetails, path: Sequence[str | int], keys: Collection[str]) -> str:
    """Say in Dutch what pydantic found wrong at a path; `keys` are the keys that are allowed in that place."""
    kind, given = error["type"], error["input"]
    limits = error.get("ctx", {})
    key = next((str(part) for part in reversed(path) if isinstance(part, str)), "het begin")
    if kind == "missing":
        return f"'{key}' ontbreekt. Voeg een regel '{key}: ...' toe."
    if kind == "extra_forbidden":
        return f"de sleutel '{key}' ken ik hier niet. {nearest(key, keys)} Haal hem anders weg."
    if kind == "literal_error":
        known = [part.strip(" '") for part in str(limits["expected"]).replace(" or ", ", ").split(",")]
        return f"'{given}' kan niet bij '{key}'. {nearest(str(given), known)} (mogelijk: {', '.join(known)})"
    if kind == "value_error":
        return str(limits["error"])
    if kind in ("string_too_short", "too_short"):
        return f"'{key}' is leeg of te kort. Vul het in (minstens {limits['min_length']})."
    if kind == "string_pattern_mismatch":
        shape = (
            "acht cijfers tussen aanhalingstekens" if key == "cpv" else "kleine letters, cijfers en streepjes"
        )
        return f"'{given}' kan niet bij '{key}'. Gebruik alleen {shape}."
    if kind in ("greater_than_equal", "less_than_equal"):
        side, bound = ("minstens", limits.get("ge")) if "ge" in limits else ("hoogstens", limits.get("le"))
        return f"{given} kan niet bij '{key}'. Kies een getal van {side} {bound:g}."
    if kind in WRONG_TYPE:
        value = (
            "leeg"
            if given is None
            else f"'{given}'"
            if not isinstance(given, dict | tuple)
            else "een lijst of blok"
        )
        return f"bij '{key}' staat {value}, maar {WRONG_TYPE[kind]}."
    return f"de waarde bij '{key}' klopt niet ({error['msg']}). Kijk hoe het bij een ander onderdeel staat."


def keys_at(shape: Any, path: Sequence[str | int]) -> Collection[str]:
    """List the keys that YAML may have in the place of the last step of a path, as its model says."""
    keys: Collection[str] = ()
    for step in path:
        shape = _bare(shape)
        keys = ()
        if isinstance(shape, type) and issubclass(shape, BaseModel):
            fields = {field.alias or name: field.annotation for name, field in shape.model_fields.items()}
            keys, shape = fields.keys(), fields.get(str(step))
        else:
            inner = get_args(shape)
            shape = None if not inner else inner[0] if isinstance(step, int) else inner[-1]
    return keys


def _bare(shape: Any) -> Any:
    """Take off `Annotated` and `| None`."""
    while get_origin(shape) in (Annotated, Union, UnionType):
        shape = get_args(shape)[0]
    return shape
