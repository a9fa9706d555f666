"""The page, the viewer and the widget through nginx with TLS, below /ask/."""

from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.driver import ask, serving
from tests.nginx import nginx
from tests.unit.web_desk import open_desk
from web.door.access import Access

pytestmark = pytest.mark.browser
SENTENCE = "The WIC has its headquarters in Beijing."


def test_desk_works_below_a_path(browser: Browser, tmp_path: Path) -> None:
    access = Access(proxies=(ip_network("127.0.0.1"),), root_path="/ask")
    with serving(open_desk(), access) as address, nginx(tmp_path, address) as (port, _):
        context = browser.new_context(
            ignore_https_errors=True, http_credentials={"username": "li.na", "password": "secret"}
        )
        asked: list[str] = []
        context.on("request", lambda request: asked.append(urlsplit(request.url).path))
        page = context.new_page()
        page.goto(f"https://localhost:{port}/ask/")
        ask(page, "Where?")
        expect(page.locator("#chat .answer")).to_contain_text("Beijing")
        href = page.locator("#chat .answer a[href*=source]").first.get_attribute("href")
        page.goto(f"https://localhost:{port}{href}")
        expect(page.locator("#cited")).to_have_text(SENTENCE)
        page.locator("header a").first.click()
        expect(page.locator("#question")).to_be_visible()
        page.goto(f"https://localhost:{port}/ask/embed")
        page.locator("wic-ask textarea").fill("Where?")
        page.locator("wic-ask textarea").press("Enter")
        expect(page.locator("wic-ask .mark")).to_be_visible()
        context.close()
    assert [path for path in asked if not path.startswith("/ask/")] == []
