"""The report of an evaluation in a real browser: filters, links to questions, a phone, a printed page."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from eval.report import html
from tests.report import extras, run


@pytest.fixture
def report(tmp_path: Path, page: Page) -> Page:
    path = tmp_path / "report.html"
    made = run()
    path.write_text(html(made, extras(made)), encoding="utf-8")
    page.goto(path.as_uri())
    return page


def shown(report: Page) -> list[str]:
    cards = report.locator(".question:visible")
    return [str(card.get_attribute("id")) for card in cards.all()]


def test_filters_leave_the_questions_that_fit_and_say_how_many(report: Page) -> None:
    report.select_option("select[name=outcome]", "right")
    assert shown(report) == ["q-miss-1", "q-right-1"]
    report.select_option("select[name=language]", "zh")
    assert shown(report) == ["q-miss-1"]
    assert report.locator("#count").text_content() == "1 of 4 questions"
    report.select_option("select[name=outcome]", "")
    report.select_option("select[name=language]", "")
    report.fill("input[name=words]", "WRONG-1")
    assert shown(report) == ["q-wrong-1"]


def test_a_link_from_the_gate_opens_the_question_though_it_is_filtered_out(report: Page) -> None:
    report.select_option("select[name=outcome]", "right")
    report.locator("#gate a", has_text="wrong-1").click()
    report.locator("#q-wrong-1 .answer").wait_for()


def test_a_mark_leads_to_its_citation(report: Page) -> None:
    report.locator("#q-right-1 > summary").click()
    report.locator("#q-right-1 a.mark").nth(1).click()
    assert report.evaluate("document.querySelector(':target').id") == "q-right-1-2"


def test_all_that_are_shown_are_opened_at_once(report: Page) -> None:
    report.select_option("select[name=outcome]", "right")
    report.click("#open")
    assert report.locator(".question[open]").count() == 2


def test_a_phone_shows_all_without_scrolling_sideways(report: Page) -> None:
    report.set_viewport_size({"width": 390, "height": 844})
    report.click("#open")
    assert report.evaluate("document.documentElement.scrollWidth") == 390
    wide = report.locator(".wide").evaluate_all("all => all.filter((e) => e.scrollWidth > e.clientWidth).length")
    assert wide == 0


def test_the_printed_page_has_no_filters(report: Page) -> None:
    report.emulate_media(media="print")
    assert not report.locator("#filters").is_visible()
    assert report.locator("#plots svg").first.is_visible()
