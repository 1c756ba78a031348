"""A colleague talks to Moi in a real browser: by clicking, by keyboard alone, across a restart, and with bad intentions."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.browser import (
    PATIENCE,
    Program,
    activities,
    box,
    open_chat,
    running,
    say,
    says,
    tap,
)

pytestmark = pytest.mark.e2e

REQUEST = "we willen 50 nieuwe bureaustoelen, zo'n 15k"
SENT = "Gedaan. Het staat in het inkoopkanaal."

DO_A_TALK = """async (said) => {
  const { token } = document.getElementById("chat").dataset;
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const post = (path, body) => fetch(`/directline/conversations${path}`, { method: "POST", headers, body });
  const { conversationId } = await (await post("", "{}")).json();
  for (const text of said) await post(`/${conversationId}/activities`, JSON.stringify({ type: "message", text }));
}"""
"""What a browser says when the talk itself is not what is looked at."""


def as_role(page: Page, program: Program, role: str) -> None:
    """Choose a role on the page where one does that."""
    page.goto(f"{program.address}/aanmelden")
    page.get_by_role("button", name=role).click()
    page.wait_for_url(f"{program.address}/")


def test_by_clicking(page: Page, program: Program, problems: list[str]) -> None:
    """From the page to a summary in the channel by clicking; only the purchase and the amount are typed."""
    channel = page.context.new_page()
    channel.goto(f"{program.address}/kanaal")
    open_chat(page, program.address)
    say(page, REQUEST, "Klopt dat?")
    tap(page, "Ja, klopt", "Hebben we het wel nodig?")
    assert "nog " in page.locator("#progress").inner_text()
    tap(page, "Het is oud, maar heel", "Wat past het best?")
    tap(page, "Opknappen of repareren", "Weet je al wat dat ongeveer kost")
    say(page, "tussen 3 en 4 duizend", "Pas toe, of leg uit")
    tap(page, "Neem ik mee en versturen", SENT)
    channel.locator(".post", has_text="Anders opgelost").wait_for(timeout=PATIENCE)

    assert "Kantoormeubilair" in channel.locator(".post h2").first.inner_text()
    assert page.locator("#progress").inner_text() == ""
    assert problems == []


def test_tap_is_shown(page: Page, program: Program) -> None:
    """What one taps stands in the talk as what one said."""
    as_role(page, program, "Facilitair")
    open_chat(page, program.address)
    say(page, "20 laptops", "Klopt dat?")
    tap(page, "Ja, klopt", "Hebben we het wel nodig?")
    said = [text.strip() for text in activities(page).all_inner_texts()]

    assert any(text.startswith("Jij zei:") and text.endswith("Ja, klopt") for text in said)


def test_by_keyboard(page: Page, program: Program, problems: list[str]) -> None:
    """The whole talk by keyboard: Tab to the answer, type, press Enter; and a button by Tab and Enter."""
    as_role(page, program, "Opdrachtgever")
    open_chat(page, program.address)
    page.keyboard.press("Tab")
    assert "Ga naar het gesprek" in focused(page)
    page.keyboard.press("Enter")
    assert "Je antwoord aan Moi" in focused(page)

    for words, then in (
        (REQUEST, "Klopt dat?"),
        ("ja", "Hebben we het wel nodig?"),
        ("het is oud, maar heel", "Wat past het best?"),
        ("opknappen", "Weet je al wat dat ongeveer kost"),
        ("3000", "Pas toe, of leg uit"),
    ):
        page.keyboard.type(words)
        page.keyboard.press("Enter")
        says(page, then)
        assert "Je antwoord aan Moi" in focused(page)

    until(page, "Shift+Tab", "Het gesprek.")
    page.keyboard.press("Enter")
    until(page, "Tab", "Neem ik mee en versturen")
    page.keyboard.press("Enter")
    says(page, SENT)

    assert problems == []


def test_link_to_an_answer(page: Page, program: Program, problems: list[str]) -> None:
    """A link to one answer opens the record there; Tab and Enter ask that question in the talk, in sight."""
    as_role(page, program, "Beheer")
    page.evaluate(
        DO_A_TALK, [REQUEST, "ja", "het is oud, maar heel", "opknappen", "3000", "neem ik mee", "versturen"]
    )
    page.goto(f"{program.address}/mijn-gegevens")
    record = page.locator("a[href^='/aanvraag/']").first.get_attribute("href")
    page.goto(f"{program.address}{record}/waarde")
    line = focused(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{program.address}/")
    says(page, "Weet je al wat dat ongeveer kost")

    assert "€ 3.000" in line
    assert activities(page).filter(has_text="Wijzig: Waarde nu").count() == 1
    assert activities(page).filter(has_text="Weet je al wat dat ongeveer kost").last.is_visible()
    assert problems == []
    say(page, "stop", "we stoppen")  # Others go on in this role.


def until(page: Page, key: str, words: str) -> None:
    """Press a key until what has the focus is called this."""
    for _ in range(40):
        page.keyboard.press(key)
        if words in focused(page):
            return
    raise AssertionError(f"{key} never reaches {words!r}; the focus is on {focused(page)!r}")


def focused(page: Page) -> str:
    """What has the focus, as it is called."""
    name: str = page.evaluate(
        "() => { const at = document.activeElement;"
        " return at.getAttribute('aria-label') || at.textContent || ''; }"
    )
    return name


def test_always_possible(page: Page, program: Program) -> None:
    """Back, why, change, a person and stop are there all the time."""
    as_role(page, program, "MVOI-team")
    open_chat(page, program.address)
    say(page, "20 laptops", "Klopt dat?")
    say(page, "ja", "Hebben we het wel nodig?")
    before = activities(page).count()
    page.get_by_role("group", name="Dit kan altijd").get_by_role("button", name="Terug").click()
    activities(page).nth(before + 1).wait_for(timeout=PATIENCE)
    says(page, "Klopt dat?")

    assert page.get_by_role("group", name="Dit kan altijd").get_by_role("button").count() == 5


def test_reload(page: Page, program: Program) -> None:
    """After a reload the same conversation stands there again, and goes on."""
    as_role(page, program, "Beheer")
    open_chat(page, program.address)
    say(page, "20 laptops", "Klopt dat?")
    page.reload()
    says(page, "Klopt dat?")
    said = activities(page).filter(has_text="20 laptops").count()
    tap(page, "Ja, klopt", "Hebben we het wel nodig?")

    assert said >= 1


def test_hostile_words(page: Page, program: Program, problems: list[str]) -> None:
    """Markup, links and templates that somebody types stay words, in the chat and in the channel."""
    as_role(page, program, "Team Inkoop")
    open_chat(page, program.address)
    page.on("dialog", lambda dialog: problems.append(dialog.message))
    say(
        page,
        "20 laptops <img src=x onerror=alert(1)> [klik](https://kwaad.example) **vet** {{7*7}}",
        "laptops",
    )
    bad = "a[href*='kwaad'], img[src='x'], .webchat__basic-transcript strong:text-is('vet')"

    assert page.locator(bad).count() == 0
    assert activities(page).filter(has_text="[klik](https://kwaad.example) **vet** {{7*7}}").count() >= 1
    assert problems == []


def test_restart(browser: Browser, folder: Path) -> None:
    """The server is killed and started again; the page goes on by itself where it was."""
    with running(folder) as program:
        page = browser.new_page()
        open_chat(page, program.address)
        say(page, "20 laptops", "Klopt dat?")
        program.kill()
        assert program.is_gone()
        program.start()
        say(page, "ja", "Hebben we het wel nodig?")

        assert activities(page).filter(has_text="20 laptops").count() >= 1
        assert page.locator("#trouble").is_hidden()
        page.close()


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_no_sideways_scrolling(page: Page, program: Program, width: int) -> None:
    """On every width, also at 200% zoom of a laptop, nothing runs off the side."""
    page.set_viewport_size({"width": width, "height": 640})
    for path in ("/", "/kanaal", "/aanmelden", "/privacy"):
        page.goto(program.address + path)
        if path == "/":
            box(page).wait_for(timeout=PATIENCE)
        wide = page.evaluate("document.documentElement.scrollWidth")

        assert wide <= width, path
