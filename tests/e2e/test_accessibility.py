"""axe-core finds nothing serious on the pages, in light and in dark, before and during a talk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.bot.test_campaign_content import noise
from tests.e2e.browser import Program, open_chat, say, says, tap

pytestmark = pytest.mark.e2e

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
BAD = ("serious", "critical")


def findings(page: Page) -> list[str]:
    """What axe-core finds, with where."""
    # Through the debugger, for the page itself runs no scripts of others.
    page.evaluate(AXE.read_text())
    result = page.evaluate("axe.run({ resultTypes: ['violations'] })")
    return [
        f"{found['impact']}: {found['id']} at {[node['target'] for node in found['nodes']]}"
        for found in result["violations"]
        if found["impact"] in BAD
    ]


@pytest.fixture(params=["light", "dark"])
def tab(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A tab in light or dark."""
    context = browser.new_context(color_scheme=request.param, viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


def test_talk(tab: Page, program: Program) -> None:
    """The chat, at the welcome, at a question with buttons, at the card with fields, and at the advice."""
    open_chat(tab, program.address)
    found = findings(tab)
    say(tab, "stop", "")
    say(tab, "we willen 50 nieuwe bureaustoelen, zo'n 15k", "Klopt dat?")
    tap(tab, "Ja, klopt", "Hebben we het wel nodig?")
    found += findings(tab)
    tap(tab, "Het is oud, maar heel", "Wat past het best?")
    tap(tab, "Opknappen of repareren", "Weet je al wat dat ongeveer kost")
    say(tab, "3000", "Pas toe, of leg uit")
    found += findings(tab)
    tap(tab, "Neem ik mee en versturen", "Gedaan. Het staat in het inkoopkanaal.")
    found += findings(tab)
    tab.goto(f"{program.address}/kanaal")
    found += findings(tab)
    tab.locator(".post .meta a").first.click()
    tab.wait_for_url("**/aanvraag/*")
    found += findings(tab)

    assert found == []


@pytest.mark.parametrize(
    "path",
    [
        "/kanaal",
        "/onderhoud",
        "/aanmelden",
        "/privacy",
        "/voorwaarden",
        "/toegankelijkheid",
        "/mijn-gegevens",
        "/mijn-gegevens/verwijderen",
        "/log",
        "/facilitair",
        "/facilitair/telling",
        "/nergens",
        "/ingesloten",
    ],
)
def test_page(tab: Page, program: Program, path: str) -> None:
    """Every other page."""
    tab.goto(program.address + path)

    assert findings(tab) == []


def test_narrow(tab: Page, program: Program) -> None:
    """The chat and the channel on a phone."""
    tab.set_viewport_size({"width": 360, "height": 740})
    open_chat(tab, program.address)
    found = findings(tab)
    tab.goto(f"{program.address}/kanaal")

    assert found + findings(tab) == []


def test_depot(page: Page, program: Program) -> None:
    """Facilitair adds, somebody reserves, it is confirmed on a phone; who reserved hears it without asking."""
    page.goto(f"{program.address}/aanmelden")
    page.get_by_role("button", name="Facilitair").click()
    open_chat(page, program.address)
    say(page, "er zijn 4 bureaus bijgekomen in het depot", "Zal ik dit in het depot zetten?")
    page.get_by_label("Waar staat het?").last.fill("Loods Hoogezand")
    tap(page, "Zet in het depot", "In totaal zijn er nu 4.")
    say(page, "depot bureau", "Dit past erbij in het depot")
    tap(page, "Reserveer: bureaus", "Hoeveel wil je er hebben?")
    tap(page, "Reserveer", "Gereserveerd.")
    say(page, "vandaag", "Iemand wil iets uit het depot")
    phone = page.context.new_page()
    phone.set_viewport_size({"width": 360, "height": 740})
    phone.goto(f"{program.address}/facilitair")
    found_there, wide_there = findings(phone), phone.evaluate("document.documentElement.scrollWidth")
    phone.goto(f"{program.address}/depot")
    found, wide = findings(phone), phone.evaluate("document.documentElement.scrollWidth")
    phone.emulate_media(color_scheme="dark")
    found += findings(phone)
    phone.get_by_role("button", name="Bevestig").click()
    phone.get_by_role("button", name="Is terug").wait_for()
    says(page, "Je reservering uit het depot is bevestigd")

    assert found + found_there + findings(phone) == []
    assert max(wide, wide_there) <= 360


def test_contracts(page: Page, program: Program, tmp_path: Path) -> None:
    """Somebody who keeps the list reads a file in on a phone, wrong and then right, and finds the contract in the talk."""
    wrong, right = tmp_path / "fout.csv", tmp_path / "lijst.csv"
    heading = "wat;voor_wie;tot;hoe_bestellen\n"
    wrong.write_text(heading + "Koffie;alle teams;ooit;bel\n")
    right.write_text(
        heading + "Koffie;alle teams;31-12-2099;Bel de servicebalie\nThee;iedereen;1-1-2020;bel\n"
    )
    page.goto(f"{program.address}/aanmelden")
    page.get_by_role("button", name="Facilitair").click()
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{program.address}/contracten")
    page.get_by_label("Bestand").set_input_files(wrong)
    page.get_by_role("button", name="Vervang de lijst").click()
    page.get_by_role("alert").filter(has_text="fout.csv, rij 2, kolom tot").wait_for()
    found = findings(page)
    page.get_by_label("Bestand").set_input_files(right)
    page.get_by_role("button", name="Vervang de lijst").click()
    page.get_by_text("Gedaan: 2 nieuw, 0 gewijzigd, 0 weg. Er loopt nu 1 contract").wait_for()
    page.get_by_text("Zo ziet het bestand eruit").click()
    found += findings(page)
    page.emulate_media(color_scheme="dark")
    found += findings(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    open_chat(page, program.address)
    say(page, "contract koffie", "Bel de servicebalie")

    assert found == []
    assert wide <= 360


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_campaign(browser: Browser, program: Program) -> None:
    """One writes and looks at it, another releases it, on a phone and in the dark; nothing is wider than the screen."""
    plain = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 800}).new_page()
    plain.goto(f"{program.address}/campagnes")
    press(plain, "Nieuwe campagne")
    plain.get_by_label("Titel").fill("Kijk eerst wat er ligt")
    plain.locator("[name=tekst]").fill("Er ligt nog kleding.\n\nVraag ernaar.")
    plain.get_by_label("Melding").fill("Ligt er nog kleding?")
    plain.get_by_text("Knop 1", exact=True).first.click()
    plain.locator("[name=knop-1-soort]").select_option("Begint een gesprek")
    plain.locator("[name=knop-1-tekst]").fill("Praat erover")
    plain.locator("[name=knop-1-over]").select_option("bedrijfskleding")
    press(plain, "Bewaar en bekijk")
    preview = plain.locator(".message").inner_text()
    path = plain.url.partition("?")[0]
    plain.get_by_role("link", name="Kies wie het krijgt").click()
    for kind in ("een lijst met adressen", "wie Moi vroeg over", "een rol"):
        plain.locator("[name=nieuw-soort]").select_option(kind)
        press(plain, "Voeg toe")
    plain.locator("[name=van-3]").press("Enter")
    groups = plain.locator("fieldset legend").all_inner_texts()

    phone = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme="dark").new_page()
    phone.goto(f"{program.address}/aanmelden")
    phone.get_by_role("button", name=re.compile("MVOI-team")).click()
    phone.goto(f"{program.address}/campagnes")
    widths = [phone.evaluate("document.documentElement.scrollWidth")]
    phone.goto(path)
    widths.append(phone.evaluate("document.documentElement.scrollWidth"))
    found = findings(phone)
    phone.goto(f"{path}/wie")
    widths.append(phone.evaluate("document.documentElement.scrollWidth"))
    found += findings(phone)
    for part in ("4", "3", "2"):
        press(plain, f"Haal deel {part} weg")
    phone.goto(path)
    phone.get_by_label("Wanneer").fill("2030-01-07T09:30")
    press(phone, "Geef vrij")
    phone.get_by_text("vrijgegeven").wait_for()
    phone.set_viewport_size({"width": 1280, "height": 800})
    phone.emulate_media(color_scheme="light")
    found += findings(phone)
    report = phone.locator("main").inner_text()

    assert "Praat erover" in preview
    assert groups[0] == "Deel 1: iedereen die Moi kent"
    assert groups[3:] == ["Deel 4: een rol", "Deel toevoegen"]
    assert "Geen berichten meer over dit onderwerp" in preview
    assert found == []
    assert widths == [360, 360, 360]
    assert "7 januari 2030 om 09:30" in report


