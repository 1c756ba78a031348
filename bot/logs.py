"""Log lines for the people who run Moi: JSON, or readable in development; never what was said or by whom."""

from __future__ import annotations

import hmac
import logging
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any

import structlog

from bot.redaction import Redaction, of_others, without_message

PERSONAL = frozenset({"text", "name", "person_name", "email", "answers", "token", "cookie", "tap"})


def set_up_logs(level: str, *, readable: bool, secrets: Iterable[str] = ()) -> None:
    """Send all logging of this process to standard error: one JSON object per line, or coloured lines when `readable`.

    Fields that could hold personal data are dropped, whoever logged them, and `secrets` are taken out of what is left.
    Readable lines are for the terminal of whoever develops Moi: they show tracebacks whole.
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
            structlog.processors.ExceptionRenderer(without_message),
            Redaction(secrets),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
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
