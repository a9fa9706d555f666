"""Asking: what is typed, what streams, what can be done with an answer."""

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from threading import Event

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from rag.cite import Answer
from rag.follow_up import Turn
from rag.question import LONGEST
from rag.scope import EVERYWHERE, Scope
from tests.browser.conftest import Serve
from tests.browser.driver import ROOT, ask, wait_until_kept
from tests.unit.web_desk import FakeChatbot, answer_citing, answer_without_sources, open_desk
from web.desk import Desk

pytestmark = pytest.mark.browser
BRIEFS = list((ROOT / "corpus" / "documents").glob("*.md"))
WHERE = "Where is the World Internet Conference headquartered?"


def test_page_says_that_it_is_getting_ready_and_answers_what_was_asked_meanwhile(page: Page, serve: Serve) -> None:
    release = Event()

    def open_slowly() -> FakeChatbot:
        release.wait(30)
        return FakeChatbot()

    desk = Desk(open_slowly)
    desk.start()
    page.goto(serve(desk))
    expect(page.locator("#status")).to_contain_text("getting ready")
    page.fill("#question textarea", "Where?")
    page.keyboard.press("Enter")
    expect(page.locator("#chat .notice")).to_contain_text("Your question waits")
    release.set()
    expect(page.locator("#chat .answer")).to_contain_text("Beijing")
    expect(page.locator("#status")).to_contain_text("Ready: 2 documents")


def growing(seconds: float = 0.6) -> FakeChatbot:
    """A chatbot that takes its time over two sentences."""

    def reply(question: str, history: Sequence[Turn]) -> Iterator[Answer]:
        yield answer_citing("It was founded in 2022.")
        time.sleep(seconds)
        yield answer_citing("It was founded in 2022.", "It has members.")

    return FakeChatbot(reply)


def begin(page: Page, address: str) -> None:
    """Ask a chatbot that is growing, and wait for the first sentence."""
    page.goto(address)
    page.fill("#question textarea", "When?")
    page.keyboard.press("Enter")
    expect(page.locator("#chat .answer")).to_contain_text("2022")


IMPATIENT = """
const press = () => {
  const box = document.querySelector("#question textarea");
  if (box) {
    const setValue = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set;
    setValue.call(box, "Where?");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.dispatchEvent(new KeyboardEvent("keypress", { key: "Enter", bubbles: true, cancelable: true }));
  }
  if (!document.querySelector("#chat .question")) setTimeout(press, 5);
};
addEventListener("DOMContentLoaded", press);
"""


def test_question_entered_again_and_again_while_the_page_still_loads_is_answered_once(page: Page, serve: Serve) -> None:
    page.add_init_script(IMPATIENT)
    page.goto(serve(open_desk(growing())))
    expect(page.locator("#chat .answer")).to_contain_text("It has members.", timeout=15_000)
    wait_until_kept(page)
    expect(page.locator("#chat .question")).to_have_text(["Where?"])
    expect(page.locator("#chat .answer")).to_contain_text("It has members.")


def test_answer_that_comes_after_another_conversation_was_opened_is_kept_in_its_own(page: Page, serve: Serve) -> None:
    begin(page, serve(open_desk(growing(2))))
    page.get_by_role("button", name="New", exact=True).click()
    expect(page.locator("#chat .answer")).to_have_count(0)
    page.fill("#question textarea", "And what?")
    page.keyboard.press("Enter")
    expect(page.locator("#chat .question")).to_have_text(["And what?"], timeout=15_000)
    expect(page.locator("#chat .answer")).to_contain_text("It has members.", timeout=15_000)
    wait_until_kept(page)
    page.get_by_role("button", name="Conversations").click()
    page.locator("#history .open", has_text="When?").click()
    expect(page.locator("#chat .question")).to_have_text(["When?"])
    expect(page.locator("#chat .answer")).to_contain_text("It has members.")


def test_closing_the_page_ends_the_work_on_its_answer(page: Page, serve: Serve) -> None:
    ended = Event()

    class Endless(FakeChatbot):
        async def astream(
            self, question: str, history: Sequence[Turn] = (), scope: Scope = EVERYWHERE
        ) -> AsyncGenerator[Answer, None]:
            try:
                yield answer_citing("It was founded in 2022.")
                await asyncio.sleep(60)
            finally:
                ended.set()

    begin(page, serve(open_desk(Endless())))
    page.close()
    assert ended.wait(15)


def long_growing() -> FakeChatbot:
    """A chatbot that answers "Slow?" in many steps, and anything else at once."""

    def reply(question: str, history: Sequence[Turn]) -> Iterator[Answer]:
        for step in range(20 if question == "Slow?" else 0):
            yield answer_citing("It was founded in 2022.", *["It has members."] * (step % 2))
            time.sleep(0.1)
        yield answer_citing("It has members.")

    return FakeChatbot(reply)


