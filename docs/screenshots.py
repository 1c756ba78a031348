"""Makes the pictures in docs/schermen from a real talk with the real program: `uv run docs/screenshots.py`."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page

from tests.e2e.browser import browsing, open_chat, running, say, tap

FOLDER = Path(__file__).parent / "schermen"
Scheme = Literal["light", "dark"]
SIZES: tuple[tuple[str, int, int, Scheme], ...] = (
    ("360", 360, 740, "light"),
    ("768", 768, 1024, "light"),
    ("1280", 1280, 800, "light"),
    ("1280-donker", 1280, 800, "dark"),
)


def main() -> None:
    """Do a talk in every size; the last ones leave summaries in the channel."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as data, running(Path(data)) as program, browsing() as browser:
        for name, width, height, scheme in SIZES:
            page = tab(browser, width, height, scheme)
            open_chat(page, program.address)
            talk(page, name)
            page.goto(f"{program.address}/kanaal")
            picture(page, f"kanaal-{name}")
            page.context.close()


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
