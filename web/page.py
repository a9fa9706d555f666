"""The chat page: Gradio components, wired to the steps of an answer.

The conversation is kept by the browser: `web/script/page.js` writes an order, which holds it, for each event.
"""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import gradio as gr

from web.chat.filter import choices, filter_line, scope_of
from web.chat.frame import head_html, history_html, panel_html, welcome_html
from web.chat.order import Newest, Order, order_from
from web.chat.pulse import with_pulse
from web.chat.steps import Shown, answer_steps, refused, shown, status_line, status_steps
from web.desk import Desk
from web.words import PAGE, Language

TITLE = PAGE["en"].title
CLOSED = "private"  # visibility of Gradio's own endpoints: the page uses them, its API description does not show them
QUIET: dict[str, Any] = {"api_visibility": CLOSED, "show_progress": "hidden"}
SKIP = gr.skip()
SCRIPT = "import(new URL('script/page.js', document.baseURI))"  # also where a proxy serves the desk below a path


def script(call: str) -> str:
    """Return JavaScript for an event that calls a function of the page's script."""
    return f"async (...values) => (await {SCRIPT}).{call}"


def ordering(call: str) -> str:
    """Return JavaScript that puts the order which a function of the page's script writes before all other inputs."""
    return f"async (...values) => [(await {SCRIPT}).{call}, ...values.slice(1)]"


def build_page(desk: Desk) -> gr.Blocks:
    """Return the page that asks this desk."""
    page = gr.Blocks(title=TITLE, analytics_enabled=False, fill_height=True)
    with page:
        order = gr.Textbox(visible=False)  # stands for the order that the script writes
        kept = gr.Textbox(visible=False)
        newest = gr.State(Newest())
        head = _html(head_html("en"), elem_id="head-block")
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="history-column", min_width=0):
                history = _html(history_html("en"))
            with gr.Column(elem_id="main-column", min_width=0):
                status = _html(status_line("connecting", PAGE["en"].connecting, "en"), elem_id="status")
                welcome = _html(welcome_html((), "en"), elem_id="welcome-block")
                chat = _chat_window()
                notice = _html("", elem_id="notice")
                with gr.Accordion(PAGE["en"].filter, open=False, elem_id="filter") as fold:
                    with gr.Row():
                        filters = [_dropdown(name) for name in ("program", "kind", "year", "document")]
                    everything = gr.Button(PAGE["en"].everything, size="sm", elem_id="everything")
                only = _html("", elem_id="only")
                with gr.Row(elem_id="ask"):
                    box = gr.Textbox(
                        placeholder=PAGE["en"].placeholder, label=PAGE["en"].question, show_label=False, max_lines=6,
                        autofocus=True, scale=1, container=False, elem_id="question",
                    )  # fmt: skip
                    send = gr.Button(PAGE["en"].ask, variant="primary", scale=0, min_width=88, elem_id="send")
                    stop = gr.Button(PAGE["en"].stop, scale=0, min_width=88, elem_id="stop")
                go = gr.Button("", visible="hidden", elem_id="go")  # the script presses it for all other buttons
            with gr.Column(elem_id="panel-column", min_width=0):
                panel = _html(panel_html("en"))

        async def perform(order: str, newest: Newest, *chosen: list[str]) -> AsyncIterator[tuple[Any, ...]]:
            try:
                wanted = order_from(order)
            except ValueError as error:
                yield _outputs(refused(Order("ask"), str(error)))
                return
            newest.serial = max(newest.serial, wanted.serial)
            if wanted.action == "ask":
                steps = with_pulse(answer_steps(desk, wanted, scope_of(*chosen)))
                async with aclosing(steps):
                    async for step in steps:
                        yield _outputs(step if wanted.serial == newest.serial else step.unseen())
            elif wanted.action == "show" and wanted.serial == newest.serial:
                yield _outputs(shown(wanted))
            else:
                yield _outputs(Shown())

        outputs: list[Any] = [chat, kept, box, notice]
        each: dict[str, Any] = {**QUIET, "trigger_mode": "multiple"}  # no order is dropped; the script refuses doubles
        asking = gr.on(
            [box.submit, send.click],
            perform,
            [box, newest, *filters],
            outputs,
            js=ordering("entered(values[0])"),
            **each,
        )
        pressed = go.click(perform, [order, newest, *filters], outputs, js=ordering("pressed()"), **each)
        for event in (asking, pressed):
            event.then(None, None, None, js=script("finished()"), **QUIET)
        stop.click(
            perform, [order, newest, *filters], outputs, js=ordering("stop()"), cancels=[asking, pressed], **QUIET
        )
        kept.change(None, kept, None, js=script("keep(values[0])"), **QUIET)
        chat.change(None, None, None, js=script("shown()"), **QUIET)

        def narrow(order: str, *chosen: list[str]) -> str:
            return filter_line(desk.chatbot.store.catalog, scope_of(*chosen), order_from(order).language)

        for item in filters:
            item.change(narrow, [order, *filters], only, js=ordering("reader()"), **QUIET)
        everything.click(lambda: ([], [], [], []), None, filters, **QUIET)

        labelled: list[Any] = [head, history, panel, box, send, stop, fold, everything]

        def translate(order: str) -> list[Any]:
            return _labels(order_from(order).language)

        async def watch(order: str) -> AsyncIterator[tuple[Any, ...]]:
            wanted = order_from(order)
            async for html in status_steps(desk, wanted.language):
                yield (html, welcome_html((), wanted.language), SKIP, SKIP, SKIP, SKIP)
            found = await desk.topics(wanted.language)
            yield (SKIP, welcome_html(found, wanted.language), *_filters(desk, wanted))

        page.load(perform, [order, newest, *filters], outputs, js=ordering("open()"), **QUIET)
        page.load(translate, order, labelled, js=ordering("reader()"), **QUIET).then(
            None, None, None, js=script("dress()"), **QUIET
        )
        page.load(watch, order, [status, welcome, *filters], js=ordering("reader()"), concurrency_limit=None, **QUIET)
    page.queue(default_concurrency_limit=4, api_open=False)
    return page


