import json
from pathlib import Path
from typing import Any

import pytest

from eval.categories import category
from eval.check import check
from eval.config import golden_files
from eval.golden import FOLDER, case_from, load, split_of
from tests.answers import DOCUMENT, FIRST, texts


def row(id: str = "a", **fields: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "id": id,
        "question": f"Where was the summit that {id} speaks of?",
        "history": [],
        "category": "single_fact",
        "language": "en",
        "split": split_of(id),
        "answerable": True,
        "facts": [["Wuzhen"]],
        "evidence": [{"document": DOCUMENT, "quote": FIRST}],
        "forbidden": [],
        "note": "",
    }
    return {**usual, **fields}


def written(folder: Path, *rows: Any) -> Path:
    path = folder / "own.jsonl"
    lines = (value if isinstance(value, str) else json.dumps(value) for value in rows)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def faults(folder: Path, *rows: Any) -> list[str]:
    _, found = check([written(folder, *rows)], texts)
    return [f"{fault.line} {fault.field}: {fault.message}" for fault in found]


def test_a_sound_case_has_no_fault(tmp_path: Path) -> None:
    assert check([written(tmp_path, row())], texts) == (1, [])


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"category": "nonsense"}, "category", "'nonsense' is none of single_fact, "),
        ({"language": "fr"}, "language", 'is \'fr\'; write "en" or "zh"'),
        ({"answerable": "yes"}, "answerable", "is 'yes'; write true or false"),
        ({"facts": []}, "facts", "are missing though the question is answerable"),
        ({"facts": [[]]}, "facts", "is [[]]; write"),
        ({"facts": [["Beijing", "Peking"]]}, "facts", "'Beijing | Peking' stands in no quote of the evidence"),
        ({"evidence": []}, "evidence", "is missing though the question is answerable"),
        ({"evidence": [{"document": "b.md", "quote": FIRST}]}, "evidence", "there is no document 'b.md'"),
        (
            {"evidence": [{"document": DOCUMENT, "quote": "Wuzhen is far."}]},
            "evidence",
            f"'Wuzhen is far.' does not stand in {DOCUMENT}",
        ),
        ({"evidence": [{"quote": FIRST}]}, "evidence", "is [{'quote'"),
        ({"history": [{"answer": "It is."}]}, "history", "is [{'answer'"),
        ({"history": [{"question": " ", "answer": "It is."}]}, "history", "is [{'question': ' '"),
        ({"history": [{"question": "Who\x00?"}]}, "history", "holds the control character U+0000; take it out"),
        ({"note": "red \x1b[31m"}, "note", "holds the control character U+001B; take it out"),
        ({"question": "Who \ud83d?"}, "question", "holds the control character U+D83D; take it out"),
        ({"id": "a b", "split": split_of("a b")}, "id", "is 'a b'; write \"single-fact-001\", of letters, digits"),
        ({"id": 'a"b', "split": split_of('a"b')}, "id", "is 'a\"b'; write"),
        ({"category": "near_miss"}, "answerable", "is true, but the documents answer no question of 'near_miss'"),
        ({"answerable": False, "evidence": []}, "facts", "must be [] where the documents do not hold the answer"),
        ({"answerable": False, "facts": []}, "evidence", "must be [] where the documents do not hold the answer"),
        ({"forbidden": ["Wuzhen"]}, "forbidden", "'Wuzhen' is part of a fact that the answer must hold"),
        ({"extra": 1}, "extra", "is no field; the fields are id, question, "),
        ({"split": "dev" if split_of("a") == "test" else "test"}, "split", "of 'a' is "),
    ],
)
def test_a_fault_is_told_by_its_field(tmp_path: Path, fields: dict[str, Any], field: str, message: str) -> None:
    (found,) = faults(tmp_path, row(**fields))
    assert found.startswith(f"1 {field}: {message}")


def test_an_earlier_turn_may_lack_its_answer(tmp_path: Path) -> None:
    asked = row(history=[{"question": "What is it?"}])
    assert faults(tmp_path, asked) == []
    assert case_from(asked).history == ({"question": "What is it?"},)


@pytest.mark.parametrize("path", sorted(FOLDER.parent.glob("*/*.jsonl")), ids=lambda path: path.stem)
def test_what_ships_can_be_loaded(path: Path) -> None:
    assert all(category(case.category).answerable or not case.answerable for case in load([path]))


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    found = faults(tmp_path, "{nope", row(category="x", evidence=[]), {"id": "b"}, "[]")
    assert {line.split(":")[0] for line in found} >= {"1 line", "2 category", "2 evidence", "3 question", "4 line"}


