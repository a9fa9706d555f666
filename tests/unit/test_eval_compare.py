import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.compare import as_dict, compare, main, markdown, mcnemar
from eval.record import record, write
from eval.run import Result, assess
from rag.cite import Answer
from tests.answers import answered, case, declined, texts


def result(id: str, answer: Answer | None = None, seconds: float = 0.1) -> Result:
    return assess(case(id, split="dev"), answer or answered(), seconds, texts)


def test_mcnemar_is_the_binomial_tail_of_the_changed_questions() -> None:
    assert mcnemar(5, 0) == pytest.approx(2 * 0.5**5)
    assert mcnemar(0, 5) == mcnemar(5, 0)
    assert mcnemar(3, 3) == 1
    assert mcnemar(0, 0) == 1


def test_what_became_right_and_what_became_wrong_is_named() -> None:
    found = compare([result("a"), result("b", declined())], [result("a", declined()), result("b")])
    assert [change.id for change in found.better] == ["b"]
    assert [(change.id, change.after) for change in found.worse] == [
        ("a", "declines (not_in_corpus) what the documents say")
    ]
    assert found.verdict == (
        "No difference beyond chance: 1 of 2 questions became right, 1 became wrong (McNemar's exact p = 1)."
    )


@pytest.mark.parametrize(("turned_around", "word"), [(False, "Better"), (True, "Worse")])
def test_six_changes_all_one_way_are_no_chance(turned_around: bool, word: str) -> None:
    ids = "abcdef"
    runs = ([result(id, declined()) for id in ids], [result(id) for id in ids])
    found = compare(*(reversed(runs) if turned_around else runs))
    assert found.p == pytest.approx(2 * 0.5**6)
    assert found.verdict.startswith(f"{word}: ")


def test_a_measure_is_better_only_if_its_interval_does_not_hold_zero() -> None:
    found = compare([result("a"), result("b")], [result("a", seconds=0.05), result("b", seconds=0.04)])
    verdicts = {d.measure.name: d.verdict for d in found.differences}
    assert verdicts["seconds_p50"] == "better"
    assert verdicts["right"] == ""


def test_questions_of_one_run_alone_and_changed_ones_are_told() -> None:
    changed = result("b")
    found = compare(
        [result("a"), changed], [replace(changed, case=replace(changed.case, question="Who?")), result("c")]
    )
    assert (found.questions, found.only_before, found.only_after) == (1, ("a",), ("c",))
    assert found.changed_cases == ("b",)
    assert "1 question only before: a" in markdown(found, ("one", "two"))


@pytest.mark.parametrize(
    ("fields", "changed"),
    [
        ({"set": "own"}, ()),
        ({"note": "seen in a mail"}, ()),
        ({"facts": (("Wu zhen",),)}, ("a",)),
        ({"evidence": ()}, ("a",)),
        ({"forbidden": ("Beijing",)}, ("a",)),
        ({"history": ({"question": "What is it?"},)}, ("a",)),
    ],
)
def test_a_question_is_changed_if_something_else_is_asked_or_wanted(
    fields: dict[str, Any], changed: tuple[str, ...]
) -> None:
    before = result("a")
    assert compare([before], [replace(before, case=replace(before.case, **fields))]).changed_cases == changed


def test_the_f1_of_refusals_is_not_compared_where_all_can_be_answered() -> None:
    found = compare([result("a")], [result("a", declined())])
    assert "refusal_f1" not in {d.measure.name for d in found.differences}


def test_runs_without_a_common_question_are_refused() -> None:
    with pytest.raises(ValueError, match="the runs have no question in common"):
        compare([result("a")], [result("b")])


def test_the_command_compares_two_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # ids whose hash says "dev", since a run is read back with all checks
    for name, answer in (("one", declined()), ("two", answered())):
        write(record({"corpus_version": name}, [result("single-fact-001", answer)]), tmp_path / name)
    assert main([str(tmp_path / "one"), str(tmp_path / "two")]) == 0
    out, err = capsys.readouterr()
    assert "## Became right: 1\n\n- `single-fact-001` Where was the summit? (declines (not_in_corpus)" in out
    assert err == "the runs differ in their documents\n"
    main([str(tmp_path / "one"), str(tmp_path / "two"), "--json"])
    assert json.loads(capsys.readouterr().out)["better"][0]["id"] == "single-fact-001"
    assert as_dict(compare([result("a")], [result("a")]))["p"] == 1


def test_a_folder_that_is_no_run_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"has no config\.json; name a folder that"):
        main([str(tmp_path), str(tmp_path)])


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("config.json", "{", "config.json is not JSON"),
        ("config.json", "[]", "config.json is no object"),
        ("results.jsonl", "{", "results.jsonl:1: is not JSON"),
        ("results.jsonl", "{}", "results.jsonl:1: 'case'"),
    ],
)
def test_a_broken_file_of_a_run_is_named(tmp_path: Path, name: str, text: str, said: str) -> None:
    write(record({}, [result("single-fact-001")]), tmp_path / "one")
    (tmp_path / "one" / name).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=rf"{said}.*; run `python -m eval run` again"):
        main([str(tmp_path / "one"), str(tmp_path / "one")])
