"""A colleague signs in with a real provider in a real browser, on Moi's own page and in a frame on the intranet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from tests.e2e import intranet as around
from tests.e2e.browser import PATIENCE, Program, activities, open_chat, running, say
from tests.e2e.intranet import Intranet
from tests.fakes import provider as fake

pytestmark = pytest.mark.e2e

ANSWERED = ".webchat__basic-transcript__activity"


class Street(NamedTuple):
    """What a colleague meets: Moi outside development, and the intranet of another website."""

    moi: Program
    intranet: Intranet


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    with (
        fake.running() as provider,
        around.serving() as intranet,
        running(tmp_path_factory.mktemp("moi"), around.settings(provider, intranet.address)) as moi,
    ):
        intranet.moi = moi.address
        provider.user("anna", name="Anna", roles=["inkoop"])
        yield Street(moi, intranet)


@pytest.fixture
def tab(context: BrowserContext) -> Page:
    """A tab of somebody who has not signed in."""
    opened = context.new_page()
    around.without_the_network(opened)
    return opened


def test_on_the_page(tab: Page, street: Street) -> None:
    """Opening Moi leads past the provider to the talk; signing out leads past the provider to the end."""
    tab.goto(street.moi.address)
    around.sign_in(tab, "anna")
    activities(tab).first.wait_for(timeout=PATIENCE)
    say(tab, "20 laptops", "Klopt dat?")
    tab.goto(f"{street.moi.address}/kanaal")
    name = tab.get_by_role("button", name="Afmelden").inner_text()
    tab.get_by_role("button", name="Afmelden").click()
    tab.get_by_role("button", name="End session").click()
    tab.wait_for_url("**/afgemeld*")

    assert "Anna" in name
    tab.goto(street.moi.address)
    assert "/oauth2/authorize" in tab.url


def signed_in_from(tab: Page, street: Street, path: str = "/") -> FrameLocator:
    """The frame on the intranet, after signing in in the window that it opens."""
    tab.goto(street.intranet.address + path)
    if path == "/knop":
        tab.get_by_role("button", name="Praat met Moi").click()
    frame = tab.frame_locator("iframe")
    with tab.expect_popup() as window:
        frame.get_by_role("button", name="Aanmelden").click()
    around.sign_in(window.value, "anna")
    frame.get_by_role("button", name="Verder").wait_for(timeout=PATIENCE)
    return frame


def allow_recognition(tab: Page, street: Street) -> None:
    """Say yes to the question of the browser whether Moi may be recognised on the intranet."""
    session = tab.context.new_cdp_session(tab)
    about = session.send("Target.getTargetInfo")["targetInfo"]
    session.send(
        "Browser.setPermission",
        {
            "permission": {"name": "storage-access"},
            "setting": "granted",
            "origin": street.intranet.address,
            "embeddedOrigin": street.moi.address,
            "browserContextId": about["browserContextId"],
        },
    )


@pytest.mark.parametrize("path", ["/", "/knop"])
def test_in_a_frame(tab: Page, street: Street, path: str) -> None:
    """In a frame of another website one signs in in a window, says yes once, and talks; next time at once."""
    frame = signed_in_from(tab, street, path)
    allow_recognition(tab, street)
    frame.get_by_role("button", name="Verder").click()
    frame.locator(ANSWERED).first.wait_for(timeout=PATIENCE)
    before = frame.locator(ANSWERED).count()
    frame.get_by_role("textbox", name="Je antwoord aan Moi").fill("20 laptops")
    frame.get_by_role("textbox", name="Je antwoord aan Moi").press("Enter")
    frame.locator(ANSWERED).nth(before + 1).wait_for(timeout=PATIENCE)
    tab.goto(street.intranet.address)

    expect(tab.frame_locator("iframe").locator(ANSWERED).first).to_be_visible(timeout=PATIENCE)


def test_not_recognised(tab: Page, street: Street) -> None:
    """When the browser keeps Moi from being recognised there, one can still talk in a window."""
    frame = signed_in_from(tab, street)
    frame.get_by_role("button", name="Verder").click()
    frame.get_by_text("Deze browser laat dat hier niet toe").wait_for(timeout=PATIENCE)
    with tab.expect_popup() as window:
        frame.get_by_role("link", name="Open Moi in een eigen venster").click()
    own = window.value
    activities(own).first.wait_for(timeout=PATIENCE)

    assert own.url == f"{street.moi.address}/"


def test_not_for_everybody(tab: Page, street: Street) -> None:
    """A website that was not named cannot show Moi, and no website can show another page of Moi."""
    with around.serving() as other:
        other.moi = street.moi.address
        with tab.expect_event("requestfailed", lambda request: request.url.endswith("/ingesloten")):
            tab.goto(other.address)
        strange = tab.frame_locator("iframe").get_by_role("button", name="Aanmelden").count()
    tab.goto(street.intranet.address)
    move = "address => { document.querySelector('iframe').src = address; }"
    with tab.expect_event("requestfailed", lambda request: request.url.endswith("/privacy")):
        tab.evaluate(move, f"{street.moi.address}/privacy")

    assert strange == 0
    assert tab.frame_locator("iframe").get_by_role("heading", name="Privacy").count() == 0


def test_in_development(tab: Page, program: Program) -> None:
    """In development the frame talks without signing in, so that one can try it."""
    open_chat(tab, f"{program.address}/ingesloten")

    assert tab.get_by_role("link", name="Open in een eigen venster").count() == 1
