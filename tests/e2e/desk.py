"""Somebody before the emulator of Teams in a real browser, and where that emulator is."""

from __future__ import annotations

import json
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from playwright.sync_api import Browser, Locator, Route
from playwright.sync_api import TimeoutError as NothingHappened

from bot.database import Database
from bot.people import Person
from bot.sessions import Session, Sessions
from bot.settings import Settings
from bot.sign_ins import SignIns
from tests.e2e.browser import A_MOMENT, PATIENCE
from tests.playground.__main__ import SECRET

TRIES = 3
LOOK_EVERY = 100  # Milliseconds between looks at what the emulator logged.
SWEEP_SECONDS = 60  # In which Moi finds what nobody told it to do.
NOT_EMULATED = "Full width control is not supported yet"


@dataclass(frozen=True, slots=True)
class Emulated:
    """The emulator with Moi behind it: where both are, and the log of Moi."""

    address: str
    moi: str
    said: Path

    def page(self, person: Person, path: str) -> str:
        """A page of Moi, as somebody sees it who is signed in there."""
        with urlopen(Request(self.moi + path, headers=_signed_in(person))) as answer:
            read: bytes = answer.read()
        return read.decode()

    def act(self, person: Person, path: str, **form: str) -> str:
        """Press a button on that page, with what is filled in; gives the page where one ends up."""
        seen = re.search(r'name="versie" value="(\d+)"', self.page(person, path))
        said = urlencode({"versie": seen[1] if seen else "", **form}).encode()
        with urlopen(Request(self.moi + path, said, _signed_in(person))) as answer:
            place = urlsplit(str(answer.url))
        assert place.query.partition("=")[2] in ("", "bewaard", "gedaan"), answer.url
        return place.path

    def warnings(self) -> list[str]:
        """What Moi warned of."""
        lines = [json.loads(line) for line in self.said.read_text().splitlines() if line.startswith("{")]
        return [line["event"] for line in lines if line["level"] not in ("debug", "info")]


def _signed_in(person: Person) -> dict[str, str]:
    settings, now = Settings(secret=SECRET), time.time()
    sessions = Sessions(settings, SignIns(Database(settings.database_url)))
    return {"Cookie": f"moi={sessions.cookie(Session(person, now, now))}"}


class Desk:
    """Somebody before the emulator; takes a picture of what they see at every step that has a name."""

    def __init__(self, browser: Browser, address: str, pictures: Path) -> None:
        self._pictures = pictures
        self.page = browser.new_page(viewport={"width": 1280, "height": 1500}, reduced_motion="reduce")
        self.page.set_default_timeout(PATIENCE)
        self.notified: list[str] = []
        self.log: list[str] = []
        self.page.on("websocket", lambda socket: socket.on("framereceived", self._hear))
        self.page.route("**/*", _only_here)
        self.page.goto(address, wait_until="domcontentloaded")
        self.page.get_by_role("button", name="Hide log panel").click()

    def _hear(self, frame: str | bytes) -> None:
        """Note what the emulator says, and what a phone would show of a message that comes in."""
        said = json.loads(frame).get("log") or {}
        self.log.append(str(said.get("displayText")))
        body = (said.get("request") or {}).get("body") or {}
        if "summary" in body:
            self.notified.append(body["summary"])

    def until_logged(self, words: str) -> None:
        """Wait until the emulator says this."""
        deadline = time.monotonic() + PATIENCE / 1000 + SWEEP_SECONDS
        while not any(words in line for line in self.log):
            assert time.monotonic() < deadline, self.log
            self.page.wait_for_timeout(LOOK_EVERY)

    def go(self, room: str) -> None:
        """Open the chat or the channel."""
        self.page.get_by_role("treeitem", name=room).click()

    def cards(self, words: str) -> Locator:
        """The cards on which this stands, oldest first."""
        return self.page.locator(".ac-adaptiveCard", has_text=words)

    def say(self, words: str, then: str) -> Locator:
        """Type something in the chat; gives the card with these words that comes."""
        before = self.cards(then).count()
        box = self.page.get_by_role("textbox").last
        box.fill(words)
        box.press("Enter")
        return self._comes(then, before)

    def tap(self, label: str, then: str) -> Locator:
        """Press the last button of the chat with this label; gives the card with these words that comes."""
        return self._press(self.page.get_by_role("button", name=label, exact=True).last, then)

    def change(self, line: str, then: str) -> Locator:
        """Press the last "wijzig" of this line."""
        return self._press(self.page.get_by_title(f"Wijzig: {line}").last, then)

    def send(self, card: Locator, words: str, label: str, then: str) -> None:
        """Fill in the only field of a card and press a button of it, until this stands somewhere."""
        for _ in range(TRIES):
            card.get_by_role("textbox").fill(words)
            card.get_by_role("button", name=label).click()
            # A card that is drawn anew forgets what was filled in. A person does it again, and twice is harmless.
            with suppress(NothingHappened):
                return self.page.get_by_text(then).last.wait_for(timeout=A_MOMENT)
        raise AssertionError(f"{label!r} is not followed by {then!r}")

    def sees(self, words: str) -> Locator:
        """Wait for a card on which this stands; gives the last of them."""
        card = self.cards(words).last
        card.wait_for()
        return card

    def _press(self, button: Locator, then: str) -> Locator:
        before = self.cards(then).count()
        button.click()
        with suppress(NothingHappened):
            self.cards(then).nth(before).wait_for(timeout=A_MOMENT)
            return self.cards(then).last
        button.click()  # The first was swallowed, for the same reason.
        return self._comes(then, before)

    def _comes(self, words: str, before: int) -> Locator:
        self.cards(words).nth(before).wait_for()
        return self.cards(words).last

    def choose(self, card: Locator, theme: str, answer: str) -> None:
        """Choose what to do with a theme on the check card."""
        card.get_by_role("combobox", name=theme).click()
        self.page.get_by_role("option", name=answer).click()

    def complaints(self) -> list[str]:
        """What the log of the emulator warns of, and the answers on either side that are no success."""
        self.page.get_by_role("button", name="Toggle Log Panel").click()
        texts = self.page.locator(".fui-Text")
        texts.filter(has_text=re.compile(r"^invoke \d+$")).first.wait_for()
        said = list(pairwise(texts.all_inner_texts()))
        refused = [answer for way, answer in said if "->" in way and not re.fullmatch(r"\w+ 2\d\d", answer)]
        warned = [words for mark, words in said if mark.startswith("(!)")]
        return refused + [words for words in warned if not words.startswith(NOT_EMULATED)]

    def picture(self, name: str, card: Locator | None = None) -> None:
        """Keep what the screen shows, or a whole card."""
        (card or self.page).screenshot(path=self._pictures / f"{name}.png")


def _only_here(route: Route) -> None:
    """The fonts of the emulator are elsewhere; it does without."""
    if route.request.url.startswith("http://localhost:"):
        route.continue_()
    else:
        route.abort()
