from typing import Any

import pytest

from eval.categories import categories, category
from eval.golden import Case
from eval.verdict import broken_rules, judge, words
from rag.cite import Answer
from tests.answers import FIRST, SECOND, answered, broken, case, citation, declined, unanswerable

LONG = " ".join(["word"] * 121)


@pytest.mark.parametrize(
    ("answer", "asked", "reason"),
    [
        (answered(), case(), ""),
        (declined(), unanswerable(), ""),
        (declined(), case(), "declines (not_in_corpus) what the documents say"),
        (answered(), unanswerable(), "answers (answered) what the documents do not say"),
        (answered(), case(facts=(("Wuzhen",), ("Zhejiang", "East China"))), "lacks 'Zhejiang'"),
        (answered(), case(forbidden=("2014",)), "says '2014'"),
        (answered(f"Wuzhen {LONG}. [1]"), case(), "has 122 words, more than 120"),
        (answered(f"Wuzhen {LONG}. [1]"), case(category="list"), ""),
        (Answer("q", "q", "en", "error", "KeyError: 'x'"), unanswerable(), "crashes: KeyError: 'x'"),
        (broken(f"{FIRST}", citation(1)), case(), "marks [] do not match the citations [1]"),
        (broken("", state="answered"), case(), "has no text"),
    ],
)
def test_the_verdict_says_what_is_wrong(answer: Answer, asked: Case, reason: str) -> None:
    verdict = judge(answer, asked)
    assert (verdict.right, verdict.reason) == (not reason, reason)


@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        (broken(f"{FIRST} [1]"), "marks [1] do not match the citations []"),
        (broken(f"{FIRST} [2]", citation(2)), "numbers its citations [2], not 1 to 1"),
        (broken(f"{FIRST} [1]", citation(1), citation(2, SECOND)), "marks [1] do not match the citations [1, 2]"),
        (broken(FIRST), "is answered without a citation"),
        (broken(f"{FIRST} [1]", citation(1), state="not_in_corpus", retrieved=(1,)), "is not_in_corpus with citations"),
        (broken(f"{FIRST} {FIRST} [1]", citation(1)), "says twice 'the summit took place in wuzhen in 2014.'"),
        (declined(retrieved=()), "names no near topic"),
        (answered(confidence=1.2), "has confidence 1.2, not 0 to 1"),
    ],
)
def test_a_broken_rule_is_named(answer: Any, rule: str) -> None:
    assert broken_rules(answer)[0] == rule


def test_a_sound_answer_breaks_no_rule() -> None:
    assert broken_rules(answered()) == broken_rules(declined()) == ()


def test_marks_are_no_words_and_two_han_characters_are_one() -> None:
    assert words(answered("世界互联 is here. [1]")) == 5  # 世界互联, is, here and 4 / 2


def test_a_category_that_nobody_described_has_the_usual_limits() -> None:
    assert category("new").words == 120
    assert all(about.about for about in categories().values())