QUESTIONS_SEEN = """() => {
  const seen = window.seen = [];
  const look = () => {
    const shown = [...document.querySelectorAll("#chat .question")].map((one) => one.textContent).join(" ");
    if (shown !== seen.at(-1)) seen.push(shown);
    requestAnimationFrame(look);
  };
  look();
}"""


def test_growing_answer_is_not_seen_in_the_conversation_that_was_opened_meanwhile(page: Page, serve: Serve) -> None:
    page.goto(serve(open_desk(long_growing())))
    ask(page, "Quick?")
    page.get_by_role("button", name="Conversations").click()
    page.get_by_role("button", name="New", exact=True).click()
    expect(page.locator("#chat .question")).to_have_count(0)
    page.fill("#question textarea", "Slow?")
    page.keyboard.press("Enter")
    expect(page.locator("#chat .answer")).to_contain_text("2022")
    page.evaluate(QUESTIONS_SEEN)
    page.locator("#history .open", has_text="Quick?").click()
    expect(page.locator("#chat .question")).to_have_text(["Quick?"])
    page.wait_for_timeout(2500)  # the slow answer ends
    assert page.evaluate("window.seen") == ["Slow?", "Quick?"]
    page.locator("#history .open", has_text="Slow?").click()
    expect(page.locator("#chat .answer .text")).to_have_text(re.compile(r"^It has members\."))


def test_answer_is_shown_when_it_comes_to_a_conversation_that_was_left_and_opened_again(
    page: Page, serve: Serve
) -> None:
    page.goto(serve(open_desk(long_growing())))
    page.fill("#question textarea", "Slow?")
    page.keyboard.press("Enter")
    expect(page.locator("#chat .answer")).to_contain_text("2022")
    page.get_by_role("button", name="Conversations").click()
    page.get_by_role("button", name="New", exact=True).click()
    expect(page.locator("#chat .question")).to_have_count(0)
    page.locator("#history .open", has_text="Slow?").click()
    expect(page.locator("#chat .answer .text")).to_have_text(re.compile(r"^It has members\."), timeout=15_000)
    wait_until_kept(page)
    page.reload()
    expect(page.locator("#chat .answer .text")).to_have_text(re.compile(r"^It has members\."))


def test_index_that_cannot_be_opened_is_told_with_its_remedy(page: Page, serve: Serve) -> None:
    def fail() -> FakeChatbot:
        raise FileNotFoundError("there is no index; run `python -m index sync`")

    desk = Desk(fail, mendable=(FileNotFoundError,))
    desk.start()
    page.goto(serve(desk))
    expect(page.locator("#status")).to_contain_text("run `python -m index sync`")


def test_question_is_answered_with_its_state_and_sources_and_the_box_is_empty_again(page: Page, desk: str) -> None:
    page.goto(desk)
    expect(page.locator("#status")).to_contain_text(f"Ready: {len(BRIEFS)} documents")
    ask(page, WHERE)
    answer = page.locator("#chat .answer")
    expect(answer).to_contain_text("Beijing")
    expect(answer.locator(".state")).to_have_text("Answered")
    expect(answer.locator(".sources li").first).to_be_visible()
    expect(page.locator("#question textarea")).to_have_value("")


def test_answer_streams_and_typing_is_never_blocked(page: Page, serve: Serve) -> None:
    begin(page, serve(open_desk(growing())))
    answer = page.locator("#chat .answer")
    expect(answer).not_to_contain_text("members")
    page.fill("#question textarea", "And what")
    expect(answer).to_contain_text("It has members.")
    wait_until_kept(page)
    expect(page.locator("#question textarea")).to_have_value("And what")


def test_stop_ends_the_answer_and_it_can_be_asked_again(page: Page, serve: Serve) -> None:
    begin(page, serve(open_desk(growing(3))))
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#chat .notice")).to_contain_text("Stopped before the answer was complete")
    expect(page.locator("#send")).to_be_visible()
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator("#chat .answer")).to_contain_text("It has members.", timeout=15_000)


def counting() -> FakeChatbot:
    """A chatbot whose answers differ from time to time."""
    quotes = iter(["It was founded in 2022.", "It has members.", "The WIC has its headquarters in Beijing."] * 3)
    return FakeChatbot(lambda question, history: [answer_citing(next(quotes))])


def test_asking_again_replaces_the_newest_answer(page: Page, serve: Serve) -> None:
    page.goto(serve(open_desk(counting())))
    expect(page.locator("#welcome")).to_be_visible()
    ask(page, "When?")
    before = page.locator("#chat .answer .text").inner_text()
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator("#chat .answer .text")).not_to_have_text(before)
    expect(page.locator("#chat .question")).to_have_count(1)


