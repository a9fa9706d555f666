"""The chat page: Gradio components, wired to the steps of an answer."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import gradio as gr

from web.conversation import Conversation
from web.desk import Desk
from web.steps import Shown, answer_steps, status_line, status_steps

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
TO_NEWEST = """() => {
  const asked = document.querySelectorAll("#chat .question");
  const step = `${asked.length} ${document.querySelectorAll("#chat .answer").length}`;
  if (asked.length && step !== window.deskStep) asked[asked.length - 1].closest(".message-row").scrollIntoView();
  window.deskStep = step;
}"""  # a long answer is read from its beginning, so neither its end nor a growing text scrolls
CLOSED = "private"  # visibility of Gradio's own endpoints: the page uses them, its API description does not show them


def build_page(desk: Desk) -> gr.Blocks:
    """Return the page that asks this desk."""
    page = gr.Blocks(title=TITLE, analytics_enabled=False, fill_height=True)
    with page:
        gr.HTML(f'<header id="head"><h1>{TITLE}</h1><p>{INTRODUCTION}</p></header>')
        status = gr.HTML(status_line("connecting", "Connecting to the desk …"), elem_id="status")
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
