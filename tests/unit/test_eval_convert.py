import json
from pathlib import Path
from typing import Any

import pytest

from eval.categories import categories
from eval.convert import from_csv, main, next_id, to_csv
from eval.golden import FOLDER, case_from, split_of

HEAD = "question,category,language,answerable,facts,evidence\n"


@pytest.mark.parametrize("name", ["core", "hard", "editions", "notes"])
def test_the_shipped_questions_come_back_from_a_spreadsheet_as_they_were(name: str, tmp_path: Path) -> None:
    table, back = tmp_path / "table.csv", tmp_path / "back.jsonl"
    assert main([str(FOLDER / f"{name}.jsonl"), str(table)]) == 0
    assert main([str(table), str(back)]) == 0
    assert back.read_bytes() == (FOLDER / f"{name}.jsonl").read_bytes()


def test_a_row_typed_into_a_spreadsheet_gets_its_id_and_split() -> None:
    (row,) = from_csv(HEAD + 'Where?,single_fact,en,Yes,"in Wuzhen | at Wuzhen\n1,000","a.md: It was so."\n')
    assert (row["id"], row["split"]) == ("single-fact-001", split_of("single-fact-001"))
    assert row["facts"] == [["in Wuzhen", "at Wuzhen"], ["1,000"]]
    assert row["evidence"] == [{"document": "a.md", "quote": "It was so."}]
    assert row["history"] == row["forbidden"] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("question\nWhere?\n", "the column 'answerable' is missing"),
        (HEAD + "Where?,single_fact,en,maybe,,\n", "row 2: answerable: is 'maybe'; write yes or no"),
        (HEAD + "Where?,single_fact,en,yes,x,nowhere\n", "row 2: evidence: 'nowhere' is not 'document: quote'"),
        (HEAD + "Where?,single_fact,fr,no,,\n", "row 2: language: is 'fr'"),
        ("history," + HEAD + "Hello,Where?,single_fact,en,no,,\n", "row 2: history: 'Hello' is neither"),
    ],
)
def test_a_wrong_cell_is_told_by_row_and_column(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        from_csv(text)


def test_what_a_cell_cannot_hold_is_refused() -> None:
    (row,) = from_csv(HEAD + "Where?,single_fact,en,yes,x,a.md: y\n")
    with pytest.raises(ValueError, match=r"'a \| b' holds ' \| '"):
        to_csv([{**row, "facts": [["a | b"]]}])
    with pytest.raises(ValueError, match="holds a line break"):
        to_csv([{**row, "forbidden": ["a\nb"]}])


@pytest.mark.parametrize(
    "fields",
    [
        {"forbidden": ["18 ", "\t19", " 20"]},
        {"facts": [["\tin Wuzhen "]]},
        {"note": "one\r\ntwo\rthree\n", "question": " Where? "},
        {"question": "Where\u2028was\x85it?", "forbidden": ["a\u2028b"]},
        {"history": [{"question": "\tWhat is it?"}, {"question": "Q: trap", "answer": ""}]},
        {"evidence": [{"document": "a.md", "quote": " | it: was | "}]},
    ],
)
def test_every_blank_comes_back_from_a_spreadsheet(fields: dict[str, Any]) -> None:
    (row,) = from_csv(HEAD + "Where?,single_fact,en,yes,x,a.md: y\n")
    assert from_csv(to_csv([row | fields])) == [row | fields]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"facts": [["a ", "b"]]}, r"facts: \[\['a ', 'b'\]\] would come back from a cell as \[\['a', 'b'\]\]"),
        ({"evidence": [{"document": "a: b.md", "quote": "y"}]}, "evidence: .* would come back"),
        ({"category": "near_miss "}, "category: 'near_miss ' would come back from a cell as 'near_miss'"),
        ({"forbidden": ["a\r"]}, "holds a line break"),
    ],
)
def test_what_would_come_back_as_something_else_is_refused_by_field(fields: dict[str, Any], message: str) -> None:
    (row,) = from_csv(HEAD + "Where?,single_fact,en,yes,x,a.md: y\n")
    with pytest.raises(ValueError, match=message):
        to_csv([row | fields])


def test_an_answer_of_a_turn_may_be_empty_in_its_cell() -> None:
    (row,) = from_csv("history," + HEAD + '"  Q: What?\r\nA:",Where?,near_miss,en,no,,\n')
    assert row["history"] == [{"question": "What?", "answer": ""}]


@pytest.mark.parametrize(
    ("text", "target", "error", "message"),
    [
        ("\n[1", "b.csv", ValueError, r"a\.jsonl:2: is not JSON"),
        ('\n{"id": "a"}', "b.csv", ValueError, r"a\.jsonl:2: question: is missing"),
        ("\n", "b.csv", ValueError, "holds no question; nothing was written"),
        ("", "none/b.csv", FileNotFoundError, "there is no folder .*none; make it"),
        ("", "dir.csv", IsADirectoryError, r"dir\.csv is a folder; name a file in it"),
    ],
)
def test_what_cannot_be_converted_is_told_and_nothing_written(
    tmp_path: Path, text: str, target: str, error: type[Exception], message: str
) -> None:
    (tmp_path / "dir.csv").mkdir()
    (tmp_path / "a.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(error, match=message):
        main([str(tmp_path / "a.jsonl"), str(tmp_path / target)])
    assert not (tmp_path / target).is_file()


def test_one_question_is_told_as_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.csv").write_text(HEAD + "Where?,near_miss,en,no,,\n", encoding="utf-8")
    assert main([str(tmp_path / "a.csv"), str(tmp_path / "a.jsonl")]) == 0
    assert capsys.readouterr().out.startswith("1 question written to")


def test_the_next_id_is_behind_the_highest_of_its_category() -> None:
    assert next_id("near_miss", ["near-miss-009", "near-miss-2", "list-050"]) == "near-miss-010"


def test_two_files_of_one_kind_are_a_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["a.csv", "b.csv"])
    assert "from '.csv' to '.csv': one must be .jsonl, one .csv" in capsys.readouterr().err


def test_the_description_of_the_format_has_an_example_of_every_category() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    examples = [json.loads(part.split("\n```")[0]) for part in text.split("```json\n")[1:]]
    assert {case_from(example).category for example in examples} == set(categories())