def test_edited_question_replaces_itself_and_what_follows(page: Page, desk: str) -> None:
    page.goto(desk)
    ask(page, WHERE)
    ask(page, "When was it founded?")
    page.get_by_role("button", name="Edit").first.click()
    expect(page.locator("#question textarea")).to_have_value(WHERE)
    expect(page.locator("#editing")).to_contain_text("replaces that question and all that follows")
    page.fill("#question textarea", "Who can become a member of the WIC?")
    page.keyboard.press("Enter")
    expect(page.locator("#chat .question")).to_have_text(["Who can become a member of the WIC?"])
    expect(page.locator("#chat .answer")).to_contain_text("member")
    expect(page.locator("#editing")).to_have_count(0)


def test_answer_is_copied_with_its_numbered_sources(context: BrowserContext, page: Page, desk: str) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(desk)
    ask(page, WHERE)
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("#said")).to_contain_text("Copied")
    copied = str(page.evaluate("navigator.clipboard.readText()"))
    quote = page.locator("#chat .quote").first.inner_text()
    assert re.search(r"Beijing.*\[1\]", copied)
    assert f"“{quote}”" in copied.split("Sources:\n[1] ")[1]


def test_example_of_the_first_screen_is_answered_from_the_documents(page: Page, desk: str) -> None:
    page.goto(desk)
    expect(page.locator("#welcome .topic").first).to_be_visible(timeout=30_000)
    example = page.locator("#welcome .suggestion").first
    question = example.inner_text()
    example.click()
    expect(page.locator("#chat .question")).to_have_text(question)
    expect(page.locator("#chat .answer.is-answered .sources li").first).to_be_visible()


def test_suggestion_below_an_answer_asks_its_question(page: Page, desk: str) -> None:
    page.goto(desk)
    ask(page, WHERE)
    suggestion = page.locator("#chat .suggestion").first
    question = suggestion.inner_text()
    suggestion.click()
    expect(page.locator("#chat .answer")).to_have_count(2)
    expect(page.locator("#chat .question").last).to_have_text(question)
    expect(page.locator("#chat .suggestion").first).to_be_visible()
    assert page.locator("#chat .bot-row").first.locator(".suggestion").count() == 0


def test_chinese_question_is_answered_in_chinese_with_sources(page: Page, desk: str) -> None:
    page.goto(desk)
    ask(page, "世界互联网大会总部在哪里？")
    answer = page.locator("#chat .answer")
    expect(answer.locator(".sources li").first).to_be_visible()
    expect(answer).to_contain_text("来源")
    assert answer.get_attribute("lang") == "zh"


def test_question_that_the_documents_leave_open_gets_no_sources(page: Page, desk: str) -> None:
    page.goto(desk)
    ask(page, "How do I bake sourdough bread?")
    answer = page.locator("#chat .answer")
    expect(answer.locator(".state")).to_be_visible()
    expect(answer.locator("a.mark, .sources")).to_have_count(0)


def test_unanswered_question_offers_the_nearest_topics_as_buttons(page: Page, serve: Serve) -> None:
    declined = answer_without_sources("not_in_corpus", "The documents do not say.", suggestions=["Who?", "When?"])
    page.goto(serve(open_desk(FakeChatbot(lambda question, history: [declined]))))
    ask(page, "What is its phone number?")
    expect(page.locator("#chat .answer .state")).to_have_text("Not in the documents")
    page.get_by_role("button", name="When?").click()
    expect(page.locator("#chat .question").last).to_have_text("When?")


def test_follow_up_is_answered_below_the_first_answer_and_both_keep_their_marks(page: Page, desk: str) -> None:
    page.goto(desk)
    ask(page, WHERE)
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
    expect(page.locator("#send")).to_be_visible()


def test_details_are_folded_and_show_ranks_scores_timings_and_corpus_version(page: Page, desk: str) -> None:
    page.goto(desk)
    ask(page, WHERE)
    details = page.locator("#chat .details")
    expect(details.locator("table")).not_to_be_visible()
    details.locator("summary").click()
    expect(details.locator("tbody tr").first.locator("td").nth(3)).to_have_text(re.compile(r"^[01]\.\d{3}$"))
    expect(details).to_contain_text("Corpus version")
    expect(details).to_contain_text(WHERE)


def test_two_people_at_once_do_not_see_each_others_conversation(browser: Browser, desk: str) -> None:
    with browser.new_context() as one, browser.new_context() as other:
        pages = [one.new_page(), other.new_page()]
        questions = [WHERE, "Who can become a member of the WIC?"]
        for page in pages:
            page.goto(desk)
        for page, question in zip(pages, questions, strict=True):
            page.fill("#question textarea", question)
            page.keyboard.press("Enter")
        for page, question in zip(pages, questions, strict=True):
            expect(page.locator("#chat .question")).to_have_text([question])
            expect(page.locator("#chat .answer")).to_have_count(1)
            wait_until_kept(page)
            page.reload()
            expect(page.locator("#chat .question")).to_have_text([question])
