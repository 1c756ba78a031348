"""Makes the pictures in docs/schermen from real talks with the real program: `uv run docs/screenshots.py`."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page

from tests.e2e.browser import PATIENCE, browsing, open_chat, running, say, tap

FOLDER = Path(__file__).parent / "schermen"
Scheme = Literal["light", "dark"]
SIZES: tuple[tuple[str, int, int, Scheme], ...] = (
    ("360", 360, 740, "light"),
    ("768", 768, 1024, "light"),
    ("1280", 1280, 800, "light"),
    ("1280-donker", 1280, 800, "dark"),
)
OF_THE_TEAM = ("360", "1280")
"""The sizes of the pages that not everybody sees."""
WHENEVER = {
    "MOI_CAMPAIGN_FIRST_HOUR": "0",
    "MOI_CAMPAIGN_LAST_HOUR": "24",
    "MOI_CAMPAIGN_DAYS": "7",
    "MOI_CAMPAIGNS_A_WEEK": "7",
}
SOON, LATER = (date.today() + timedelta(days=days) for days in (120, 300))
LISTS = {
    "depot": """wat;aantal;waar;staat
Bureaustoel, zwart;14;Magazijn gemeentehuis;goed
Kast met slot;5;Magazijn gemeentehuis;goed
Vergadertafel 160x80;3;Magazijn gemeentehuis;goed
Whiteboard op wielen;2;Werkplein;gebruikt
""",
    "contracten": f"""wat;voor wie;tot;hoe bestellen
Broodjes en lunches;alle teams;{SOON};mail aan Facilitair
Kantoorartikelen;alle teams;{LATER};met het bestelformulier op intranet
Werkkleding buitendienst;BOR;{LATER};via de teamleider
""",
    "kalender": f"""wat;team;opdrachtgever;start
