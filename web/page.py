"""The chat page: Gradio components, and what happens when somebody asks."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

import gradio as gr

from rag.question import understand
from web.answer import literal, notice_html
from web.conversation import Conversation, Exchange, messages, turns
from web.desk import Desk

TITLE = "WIC question desk"
EXAMPLES = (
    "Where is the World Internet Conference headquartered?",
    "世界互联网大会总部在哪里？",
    "What does the Think Tank Cooperation Program do?",
    "Which reports were released at the 2026 Asia-Pacific Summit?",
    "数字丝绸之路面临哪些人工智能治理挑战？",
    "Who can become a member of the WIC?",
)
INTRODUCTION = (
    "Ask about World Internet Conference programs and report findings, in English or Chinese. "
    "Every sentence of an answer carries a mark that opens the source sentence; "
    "where the documents do not say, the desk says so."
)
WAITING = "The desk is getting ready. Your question waits and is answered as soon as it is."
SEARCHING = "Searching the documents …"
TO_NEWEST = """() => {
  const asked = document.querySelectorAll("#chat .question");
  const step = `${asked.length} ${document.querySelectorAll("#chat .answer").length}`;
  if (asked.length && step !== window.deskStep) asked[asked.length - 1].closest(".message-row").scrollIntoView();
  window.deskStep = step;
}"""  # a long answer is read from its beginning, so neither its end nor a growing text scrolls
POLL = 0.5  # seconds between two looks at whether the desk is ready
CLOSED = "private"  # visibility of Gradio's own endpoints: the page uses them, its API description does not show them
log = logging.getLogger(__name__)

Shown = tuple[str, list[dict[str, Any]], Conversation, str]  # question box, chat window, conversation, notice


def build_page(desk: Desk) -> gr.Blocks:
    """Return the page that asks this desk."""
    page = gr.Blocks(title=TITLE, analytics_enabled=False, fill_height=True)
    with page:
        gr.HTML(f'<header id="head"><h1>{TITLE}</h1><p>{INTRODUCTION}</p></header>')
        status = gr.HTML(_line("connecting", "Connecting to the desk …"), elem_id="status")
        conversation = gr.State(())
        chat = _chat_window()
        notice = gr.HTML("", elem_id="notice")
        with gr.Row(elem_id="ask"):
            box = gr.Textbox(
                placeholder="Your question / 您的问题", label="Question", show_label=False, max_lines=6,
                autofocus=True, scale=1, container=False, elem_id="question",
            )  # fmt: skip
            send = gr.Button("Ask", variant="primary", scale=0, min_width=88, elem_id="send")

        def ask(question: str, so_far: Conversation) -> Iterator[Shown]:
            yield from answer_steps(desk, question, so_far)

        def ask_chosen(so_far: Conversation, chosen: gr.SelectData) -> Iterator[Shown]:
            yield from answer_steps(desk, _text_of(chosen), so_far)

        outputs: list[Any] = [box, chat, conversation, notice]
        quiet: dict[str, Any] = {"api_visibility": CLOSED, "show_progress": "hidden"}
        gr.on([box.submit, send.click], ask, [box, conversation], outputs, **quiet)
        gr.on([chat.example_select, chat.option_select], ask_chosen, [conversation], outputs, **quiet)
        chat.change(None, None, None, js=TO_NEWEST, **quiet)
        chat.clear(lambda: ("", [], (), ""), None, outputs, **quiet)

        async def watch() -> AsyncIterator[str]:
            async for html in status_steps(desk):
                yield html

        page.load(watch, None, status, concurrency_limit=None, **quiet)
    page.queue(default_concurrency_limit=4, api_open=False)
    return page


def _chat_window() -> gr.Chatbot:
    return gr.Chatbot(
        label="Answers",
        show_label=False,
        elem_id="chat",
        scale=1,
        height="auto",
        autoscroll=False,
        examples=[{"text": question} for question in EXAMPLES],
        layout="panel",
        buttons=[],
        feedback_options=None,
        latex_delimiters=[],
        line_breaks=False,
        allow_file_downloads=False,
        group_consecutive_messages=False,
    )


def _text_of(chosen: gr.SelectData) -> str:
    """The question behind a button: examples report a message, suggestions their text."""
    value = chosen.value
    return str(value["text"] if isinstance(value, dict) else value)


def answer_steps(desk: Desk, question: str, so_far: Conversation) -> Iterator[Shown]:
    """Yield what the page shows from the question to its complete answer."""
    history = turns(so_far)
    try:
        understand(question, history)
    except ValueError as error:  # blank or too long: what was written stays in the box
        yield question, messages(so_far), so_far, notice_html(_sentence(str(error)))
        return
    if desk.status.state == "opening":
        yield "", messages([*so_far, Exchange(question, notice=WAITING)]), so_far, ""
        desk.wait()
    yield "", messages([*so_far, Exchange(question, notice=SEARCHING)]), so_far, ""
    for exchange in _exchanges(desk, question, so_far):
        asked = (*so_far, exchange)
        yield "", messages(asked), asked, ""


def _exchanges(desk: Desk, question: str, so_far: Conversation) -> Iterator[Exchange]:
    """Yield the exchange as its answer grows, or with the reason why there is none."""
    if desk.status.state == "failed":
        yield Exchange(question, notice=desk.status.message)
        return
    try:
        for answer in desk.chatbot.stream(question, turns(so_far)):
            yield Exchange(question, answer)
    except Exception:
        case = uuid4().hex[:8]
        log.exception("question not answered, case %s", case)
        yield Exchange(
            question,
            notice=f"The desk failed to answer this question. Ask again; if it fails again, report case {case}.",
        )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


async def status_steps(desk: Desk) -> AsyncIterator[str]:
    """Yield the status line whenever it changes, until the desk is ready."""
    shown = ""
    while True:
        html = _status_html(desk)
        if html != shown:
            yield (shown := html)
        if desk.status.state == "ready":
            return
        await asyncio.sleep(POLL)


def _status_html(desk: Desk) -> str:
    status = desk.status
    if status.state != "ready":
        return _line(status.state, status.message)
    manifest = desk.chatbot.store.manifest
    return _line("ready", f"Ready: {manifest.counts['documents']} documents, as of {manifest.created[:10]}.")


def _line(state: str, text: str) -> str:
    return f'<p role="status" data-state="{state}">{literal(text)}</p>'