def test_compose(browser: Browser, program: Program, tmp_path: Path) -> None:
    """With the keyboard alone: begin with a question of the plan, see it on both cards, be asked before leaving, and keep it."""
    picture = tmp_path / "kast.png"
    picture.write_bytes(noise(620))
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{program.address}/aanmelden")
    page.get_by_role("button", name=re.compile("MVOI-team")).press("Enter")
    page.goto(f"{program.address}/campagnes")
    page.get_by_text("Begin met een vraag uit het plan").press("Enter")
    page.locator("summary", has_text="Begin met een moment").press("Enter")
    found = findings(page)
    page.get_by_role("button", name="Begin hiermee: Heb je het wel nodig?").press("Enter")
    page.locator(".on-teams .ac-pushButton").first.wait_for()
    page.get_by_label("Titel").press("Control+a")
    page.keyboard.type("Wacht er even mee")
    page.keyboard.press("Tab")
    page.keyboard.type("Wij gaan over tot implementatie van het beleid. ")
    page.locator("[name=beeld]").set_input_files(picture)
    page.get_by_label("Wat is erop te zien?").press_sequentially("Een kast")
    page.locator(".both img").nth(1).wait_for()
    page.locator(".on-teams").get_by_role("heading", name="Wacht er even mee", include_hidden=True).wait_for()
    page.get_by_role("heading", name="Kan dit makkelijker?").wait_for()
    found += findings(page)
    cards = page.locator(".both figure").all_inner_texts()
    words = page.locator(".message").aria_snapshot()
    fields = page.locator("#schrijf label:visible").all_inner_texts()
    page.once("dialog", lambda dialog: dialog.dismiss())
    with page.expect_event("dialog") as asked:
        page.get_by_role("link", name="Alle campagnes").evaluate("link => link.click()")
    page.keyboard.press("Enter")
    page.get_by_text("Bewaard.").wait_for()
    page.set_viewport_size({"width": 360, "height": 740})
    page.emulate_media(color_scheme="dark")
    found += findings(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    sent = page.locator(".message img").get_attribute("src")
    page.close()
    parts = (
        "Wacht er even mee",
        "Een kast",
        "Wij gaan over",
        "Wat doe je met",
        "Geen berichten meer over dit onderwerp",
    )
    order = [words.index(part) for part in parts]

    assert found == []
    assert wide == 360
    assert all("Wacht er even mee" in one and "Weet ik nog niet" in one for one in cards)
    assert order == sorted(order)
    assert asked.value.type == "beforeunload"
    assert sent
    assert sent.endswith(".jpg")
    assert sum(field.startswith("Vraag") for field in fields) == 1
