"""What the browser sends as a form: the export of a conversation, and the administrator's sign-in."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Serve
from tests.browser.driver import app, ask, wait_until_ready
from tests.unit.web_desk import open_desk

pytestmark = pytest.mark.browser
WHERE = "Where is the World Internet Conference headquartered?"


def test_conversation_is_exported_as_markdown_with_its_sources(page: Page, desk: str) -> None:
    page.goto(desk)
    ask(page, WHERE)
    page.locator("#export").click()
    with page.expect_download() as started:
        page.get_by_role("dialog").get_by_role("button", name="Markdown").click()
    text = Path(started.value.path()).read_text(encoding="utf-8")
    assert WHERE in text
    assert page.locator("#chat .quote").first.inner_text() in text.replace("\\", "")
    expect(page.locator("#chat .answer")).to_be_visible()


def test_documents_page_offers_to_show_all(page: Page, serve: Serve) -> None:
    page.goto(f"{serve(open_desk())}/documents")
    expect(page.locator("form.filters a")).to_have_text("Show all")


def test_administrator_signs_in_after_a_wrong_token_and_out(
    browser: Browser, briefs_index: Path, tmp_path: Path
) -> None:
    settings = {"RAG_ADMIN_TOKEN": "secret"}
    with browser.new_context() as context, app(briefs_index, tmp_path / "stderr", settings) as (address, _):
        page = context.new_page()
        wait_until_ready(address)
        page.goto(f"{address}/documents")
        page.locator("input[name=token]").fill("wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("This token is not right")
        page.locator("input[name=token]").fill("secret")
        page.keyboard.press("Enter")
        expect(page.locator("input[type=file]")).to_be_attached()
        page.get_by_role("button", name="Sign out").click()
        expect(page.locator("input[name=token]")).to_be_visible()