def test_an_id_or_a_question_that_stands_twice_is_told_with_both_places(tmp_path: Path) -> None:
    found = faults(tmp_path, row(), row(question="Where  was the summit that A speaks of?"))
    assert found == [
        "2 id: 'a' stands already in own.jsonl:1 (a); give each question its own",
        "2 question: is asked already in own.jsonl:1 (a)",
    ]


def test_nearly_the_same_question_is_told_but_not_one_about_another_year(tmp_path: Path) -> None:
    questions = ["How many came to the summit in 2014?", "How many came to the Summit of 2014?"]
    found = faults(
        tmp_path,
        *(row(str(n), question=q) for n, q in enumerate([*questions, "How many came to the summit in 2015?"])),
    )
    assert found == [f"2 question: nearly the same is asked in own.jsonl:1 (0): {questions[0]!r}"]


def test_the_same_follow_up_after_another_question_is_another_case(tmp_path: Path) -> None:
    one, other = ([{"question": text}] for text in ("What is the WIC?", "What is the summit?"))
    assert (
        faults(tmp_path, row(history=one, question="Since when?"), row("b", history=other, question="Since when?"))
        == []
    )


def test_a_category_with_nearly_all_questions_in_one_half_is_told(tmp_path: Path) -> None:
    dev = [f"n{i}" for i in range(40) if split_of(f"n{i}") == "dev"][:8]
    words = "alpha bravo charlie delta echo foxtrot golf hotel".split()
    (found,) = faults(tmp_path, *(row(id, question=f"{word} {word}?") for id, word in zip(dev, words, strict=True)))
    assert found.startswith("8 category: 'single_fact' is unbalanced: 8 questions in dev and 0 in test")


def test_loading_stops_at_the_first_fault_with_its_place(tmp_path: Path) -> None:
    path = written(tmp_path, row(), row("b", facts=[]))
    with pytest.raises(ValueError, match=r"own\.jsonl:2: facts: are missing though the question is answerable"):
        load([path])


def test_an_id_in_two_files_is_told_with_both_places(tmp_path: Path) -> None:
    one, other = written(tmp_path, row()), tmp_path / "other.jsonl"
    other.write_bytes(one.read_bytes())
    with pytest.raises(ValueError, match=r"other\.jsonl:1: the id 'a' stands in .*own\.jsonl:1 too; give each its own"):
        load([one, other])


def test_lines_with_rare_separators_and_the_ends_of_another_system_are_read(tmp_path: Path) -> None:
    path = written(tmp_path, json.dumps(row(note="one\u2028two\x85three"), ensure_ascii=False))
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes() + b"\r\n")
    assert check([path], texts) == (1, [])
    assert [case.note for case in load([path])] == ["one\u2028two\x85three"]


def test_brackets_without_end_are_a_fault_of_their_line(tmp_path: Path) -> None:
    (found,) = faults(tmp_path, row(), "[" * 100_000)
    assert found.startswith("2 line: is not JSON (brackets in brackets")


@pytest.mark.parametrize("text", ["", "\n \r\n"])
def test_a_file_without_a_question_is_a_fault(tmp_path: Path, text: str) -> None:
    (found,) = faults(tmp_path, text)
    assert found == "1 file: holds no question; write one object {...} a line"


def test_a_spreadsheet_and_a_folder_are_no_golden_files(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id\n")
    with pytest.raises(ValueError, match=r"a\.csv is a CSV; convert it first with `python -m eval convert .*a\.jsonl`"):
        golden_files([tmp_path / "a.csv"], FOLDER)
    (tmp_path / "b.jsonl").write_text("\ufeffid,question,history\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"b\.jsonl is a CSV; name it so and convert it first with .*b\.csv "):
        golden_files([tmp_path / "b.jsonl"], FOLDER)
    with pytest.raises(IsADirectoryError, match=r"is a folder; name its files, such as .*\*\.jsonl"):
        golden_files([tmp_path], FOLDER)


def test_a_case_knows_the_file_it_came_from(tmp_path: Path) -> None:
    assert [case.set for case in load([written(tmp_path, row())])] == ["own"]


def test_what_is_no_object_is_no_case() -> None:
    with pytest.raises(ValueError, match="is list, not an object"):
        case_from([])
