from collections.abc import Sequence

from eval.statements import Statement, check, citation_precision, citation_recall, statements_of, supports
from rag.extract import FRAME
from tests.answers import FIRST, SECOND, answered, citation


def test_a_statement_has_the_marks_behind_it() -> None:
    assert statements_of("One is so. [1][2] Two is so. [3]") == [
        Statement("One is so.", (1, 2)),
        Statement("Two is so.", (3,)),
    ]


def test_sentences_before_a_mark_on_the_same_line_share_it() -> None:
    assert [(s.text, s.marks) for s in statements_of("One. Two. [1]")] == [("One.", (1,)), ("Two.", (1,))]


def test_a_line_without_a_mark_has_none() -> None:
    assert [s.marks for s in statements_of("They are:\n- the one [1]\n- the other [2]\nThat is all.")] == [
        (),
        (1,),
        (2,),
        (),
    ]


def test_the_frame_of_a_chinese_answer_is_no_statement() -> None:
    assert [s.text for s in statements_of(f"{FRAME}It is so. [1]")] == ["It is so."]


def test_a_sentence_cited_with_itself_is_shown() -> None:
    (statement,) = check(answered())
    assert (statement.shown, statement.precise) == (True, (True,))


def test_a_sentence_cited_with_another_is_not_shown() -> None:
    (statement,) = check(answered(f"{FIRST} [1]", citation(1, SECOND)))
    assert (statement.shown, statement.precise) == (False, (False,))


def test_of_two_citations_the_one_that_shows_nothing_is_not_precise() -> None:
    (statement,) = check(answered(f"{FIRST} [1][2]", citation(1), citation(2, SECOND)))
    assert (statement.shown, statement.precise) == (True, (True, False))


def test_two_citations_that_show_a_sentence_only_together_are_both_precise() -> None:
    def shows(quotes: Sequence[str], statement: str) -> bool:
        return set(quotes) == {FIRST, SECOND}

    (statement,) = check(answered("Both. [1][2]", citation(1), citation(2, SECOND)), shows)
    assert (statement.shown, statement.precise) == (True, (True, True))


def test_recall_counts_statements_and_precision_counts_citations() -> None:
    statements = [
        Statement("a", (1, 2), True, (True, False)),
        Statement("b", (3,), False, (False,)),
        Statement("c", (), False, ()),
    ]
    assert citation_recall(statements) == 1 / 3
    assert citation_precision(statements) == 1 / 3


def test_nothing_said_has_neither() -> None:
    assert citation_recall([]) is None
    assert citation_precision([Statement("a", ())]) is None


def test_another_number_or_name_is_not_supported() -> None:
    assert supports([FIRST], FIRST)
    assert not supports([FIRST], FIRST.replace("2014", "2015"))
    assert not supports([FIRST], FIRST.replace("Wuzhen", "Beijing"))
