"""The program and the browser that the tests on pages share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.e2e.browser import Program, browsing, chromium, running


# Per file, not per session: playwright keeps an event loop running, in which no other test can have its own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; without it the tests are skipped, except where everything must be there."""
    if chromium() is None:
        if os.environ.get("CI"):
            pytest.fail("there is no Chromium: apt-get install chromium")
        pytest.skip("there is no Chromium")
    with browsing() as started:
        yield started


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The real program, one per file of tests."""
    with running(tmp_path_factory.mktemp("moi")) as started:
        yield started


@pytest.fixture
def problems() -> list[str]:
    """What the browser complained about."""
    return []


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of a colleague with nothing in it yet."""
    opened = browser.new_context(viewport={"width": 1280, "height": 800})
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, problems: list[str]) -> Page:
    """A tab, in which every complaint of the browser counts."""
    tab = context.new_page()
    tab.on("pageerror", lambda error: problems.append(str(error)))
    tab.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    return tab


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a program that is restarted keeps its data."""
    return tmp_path / "data"
