"""Runs of several LLMs stand side by side: quality, support, speed and cost, over the same questions only."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from eval.__main__ import main
from eval.golden import split_of
from eval.models import Price, row_of, table
from eval.record import Record, record, write
from eval.run import Result, assess
from tests.answers import answered, case, texts

PRICE = Price(0.5, 2.0)
USED: dict[str, Any] = {"mode": "generative", "model": "small", "timings": {"llm_first_token": 0.25}}


def result(id: str = "a", fact: str = "Wuzhen", **fields: Any) -> Result:
    return assess(case(id, split=split_of(id), facts=((fact,),)), answered(**fields), 2.0, texts)


def run_of(results: Sequence[Result], llm: str = "") -> Record:
    return record({"llm": llm}, results)


def written() -> Result:
    return result(**USED, tokens={"prompt": 1000, "completion": 100})


def test_a_row_tells_quality_support_speed_and_cost() -> None:
    row = row_of(run_of([written()], "small"), {"small": PRICE})
    assert row["model"] == "small"
    assert (row["answerable right"], row["citation recall"], row["verbatim"]) == ("100.0 %", "100.0 %", "100.0 %")
    assert (row["in its words"], row["first token"], row["p50 / p95"]) == ("100 %", "0.25 s", "2.00 / 2.00 s")
    assert row["tokens in / out"] == "1000 / 100"
    assert row["cost of 1,000"] == "0.70"  # 1000 x (1000 x 0.5 + 100 x 2) / 1e6


def test_a_run_without_an_llm_has_no_tokens_and_no_cost() -> None:
    row = row_of(run_of([result(fact="Paris")]), {})
    assert (row["answerable right"], row["in its words"]) == ("0.0 %", "0 %")
    assert (row["tokens in / out"], row["cost of 1,000"], row["first token"]) == ("", "", "")


def test_the_table_has_the_columns_of_all_rows() -> None:
    assert table([{"model": "a"}, {"model": "b", "cost": "1"}]) == (
        "| model | cost |\n| --- | --- |\n| a |  |\n| b | 1 |\n"
    )


def test_runs_over_other_questions_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(run_of([written()]), tmp_path / "one")
    write(run_of([result("b")]), tmp_path / "other")
    assert main(["models", str(tmp_path / "one"), str(tmp_path / "other")]) == 1
    said = capsys.readouterr().err
    assert "asked different questions, such as a; run both with the same --golden and --split" in said


def test_a_price_that_is_no_number_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(run_of([written()]), tmp_path / "one")
    assert main(["models", str(tmp_path / "one"), "--price", "small", "cheap", "2"]) == 1
    assert "--price cheap 2: the prices must be numbers, such as 0.10 0.40" in capsys.readouterr().err


def test_a_run_is_read_back_with_its_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(run_of([written()], "small"), tmp_path / "one")
    assert main(["models", str(tmp_path / "one"), "--price", "small", "0.5", "2"]) == 0
    assert "| small | 1 | 100.0 % |" in capsys.readouterr().out
