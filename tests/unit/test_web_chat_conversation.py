import json

import pytest

from tests.unit.web_desk import answer_citing, answer_without_sources
from web.chat.conversation import MOST, Exchange, as_plain, from_plain, messages, turns

ANSWERED = Exchange("Where?", answer_citing("The WIC has its headquarters in Beijing."))


def test_follow_up_gets_the_earlier_answers_without_marks_or_failures() -> None:
    history = turns((ANSWERED, Exchange("And?", notice="The desk failed.")))
    assert [(turn.question, turn.answer.strip()) for turn in history] == [
        ("Where?", "The WIC has its headquarters in Beijing.")
    ]


def test_only_the_newest_answer_suggests_questions_and_can_be_asked_again() -> None:
    offering = answer_without_sources("not_in_corpus", "No.", suggestions=["A?", "B?", "C?", "D?"])
    shown = messages([Exchange("1", offering), Exchange("2", offering)])
    assert [message["role"] for message in shown] == ["user", "assistant", "user", "assistant"]
    assert [shown[n]["content"].count('class="suggestion"') for n in (1, 3)] == [0, 3]
    assert [shown[n]["content"].count('class="act again"') for n in (1, 3)] == [0, 1]


def test_conversation_that_a_browser_kept_comes_back_with_every_citation() -> None:
    kept = json.loads(json.dumps(as_plain((ANSWERED,))))
    assert from_plain(kept) == (ANSWERED,)


def test_question_that_never_got_its_answer_says_so_and_can_be_asked_again() -> None:
    [unfinished, stopped] = from_plain([{"question": "Where?", "answer": None}, {"question": "Who?", "stopped": True}])
    assert "connection ended" in unfinished.notice
    assert "Stopped" in stopped.notice
    assert unfinished.again
    assert stopped.again


@pytest.mark.parametrize("change", [{"state": "sure"}, {"citations": []}, {"answer": 5}, {"retrieved": "x"}])
def test_answer_that_breaks_the_rules_is_replaced_by_a_notice(change: dict[str, object]) -> None:
    [row] = as_plain((ANSWERED,))
    [exchange] = from_plain([row | {"answer": row["answer"] | change}])
    assert exchange.answer is None
    assert "another version" in exchange.notice


@pytest.mark.parametrize("rows", [None, "x", [1], {"a": 1}, [{}] * (MOST + 1)])
def test_what_is_no_conversation_is_refused(rows: object) -> None:
    with pytest.raises(ValueError, match="a conversation is a list of up to 200 exchanges"):
        from_plain(rows)
