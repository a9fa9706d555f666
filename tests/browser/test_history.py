"""Conversations of this browser, its language and its filter."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import Serve
from tests.browser.driver import ask
from tests.unit.web_desk import FakeChatbot, answer_without_sources, open_desk
from web.chat.steps import status_steps
from web.desk import Desk
from web.words import Language

pytestmark = pytest.mark.browser
WHERE = "Where is the World Internet Conference headquartered?"
MEMBER = "Who can become a member of the WIC?"


def test_conversation_is_there_after_a_reload_with_every_citation_intact(page: Page, desk: str) -> None:
    page.goto(desk)
    ask(page, "Which reports were released at the 2026 Asia-Pacific Summit?")
    ask(page, WHERE)
    before = page.locator("#chat .answer").all_inner_texts()
    links = page.locator("#chat a.mark").evaluate_all("all => all.map(mark => mark.href)")
    page.reload()
    expect(page.locator("#chat .answer")).to_have_count(2)
    expect(page.locator("#chat .answer")).to_have_text(before, use_inner_text=True)
    assert page.locator("#chat a.mark").evaluate_all("all => all.map(mark => mark.href)") == links
    page.locator("#chat a.mark").last.hover()
    expect(page.get_by_role("tooltip").locator("blockquote")).to_have_text(
        page.locator("#chat .quote").last.inner_text()
    )
    ask(page, "When was it founded?")
    expect(page.locator("#chat .answer").nth(2)).to_contain_text("2022")


def test_earlier_conversation_is_listed_reopened_renamed_and_deleted(page: Page, desk: str) -> None:
    page.goto(desk)
    ask(page, WHERE)
    page.get_by_role("button", name="New", exact=True).click()
    expect(page.locator("#welcome")).to_be_visible()
    ask(page, MEMBER)
    page.reload()
    expect(page.locator("#chat .answer")).to_have_count(1, timeout=30_000)
    expect(page.locator("#welcome .topic").first).to_be_attached(timeout=30_000)
    page.get_by_role("button", name="Conversations").click()
    listed = page.locator("#history .open")
    expect(listed).to_have_text([MEMBER, WHERE])
    listed.nth(1).click()
    expect(page.locator("#chat .question")).to_have_text([WHERE])
    expect(page.locator("#chat a.mark").first).to_be_visible()
    page.get_by_role("button", name=f"Rename: {WHERE}").click()
    page.get_by_label("Name of the conversation").fill("<b>Headquarters</b>")
    page.get_by_role("button", name="Save").click()
    expect(listed.filter(has_text="<b>Headquarters</b>")).to_have_count(1)
    page.get_by_role("button", name=f"Delete: {MEMBER}").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(listed).to_have_text(["<b>Headquarters</b>"])
    expect(page.locator("#chat .question")).to_have_text([WHERE])


def test_list_opened_while_the_page_still_loads_stays_open(page: Page, desk: str) -> None:
    page.goto(desk)
    ask(page, WHERE)
    held: list[Route] = []
    loading = [True]
    page.route("**/queue/join*", lambda route: held.append(route) if loading else route.continue_())
    with page.expect_request("**/queue/join*"):
        page.reload()
    page.get_by_role("button", name="Conversations").click()
    expect(page.locator("#history")).to_be_visible()
    loading.clear()
    while held:
        held.pop(0).continue_()
    expect(page.locator("#history .open")).to_have_text([WHERE], timeout=30_000)
    expect(page.locator("#history .open")).to_be_visible()
    expect(page.get_by_role("button", name="Conversations")).to_have_attribute("aria-expanded", "true")


def test_two_tabs_keep_a_conversation_each(page: Page, desk: str) -> None:
    other = page.context.new_page()
    for tab, question in ((page, WHERE), (other, MEMBER)):
        tab.goto(desk)
        ask(tab, question)
    page.reload()
    expect(page.locator("#chat .question")).to_have_text([WHERE])
    page.get_by_role("button", name="Conversations").click()
    expect(page.locator("#history .open")).to_have_text([MEMBER, WHERE])


def test_answer_kept_by_another_version_says_so_and_can_be_asked_again(page: Page, desk: str) -> None:
    page.goto(desk)
    ask(page, WHERE)
    page.evaluate("""() => {
      const key = Object.keys(localStorage).find((name) => name.startsWith("wic-desk:conversation:"));
      const kept = JSON.parse(localStorage[key]);
      delete kept.exchanges[0].answer.state;
      localStorage[key] = JSON.stringify(kept);
    }""")
    page.reload()
    expect(page.locator("#chat .notice")).to_contain_text("kept by another version of the desk")
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator("#chat .answer")).to_contain_text("Beijing")


def test_language_is_the_browsers_and_then_what_was_chosen(browser: Browser, desk: str) -> None:
    with browser.new_context(locale="zh-CN") as context:
        page = context.new_page()
        page.goto(desk)
        expect(page.locator("#head h1")).to_have_text("世界互联网大会问答台")
        expect(page.locator("#send")).to_have_text("提问")
        expect(page.locator("#status")).to_contain_text("就绪")
        page.fill("#question textarea", "尚未发送")
        page.get_by_role("button", name="English").click()
        expect(page.locator("#send")).to_have_text("Ask")
        expect(page.locator("#question textarea")).to_have_value("尚未发送")
        page.reload()
        expect(page.locator("#head h1")).to_have_text("WIC question desk")
        expect(page.locator("html")).to_have_attribute("lang", "en")


SEEN = """
const seen = window.seen = new Set();
const look = () => {
  for (const part of document.querySelectorAll("#head h1, #welcome .introduction, #status p, #send")) {
    if (part.checkVisibility({ opacityProperty: true })) seen.add(part.textContent.trim());
  }
  requestAnimationFrame(look);
};
look();
"""


def test_chinese_page_never_shows_english_while_it_loads(
    browser: Browser, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def late(desk: Desk, language: Language) -> AsyncIterator[str]:
        await asyncio.sleep(1)  # the rest of the page is in Chinese by then
        async for html in status_steps(desk, language):
            yield html

    monkeypatch.setattr("web.page.status_steps", late)
    with browser.new_context(locale="zh-CN") as context:
        page = context.new_page()
        page.add_init_script(SEEN)
        page.goto(serve(open_desk()))
        expect(page.locator("#status")).to_contain_text("就绪")
        page.wait_for_function("window.seen.has('提问')")
        seen = page.evaluate("[...window.seen]")
        assert [text for text in seen if not re.search(r"[\u4e00-\u9fff]", text)] == []


def test_nothing_lies_over_a_long_answer(page: Page, serve: Serve) -> None:
    long = answer_without_sources("not_in_corpus", "Nothing is said.\n\n" * 60)
    page.goto(serve(open_desk(FakeChatbot(lambda question, history: [long]))))
    ask(page, "Where?")
    page.locator("#chat [role=log]").evaluate("log => log.scrollTo(0, 200)")
    page.wait_for_timeout(500)  # the chat window notes where it is scrolled to
    over = """log => {
      const { left, right, top, bottom } = log.getBoundingClientRect();
      const found = [];
      for (let x = left + 8; x < right - 8; x += 8)
        for (let y = top + 8; y < bottom - 8; y += 8) found.push(document.elementFromPoint(x, y));
      return found.filter(element => !log.contains(element)).length;
    }"""
    assert page.locator("#chat [role=log]").evaluate(over) == 0


def choose(page: Page, name: str, value: str) -> None:
    page.get_by_label(name, exact=True).click()
    page.get_by_role("option", name=value).click()


def test_filter_is_visible_holds_for_the_answer_and_stands_in_its_details(page: Page, desk: str) -> None:
    page.goto(desk)
    expect(page.locator("#welcome .topic").first).to_be_visible(timeout=30_000)
    page.get_by_role("button", name="Filter the documents").click()
    choose(page, "Program", "Membership")
    expect(page.locator("#only")).to_contain_text("Membership")
    ask(page, "Who can become a member?")
    answer = page.locator("#chat .answer")
    expect(answer.locator(".scope")).to_have_text("Only asked of: Membership")
    titles = set(answer.locator(".sources .title").all_inner_texts())
    assert titles
    assert all("Member" in title for title in titles)
    answer.locator(".details summary").click()
    expect(answer.locator(".details")).to_contain_text("Only asked of:Membership")
    ask(page, WHERE)
    expect(page.locator("#chat .answer").nth(1).locator("a.mark")).to_have_count(0)
    page.get_by_role("button", name="All documents").click()
    expect(page.locator("#only p")).to_have_count(0)
    ask(page, WHERE)
    expect(page.locator("#chat .answer").nth(2)).to_contain_text("Beijing")
