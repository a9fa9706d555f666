"""What python -m eval refuses before it asks anything, and how it ends when it is interrupted."""

from pathlib import Path

import pytest

from eval import command
from eval.__main__ import main
from eval.golden import split_of
from tests.unit.test_eval_check import row, written


@pytest.fixture
def golden(tmp_path: Path) -> Path:
    """One question, of the half that its id gives it."""
    return written(tmp_path, row())


def test_a_half_without_a_question_is_named(golden: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = "dev" if split_of("a") == "test" else "test"
    assert main(["run", "--golden", str(golden), "--split", other]) == 1
    assert capsys.readouterr().err == (
        f"error: no question of the {other} half in {golden}; add some with `python -m eval add`\n"
    )


@pytest.mark.parametrize("out", ["own.jsonl", "own.jsonl/run"])
def test_a_run_is_not_written_over_a_file(golden: Path, out: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--golden", str(golden), "--out", str(golden.parent / out)]) == 1
    assert f"error: {golden} is a file; name a folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("stop", "said"),
    [
        (KeyboardInterrupt(), "interrupted; nothing was written\n"),
        (KeyboardInterrupt("the answers are in x"), "interrupted; the answers are in x\n"),
    ],
)
def test_an_interrupted_command_ends_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], stop: BaseException, said: str
) -> None:
    def interrupted(name: str, arguments: list[str]) -> int:
        raise stop

    monkeypatch.setattr(command, "_forward", interrupted)
    assert main(["check"]) == 130
    assert capsys.readouterr().err == said


def test_an_interruption_while_modules_are_loaded_is_as_quiet(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(arguments: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("eval.__main__._command", interrupted)
    assert main([]) == 130
    assert capsys.readouterr().err == "interrupted; nothing was written\n"
