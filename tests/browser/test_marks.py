"""Marks: what they tell on hover and focus, and what they open."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.driver import ask

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
LIST = "Which reports were released at the 2026 Asia-Pacific Summit?"


@pytest.mark.parametrize("by", ["hover", "focus"])
def test_mark_tells_quote_title_date_and_section_on_hover_and_focus(page: Page, desk: str, by: str) -> None:
    page.goto(desk)
    ask(page, "Where is the World Internet Conference headquartered?")
    mark = page.locator("#chat a.mark").first
    mark.hover() if by == "hover" else mark.focus()
    tip = page.get_by_role("tooltip")
    expect(tip.locator("blockquote")).to_have_text(page.locator("#chat .quote").first.inner_text())
    expect(tip.locator(".title")).to_have_text(page.locator("#chat .sources .title").first.inner_text())
    expect(tip.locator(".facts")).to_contain_text("Founding and headquarters · 2024-05-24")
    assert mark.get_attribute("aria-describedby") == "tip"
    page.keyboard.press("Escape")
    expect(tip).to_have_count(0)


def test_click_opens_the_source_beside_the_answer_at_the_very_sentence(page: Page, desk: str) -> None:
    page.goto(desk)
    ask(page, LIST)
    marks = page.locator("#chat a.mark")
    quotes = page.locator("#chat .sources .quote").all_inner_texts()
    assert marks.count() == len(quotes) > 2
    source = page.frame_locator("#panel iframe")
    for number, quote in enumerate(quotes):
        marks.nth(number).click()
        expect(source.locator("#cited")).to_have_text(quote)
        expect(source.locator("#cited")).to_be_in_viewport()
    expect(page.locator("#chat .answer")).to_be_visible()


def test_escape_closes_the_source_and_returns_to_the_mark(page: Page, desk: str) -> None:
    page.goto(desk)
    ask(page, LIST)
    page.locator("#chat a.mark").nth(1).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#panel")).to_be_visible()
    expect(page.locator("#panel .close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#panel")).not_to_be_visible()
    expect(page.locator("#chat a.mark").nth(1)).to_be_focused()


def test_source_stays_open_beside_the_next_question(page: Page, desk: str) -> None:
    page.goto(desk)
    ask(page, LIST)
    page.locator("#chat a.mark").first.click()
    ask(page, "When was it founded?")
    expect(page.locator("#panel")).to_be_visible()


def test_phone_opens_the_source_in_a_tab_of_its_own(context: BrowserContext, page: Page, desk: str) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(desk)
    ask(page, LIST)
    with context.expect_page() as opened:
        page.locator("#chat a.mark").first.click()
    quote = page.locator("#chat .sources .quote").first.inner_text()
    expect(opened.value.locator("#cited")).to_have_text(quote)
    expect(opened.value.locator("#cited")).to_be_in_viewport()


@pytest.mark.parametrize("width", [320, 390, 768])
def test_narrow_window_needs_no_sideways_scrolling(page: Page, desk: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(desk)
    expect(page.locator("#welcome .topic").first).to_be_visible(timeout=30_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    ask(page, "Which reports were released at the 2026 Asia-Pacific Summit?")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    expect(page.locator("#send")).to_be_in_viewport()
    expect(page.locator("#chat .question")).to_be_in_viewport()
    page.goto(desk + str(page.locator("a.mark").first.get_attribute("href")))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
