from dataclasses import replace
from pathlib import Path

import pytest

from eval.gate import FILE, explain, gate, thresholds, unjudged, unmet
from eval.run import Result, assess
from tests.answers import answered, case, declined, texts


def limits(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "thresholds.toml"
    path.write_text(text, encoding="utf-8")
    return path


def results() -> list[Result]:
    """One right answer and four wrong ones of the dev half, a right one of the test half."""
    wrong = [assess(case(f"w{n}", question=f"Where {n}?"), declined(), 0.1, texts) for n in range(4)]
    right = assess(case("r"), answered(), 0.1, texts)
    return [right, *wrong, replace(right, case=replace(right.case, split="test"))]


def test_a_missed_threshold_names_measure_value_threshold_and_three_worst_questions(tmp_path: Path) -> None:
    (dev, test) = gate(results(), thresholds(limits(tmp_path, "[all]\nright = 0.5\n")))
    assert test.passed
    assert explain(dev).splitlines() == [
        "BELOW THE GATE: right of dev half, all: 0.2, must be at least 0.5",
        "    w0: Where 0?",
        "        declines (not_in_corpus) what the documents say",
        "    w1: Where 1?",
        "        declines (not_in_corpus) what the documents say",
        "    w2: Where 2?",
        "        declines (not_in_corpus) what the documents say",
    ]


def test_a_measure_that_should_be_small_is_held_under_its_threshold(tmp_path: Path) -> None:
    checks = gate(results(), thresholds(limits(tmp_path, "[all]\nfalsely_declined = 0.5\n")))
    assert [(check.value, check.passed) for check in checks] == [(0.8, False), (0.0, True)]


def test_a_threshold_holds_for_its_group_alone_and_not_where_nothing_is_asked(tmp_path: Path) -> None:
    text = "[set.core]\nright = 0.1\n[set.hard]\nright = 1.0\n[category.single_fact]\nright = 1.0\n"
    checks = gate(results(), thresholds(limits(tmp_path, text)))
    assert [(c.threshold.name, c.half, c.passed) for c in checks] == [
        ("core", "dev", True),
        ("single_fact", "dev", False),
        ("core", "test", True),
        ("single_fact", "test", True),
    ]


def test_a_table_of_thresholds_that_meets_no_question_is_told_once(tmp_path: Path) -> None:
    text = "[all]\nright = 0.1\n[set.cores]\nright = 0.1\nverbatim = 1.0\n[category.single_fact]\nright = 0.1\n"
    assert unmet(results(), thresholds(limits(tmp_path, text))) == ["[set.cores]"]


def test_calibration_is_asked_of_many_questions_only(tmp_path: Path) -> None:
    limit = thresholds(limits(tmp_path, "[all]\ncalibration_error = 0.0\n"))
    assert gate(results(), limit) == []
    assert list(map(str, unjudged(results(), limit))) == [
        f"calibration_error of {half} half, all: not judged: fewer than 50 questions" for half in ("dev", "test")
    ]
    assert unjudged(results() * 50, limit) == []
    assert unjudged([], limit) == []
    assert len(gate(results() * 50, limit)) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[all]\nrihgt = 1", "'rihgt' is no measure; the measures are right, "),
        ("[all]\nright = 'x'", "right = 'x' is no number"),
        ("[sets.core]\nright = 1", r"\[sets\] is none of all, set, category, "),
        ("right = 1", r"\[right\] is none of all"),
        ("[set]\nright = 1", r"\[set\] right: write a table \[set.NAME\]"),
        ("[all", "Expected"),
        ("[category.nonesuch]\nright = 1", r"\[category\.nonesuch\]: there is no category 'nonesuch', only single_"),
        ("[language.fr]\nright = 1", r"\[language\.fr\]: there is no language 'fr', only en, zh"),
        ("", "holds no threshold; write some as in "),
        ("[all]\n[set.core]\n", "holds no threshold"),
        ("[all]\nright = nan", "right = nan is no number to reach"),
        ("[all]\nright = inf", "right = inf is no number to reach"),
        ("[all]\nseconds_p50 = 1" + 400 * "0", "seconds_p50 = 1000"),
        ("[all]\nright = 1.01", r"right = 1\.01 can never be measured; its values are from 0 to 1"),
        ("[all]\ncrashed = -0.1", r"crashed = -0\.1 can never be measured; its values are from 0 to 1"),
        ("[all]\nwords_p50 = -1", "words_p50 = -1 can never be measured; its values are 0 or more"),
    ],
)
def test_a_mistake_in_the_thresholds_is_told_with_the_file(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ValueError, match=rf"thresholds\.toml.*{message}"):
        thresholds(limits(tmp_path, text))


def test_thresholds_that_are_no_text_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"\xff")
    with pytest.raises(ValueError, match=r"a\.toml is not UTF-8 \(byte 0xff in line 1\); save it as UTF-8"):
        thresholds(tmp_path / "a.toml")
    with pytest.raises(IsADirectoryError, match="is a folder; name a file in it"):
        thresholds(tmp_path)


def test_the_shipped_thresholds_can_be_read() -> None:
    assert {limit.axis for limit in thresholds(FILE)} >= {"all", "set"}
