"""Nothing that somebody said, and no secret, gets into a log line, whichever way it comes."""

from __future__ import annotations

import ast
import asyncio
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from bot.logs import set_up_logs
from bot.people import Person
from bot.redaction import SHAPES, SIGNS, Redaction, without_shapes
from bot.settings import PROJECT
from bot.talk_state import Message, Place, Response, Talk
from knowledge.shelf import Shelf
from tests.bot.web_room import Room, open_page, open_room

WORDS = "20 rolstoelen voor Anna de Vries, 0612345678"
SECRET = "kT7!vQ2zWn8/pLx4"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm5hIn0.c2lnbmF0dXJl"
LEAKS = ("rolstoelen", "Anna", "anna", "Vries", "0612345678", SECRET, "kT7%21", "c2lnbmF0dXJl", "hunter2")


@pytest.fixture(autouse=True)
def put_back() -> Iterator[None]:
    """Leave logging as it was found."""
    root = logging.getLogger()
    before = (root.handlers, root.level)
    yield
    root.handlers, root.level = before
    structlog.reset_defaults()


def begin() -> structlog.stdlib.BoundLogger:
    """Log as Moi does, from here on."""
    set_up_logs("INFO", readable=False, secrets=[SECRET])
    found: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger("moi.test")
    return found


def logged(capsys: pytest.CaptureFixture[str]) -> str:
    """All that was logged, which is something, and holds none of what may not be in it."""
    lines = capsys.readouterr().err

    assert all(isinstance(json.loads(line), dict) for line in lines.splitlines())
    assert lines
    assert [leak for leak in LEAKS if leak in lines] == []
    return lines


@pytest.mark.parametrize(
    "leak",
    [
        f"Authorization: Bearer {JWT}",
        f"bearer {JWT}",
        JWT,
        f"GET /directline/conversations/1/stream?watermark=0&t={JWT}",
        f"{{'Cookie': 'moi={JWT}; ander=1'}}",
        "anna.devries@gemeente.example.nl vroeg dit",
        f"postgresql://moi:{SECRET}@db.example.nl/moi",
        "postgresql://moi:kT7%21vQ2zWn8%2FpLx4@db.example.nl/moi",
        f"client_secret={SECRET}&grant_type=client_credentials",
        "password: 'hunter2'",
    ],
)
def test_shapes(leak: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Tokens, cookies, passwords and e-mail addresses are taken out of every field and of the sentence itself."""
    log = begin()
    log.warning(leak)
    log.warning("refused", reason=leak, deep={"list": [leak]})
    logging.getLogger("library").warning(leak)

    logged(capsys)


def test_words_in_any_field(capsys: pytest.CaptureFixture[str]) -> None:
    """A field that is no sentence of ours keeps codes and numbers only, whatever it is called."""
    begin().info("turn", what=WORDS, state="posted", ms=3.5, deep=[{"a": WORDS}])

    line = json.loads(logged(capsys))
    assert (line["state"], line["ms"], line["what"]) == ("posted", 3.5, "…")


def test_words_in_exceptions(capsys: pytest.CaptureFixture[str]) -> None:
    """Of an exception, of what caused it and of those in a group, only the kind and the place stay."""
    log = begin()
    try:
        try:
            {}[WORDS]
        except KeyError as error:
            raise ExceptionGroup(WORDS, [ValueError(WORDS), TypeError(SECRET)]) from error
    except ExceptionGroup:
        log.exception("error")

    said = json.loads(logged(capsys))["exception"]
    assert [found["exc_type"] for found in said] == ["ExceptionGroup", "KeyError"]
    assert [found["exc_type"] for found in said[0]["exceptions"]] == ["ValueError", "TypeError"]
    assert said[0]["frames"][0].startswith("tests/bot/test_redaction.py:")


def test_words_in_a_database_error(capsys: pytest.CaptureFixture[str]) -> None:
    """A database error tells its code, and not what was to be stored."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (a TEXT UNIQUE)"))
        connection.execute(text("INSERT INTO t VALUES (:a)"), {"a": WORDS})
        with pytest.raises(IntegrityError) as caught:
            connection.execute(text("INSERT INTO t VALUES (:a)"), {"a": WORDS})
    engine.dispose()
    begin().error("database", exc_info=caught.value)

    assert "SQLITE_CONSTRAINT_UNIQUE" in logged(capsys)


def test_words_in_lines_of_libraries(capsys: pytest.CaptureFixture[str]) -> None:
    """Of a library's line the fixed words and the numbers stay; what was filled in, quoted or on a next line goes."""
    begin()
    library = logging.getLogger("library")
    library.warning("could not handle %s after %d tries", WORDS, 3)
    library.warning("could not handle %(what)s", {"what": WORDS})
    library.error(f"failed: {ValueError(WORDS)!r}\n{WORDS}")
    library.error("failed", exc_info=ValueError(WORDS))

    assert "could not handle … after 3 tries" in logged(capsys)


async def test_words_in_forgotten_tasks(capsys: pytest.CaptureFixture[str]) -> None:
    """A task whose failure nobody asked for is logged by asyncio, without its words."""

    begin()
    about = {"message": "Task exception was never retrieved", "exception": ValueError(WORDS), "task": WORDS}
    asyncio.get_running_loop().call_exception_handler(about)

    assert "never retrieved" in logged(capsys)


async def test_a_talk_that_fails(tmp_path: Path, shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    """A whole talk over the web with a failure in the middle of it leaves no word, name or token in the log."""
    begin()
    async with open_room(tmp_path, shelf) as room:
        await talk(room)

    said = logged(capsys)
    assert '"event": "turn"' in said
    assert '"event": "error"' in said
    assert "LookupError" in said


async def talk(room: Room) -> None:
    """Say something, and say it once more to a Moi that breaks on it."""
    anna = Person("anna@gemeente.example.nl", "Anna de Vries")
    page = await open_page(room, anna)
    assert (await page.say(WORDS)).status == 200

    def breaks(_talk: Talk | None) -> Response:
        raise LookupError(WORDS)

    async def turn(person: Person, message: Message, place: Place, log: object = None) -> None:
        await room.house.records.in_turn(person, place, message.id, breaks, lambda _talk: ())

    room.house.turns._turns.turn = turn  # type: ignore[attr-defined]
    answer = await page.say(WORDS)

    assert answer.status == 500
    assert WORDS not in await answer.text()


@given(st.sampled_from([shape for shape, _ in SHAPES]).flatmap(st.from_regex))
def test_signs(text: str) -> None:
    """Whatever has one of the shapes has one of the signs by which they are looked for."""
    assert SIGNS.search(text)


def test_codes_stay() -> None:
    """What helps whoever runs Moi is left as it is."""
    fields = {
        "event": "listening",
        "address": "https://moi.example.nl:8443",
        "route": "/directline/conversations/{conversation}",
        "reason": "not our tenant",
        "known": 3,
        "version": "a1b2c3d4",
    }

    assert Redaction()(None, "info", dict(fields)) == fields
    assert without_shapes("Wat is er mis?") == "Wat is er mis?"


def test_events_are_constant() -> None:
    """The sentence of a log line of ours is written in the program, so nothing can be filled in."""
    made = [
        f"{file.relative_to(PROJECT)}:{node.lineno}"
        for file in sorted((PROJECT / "bot").rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("debug", "info", "warning", "error", "exception", "critical")
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id.lower() == "log"
        and not (node.args and isinstance(node.args[0], ast.Constant))
    ]

    assert made == []
