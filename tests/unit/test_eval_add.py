from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.add import Desk, append, compose, main
from eval.golden import load, split_of
from tests.answers import DOCUMENT, FIRST, SECOND, case

FOUND = [{"document": DOCUMENT, "quote": FIRST}, {"document": DOCUMENT, "quote": SECOND}]


class Typist:
    """Types lines one after the other, and keeps what it was told."""

    def __init__(self, *lines: str) -> None:
        self._lines: Iterator[str] = iter(f"{line}\n" for line in lines)
        self.told: list[str] = []
        self.desk = Desk(lambda: next(self._lines, ""), self.told.append)


def test_a_case_is_made_of_a_question_accepted_evidence_and_facts() -> None:
    typist = Typist("Where was it?", "1 2", "Wuzhen | Wu zhen", "1,000", "", "", "Beijing", "seen in a mail")
    row = compose(typist.desk, lambda words: FOUND, [case("single-fact-007")])
    assert row == {
        "id": "single-fact-008",
        "question": "Where was it?",
        "history": [],
        "category": "single_fact",
        "language": "en",
        "split": split_of("single-fact-008"),
        "answerable": True,
        "facts": [["Wuzhen", "Wu zhen"], ["1,000"]],
        "evidence": FOUND,
        "forbidden": ["Beijing"],
        "note": "seen in a mail",
    }
    assert f"  1. {FIRST}\n     ({DOCUMENT})\n" in typist.told


def test_a_question_without_evidence_is_unanswerable_and_asked_no_facts() -> None:
    row = compose(Typist("Who paid for it?", "0", "", "", "").desk, lambda words: FOUND, [])
    assert (row["answerable"], row["facts"], row["evidence"], row["category"]) == (False, [], [], "near_miss")


def test_other_words_search_again() -> None:
    searched: list[str] = []

    def find(words: str) -> list[dict[str, str]]:
        searched.append(words)
        return FOUND[1:] if words == "how many guests" else []

    row = compose(Typist("Was it big?", "how many guests", "1", "1,000 guests", "", "", "", "").desk, find, [])
    assert searched == ["Was it big?", "how many guests"]
    assert row["evidence"] == FOUND[1:]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("", "Where?", "1", "Wuzhen", "", "", "", ""), "It must not be empty.\n"),
        (("Where?", "3", "1", "Wuzhen", "", "", "", ""), "There are the numbers 1 to 2, and 0.\n"),
        (
            ("Where?", "1", "Paris", "Wuzhen", "", "", "", ""),
            "'Paris' does not stand in the evidence; copy its words.\n",
        ),
        (("Where?", "-1", "1", "Wuzhen", "", "", "", ""), "There are the numbers 1 to 2, and 0.\n"),
        (
            ("Where\x1b?", "Where?", "1", "Wuzhen", "", "", "", ""),
            "It holds the control character U+001B; type it without.\n",
        ),
        (("Where?", "1", "", "Wuzhen", "", "", "", ""), "A right answer holds at least one fact.\n"),
        (("Where?", "1", "Wuzhen", "", "place", "", "", ""), "There is no category 'place'.\n"),
        (
            ("Where?", "1", "Wuzhen", "", "near_miss", "", "", ""),
            "The documents answer no question of 'near_miss', but you gave evidence.\n",
        ),
        (
            ("Wo\udcff?", "Where?", "1", "Wuzhen", "", "", "", ""),
            "It holds the byte 0xff, which is not UTF-8; type it without.\n",
        ),
    ],
)
def test_a_wrong_answer_is_told_and_asked_for_again(lines: tuple[str, ...], told: str) -> None:
    typist = Typist(*lines)
    assert compose(typist.desk, lambda words: FOUND, [])["facts"] == [["Wuzhen"]]
    assert told in typist.told


def test_input_that_ends_too_soon_writes_nothing() -> None:
    with pytest.raises(ValueError, match=r"the input ended at 'Evidence: .*nothing was written"):
        compose(Typist("Where?").desk, lambda words: FOUND, [])


def test_the_case_is_appended_behind_a_last_line_without_an_end(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    for number in (1, 2):
        row = compose(Typist(f"Where {number}?", "1", "Wuzhen", "", "", "", "").desk, lambda words: FOUND, [])
        assert append({**row, "id": f"n{number}", "split": split_of(f"n{number}")}, path) == number
        path.write_text(path.read_text().rstrip("\n"))
    assert [case.question for case in load([path])] == ["Where 1?", "Where 2?"]


def test_a_case_with_rare_line_separators_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    for number in (1, 2):
        typist = Typist(f"Where\u2028was\x85it {number}?", "0", "", "", "")
        assert append(compose(typist.desk, lambda words: FOUND, []) | made(f"n{number}"), path) == number
    assert [case.question for case in load([path])] == [f"Where\u2028was\x85it {number}?" for number in (1, 2)]


def made(id: str) -> dict[str, str]:
    return {"id": id, "split": split_of(id)}


def test_a_question_that_is_asked_already_is_told_at_once() -> None:
    typist = Typist("where  WAS the summit?", "0", "", "", "")
    compose(typist.desk, lambda words: FOUND, [case("a"), case("b", history=({"question": "What is it?"},))])
    assert typist.told[1] == "It is asked already in core.jsonl (a); Ctrl-C ends this.\n"
    assert sum("is asked already" in told for told in typist.told) == 1


def test_a_comma_alone_is_no_evidence_number() -> None:
    typist = Typist("Where?", ",", "1", "Wuzhen", "", "", "", "")
    assert compose(typist.desk, lambda words: FOUND, [])["answerable"]


def test_input_that_is_no_text_is_named() -> None:
    def read() -> str:
        return b"Wo\xff".decode()

    with pytest.raises(ValueError, match=r"the input at 'Question:' is not UTF-8 \(byte 0xff\); nothing was written"):
        compose(Desk(read, lambda text: None), lambda words: FOUND, [])


@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        ("", IsADirectoryError, "is a folder; name a file in it"),
        ("none/a.jsonl", FileNotFoundError, "there is no folder .*none; make it"),
        ("a.txt", ValueError, r"a\.txt is no \.jsonl file"),
    ],
)
def test_where_nothing_can_be_added_is_told_before_the_first_question(
    tmp_path: Path, name: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        main([str(tmp_path / name)])
