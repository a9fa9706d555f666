"""Seeded faults of the running system are seen, and none is seen in the sound one."""

from pathlib import Path

from tests.conftest import run_module

FAULTS = ("dense-noise", "scores-inverted", "passages-truncated", "always-answers", "list-cut", "marks-alone")


def test_faults_of_the_running_system_are_caught(briefs_index: Path) -> None:
    chosen = [argument for name in FAULTS for argument in ("--fault", name)]
    done = run_module("eval", "mutants", "--each", "2", *chosen, settings={"RAG_INDEX_DIR": str(briefs_index)})
    assert done.stdout.splitlines()[-1] == f"caught {len(FAULTS)} / seeded {len(FAULTS)}", done.stdout + done.stderr
    assert done.returncode == 0


def test_a_number_of_questions_below_one_is_told() -> None:
    done = run_module("eval", "mutants", "--each", "0")
    assert done.returncode == 1
    assert done.stderr == "error: --each 0: ask at least 1 question of each category and language\n"
