"""YAML that remembers on which line everything stands, so that a mistake can be pointed at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from knowledge.mistakes import KnowledgeError, Problem

Step = str | int
PLAIN = "tag:yaml.org,2002:str"
MOST_VALUES = 100_000  # The largest file has some thousands; ten aliases of ten aliases would be ten billion.


_KINDS = yaml.resolver.Resolver()


@lru_cache(maxsize=8192)
def _kind_of(value: str) -> Any:
    return _KINDS.resolve(yaml.ScalarNode, value, (True, False))  # type: ignore[no-untyped-call]


class _Loader(yaml.CSafeLoader):
    """PyYAML's safe loader that tells the kind of a value faster: the same keys and words come back all the time."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        if kind is not yaml.ScalarNode:
            return super().resolve(kind, value, implicit)  # type: ignore[no-untyped-call]
        return _kind_of(value) if implicit[0] else PLAIN

    def descend_resolver(self, current_node: Any, current_index: Any) -> None:
        """No kind depends on the place in a file."""

    def ascend_resolver(self) -> None:
        """No kind depends on the place in a file."""


@dataclass(frozen=True, slots=True)
class Document:
    """One parsed file: its value (mappings, tuples and scalars) and the way back to its lines."""

    file: str
    value: Any
    node: yaml.Node | None

    def line(self, path: Sequence[Step]) -> int:
        """Give the line, from 1, of the value at a path; of the deepest part that exists when it does not."""
        node, line = self.node, 1
        if node is not None:
            line = node.start_mark.line + 1
        for step in path:
            found = _child(node, step)
            if found is None:
                break
            line, node = found
        return line

    def last_line(self, path: Sequence[Step]) -> int:
        """Give the last line, from 1, of what stands at a path that exists; what follows it may be blank or a comment."""
        node = self.node
        for step in path:
            found = _child(node, step)
            node = found[1] if found else node
        if node is None:
            return 1
        # A block ends where the next thing begins, and that is the start of a line.
        return node.end_mark.line + (1 if node.end_mark.column else 0)

    def problem(self, path: Sequence[Step], message: str) -> Problem:
        """Name a mistake at a path in this file."""
        return Problem(self.file, self.line(path), message)


def _child(node: yaml.Node | None, step: Step) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        value = node.value[step]
        return value.start_mark.line + 1, value
    return None


def parse(file: str, content: bytes) -> Document:
    """Read one file; KnowledgeError when it is no good YAML, with every double key named."""
    text = decoded(file, content)
    if _too_deep(text):
        raise KnowledgeError([Problem(file, 1, TOO_DEEP)])
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        problems: list[Problem] = []
        if node is not None and _too_many(node):
            raise KnowledgeError([Problem(file, 1, TOO_DEEP)])
        value = _value(loader, node, file, problems) if node is not None else None
    except yaml.MarkedYAMLError as error:
        raise KnowledgeError([_syntax(file, text, error)]) from None
    except yaml.YAMLError:
        line = next((n for n, part in enumerate(text.split("\n"), 1) if _UNPRINTABLE.search(part)), 1)
        raise KnowledgeError(
            [Problem(file, line, "hier staat een onzichtbaar teken. Haal het weg of typ de regel opnieuw.")]
        ) from None
    except RecursionError:
        raise KnowledgeError([Problem(file, 1, TOO_DEEP)]) from None
    finally:
        loader.dispose()
    if problems:
        raise KnowledgeError(problems)
    return Document(file, value, node)


DEEPEST = 200
_BRACKETS = re.compile(r"[\[\]{}]")
_DASHES = re.compile(rf"(?:[-?] +){{{DEEPEST}}}")
TOO_DEEP = "hier staan te veel blokken in elkaar. Schrijf het platter, en gebruik geen & en *."
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def decoded(file: str, content: bytes) -> str:
    """Give the text of a file with plain line ends; KnowledgeError when it is not UTF-8."""
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = "dit bestand is niet als UTF-8 bewaard. Bewaar het opnieuw met de codering UTF-8."
        raise KnowledgeError([Problem(file, line, message)]) from None


def _too_deep(text: str) -> bool:
    """Whether blocks stand so deep in each other that libyaml, which calls itself for each, would end the program."""
    depth = 0
    for found in _BRACKETS.finditer(text):
        depth += 1 if found[0] in "[{" else -1
        if depth > DEEPEST:
            return True
    return _DASHES.search(text) is not None


