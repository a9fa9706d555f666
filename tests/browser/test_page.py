from collections.abc import Sequence
from threading import Event

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from corpus.document import Part
from rag.cite import Answer, Retrieved
from rag.follow_up import Turn
from rag.question import LONGEST
from tests.browser.conftest import Serve
from tests.browser.driver import ROOT, ask
from tests.unit.web_desk import (
    ABOUT,
    FakeChatbot,
    FakeStore,
    answer_citing,
    answer_without_sources,
    document,
    open_desk,
)
from web.desk import Desk

pytestmark = pytest.mark.browser
BRIEFS = list((ROOT / "corpus" / "documents").glob("*.md"))
PHONE = {"width": 390, "height": 844}
HOSTILE = '<img src=x onerror="document.title=1"> <script>document.title=2</script> **b** [c](http://elsewhere.example)'


def test_page_says_that_it_is_getting_ready_and_answers_what_was_asked_meanwhile(page: Page, serve: Serve) -> None:
    release = Event()

    def open_slowly() -> FakeChatbot:
        release.wait(30)
        return FakeChatbot()

    desk = Desk(open_slowly)
    desk.start()
    address = serve(desk)
    page.goto(address)
    expect(page.locator("#status")).to_contain_text("getting ready")
    page.fill("#question textarea", "Where?")
    page.keyboard.press("Enter")
    expect(page.locator("#chat .notice")).to_contain_text("Your question waits")
    release.set()
    expect(page.locator("#chat .answer")).to_contain_text("Beijing")
    expect(page.locator("#status")).to_contain_text("Ready: 2 documents")


def test_index_that_cannot_be_opened_is_told_with_its_remedy(page: Page, serve: Serve) -> None:
    def fail() -> FakeChatbot:
        raise FileNotFoundError("there is no index; run `python -m index sync`")

    desk = Desk(fail, mendable=(FileNotFoundError,))
    desk.start()
    address = serve(desk)
    page.goto(address)
    expect(page.locator("#status")).to_contain_text("run `python -m index sync`")


def test_typed_question_is_answered_and_its_mark_opens_the_very_sentence(page: Page, desk: str) -> None:
    page.goto(desk)
    expect(page.locator("#status")).to_contain_text(f"Ready: {len(BRIEFS)} documents")
    ask(page, "Where is the World Internet Conference headquartered?")
    answer = page.locator("#chat .answer")
    expect(answer).to_contain_text("Beijing")
    for number in range(answer.locator("a.mark").count()):
        quote = answer.locator(".sources .quote").nth(number).inner_text()
        with page.context.expect_page() as opened:
            answer.locator("a.mark").nth(number).click()
        source = opened.value
        assert source.locator("#cited").inner_text() == quote
        expect(source.locator("#cited")).to_be_in_viewport()
        assert quote in str(answer.locator("a.mark").nth(number).get_attribute("title"))


def test_example_button_asks_its_question(page: Page, desk: str) -> None:
    page.goto(desk)
    page.get_by_role("button", name="Where is the World Internet Conference headquartered?").click()
    expect(page.locator("#chat .answer")).to_contain_text("Beijing")
    expect(page.locator("#chat .question")).to_have_text("Where is the World Internet Conference headquartered?")


def test_chinese_question_is_answered_with_sources(page: Page, desk: str) -> None:
    page.goto(desk)
    ask(page, "世界互联网大会总部在哪里？")
    expect(page.locator("#chat .answer .sources li").first).to_be_visible()
    expect(page.locator("#chat .answer")).to_contain_text("来源")


def test_question_that_the_documents_leave_open_gets_no_sources(page: Page, desk: str) -> None:
    page.goto(desk)
    ask(page, "How do I bake sourdough bread?")
    answer = page.locator("#chat .answer")
    expect(answer.locator(".state")).to_be_visible()
    expect(answer.locator("a.mark, .sources")).to_have_count(0)


