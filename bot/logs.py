"""Log lines for the people who run Moi: JSON, or readable in development; never what was said or by whom."""

from __future__ import annotations

import hmac
import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

PERSONAL = frozenset({"text", "name", "person_name", "email", "answers", "token", "cookie", "tap"})
LONGEST_REASON = 200
# The values of variables in a traceback are what people said.
WITHOUT_LOCALS = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)


def set_up_logs(level: str, *, readable: bool) -> None:
    """Send all logging of this process to standard error: one JSON object per line, or coloured lines when `readable`.

    Fields that could hold personal data are dropped, whoever logged them.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_personal_data,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last: list[structlog.typing.Processor] = (
        [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
        if readable
        else [
            structlog.processors.ExceptionRenderer(WITHOUT_LOCALS),
            only_first_lines,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    )
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    root = logging.getLogger()
    root.handlers = [lines]
    root.setLevel(level)
    # Their addresses hold tokens and conversation ids, and at INFO they are chatty.
    for name in ("aiohttp.access", "alembic", "sqlalchemy.engine", "asyncio", "dbos"):
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def without_personal_data(
    _logger: object, _method: str, fields: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Drop what a person said or is called, so that a careless log line leaks nothing."""
    for name in PERSONAL & fields.keys():
        del fields[name]
    return fields


def only_first_lines(
    _logger: object, _method: str, fields: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Keep what went wrong of an exception; databases and models put the values they got on the lines below."""
    for error in fields.get("exception") or ():
        error["exc_value"] = error["exc_value"].partition("\n")[0][:LONGEST_REASON]
    return fields


def pseudonym(person_id: str, secret: str) -> str:
    """A short stable mark for a person in the logs; without the secret nobody can tell who it is."""
    return hmac.digest(secret.encode(), person_id.encode(), "sha256").hex()[:12]
