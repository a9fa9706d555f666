"""The evaluation as a new evaluator types it, on a few golden questions and the real thing."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from eval.golden import FOLDER
from tests.conftest import run_module

TIMES = {"seconds", "timings", "timing"}
FILES = ["config.json", "junit.xml", "report.html", "results.jsonl", "summary.json", "summary.md"]


def without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_times(part) for name, part in value.items() if name not in TIMES}
    return [without_times(part) for part in value] if isinstance(value, list) else value


@pytest.fixture
def golden(tmp_path: Path) -> Path:
    """Every twentieth question of the core set."""
    path = tmp_path / "few.jsonl"
    path.write_text("\n".join((FOLDER / "core.jsonl").read_text(encoding="utf-8").splitlines()[::20]), encoding="utf-8")
    return path


@pytest.fixture
def easy(tmp_path: Path) -> Path:
    """Thresholds that any answer reaches."""
    path = tmp_path / "easy.toml"
    path.write_text("[all]\nverbatim = 1.0\n", encoding="utf-8")
    return path


def test_two_runs_write_whole_folders_that_differ_in_seconds_alone(
    briefs_index: Path, golden: Path, easy: Path, tmp_path: Path
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    settings = {"RAG_INDEX_DIR": str(briefs_index)}
    common = ["run", "--golden", str(golden), "--thresholds", str(easy), "--out"]
    first = run_module("eval", *common, str(one), settings=settings)
    second = run_module("eval", *common, str(two), "--baseline", str(one), settings=settings)
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert sorted(path.name for path in two.iterdir()) == FILES
    for name in ("results.jsonl", "summary.json"):
        texts = [(folder / name).read_text(encoding="utf-8") for folder in (one, two)]
        read = [[json.loads(line) for line in t.splitlines()] if name.endswith("l") else json.loads(t) for t in texts]
        assert without_times(read[0]) == without_times(read[1])
    config = json.loads((one / "config.json").read_text(encoding="utf-8"))
    assert config["settings"]["index_dir"] == str(briefs_index)
    assert config["unsynced"] == []
    assert "No difference beyond chance: 0 of 14 questions became right, 0 became wrong" in second.stderr
    compared = run_module("eval", "compare", str(one), str(two))
    assert (compared.returncode, compared.stderr) == (0, "")


def test_a_case_added_by_dialogue_is_sound_and_counted(briefs_index: Path, easy: Path, tmp_path: Path) -> None:
    own, out = tmp_path / "own.jsonl", tmp_path / "out"
    settings = {"RAG_INDEX_DIR": str(briefs_index)}
    typed = "In which city does the WIC have its headquarters, please?\n1\nBeijing | 北京\n\n\n\n\n".encode()
    added = run_module("eval", "add", str(own), settings=settings, stdin=typed)
    assert added.returncode == 0, added.stderr
    assert f"half) stands in {own}:1" in added.stdout
    checked = run_module("eval", "check", str(own), settings=settings)
    assert checked.stdout == "1 question in 1 file, 0 faults\n"
    arguments = ["run", "--golden", str(own), "--out", str(out), "--thresholds", str(easy)]
    assert run_module("eval", *arguments, settings=settings).returncode == 0
    (line,) = (out / "results.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["verdict"] == {"right": True, "reason": ""}


def test_a_missed_threshold_ends_the_run_with_measure_value_threshold_and_questions(
    briefs_index: Path, golden: Path, tmp_path: Path
) -> None:
    strict = tmp_path / "strict.toml"
    strict.write_text("[all]\nseconds_p50 = 0.000001\n", encoding="utf-8")
    arguments = ["run", "--golden", str(golden), "--split", "dev", "--thresholds", str(strict)]
    done = run_module("eval", *arguments, "--out", str(tmp_path / "o"), settings={"RAG_INDEX_DIR": str(briefs_index)})
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert lines[0].startswith("BELOW THE GATE: seconds_p50 of dev half, all: 0.")
    assert lines[0].endswith("must be at most 1e-06")
    assert sum(line.startswith("    ") and not line.startswith("     ") for line in lines) == 3
    assert lines[-1] == "error: 1 threshold is missed"


def test_an_index_that_is_not_of_todays_documents_fails_the_run(
    briefs_index: Path, golden: Path, easy: Path, tmp_path: Path
) -> None:
    corpus = tmp_path / "corpus"
    shutil.copytree(FOLDER.parent.parent / "corpus" / "documents", corpus)
    (corpus / "wuzhen-summit.md").write_text("# Another text\n\nIt is new.\n", encoding="utf-8")
    settings = {"RAG_INDEX_DIR": str(briefs_index), "RAG_CORPUS_DIR": str(corpus)}
    arguments = ["run", "--golden", str(golden), "--thresholds", str(easy), "--out", str(tmp_path / "o")]
    done = run_module("eval", *arguments, settings=settings)
    assert done.returncode == 1
    assert done.stderr.endswith(
        "error: 1 document changed since the index was made, such as wuzhen-summit.md; run `python -m index sync`\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "--golden", "nowhere.jsonl"], "there is no file nowhere.jsonl; the shipped golden files are in "),
        (["run", "--baseline", "nowhere"], "nowhere has no config.json; name a folder that `python -m eval run --out`"),
        (["run", "--thresholds", "nowhere.toml"], "there is no file nowhere.toml; the shipped thresholds are in "),
        (["run", "--judge-model", "m"], "a judge needs both --judge-base-url and --judge-model"),
        (["check", "nowhere.jsonl"], "there is no file nowhere.jsonl; the shipped golden files are in "),
        (["convert", "nowhere.csv", "a.jsonl"], "there is no file nowhere.csv; the golden files are in "),
    ],
)
def test_a_wrong_argument_is_told_in_one_line(briefs_index: Path, arguments: list[str], message: str) -> None:
    done = run_module("eval", *arguments, settings={"RAG_INDEX_DIR": str(briefs_index)})
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
