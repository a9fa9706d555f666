"""Notes that no brief rests on."""

import json
from pathlib import Path

import pytest

from eval.__main__ import main

BRIEF = """---
title: Summit
sources:
  - title: Opening
    url: "https://example.org/opening"
  - title: Review
    publisher: Daily
    date: "2024-11"
---

# Summit

It opened.
"""


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    briefs = tmp_path / "briefs"
    briefs.mkdir()
    (briefs / "summit.md").write_text(BRIEF, encoding="utf-8")
    monkeypatch.setenv("RAG_CORPUS_DIR", str(briefs))
    notes = tmp_path / "notes"
    notes.mkdir()
    return notes


def note(folder: Path, name: str, header: str) -> None:
    (folder / name).write_text(f"{header}\n\nFacts: 24 forums.\n", encoding="utf-8")


def test_a_note_is_covered_by_its_address_or_else_by_publisher_and_date(
    shelf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    note(shelf, "1.txt", "url: http://example.org/opening/\npublisher: Anybody\ndate: 2024")
    note(shelf, "2.txt", "url:\npublisher: Daily\ndate: 2024-11")
    assert main(["coverage", str(shelf)]) == 0
    assert capsys.readouterr().out == "0 of 2 notes without a brief\n"


def test_notes_without_a_brief_are_named(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    note(shelf, "1.txt", "url: https://example.org/closing\npublisher: Daily\ndate: 2024-11")
    note(shelf, "2.txt", "url:\npublisher: Daily\ndate: 2025")
    assert main(["coverage", str(shelf), "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {"notes": 2, "without_brief": ["1.txt", "2.txt"]}


@pytest.mark.parametrize(
    ("text", "reason"), [(None, "holds no note"), ("Only facts.", "begins with neither `url: ...` nor")]
)
def test_what_is_no_note_is_named(
    shelf: Path, capsys: pytest.CaptureFixture[str], text: str | None, reason: str
) -> None:
    if text:
        (shelf / "1.txt").write_text(text, encoding="utf-8")
    assert main(["coverage", str(shelf)]) == 1
    assert reason in capsys.readouterr().err
