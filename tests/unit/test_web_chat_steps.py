import asyncio
import html
import json
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from threading import Event, Timer

import pytest

from rag.cite import Answer
from rag.follow_up import Turn
from rag.question import LONGEST
from rag.scope import EVERYWHERE, Scope
from tests.unit.web_desk import FakeChatbot, answer_citing, open_desk
from web.chat.conversation import Exchange
from web.chat.order import Order
from web.chat.pulse import with_pulse
from web.chat.steps import Shown, answer_steps, shown, status_steps
from web.desk import Desk


def steps(desk: Desk, question: str, *so_far: Exchange, scope: Scope = EVERYWHERE) -> list[Shown]:
    async def run() -> list[Shown]:
        return [step async for step in answer_steps(desk, Order("ask", question, so_far, serial=7), scope)]

    return asyncio.run(run())


def last_message(step: Shown) -> str:
    assert step.messages
    return html.unescape(str(step.messages[-1]["content"]))


def test_question_is_answered_and_kept_with_the_serial_of_its_order() -> None:
    searching, *_, answered = steps(open_desk(), "Where?")
    assert "Searching" in last_message(searching)
    assert searching.kept is None
    assert "headquarters in Beijing" in last_message(answered)
    kept = json.loads(answered.kept or "")
    assert (kept["serial"], [row["question"] for row in kept["exchanges"]]) == (7, ["Where?"])


def test_growing_answer_is_shown_and_only_the_complete_one_is_kept() -> None:
    growing = [answer_citing("It was founded in 2022."), answer_citing("It was founded in 2022.", "It has members.")]
    shown = steps(open_desk(FakeChatbot(lambda question, history: growing)), "When?")
    assert [step.kept is None for step in shown] == [True, True, True, False]
    assert "has members" not in last_message(shown[1])
    assert "has members" in last_message(shown[2])
    assert ["Writing …" in last_message(step) for step in shown[1:]] == [True, True, False]
    assert ["Not helpful" in last_message(step) for step in shown[1:]] == [False, False, True]


def test_draft_of_a_sentence_is_shown_apart_until_it_is_proved() -> None:
    begun = replace(answer_citing("It has members."), answer="", citations=(), draft="It has")
    shown = steps(open_desk(FakeChatbot(lambda question, history: [begun, answer_citing("It has members.")])), "When?")
    assert ['<p class="draft">It has … (not checked yet)</p>' in last_message(step) for step in shown[1:]] == [
        True,
        False,
        False,
    ]


def test_a_pulse_says_the_last_again_while_nothing_comes_and_its_end_ends_the_work() -> None:
    ended: list[bool] = []

    async def slow() -> AsyncGenerator[str, None]:
        try:
            yield "first"
            await asyncio.sleep(0.05)
            yield "second"
            await asyncio.sleep(60)
        finally:
            ended.append(True)

    async def run() -> list[str]:
        async with aclosing(with_pulse(slow(), 0.01)) as items:
            seen: list[str] = []
            async for item in items:
                seen.append(item)
                if seen[-2:] == ["second", "second"]:
                    return seen
        raise AssertionError(seen)

    seen = asyncio.run(run())
    assert seen[:2] == ["first", "first"]
    assert ended == [True]


def test_a_pulse_ends_with_what_it_is_felt_in() -> None:
    async def failing() -> AsyncGenerator[str, None]:
        yield "first"
        raise LookupError

    async def run() -> list[str]:
        return [item async for item in with_pulse(failing())]

    with pytest.raises(LookupError):
        asyncio.run(run())


def test_step_of_an_older_order_is_kept_and_not_shown() -> None:
    answered = steps(open_desk(), "Where?")[-1]
    assert answered.unseen() == Shown(kept=answered.kept)


def test_what_is_typed_during_an_answer_is_left_alone() -> None:
    assert {step.box for step in steps(open_desk(), "Where?")} == {None}


def test_follow_up_passes_the_earlier_turns() -> None:
    heard: list[Sequence[Turn]] = []

    def reply(question: str, history: Sequence[Turn]) -> list[Answer]:
        heard.append(history)
        return [answer_citing("It has members.")]

    steps(open_desk(FakeChatbot(reply)), "And since when?", Exchange("Who?", answer_citing("It has members.")))
    assert [[turn.question for turn in turns] for turns in heard] == [["Who?"]]


def test_question_is_asked_of_the_chosen_documents_and_the_answer_says_so() -> None:
    answered = steps(open_desk(), "Where?", scope=Scope(programs=("Organization",)))[-1]
    assert '<p class="scope">Only asked of: Organization</p>' in last_message(answered)


@pytest.mark.parametrize(
    ("question", "told"),
    [(" \n ", "The question is empty"), ("x" * (LONGEST + 1), "The question has 2,001 characters")],
)
def test_blank_or_overlong_question_returns_to_the_box_with_one_line(question: str, told: str) -> None:
    [refused] = steps(open_desk(), question)
    assert (refused.box, refused.messages) == (question, [])
    assert told in html.unescape(refused.notice or "")


def test_what_is_no_question_is_told_in_the_readers_language() -> None:
    async def run() -> list[Shown]:
        return [step async for step in answer_steps(open_desk(), Order("ask", "x" * (LONGEST + 1), language="zh"))]

    [refused] = asyncio.run(run())
    assert "问题有 2,001 个字符，请缩短到 2,000 个字符以内。" in html.unescape(refused.notice or "")


def test_question_asked_while_the_desk_opens_waits_and_is_answered() -> None:
    release = Event()

    def open_slowly() -> FakeChatbot:
        release.wait(5)
        return FakeChatbot()

    desk = Desk(open_slowly)
    desk.start()
    Timer(0.05, release.set).start()
    waiting, *_, answered = steps(desk, "Where?")
    assert "Your question waits" in last_message(waiting)
    assert "Beijing" in last_message(answered)


def test_question_to_a_desk_that_cannot_open_is_told_why() -> None:
    def fail() -> FakeChatbot:
        raise FileNotFoundError("there is no index; run `python -m index sync`")

    desk = Desk(fail, mendable=(FileNotFoundError,))
    desk.start()
    desk.wait(5)
    assert "run `python -m index sync`" in last_message(steps(desk, "Where?")[-1])


def test_failure_is_one_line_for_the_reader_and_a_traceback_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    def reply(question: str, history: Sequence[Turn]) -> list[Answer]:
        raise ValueError("secret detail")

    with caplog.at_level(logging.ERROR):
        told = last_message(steps(open_desk(FakeChatbot(reply)), "Where?")[-1])
    assert "failed to answer" in told
    assert "secret" not in told
    assert "secret detail" in caplog.text
    assert told.split("case ")[1][:8] in caplog.text


def test_conversation_is_shown_as_it_was_kept() -> None:
    answered = Exchange("Where?", answer_citing("It has members."))
    step = shown(Order("show", conversation=(answered,), serial=2))
    assert len(step.messages or []) == 2
    assert json.loads(step.kept or "")["serial"] == 2


def test_status_goes_from_getting_ready_to_the_number_and_date_of_the_documents() -> None:
    release = Event()

    def open_slowly() -> FakeChatbot:
        release.wait(5)
        return FakeChatbot()

    desk = Desk(open_slowly)
    desk.start()

    async def watch() -> list[str]:
        seen = []
        async for step in status_steps(desk):
            seen.append(html.unescape(step))
            release.set()
        return seen

    opening, ready = asyncio.run(watch())
    assert "getting ready" in opening
    assert "Ready: 2 documents, as of 2026-07-25." in ready