Laptops;Automatisering;Opdrachtgever;{SOON}
Schoonmaak van de kantoren;Facilitair;Facilitair;{SOON + timedelta(days=45)}
Groenonderhoud in de dorpen;BOR;;{LATER}
""",
}
"""What the lists of the town would be; a made-up town, without names."""


def main() -> None:
    """Do a talk in every size, of which the last ones leave summaries in the channel; then what the teams see."""
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        running(Path(data), WHENEVER) as program,
        browsing() as browser,
    ):
        for name, width, height, scheme in SIZES:
            page = tab(browser, width, height, scheme)
            become(page, program.address, "opdrachtgever")
            open_chat(page, program.address)
            talk(page, name)
            become(page, program.address, "inkoop")
            page.goto(f"{program.address}/kanaal")
            picture(page, f"kanaal-{name}")
            page.context.close()
        lists(browser, program.address)
        small_purchase(browser, program.address)
        campaign = campaigned(browser, program.address)
        teams(browser, program.address, campaign)


def talk(page: Page, name: str) -> None:
    """The talk of a buyer, with a picture at the question that matters most and at the end."""
    say(page, "we willen 50 nieuwe bureaustoelen, zo'n 15k", "Klopt dat?")
    tap(page, "Ja, klopt", "Hebben we het wel nodig?")
    picture(page, f"chat-{name}")
    tap(page, "Het is oud, maar heel", "Wat past het best?")
    tap(page, "Opknappen of repareren", "Weet je al wat dat ongeveer kost")
    say(page, "tussen 3 en 4 duizend", "Pas toe, of leg uit")
    tap(page, "Neem ik mee en versturen", "Gedaan. Het staat in het inkoopkanaal.")
    picture(page, f"advies-{name}")


def lists(browser: Browser, address: str) -> None:
    """Fill the depot, the contracts and the calendar from files."""
    for path, role in (("depot", "facilitair"), ("contracten", "facilitair"), ("kalender", "mvoi")):
        page = as_role(browser, address, role)
        page.goto(f"{address}/{path}")
        content = LISTS[path].encode()
        page.locator("[name=bestand]").set_input_files(
            {"name": f"{path}.csv", "mimeType": "text/csv", "buffer": content}
        )
        page.get_by_role("button", name=re.compile("Vervang de lijst|Bekijk wat er verandert")).click()
        if path == "kalender":
            page.get_by_role("button", name="Ja, voer door").click()
        page.get_by_text("Gedaan").wait_for(timeout=PATIENCE)
        page.context.close()


def small_purchase(browser: Browser, address: str) -> None:
    """Two chairs from the depot, and lunches that turn out not to be needed: what Facilitair sees of a day."""
    page = as_role(browser, address, "opdrachtgever")
    open_chat(page, address)
    say(page, "depot stoelen", "Bureaustoel, zwart")
    tap(page, "Reserveer: Bureaustoel, zwart", "Hoeveel wil je er hebben?")
    page.get_by_label("Aantal").last.fill("2")
    tap(page, "Reserveer", "Facilitair")
    say(page, "12 lunches voor dinsdag", "Klopt dat?")
    tap(page, "Ja, klopt", "Hebben we het wel nodig?")
    tap(page, "Eigenlijk niet nodig", "Dit ga ik doorgeven")
    tap(page, "Versturen", "Gedaan")
    page.context.close()


def campaigned(browser: Browser, address: str) -> str:
    """A campaign that the MVOI team wrote, and another that colleagues got; gives where the one that was sent is."""
    writer, releaser = as_role(browser, address, "mvoi"), tab(browser, 1280, 800, "light")
    for title in ("Welk thema past bij jouw inkoop?", "Heb je het wel nodig?"):
        writer.goto(f"{address}/campagnes")
        writer.get_by_text("Begin met een vraag uit het plan").click()
        writer.get_by_role("button", name=f"Begin hiermee: {title}").click()
        writer.get_by_role("heading", name=title).first.wait_for(timeout=PATIENCE)
    path = writer.url.partition("?")[0]
    releaser.goto(path)
    releaser.get_by_role("button", name="Geef vrij").click()
    while "verstuurd" not in releaser.locator(".intro").inner_text():
        releaser.goto(path)
    for page in (writer, releaser):
        page.context.close()
    return path


def teams(browser: Browser, address: str, campaign: str) -> None:
    """What Facilitair and the MVOI team see, in two sizes."""
    sizes: Mapping[str, tuple[int, int]] = {name: (width, height) for name, width, height, _ in SIZES}
    for name in OF_THE_TEAM:
        for role, paths in (("facilitair", ("facilitair", "depot", "contracten")), ("mvoi", ("kalender",))):
            page = as_role(browser, address, role, *sizes[name])
            for path in paths:
                page.goto(f"{address}/{path}")
                picture(page, f"{path}-{name}")
            page.context.close()
        page = as_role(browser, address, "mvoi", *sizes[name])
        page.goto(f"{address}/campagnes")
        page.get_by_role("link", name="Welk thema past bij jouw inkoop?").click()
        page.locator(".on-teams .ac-pushButton").first.wait_for(timeout=PATIENCE)
        picture(page, f"campagne-{name}")
        page.get_by_role("link", name="Kies wie het krijgt").click()
        picture(page, f"campagne-wie-{name}")
        page.goto(campaign)
        picture(page, f"campagne-verslag-{name}")
        page.context.close()


def as_role(browser: Browser, address: str, role: str, width: int = 1280, height: int = 800) -> Page:
    """A tab of somebody in this role."""
    page = tab(browser, width, height, "light")
    become(page, address, role)
    return page


def become(page: Page, address: str, role: str) -> None:
    """Sign in with this role."""
    page.goto(f"{address}/aanmelden")
    page.locator(f"button[value={role}]").click()
    page.wait_for_url(f"{address}/")


def tab(browser: Browser, width: int, height: int, scheme: Scheme) -> Page:
    """A tab of this size, with as little movement as can be."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    return context.new_page()


def picture(page: Page, name: str) -> None:
    """Take one picture, once the page has come to rest."""
    page.mouse.move(0, 0)  # A pointer on a button colours it.
    page.wait_for_function(
        "() => new Promise(still => { let last = null; let same = 0; const look = () => {"
        " const now = JSON.stringify([...document.querySelectorAll('*')].map(e => e.scrollTop).filter(Boolean))"
        " + document.body.innerText.length;"
        " same = now === last ? same + 1 : 0; last = now;"
        " same > 20 ? still(true) : requestAnimationFrame(look); }; look(); })"
    )
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