def test_unanswered_question_is_told_in_words_with_nearest_topics_and_a_button_for_each_suggestion(
    page: Page, serve: Serve
) -> None:
    nearest = Retrieved(ABOUT.id, "Headquarters", 0, 13, 0.4, False, title="About the WIC")
    declined = answer_without_sources("not_in_corpus", "The documents do not say.", nearest, suggestions=["Who?"])
    desk = open_desk(FakeChatbot(lambda question, history: [declined]))
    page.goto(serve(desk))
    ask(page, "What is its phone number?")
    answer = page.locator("#chat .answer")
    expect(answer.locator(".state")).to_have_text("Not in the documents")
    expect(answer.locator(".nearest a")).to_have_text("About the WIC")
    expect(answer.locator("a.mark, .sources")).to_have_count(0)
    page.get_by_role("button", name="Who?").click()
    expect(page.locator("#chat .answer")).to_have_count(2)
    expect(page.locator("#chat .question").last).to_have_text("Who?")


def test_follow_up_is_answered_below_the_first_answer_and_both_keep_their_marks(page: Page, desk: str) -> None:
    page.goto(desk)
    ask(page, "Where is the World Internet Conference headquartered?")
    ask(page, "When was it founded?")
    answers = page.locator("#chat .answer")
    expect(answers).to_have_count(2)
    expect(answers.nth(1)).to_contain_text("2022")
    expect(answers.nth(0).locator("a.mark").first).to_be_visible()


@pytest.mark.parametrize(
    ("question", "told"), [("   ", "The question is empty"), ("x" * (LONGEST + 1), "The question has 2,001 characters")]
)
def test_blank_or_overlong_question_gets_one_friendly_line(page: Page, desk: str, question: str, told: str) -> None:
    page.goto(desk)
    expect(page.locator("#status")).to_contain_text("Ready")
    page.fill("#question textarea", question)
    page.locator("#send").click()
    expect(page.locator("#notice")).to_contain_text(told)
    expect(page.locator("#question textarea")).to_have_value(question)


def test_new_conversation_forgets_the_old_one(page: Page, desk: str) -> None:
    page.goto(desk)
    ask(page, "Who founded the WIC?")
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#chat .answer")).to_have_count(0)
    expect(page.get_by_role("button", name="世界互联网大会总部在哪里？")).to_be_visible()


def test_phone_needs_no_sideways_scrolling(context: BrowserContext, page: Page, desk: str) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(desk)
    ask(page, "Which reports were released at the 2026 Asia-Pacific Summit?")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    expect(page.locator("#send")).to_be_in_viewport()
    expect(page.locator("#chat .question")).to_be_in_viewport()
    page.goto(desk + str(page.locator("a.mark").first.get_attribute("href")))
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_mark_is_reached_and_opened_by_keyboard(page: Page, desk: str) -> None:
    page.goto(desk)
    ask(page, "Where is the World Internet Conference headquartered?")
    page.locator("a.mark").first.focus()
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    expect(opened.value.locator("#cited")).to_be_visible()


def test_hostile_text_of_question_document_and_suggestion_is_shown_as_text(page: Page, serve: Serve) -> None:
    hostile = document(Part("paragraph", HOSTILE), id="a b/<i>#1?.md", title=HOSTILE, publisher=HOSTILE)

    def reply(question: str, history: Sequence[Turn]) -> list[Answer]:
        return [answer_citing(HOSTILE, of=hostile)]

    chatbot = FakeChatbot(reply, FakeStore({hostile.id: hostile}))
    desk = Desk(lambda: chatbot)
    desk.start()
    address = serve(desk)
    page.goto(address)
    ask(page, HOSTILE)
    expect(page.locator("#chat .question")).to_have_text(HOSTILE)
    expect(page.locator("#chat .quote")).to_have_text(HOSTILE)
    assert page.locator("#chat .answer :is(img, script, strong, i)").count() == 0
    page.goto(address + str(page.locator("a.mark").get_attribute("href")))
    expect(page.locator("#cited")).to_have_text(HOSTILE)
    assert page.title().startswith("<img")
