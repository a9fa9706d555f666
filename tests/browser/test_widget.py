"""The widget on a page of another origin, under a content security policy that allows nothing inline."""

import gzip
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from rag.cite import Answer
from rag.follow_up import Turn
from tests.browser.conftest import Serve
from tests.browser.driver import serving
from tests.unit.web_desk import FakeChatbot, answer_citing, open_desk
from web.desk import Desk
from web.door.access import Access

pytestmark = pytest.mark.browser
HERE = Path(__file__).parent / "intranet"
SENTENCE = "The WIC has its headquarters in Beijing."
PHONE = {"width": 390, "height": 844}
DOWN = re.compile("/(api/ask/stream|healthz)$")
Place = Callable[..., str]


class Intranet(BaseHTTPRequestHandler):
    """Answers with one page whose only script comes from the desk."""

    desk = ""
    page = "index.html"

    def do_GET(self) -> None:
        """Send the page under a strict policy."""
        policy = f"default-src 'none'; script-src {self.desk}; connect-src {self.desk}; img-src data:"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header(
            "Content-Security-Policy", f"{policy}; frame-src {self.desk}; require-trusted-types-for 'script'"
        )
        self.end_headers()
        self.wfile.write((HERE / self.page).read_text().replace("DESK", self.desk).encode())

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def place() -> Iterator[Place]:
    """A function that puts the widget of a desk on an intranet page whose origin the desk lists, or not."""
    with ExitStack() as servers:

        def put(desk: Desk | None = None, listed: bool = True, page: str = "index.html") -> str:
            handler = type("Handler", (Intranet,), {"page": page})
            server = servers.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), handler))
            Thread(target=server.serve_forever, daemon=True).start()
            servers.callback(server.shutdown)
            origin = f"http://127.0.0.1:{server.server_port}"
            access = Access(public=True, origins=(origin,) if listed else ())
            handler.desk = servers.enter_context(serving(desk or open_desk(), access))  # type: ignore[attr-defined]
            return origin

        yield put


@pytest.fixture
def page(context: BrowserContext, place: Place) -> Page:
    """A page that closes before the servers do."""
    return context.new_page()


def ask(page: Page, question: str) -> None:
    box = page.locator("wic-ask textarea")
    box.fill(question)
    box.press("Enter")


def test_question_is_answered_on_another_page_and_its_mark_opens_the_highlighted_sentence(
    page: Page, place: Place
) -> None:
    page.goto(place())
    page.get_by_role("button", name="Ask about the WIC").click()
    ask(page, "Where?")
    mark = page.locator("wic-ask .mark")
    expect(mark).to_have_text("[1]")
    mark.hover()
    expect(page.locator("wic-ask .tip")).to_contain_text(SENTENCE)
    with page.expect_popup() as opened:
        mark.click()
    expect(opened.value.locator("#cited")).to_have_text(SENTENCE)


def test_conversation_stays_on_the_next_page_of_the_tab_and_history_is_sent(page: Page, place: Place) -> None:
    heard: list[Sequence[Turn]] = []

    def reply(question: str, history: Sequence[Turn]) -> list[Answer]:
        heard.append(history)
        return [answer_citing(SENTENCE, question=question)]

    address = place(open_desk(FakeChatbot(reply)))
    page.goto(address)
    page.get_by_role("button", name="Ask about the WIC").click()
    page.get_by_role("button", name="Where?").click()
    expect(page.locator("wic-ask .mark")).to_be_visible()
    page.get_by_role("link", name="Another page").click()
    expect(page.locator("wic-ask .asked")).to_contain_text("Where?")
    ask(page, "And when?")
    expect(page.locator("wic-ask .mark")).to_have_count(2)
    assert heard == [[], [Turn("Where?", SENTENCE)]]
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator("wic-ask .asked")).to_have_count(0)


def test_text_of_a_question_or_document_is_never_markup(page: Page, place: Place) -> None:
    hostile = "<img src=x onerror='document.title=1'> <b>bold</b>"
    page.goto(place(open_desk(FakeChatbot(lambda q, h: [answer_citing(SENTENCE, question=q)]))))
    page.get_by_role("button", name="Ask about the WIC").click()
    ask(page, hostile)
    expect(page.locator("wic-ask .mark")).to_be_visible()
    expect(page.locator("wic-ask .asked")).to_contain_text(hostile)
    assert page.locator("wic-ask :is(img, b.x, .asked b)").count() == 0


