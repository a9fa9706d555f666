"""A server that goes away and comes back while a page is open; the browser's own errors are to be expected."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.driver import serving, wait_until_kept
from tests.unit.web_desk import open_desk

pytestmark = pytest.mark.browser


def asked_in_vain(context: BrowserContext) -> tuple[Page, str]:
    """Return a page that asked "Where?" when its server was gone, and the server's address."""
    page = context.new_page()
    with serving(open_desk()) as address:
        page.goto(address)
        expect(page.locator("#status")).to_contain_text("Ready")
    page.fill("#question textarea", "Where?")
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_contain_text("Connecting", use_inner_text=True)
    return page, address


def test_question_sent_while_the_server_is_away_stays_in_sight_and_is_answered_when_it_is_back(
    browser: Browser,
) -> None:
    with browser.new_context() as context:
        page, address = asked_in_vain(context)
        expect(page.locator("#status")).not_to_contain_text("Ready", use_inner_text=True)
        expect(page.locator("#question textarea")).to_have_value("Where?")
        with serving(open_desk(), port=urlsplit(address).port or 0):
            expect(page.locator("#chat .answer")).to_contain_text("Beijing", timeout=15_000)
            wait_until_kept(page)
            expect(page.locator("#chat .question")).to_have_text(["Where?"])
            expect(page.locator("#question textarea")).to_have_value("")


def test_question_that_was_not_sent_yet_is_still_there_when_the_server_is_back(browser: Browser) -> None:
    with browser.new_context(locale="zh-CN") as context:
        page = context.new_page()
        with serving(open_desk()) as address:
            page.goto(address)
            expect(page.locator("#status")).to_contain_text("就绪")
            page.fill("#question textarea", "尚未发送")
        expect(page.locator("#status")).to_contain_text("正在连接问答台", use_inner_text=True, timeout=15_000)
        with serving(open_desk(), port=urlsplit(address).port or 0):
            expect(page.locator("#status")).to_contain_text("就绪", use_inner_text=True, timeout=15_000)
            expect(page.locator("#question textarea")).to_have_value("尚未发送")


def test_question_that_was_stopped_while_the_server_is_away_is_not_asked_when_it_is_back(browser: Browser) -> None:
    with browser.new_context() as context:
        page, address = asked_in_vain(context)
        page.locator("#stop").click()
        with serving(open_desk(), port=urlsplit(address).port or 0):
            expect(page.get_by_role("button", name="Ask again")).to_be_visible(timeout=15_000)
            expect(page.locator("#chat .question")).to_have_text(["Where?"])
