"""Inspiration in a real browser: found by keyboard and without scripts, accessible, into the talk once, and on paper."""

from __future__ import annotations

import io

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from knowledge.loading import load
from tests.e2e.browser import PATIENCE, Program, activities, box, says
from tests.e2e.test_accessibility import findings, tab  # noqa: F401  (a fixture)
from tests.e2e.test_talk import as_role, focused, until

pytestmark = pytest.mark.e2e

A4 = (595, 842)  # points
MOST_PAGES = 4
PATHS = (
    "/inspiratie",
    "/inspiratie?q=klimaat+bij+bedrijfskledng",
    "/inspiratie?q=asdf",
    "/inspiratie/bedrijfskleding",
    "/inspiratie/gww?thema=klimaat",
    "/inspiratie/social_return",
)


def test_accessible(tab: Page, program: Program) -> None:  # noqa: F811
    """axe-core finds nothing serious, wide and on a phone."""
    found = []
    for path in PATHS:
        for width in (1280, 360):
            tab.set_viewport_size({"width": width, "height": 800})
            tab.goto(program.address + path)
            found += [f"{path}: {one}" for one in findings(tab)]

    assert found == []


def test_by_keyboard(page: Page, program: Program, problems: list[str]) -> None:
    """Type a question, press Enter, go to the first hit, and from there into the talk."""
    as_role(page, program, "Opdrachtgever")
    page.goto(f"{program.address}/inspiratie")
    page.get_by_role("searchbox", name="Wat zoek je?").focus()
    page.keyboard.type("werkschoenen")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="1 pakket bij “werkschoenen”").wait_for(timeout=PATIENCE)
    until(page, "Tab", "Bedrijfskleding")
    page.keyboard.press("Enter")
    page.wait_for_url("**/inspiratie/bedrijfskleding")
    until(page, "Tab", "Praat hierover met Moi")
    page.keyboard.press("Enter")
    says(page, "Wat is er met de kleding")

    assert "Hebben we het wel nodig?" in activities(page).last.inner_text()
    assert focused(page) is not None
    assert problems == []


def test_said_once(page: Page, program: Program) -> None:
    """The link from a package says once what it is about; a reload does not say it again."""
    as_role(page, program, "Facilitair")
    page.goto(f"{program.address}/?over=catering")
    says(page, "Hebben we het wel nodig?")
    said = activities(page).filter(has_text="Jij zei:").count()
    address = page.url
    page.reload()
    says(page, "Hebben we het wel nodig?")
    box(page).wait_for(timeout=PATIENCE)

    assert (said, address) == (1, f"{program.address}/")
    assert activities(page).filter(has_text="Jij zei:").count() == 1


def test_without_scripts(browser: Browser, program: Program) -> None:
    """Searching and reading need no scripts; the buttons that do are not there."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{program.address}/inspiratie")
    page.get_by_label("Wat zoek je?").fill("circulaire bureaustoelen")
    page.get_by_role("button", name="Zoek").click()
    page.get_by_role("link", name="Kantoormeubilair · Circulariteit").click()

    assert page.get_by_role("heading", level=1).inner_text() == "Kantoormeubilair · Circulariteit"
    assert page.get_by_role("button").count() == 0
    context.close()


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_no_sideways_scrolling(page: Page, program: Program, width: int) -> None:
    """On every width nothing runs off the side."""
    page.set_viewport_size({"width": width, "height": 640})
    for path in PATHS:
        page.goto(program.address + path)

        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("id_", ["bedrijfskleding", "kantoormeubilair", "wegen", "gww"])
def test_on_paper(browser: Browser, program: Program, id_: str, scheme: str) -> None:
    """A package prints on at most four pages of A4, none of them empty, with its sources and its address and no buttons."""
    context = browser.new_context(color_scheme="dark" if scheme == "dark" else "light")
    page = context.new_page()
    page.goto(f"{program.address}/inspiratie/{id_}")
    printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    texts = [" ".join(sheet.extract_text().split()) for sheet in printed.pages]
    page.emulate_media(media="print", color_scheme="dark" if scheme == "dark" else "light")
    ink, paper = page.evaluate(
        "() => [getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
    )
    context.close()

    assert 1 <= len(texts) <= MOST_PAGES
    assert all(len(text) > 400 for text in texts)
    assert {(round(s.mediabox.width), round(s.mediabox.height)) for s in printed.pages} == {A4}
    assert f"Dit pakket staat op {program.address}/inspiratie/{id_}" in texts[-1]
    assert "Bron: MVOI-actieplan §4.3" in " ".join(texts)
    assert "Praat hierover met Moi" not in " ".join(texts)
    assert (ink, paper) == ("rgb(0, 0, 0)", "rgb(255, 255, 255)")


def test_every_package_on_four_sheets(page: Page, program: Program) -> None:
    """Every category and every theme prints on at most four pages; of a large category not every chance, and that is said."""
    known = load()
    printed = {}
    for id_ in (*known.categories, *known.themes):
        page.goto(f"{program.address}/inspiratie/{id_}")
        printed[id_] = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    roads = " ".join(sheet.extract_text() for sheet in printed["gww"].pages)

    assert {id_: len(paper.pages) for id_, paper in printed.items() if len(paper.pages) > MOST_PAGES} == {}
    assert "Op de pagina staan er nog 11" in " ".join(roads.split())
