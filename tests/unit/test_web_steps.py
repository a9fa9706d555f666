import asyncio
import html
import logging
from collections.abc import Sequence
from threading import Event, Timer

import pytest

from rag.cite import Answer
from rag.follow_up import Turn
from rag.question import LONGEST
from tests.unit.web_desk import FakeChatbot, answer_citing, open_desk
from web.desk import Desk
from web.steps import Shown, answer_steps, status_steps


def last_message(shown: Shown) -> str:
    return html.unescape(str(shown[1][-1]["content"]))


def test_question_is_answered_and_remembered() -> None:
    box, _, conversation, notice = shown = list(answer_steps(open_desk(), "Where?", ()))[-1]
    assert (box, notice) == ("", "")
    assert "headquarters in Beijing" in last_message(shown)
    assert [exchange.question for exchange in conversation] == ["Where?"]


def test_follow_up_passes_the_earlier_turns() -> None:
    heard: list[Sequence[Turn]] = []

    def reply(question: str, history: Sequence[Turn]) -> list[Answer]:
        heard.append(history)
        return [answer_citing("It has members.")]

    desk = open_desk(FakeChatbot(reply))
    *_, (_, _, conversation, _) = answer_steps(desk, "Who?", ())
    list(answer_steps(desk, "And since when?", conversation))
    assert [[turn.question for turn in turns] for turns in heard] == [[], ["Who?"]]


@pytest.mark.parametrize(
    ("question", "told"),
    [(" \n ", "The question is empty"), ("x" * (LONGEST + 1), "The question has 2,001 characters")],
)
def test_blank_or_overlong_question_stays_in_the_box_with_one_line(question: str, told: str) -> None:
    [(box, messages, conversation, notice)] = answer_steps(open_desk(), question, ())
    assert (box, messages, conversation) == (question, [], ())
    assert told in html.unescape(notice)


def test_question_asked_while_the_desk_opens_waits_and_is_answered() -> None:
    release = Event()

    def open_slowly() -> FakeChatbot:
        release.wait(5)
        return FakeChatbot()

    desk = Desk(open_slowly)
    desk.start()
    steps = answer_steps(desk, "Where?", ())
    assert "Your question waits" in last_message(next(steps))
    Timer(0.05, release.set).start()
    assert "Beijing" in last_message(list(steps)[-1])


def test_question_to_a_desk_that_cannot_open_is_told_why() -> None:
    def fail() -> FakeChatbot:
        raise FileNotFoundError("there is no index; run `python -m index sync`")

    desk = Desk(fail, mendable=(FileNotFoundError,))
    desk.start()
    desk.wait(5)
    assert "run `python -m index sync`" in last_message(list(answer_steps(desk, "Where?", ()))[-1])


def test_failure_is_one_line_for_the_reader_and_a_traceback_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    def reply(question: str, history: Sequence[Turn]) -> list[Answer]:
        raise ValueError("secret detail")

    with caplog.at_level(logging.ERROR):
        shown = list(answer_steps(open_desk(FakeChatbot(reply)), "Where?", ()))[-1]
    told = last_message(shown)
    assert "failed to answer" in told
    assert "secret" not in told
    assert "secret detail" in caplog.text
    assert told.split("case ")[1][:8] in caplog.text


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
