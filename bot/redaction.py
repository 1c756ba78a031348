"""Keeps out of the log what must not be in it: secrets, tokens, addresses of people, and what people said.

It does not trust whoever writes a log line. Sentences of ours are constant; whatever else is text must look like a code.
Of an exception only its kind, its code and the places in the program stay, because its message often quotes what it got.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable, Iterator, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import structlog

GONE = "…"
LONGEST = 200
SHORTEST_SECRET = 6
MOST_FRAMES = 40
PROJECT = Path(__file__).resolve().parent.parent
SENTENCES = frozenset({"event", "reason", "problems", "stack", "exception"})
"""Fields whose text may be a sentence; what is in them is ours, not a person's."""

CODE = re.compile(r"[\w./:{}@+=#…\[\]-]{0,120}", re.ASCII)
CODES_OF_ERRORS = ("sqlite_errorname", "sqlstate", "status", "code")
SHAPES = (
    (
        re.compile(r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie)\b[\"']?\s*[:=].*", re.DOTALL),
        rf"\1: {GONE}",
    ),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]+"), rf"\1 {GONE}"),
    (re.compile(r"\b(?:eyJ|gAAAA)[\w.=-]{8,}"), GONE),
    (
        re.compile(
            r"(?i)\b(\w*(?:secret|password|passwd|token|api_?key|geheim))\b[\"']?\s*[:=]\s*[\"']?[^\s\"',}&]+"
        ),
        rf"\1={GONE}",
    ),
    (re.compile(r"\?[\w.~%-]+=\S*"), f"?{GONE}"),
    (re.compile(r"//[^/\s@]+@"), f"//{GONE}@"),
    (re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"), GONE),
)
SIGNS = re.compile(r"[:=?@\s]|eyJ|gAAAA")
"""What none of these shapes goes without; most fields are codes that have none of it."""
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|‘[^’]*’|“[^”]*”|<[^>]*>")


class Redaction:
    """The last step before a line is written; `secrets` are taken out wherever they stand."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        kept = {secret for secret in secrets if len(secret) >= SHORTEST_SECRET}
        # The longest first, because an address of a database holds its password.
        self._secrets = sorted(kept | {quote(secret, safe="") for secret in kept}, key=len, reverse=True)

    def __call__(
        self, _logger: object, _method: str, fields: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        """The fields without anything that must not be read."""
        return {name: self._kept(value, sentence=name in SENTENCES) for name, value in fields.items()}

    def _kept(self, value: Any, *, sentence: bool) -> Any:
        match value:
            case str():
                return self._text(value, sentence=sentence)
            case None | bool() | int() | float():
                return value
            case dict():
                return {
                    self._text(str(key), sentence=False): self._kept(kept, sentence=sentence)
                    for key, kept in value.items()
                }
            case list() | tuple() | set() | frozenset():
                return [self._kept(kept, sentence=sentence) for kept in value]
        return self._text(str(value), sentence=sentence)

    def _text(self, text: str, *, sentence: bool) -> str:
        for secret in self._secrets:
            text = text.replace(secret, GONE)
        text = without_shapes(text)
        return text if sentence or CODE.fullmatch(text) else GONE


def without_shapes(text: str) -> str:
    """The text without what looks like a token, a header that proves who one is, a query, or an e-mail address."""
    if SIGNS.search(text):
        for shape, instead in SHAPES:
            text = shape.sub(instead, text)
    return text


def of_others(_logger: object, _method: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A line of a library: what it always says, with the numbers in it, without the text that was filled in."""
    filled_in = fields.pop("positional_args", ())
    said = str(fields["event"])
    if filled_in:
        with_numbers = tuple(value if isinstance(value, int | float) else GONE for value in filled_in)
        try:
            said %= with_numbers
        except (TypeError, ValueError, KeyError):
            said = said.replace("%s", GONE)
    fields["event"] = QUOTED.sub(GONE, said.partition("\n")[0])[:LONGEST]
    return fields


def without_message(exc_info: structlog.typing.ExcInfo) -> list[dict[str, Any]]:
    """What an exception is and where it was raised, then the same of what caused it; never what it says."""
    return [_one(error) for error in _chain(exc_info[1])]


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _one(error: BaseException) -> dict[str, Any]:
    found: dict[str, Any] = {"exc_type": type(error).__name__, "frames": list(_frames(error))[-MOST_FRAMES:]}
    if code := _code(error):
        found["code"] = code
    if isinstance(error, BaseExceptionGroup):
        found["exceptions"] = [_one(one) for one in error.exceptions]
    return found


def _code(error: BaseException) -> str | int | None:
    """What a database, the system or a channel calls this error."""
    if isinstance(error, OSError) and error.errno:
        return errno.errorcode.get(error.errno)
    for source in (error, getattr(error, "orig", None)):
        for name in CODES_OF_ERRORS:
            code = getattr(source, name, None)
            if isinstance(code, int) or (isinstance(code, str) and code.replace("_", "").isalnum()):
                return code
    return None


def _frames(error: BaseException) -> Iterator[str]:
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        yield f"{_place(code.co_filename)}:{trace.tb_lineno} {code.co_name}"
        trace = trace.tb_next


def _place(file: str) -> str:
    """The file as the project or its package knows it, not where this machine keeps it."""
    _, packages, name = file.rpartition("site-packages/")
    if packages:
        return name
    path = Path(file)
    return path.relative_to(PROJECT).as_posix() if path.is_relative_to(PROJECT) else path.name
