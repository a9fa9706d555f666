import json
from pathlib import Path

import pytest

from eval.categories import categories
from eval.convert import from_csv, main, next_id, to_csv
from eval.golden import FOLDER, case_from, split_of

HEAD = "question,category,language,answerable,facts,evidence\n"


@pytest.mark.parametrize("name", ["core", "hard"])
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
