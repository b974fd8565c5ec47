"""The packet page in a real browser: it reads well in light, dark and on a phone, and asks nobody for anything."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hardgate.report.html import render

pytestmark = pytest.mark.browser
CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))


@pytest.fixture(name="browser", scope="module")
def _browser() -> Iterator[Any]:
    api = pytest.importorskip("playwright.sync_api", reason="make test-all installs playwright")
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}: make test-all installs it")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(name="address")
def _address(packet: dict[str, Any], tmp_path: Path) -> str:
    page = tmp_path / "packet.html"
    page.write_text(render(packet), "utf-8")
    return page.as_uri()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_of_accessibility_is_broken(browser: Any, address: str, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="make test-all installs axe")
    page = browser.new_page(color_scheme=scheme)
    page.goto(address)
    found = axe.Axe().run(page)
    assert [one["id"] for one in found.response["violations"]] == []
    page.close()


def test_nothing_is_said_on_the_console_and_nobody_is_asked(browser: Any, address: str) -> None:
    page = browser.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    assert said == []
    assert asked == [address]
    page.close()


def test_a_phone_does_not_scroll_sideways(browser: Any, address: str) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.close()