def _too_many(node: yaml.Node) -> bool:
    """Whether a file holds more values than one that a person wrote, each alias counted as what it stands for."""
    left, todo = MOST_VALUES, [node]
    while todo and left:
        left -= 1
        inner = todo.pop()
        if isinstance(inner, yaml.MappingNode):
            todo.extend(value for pair in inner.value for value in pair)
        elif isinstance(inner, yaml.SequenceNode):
            todo.extend(inner.value)
    return bool(todo)


def _value(loader: Any, node: yaml.Node, file: str, problems: list[Problem]) -> Any:
    if isinstance(node, yaml.ScalarNode):
        return node.value if node.tag == PLAIN else _scalar(loader, node, file, problems)
    if isinstance(node, yaml.SequenceNode):
        return tuple(_value(loader, item, file, problems) for item in node.value)
    value: dict[str, Any] = {}
    first: dict[str, int] = {}
    for key, item in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            problems.append(Problem(file, line, "een sleutel is een woord. Schrijf 'sleutel: waarde'."))
            continue
        if key.value in value:
            message = f"de sleutel '{key.value}' staat er dubbel (ook op regel {first[key.value]}). Haal er een weg."
            problems.append(Problem(file, line, message))
        first.setdefault(key.value, line)
        value[key.value] = _value(loader, item, file, problems)
    return value


def _scalar(loader: Any, node: yaml.ScalarNode, file: str, problems: list[Problem]) -> Any:
    try:
        return loader.construct_object(node)
    except (ValueError, OverflowError, AttributeError):  # AttributeError: PyYAML on text after !!timestamp.
        line = node.start_mark.line + 1
        message = f"de datum '{node.value}' bestaat niet. Schrijf jaar-maand-dag, bijvoorbeeld 2027-06-01."
        problems.append(Problem(file, line, message))
    except yaml.constructor.ConstructorError:
        line = node.start_mark.line + 1
        problems.append(
            Problem(
                file, line, f"'{node.tag}' kan hier niet. Schrijf gewone tekst, zonder uitroepteken ervoor."
            )
        )
    return None


def _syntax(file: str, text: str, error: yaml.MarkedYAMLError) -> Problem:
    parts = text.rstrip("\n").split("\n")
    marks = [mark.line + 1 for mark in (error.problem_mark, error.context_mark) if mark]
    line, opened = min(marks[0], len(parts)), min(marks[-1], len(parts))
    tab = next((n for n in (line, line - 1) if n >= 1 and parts[n - 1].lstrip(" ").startswith("\t")), None)
    if tab:
        return Problem(file, tab, "hier staat een tab. Spring in met spaties in plaats van met de tabtoets.")
    said = f"{error.context or ''} {error.problem or ''}"
    for sign, at_start, message in SYNTAX:
        if sign in said:
            return Problem(file, opened if at_start else line, message)
    # A quote that is not closed ends at the next quote, lines further, and only there does it go wrong.
    lone = next((n for n in range(line, 0, -1) if parts[n - 1].count('"') % 2), None)
    return Problem(file, lone, NOT_CLOSED) if lone else Problem(file, line, MISPLACED)


NOT_CLOSED = "hier begint een aanhalingsteken dat niet dicht gaat. Zet er een aan het einde bij."
MISPLACED = (
    "het inspringen klopt hier niet. Zet deze regel precies onder de regel waar hij bij hoort, met spaties."
)


SYNTAX = (
    ("mapping values are not allowed", False, "hier staat een dubbele punt die niet kan. Zet de tekst tussen aanhalingstekens, of verbeter het inspringen."),
    ("quoted scalar", True, NOT_CLOSED),
    ("flow", True, "hier begint een haakje dat niet goed dicht gaat. Kijk of elke [ of { een eigen ] of } heeft, met komma's ertussen."),
    ("alias", False, "een * of & aan het begin heeft een eigen betekenis. Zet de tekst tussen aanhalingstekens."),
    ("cannot start any token", False, "deze regel begint met een teken dat niet kan. Zet de tekst tussen aanhalingstekens."),
)  # fmt: skip
"""By what PyYAML says: whether the mistake is where it began, and what to do."""
