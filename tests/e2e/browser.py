"""The real program and a real browser: how tests and screenshots start both, and do a talk as a person does."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Locator, Page, sync_playwright
from playwright.sync_api import TimeoutError as NothingHappened

PROJECT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
A_MOMENT = 8_000  # Milliseconds after which a person presses again.
STARTED = re.compile(b'Moi is er|"listening"')  # What it says in development, and what it logs elsewhere.
PATIENCE = 30_000  # Milliseconds that the slowest step of a browser may take on a busy machine.


def chromium() -> str | None:
    """The browser of this machine; None when there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class Program:
    """`app.py` in a process of its own, with its data in a folder of its own and these MOI_ settings besides."""

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self._folder = folder
        self._settings = settings or {}
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.address = f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start, and wait until it answers."""
        outside = {name: value for name, value in os.environ.items() if not name.startswith("MOI_")}
        about = {"MOI_PORT": str(self._port), "MOI_DATA_DIR": str(self._folder), "MOI_LOG_LEVEL": "ERROR"}
        self._process = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=PROJECT,
            env={**outside, **about, **self._settings},
            stderr=subprocess.PIPE,
        )
        # It says where it listens once it does; before that a connection might be refused.
        assert self._process.stderr
        while not STARTED.search(line := self._process.stderr.readline()):
            if not line:
                raise RuntimeError(f"app.py stopped with exit code {self._process.wait()}")
        with urlopen(f"{self.address}/healthz", timeout=30) as answer:
            assert answer.status == 200

    def kill(self) -> None:
        """Pull the plug."""
        if self._process:
            self._process.kill()
            self._process.wait()
            assert self._process.stderr
            self._process.stderr.close()
            self._process = None

    def is_gone(self) -> bool:
        """Whether nothing answers any more."""
        try:
            with urlopen(f"{self.address}/healthz", timeout=1):
                return False
        except (URLError, ConnectionError):
            return True


@contextmanager
def running(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[Program]:
    """The program for as long as it is needed."""
    program = Program(folder, settings)
    program.start()
    try:
        yield program
    finally:
        program.kill()


@contextmanager
def browsing() -> Iterator[Browser]:
    """Chromium for as long as it is needed; there must be one."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def activities(page: Page) -> Locator:
    """Everything that was said, in order; live regions say it twice, so by class."""
    return page.locator(".webchat__basic-transcript__activity")


def box(page: Page) -> Locator:
    """Where one types."""
    return page.get_by_role("textbox", name="Je antwoord aan Moi")


def open_chat(page: Page, address: str) -> None:
    """Open the chat and wait for the welcome."""
    page.goto(address)
    activities(page).first.wait_for(timeout=PATIENCE)


def says(page: Page, words: str) -> None:
    """Wait until Moi says this."""
    activities(page).filter(has_text=words).last.wait_for(timeout=PATIENCE)


def say(page: Page, words: str, then: str) -> None:
    """Type something, press Enter, and wait for what Moi says then."""
    before = activities(page).count()
    box(page).fill(words)
    box(page).press("Enter")
    _answered(page, before, then)


def tap(page: Page, label: str, then: str) -> None:
    """Press the last button with this label, and wait for what Moi says then."""
    before = activities(page).count()
    page.locator(".ac-pushButton", has_text=label).last.click(timeout=PATIENCE)
    try:
        activities(page).nth(before).wait_for(timeout=A_MOMENT)
    except NothingHappened:
        # A card that is drawn anew under the pointer swallows a press. A person presses again, and twice is harmless.
        page.locator(".ac-pushButton", has_text=label).last.click(timeout=PATIENCE)
    _answered(page, before, then)


def _answered(page: Page, before: int, then: str) -> None:
    # At least two more: what was said, and the answer.
    activities(page).nth(before + 1).wait_for(timeout=PATIENCE)
    says(page, then)
