"""Writing a campaign in a browser without scripts, and releasing it as somebody else; axe-core finds nothing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.browser import Program
from tests.e2e.test_accessibility import findings

pytestmark = pytest.mark.e2e


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_campaign(browser: Browser, program: Program) -> None:
    """One writes and looks at it, another releases it, on a phone and in the dark; nothing is wider than the screen."""
    plain = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 800}).new_page()
    plain.goto(f"{program.address}/campagnes")
    press(plain, "Nieuwe campagne")
    plain.get_by_label("Titel").fill("Kijk eerst wat er ligt")
    plain.locator("textarea").fill("Er ligt nog kleding.\n\nVraag ernaar.")
    plain.get_by_label("Melding").fill("Ligt er nog kleding?")
    plain.get_by_text("Knop 1", exact=True).first.click()
    plain.locator("[name=knop-1-soort]").select_option("Begint een gesprek")
    plain.locator("[name=knop-1-tekst]").fill("Praat erover")
    plain.locator("[name=knop-1-over]").select_option("bedrijfskleding")
    press(plain, "Bewaar en bekijk")
    preview = plain.locator(".message").inner_text()
    path = plain.url.partition("?")[0]

    phone = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme="dark").new_page()
    phone.goto(f"{program.address}/aanmelden")
    phone.get_by_role("button", name=re.compile("MVOI-team")).click()
    found, widths = [], []
    for address in (f"{program.address}/campagnes", path):
        phone.goto(address)
        found += findings(phone)
        widths.append(phone.evaluate("document.documentElement.scrollWidth"))
    phone.get_by_label("Wanneer").fill("2030-01-07T09:30")
    press(phone, "Geef vrij")
    phone.get_by_text("vrijgegeven").wait_for()
    phone.set_viewport_size({"width": 1280, "height": 800})
    phone.emulate_media(color_scheme="light")
    found += findings(phone)
    report = phone.locator("main").inner_text()

    assert "Praat erover" in preview
    assert "Geen campagnes meer" in preview
    assert found == []
    assert widths == [360, 360]
    assert "7 januari 2030 om 09:30" in report