def _outputs(step: Shown) -> tuple[Any, ...]:
    return tuple(SKIP if value is None else value for value in (step.messages, step.kept, step.box, step.notice))


def _labels(language: Language) -> list[Any]:
    words = PAGE[language]
    return [
        head_html(language), history_html(language), panel_html(language),
        gr.update(placeholder=words.placeholder, label=words.question), gr.update(value=words.ask),
        gr.update(value=words.stop), gr.update(label=words.filter), gr.update(value=words.everything),
    ]  # fmt: skip


def _filters(desk: Desk, order: Order) -> list[Any]:
    offered, words = choices(desk.chatbot.store.catalog), PAGE[order.language]
    known = [id for _, id in offered.documents]
    chosen = [order.document] if order.document in known else []
    return [
        gr.update(choices=list(offered.programs), label=words.program),
        gr.update(choices=list(offered.kinds), label=words.kind),
        gr.update(choices=list(offered.years), label=words.year),
        gr.update(choices=list(offered.documents), label=words.document, value=chosen),
    ]


def _html(html: str, elem_id: str | None = None) -> gr.HTML:
    return gr.HTML(html, elem_id=elem_id, apply_default_css=False, js_on_load=None)


def _dropdown(name: str) -> gr.Dropdown:
    return gr.Dropdown(
        [], multiselect=True, label=getattr(PAGE["en"], name), elem_id=f"filter-{name}", min_width=180, value=[]
    )


def _chat_window() -> gr.Chatbot:
    return gr.Chatbot(
        label="Answers",
        show_label=False,
        elem_id="chat",
        scale=1,
        height="auto",
        autoscroll=False,
        layout="panel",
        buttons=[],
        feedback_options=None,
        latex_delimiters=[],
        line_breaks=False,
        allow_file_downloads=False,
        group_consecutive_messages=False,
    )
