"""The check of support against people's judgement, worked out by hand."""

import json
from pathlib import Path

import pytest

from eval.claims import Pair, check, kappa, main, measures, read

SOURCE = "The office in Hangzhou was opened in March 2023. It has twelve rooms."
ROWS = [
    {"claim": "The office in Hangzhou was opened in March 2023 [1].", "source": SOURCE, "supported": "yes"},
    {"claim": "It has twelve rooms.", "source": SOURCE, "supported": "no"},
    {"claim": "The office in Hangzhou was opened in March 2019.", "source": SOURCE, "supported": "no"},
    {"claim": "Penguins swim quickly there.", "source": SOURCE, "supported": "yes"},
]


def test_the_marks_of_a_claim_are_no_numbers_of_it() -> None:
    assert check("The office was opened in March 2023 [7].", SOURCE) == "supported"
    assert check("The office was opened in March 2023, 7 years ago.", SOURCE) == "unsupported"


def test_precision_recall_and_agreement() -> None:
    pairs: list[Pair] = [
        ("supported", "supported"),
        ("unsupported", "supported"),
        ("unsupported", "unsupported"),
        ("supported", "unsupported"),
        ("partial", "partial"),
    ]
    found = measures(pairs)
    assert (found["precision"], found["recall"], found["f1"]) == (0.5, 0.5, 0.5)
    # 3 of 5 agree; chance: (2/5)(2/5) + (2/5)(2/5) + (1/5)(1/5) = 9/25.
    assert found["kappa"] == pytest.approx((3 / 5 - 9 / 25) / (16 / 25))
    # Supported or not: 3 of 5 agree; chance: (2/5)(2/5) + (3/5)(3/5) = 13/25.
    assert found["kappa_supported_or_not"] == pytest.approx((3 / 5 - 13 / 25) / (12 / 25), abs=1e-4)


def test_what_cannot_be_measured_has_no_value() -> None:
    found = measures([("unsupported", "unsupported")])
    assert set(found.values()) == {None}
    assert kappa([("a", "b"), ("b", "a")]) == -1.0


def test_the_command_prints_measures_and_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "claims.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    assert main([str(path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["claims"], found["precision"], found["recall"]) == (4, 0.5, 0.5)
    assert found["people_then_check"]["unsupported"] == {"supported": 1, "partial": 0, "unsupported": 1}
    assert main([str(path)]) == 0
    assert capsys.readouterr().out.splitlines()[-1].split() == ["unsupported", "1", "0", "1"]


def test_an_unknown_verdict_is_named(tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    path.write_text(json.dumps(ROWS[0] | {"supported": "maybe"}), encoding="utf-8")
    with pytest.raises(ValueError, match=r"claims\.jsonl:1: 'supported' is 'maybe'; write one of yes, partial, no"):
        read(path)


def test_a_file_without_claims_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "claims.jsonl"
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(ValueError, match="holds no claim"):
        read(path)
