"""Log lines are for machines, and hold nothing about people."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.health import Log, MeasuredTurns, Metrics
from bot.logs import Ours, pseudonym, set_up_logs
from bot.people import Person
from bot.talk_state import Answer, Message, Place


@pytest.fixture(autouse=True)
def put_back() -> Iterator[None]:
    """Leave logging as it was found."""
    root = logging.getLogger()
    before = (root.handlers, root.level)
    yield
    root.handlers, root.level = before
    structlog.reset_defaults()


def logged(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_one_object_per_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Every line is one JSON object with its time, level and event, from us and from libraries alike."""
    set_up_logs("INFO", readable=False)
    structlog.stdlib.get_logger("moi.test").info("begonnen", version="a1b2", reason="maandag\n→")
    logging.getLogger("library").warning("it is %d o'clock", 9)

    ours, theirs = logged(capsys)
    assert (ours["event"], ours["level"], ours["version"]) == ("begonnen", "info", "a1b2")
    assert (theirs["event"], theirs["level"], theirs["logger"]) == ("it is 9 o'clock", "warning", "library")
    assert "timestamp" in ours
    assert "timestamp" in theirs


def test_no_personal_fields(capsys: pytest.CaptureFixture[str]) -> None:
    """Fields that could hold personal data are dropped, also when somebody logs them by mistake."""
    set_up_logs("INFO", readable=False)
    structlog.stdlib.get_logger("moi.test").info(
        "turn", text="20 laptops voor Anna", name="Anna", channel="web"
    )

    assert "Anna" not in json.dumps(logged(capsys))


def test_no_values_in_tracebacks(capsys: pytest.CaptureFixture[str]) -> None:
    """A traceback tells where it went wrong, without the values of variables."""
    set_up_logs("INFO", readable=False)
    said = "20 laptops " + "voor Anna"
    try:
        raise RuntimeError("stuk")
    except RuntimeError:
        structlog.stdlib.get_logger("moi.test").exception("error")

    (line,) = logged(capsys)
    assert "test_logs.py" in json.dumps(line)
    assert said not in json.dumps(line)


def test_addresses_are_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    """The addresses of requests hold tokens, so they are not logged."""
    set_up_logs("INFO", readable=False)
    logging.getLogger("aiohttp.access").info("GET /directline/conversations/1/stream?t=geheim")

    assert logged(capsys) == []


async def test_turn_holds_no_words(capsys: pytest.CaptureFixture[str]) -> None:
    """The line of a turn says how it went, not who said what."""
    set_up_logs("INFO", readable=False)

    class Quiet:
        async def turn(
            self, person: Person, message: Message, place: Place, log: Log | None = None
        ) -> Answer:
            return Answer(())

    person = Person("aad:1f2e3d", "Anna de Vries")
    await MeasuredTurns(Quiet(), Metrics(), "geheim").turn(
        person, Message("1", "20 laptops"), Place("teams", "c")
    )

    (line,) = logged(capsys)
    assert (line["event"], line["channel"], line["result"]) == ("turn", "teams", "answered")
    assert line["person"] == pseudonym(person.id, "geheim")
    assert not {"laptops", "Anna", "1f2e3d"} & set(json.dumps(line).replace('"', " ").split())


def test_pseudonym() -> None:
    """The mark of a person is the same every time, and another one under another secret."""
    assert pseudonym("aad:1", "geheim") == pseudonym("aad:1", "geheim")
    assert pseudonym("aad:1", "geheim") != pseudonym("aad:1", "ander geheim")
    assert pseudonym("aad:1", "geheim") != pseudonym("aad:2", "geheim")


def test_nobody_reads_the_log() -> None:
    """A line that cannot be written stops nothing."""
    place = io.StringIO()
    place.close()

    Ours(place).info("begonnen")
