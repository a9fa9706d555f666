"""What the reader learns from: how questions become token ids, and which of their texts are read."""

import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from eval.evidence import Span
from eval.golden import Case, Evidence
from eval.lessons import HELD, OWN, PUBLIC, READ, STRAY, Lesson, Lessons, mixed
from eval.training import Asked, Shelf, is_held_out, unlike
from eval.write_lessons import NEAREST, held_lesson, lessons_of, own_lesson
from rag.question import Question
from rag.reader import BOS, EOS


@dataclass
class Encoding:
    ids: list[int]


class Letters:
    """Stands in for the tokenizer: each character is a token."""

    def encode_batch(self, texts: list[str], add_special_tokens: bool) -> list[Encoding]:
        assert not add_special_tokens
        return [Encoding(tokens(text)) for text in texts]


def tokens(text: str) -> list[int]:
    return [3 + ord(c) % 90 for c in text]


def pair(question: str, text: str) -> list[int]:
    return [BOS, *tokens(question), EOS, EOS, *tokens(text), EOS]


def written(*lessons: Lesson) -> Lessons:
    return Lessons.written(lessons, Letters(), {"made": "here"})


def case(question: str, answerable: bool = True, history: tuple[dict[str, str], ...] = ()) -> Case:
    return Case("id", question, history, "list", "en", "dev", answerable, (), (Evidence("a.md", "x"),), ())


def asked(question: str, right: set[int]) -> Asked:
    return Asked(case(question, bool(right)), Question(question, question, "en"), frozenset(right))


# Twenty sentences on a line: a question is nearest to the first, then to the second, and so on.
SHELF = Shelf(
    [Span("a.md", 10 * n, 10 * n + 9) for n in range(20)],
    [f"s{n}" for n in range(20)],
    [f"t{n}" for n in range(20)],
    np.array([[1.0 - n / 20] for n in range(20)]),
    [f"p{n // 5}" for n in range(20)],
    lambda text: [1.0],
)


def test_a_question_is_read_with_what_answers_then_the_hardest_of_the_others() -> None:
    lessons = written(
        Lesson("who", ("a", "b", "c", "d", "e", "f"), frozenset({2}), hardest=4, around="T", origin=PUBLIC)
    )
    read = lessons.some_of(0, random.Random(1))
    assert read[0] == (pair("who", "T:c"), True)
    assert read[1] == (pair("who", "T:e"), False)
    assert len(read) == READ
    assert {answers for _, answers in read[1:]} == {False}


def test_neighbours_are_read_together_but_never_what_answers_as_if_it_did_not() -> None:
    lessons = written(Lesson("q", tuple("abcdef"), frozenset({2}), hardest=3, joined=True, origin=PUBLIC))
    seen = [one for n in range(60) for one in lessons.some_of(0, random.Random(n))]
    right = {tuple(ids) for ids, answers in seen if answers}
    wrong = {tuple(ids) for ids, answers in seen if not answers}
    assert tuple(pair("q", "bc")) in right
    assert tuple(pair("q", "de")) in wrong
    answering = tokens("c")[0]
    assert all(answering in ids[4:] for ids in right)
    assert not any(answering in ids[4:] for ids in wrong)


def test_the_file_gives_back_what_was_written(tmp_path: Path) -> None:
    before = written(
        Lesson("who", ("a", "b"), frozenset({1})),
        Lesson("why", ("b",), frozenset(), origin=HELD, answerable=True),
    )
    before.save(tmp_path / "x" / "lessons.npz")
    after = Lessons.load(tmp_path / "x" / "lessons.npz")
    assert after.facts == {"made": "here"}
    assert after.of(OWN) == [0]
    assert after.of(HELD) == [1]
    assert after.answerable(1)
    assert [after.all_of(n) for n in (0, 1)] == [
        [(pair("who", "a"), False), (pair("who", "b"), True)],
        [(pair("why", "b"), False)],
    ]


def test_a_file_without_lessons_is_refused_with_the_command_that_writes_them(tmp_path: Path) -> None:
    (tmp_path / "x.npz").write_text("nothing", encoding="utf-8")
    with pytest.raises(ValueError, match=r"x\.npz holds no lessons .*python -m eval lessons"):
        Lessons.load(tmp_path / "x.npz")


def test_lessons_come_in_the_shares_asked_for() -> None:
    lessons = written(*(Lesson(f"q{n}", ("a",), frozenset(), origin=PUBLIC if n < 50 else OWN) for n in range(60)))
    endless = mixed(lessons, {PUBLIC: 0.7, OWN: 0.3, STRAY: 0.5}, random.Random(1))
    drawn = [next(endless) for _ in range(1000)]
    assert 240 < sum(number >= 50 for number in drawn) < 360
    assert set(drawn) == set(range(60))


def test_our_question_comes_with_its_evidence_and_the_sentences_nearest_to_it() -> None:
    lesson = own_lesson(SHELF, asked("who", {2, 19}))
    assert lesson.texts[:3] == ("t2", "t19", "t0")
    assert (lesson.right, lesson.hardest) == (frozenset({0, 1}), 2)
    assert len(lesson.texts) == NEAREST + 1
    nothing = own_lesson(SHELF, asked("why", set()))
    assert (nothing.right, nothing.hardest, len(nothing.texts)) == (frozenset(), 0, NEAREST)


def test_a_held_out_question_is_measured_with_what_the_search_brings() -> None:
    lesson = held_lesson(SHELF, asked("who", {1, 19}))
    assert lesson.texts == tuple(f"t{n}" for n in range(6))
    assert (lesson.right, lesson.answerable, lesson.origin) == (frozenset({1}), True, HELD)
    assert held_lesson(SHELF, asked("who", {19})).answerable


def test_questions_of_public_sets_meet_sentences_of_ours_that_do_not_answer_them() -> None:
    public = [Lesson("when", ("x",), frozenset({0}), origin=PUBLIC)]
    *_, stray = lessons_of(SHELF, [], public, random.Random(1))
    assert (stray.question, stray.texts[0], stray.right, stray.origin) == ("when", "t0", frozenset(), STRAY)


def test_evidence_is_found_on_the_shelf_by_its_place() -> None:
    assert SHELF.holding([Span("a.md", 21, 29), Span("b.md", 0, 9)]) == {2}


def test_questions_that_golden_ones_resemble_do_not_train() -> None:
    kept = unlike([case("Who opened the summit in 2023?"), case("Who paid for it?")], ["who opened the 2023 summit"])
    assert [c.question for c in kept] == ["Who paid for it?"]
    follow_up = case("Who opened the summit in 2023?", history=({"question": "x"},))
    assert unlike([follow_up], ["who opened the 2023 summit"]) == [follow_up]


def test_few_questions_are_held_out_and_always_the_same() -> None:
    held = [is_held_out(case(f"question {n}")) for n in range(1000)]
    assert 40 < sum(held) < 130
    assert held == [is_held_out(case(f"question {n}")) for n in range(1000)]
