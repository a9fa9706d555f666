"""The documents page: its layout on a desktop and on a phone, and what its administrator sees."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Serve
from tests.unit.web_desk import ABOUT, FakeChatbot, FakeStore, open_desk

pytestmark = pytest.mark.browser
LONG = replace(
    ABOUT, id="straight-to-wuzhen/competition-of-2023-with-a-long-name.md", title="Straight to Wuzhen: six contests",
    program="Straight to Wuzhen Competition", kind="newsletter", edition="2023",
)  # fmt: skip
# how many lines a word of a table's cell stands on
LINES_OF_WORDS = """cells => cells.flatMap(cell => {
  const text = cell.firstChild, range = document.createRange();
  return [...text.data.matchAll(/\\S+/g)].map(word => {
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    return range.getClientRects().length;
  });
})"""


@pytest.mark.parametrize("width", [1280, 820, 390])
def test_documents_fit_the_window_and_no_word_of_their_program_or_kind_is_broken(
    page: Page, serve: Serve, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{serve(open_desk(FakeChatbot(store=FakeStore({LONG.id: LONG}))))}/documents")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    lines = page.locator("tbody td:nth-of-type(-n+2)").evaluate_all(LINES_OF_WORDS)
    assert lines == [1] * 5  # Straight to Wuzhen Competition, newsletter


def test_fields_and_button_of_the_filter_stand_on_one_line(page: Page, serve: Serve) -> None:
    page.goto(f"{serve(open_desk())}/documents")
    boxes = [field.bounding_box() for field in page.locator(".filters :is(select, input, button)").all()]
    assert len({(box["y"], box["height"]) for box in boxes if box}) == 1