def test_keyboard_alone_opens_asks_and_closes(page: Page, place: Place) -> None:
    page.goto(place())
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    launcher = page.get_by_role("button", name="Ask about the WIC")
    expect(launcher).to_be_focused()
    assert launcher.get_attribute("aria-expanded") == "false"
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Ask about the WIC")).to_be_visible()
    page.keyboard.type("Where?")
    page.keyboard.press("Enter")
    mark = page.get_by_role("link", name="Source 1: About the WIC (opens in a new tab)")
    expect(mark).to_be_visible()
    mark.focus()
    expect(page.get_by_role("tooltip")).to_contain_text(SENTENCE)
    expect(page.locator("wic-ask [role=status]")).to_contain_text(SENTENCE)
    page.keyboard.press("Escape")
    expect(page.get_by_role("tooltip")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(launcher).to_be_focused()


def test_phone_shows_the_desk_on_the_whole_screen(browser: Browser, place: Place) -> None:
    with browser.new_context(viewport=PHONE) as phone:  # type: ignore[arg-type]
        page = phone.new_page()
        page.goto(place())
        page.get_by_role("button", name="Ask about the WIC").click()
        dialog = page.get_by_role("dialog")
        assert dialog.bounding_box() == {"x": 0, "y": 0, **PHONE}
        assert dialog.get_attribute("aria-modal") == "true"
        for _ in range(8):
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.tagName") == "WIC-ASK"


def test_desk_that_is_not_ready_or_down_is_tried_again(browser: Browser, place: Place) -> None:
    release = Event()

    def open_slowly() -> FakeChatbot:
        release.wait(30)
        return FakeChatbot()

    desk = Desk(open_slowly)
    desk.start()
    with browser.new_context() as context:  # the browser itself complains of each failed request
        page = context.new_page()
        page.goto(place(desk))
        page.get_by_role("button", name="Ask about the WIC").click()
        ask(page, "Where?")
        notice = page.locator("wic-ask .notice")
        expect(notice).to_contain_text("The desk is busy. Trying again in")
        page.route(DOWN, lambda route: route.abort())
        page.get_by_role("button", name="Try now").click()
        expect(notice).to_contain_text("cannot be reached. Trying again in")
        release.set()
        desk.wait(10)
        page.unroute(DOWN)
        page.get_by_role("button", name="Try now").click()
        expect(page.locator("wic-ask .mark")).to_be_visible()


def test_page_that_is_not_listed_gets_no_answer_and_its_owner_a_hint(browser: Browser, place: Place) -> None:
    asked: list[str] = []

    def reply(question: str, history: Sequence[Turn]) -> list[Answer]:
        asked.append(question)
        return [answer_citing(SENTENCE)]

    with browser.new_context() as context:
        page = context.new_page()
        hints: list[str] = []
        page.on("console", lambda told: hints.append(told.text) if told.type == "warning" else None)
        origin = place(open_desk(FakeChatbot(reply)), listed=False)
        page.goto(origin)
        page.get_by_role("button", name="Ask about the WIC").click()
        ask(page, "Where?")
        notice = page.locator("wic-ask .notice")
        expect(notice).to_contain_text("The desk does not answer this page. Trying again in")
        with page.expect_response("**/healthz"):
            page.get_by_role("button", name="Try now").click()
        expect(notice).to_contain_text("does not answer this page")
        assert asked == []
        (hint,) = hints
        assert f"pages of {origin} get no answer" in hint
        assert f"RAG_ALLOWED_ORIGINS={origin} " in hint


@pytest.mark.parametrize("listed", [True, False])
def test_frame_shows_the_desk_on_listed_pages_only(browser: Browser, place: Place, listed: bool) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(place(listed=listed, page="framed.html"))
        frame = page.frame_locator("iframe")
        if listed:
            frame.locator("wic-ask textarea").fill("Where?")
            frame.locator("wic-ask textarea").press("Enter")
            expect(frame.locator("wic-ask .mark")).to_be_visible()
            expect(frame.get_by_role("heading", name="Events")).to_be_visible()
        else:
            page.wait_for_timeout(500)
            assert frame.locator("wic-ask").count() == 0


def test_author_chooses_language_colour_place_and_filter(page: Page, place: Place) -> None:
    page.goto(place(page="chosen.html"))
    panel = page.locator("wic-ask .panel.inline")
    expect(panel).to_be_visible()
    expect(page.locator("wic-ask textarea")).to_have_attribute("placeholder", "您的问题")
    assert page.locator("wic-ask .send").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(10, 107, 79)"
    with page.expect_request("**/api/ask/stream") as sent:
        ask(page, "在哪里？")
    assert sent.value.post_data_json == {
        "question": "在哪里？", "history": [], "scope": {"years": ["2024", "2025"], "programs": ["Wuzhen Summit"]},
    }  # fmt: skip


def test_widget_is_small(serve: Serve) -> None:
    with urlopen(f"{serve(open_desk())}/widget.js") as reply:
        assert len(gzip.compress(reply.read())) < 40_000
        assert reply.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
