"""Log lines for the people who run Moi: JSON, or readable in development; never what was said or by whom."""

from __future__ import annotations

import contextlib
import hmac
import json
import logging
import sys
from collections.abc import Iterable, MutableMapping
from functools import partial
from typing import Any, TextIO

import structlog

from bot.redaction import Redaction, of_others, without_message

PERSONAL = frozenset({"text", "name", "person_name", "email", "answers", "token", "cookie", "tap"})
JSON = json.JSONEncoder(ensure_ascii=False)


def set_up_logs(level: str, *, readable: bool, secrets: Iterable[str] = ()) -> None:
    """Send all logging of this process to standard error: one JSON object per line, or coloured lines when `readable`.

    Fields that could hold personal data are dropped, whoever logged them, and `secrets` are taken out of what is left.
    Readable lines are for the terminal of whoever develops Moi: they show tracebacks whole.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        without_personal_data,
    ]
    time = structlog.processors.TimeStamper(fmt="iso", utc=True)
    last: list[structlog.typing.Processor] = (
        [
            time,
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            ),
        ]
        if readable
        else [
            structlog.processors.ExceptionRenderer(without_message),
            Redaction(secrets),
            time,
            _as_json,
        ]
    )
    structlog.configure(
        processors=[*shared, structlog.processors.StackInfoRenderer(), *last],
        logger_factory=partial(Ours, sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # A logger that is kept would go on with the secrets and the place of an earlier call.
        cache_logger_on_first_use=False,
    )
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, of_others],
            use_get_message=False,
            pass_foreign_args=True,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers = [lines]
    root.setLevel(level)
    # Their addresses hold tokens and conversation ids, and at INFO they are chatty.
    for name in ("aiohttp.access", "alembic", "sqlalchemy.engine", "asyncio", "dbos"):
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


class Ours:
    """Writes lines of ours where those of libraries go too, without the long way through `logging`."""

    def __init__(self, place: TextIO, name: str = "moi") -> None:
        self.name = name
        self._place = place

    def msg(self, line: str) -> None:
        """Write the line; that it cannot be written, as to a closed terminal, is no reason to stop anything."""
        with contextlib.suppress(OSError, ValueError):
            self._place.write(f"{line}\n")
            self._place.flush()

    debug = info = warning = error = critical = msg


def _as_json(_logger: object, _method: str, fields: MutableMapping[str, Any]) -> str:
    return JSON.encode(fields)


def without_personal_data(
    _logger: object, _method: str, fields: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Drop what a person said or is called, so that a careless log line leaks nothing."""
    for name in PERSONAL & fields.keys():
        del fields[name]
    return fields


def pseudonym(person_id: str, secret: str) -> str:
    """A short stable mark for a person in the logs; without the secret nobody can tell who it is."""
    return hmac.digest(secret.encode(), person_id.encode(), "sha256").hex()[:12]
