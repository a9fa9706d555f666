"""What `python -m index check` finds in a folder of briefs, and where."""

import json
from pathlib import Path

import pytest

from index.__main__ import main
from index.check import Finding, check

SHIPPED = Path(__file__).resolve().parent.parent.parent / "corpus" / "documents"
FIELDS = {
    "title": "Wuzhen Summit 2025",
    "publisher": "World Internet Conference",
    "date": '"2025-11-09"',
    "event_date": '"2025-11-06/2025-11-09"',
    "edition": '"2025"',
    "kind": "event",
    "program": "Wuzhen Summit",
    "sources": '\n  - title: "The summit closes"',
}


def write(path: Path, body: str = "The summit of 2025 was held in Wuzhen.", drop: str = "", **fields: str) -> Path:
    front = {name: value for name, value in (FIELDS | fields).items() if name not in drop.split()}
    lines = "".join(f"{name}: {value}\n" for name, value in front.items())
    path.write_text(f"---\n{lines}---\n\n# Title\n\n## Section\n\n{body}\n", encoding="utf-8")
    return path


def found(folder: Path) -> list[tuple[str, int, str]]:
    return [(Path(f.path).name, f.line, f.kind) for f in check(folder)]


def test_a_whole_brief_has_nothing_to_mend(tmp_path: Path) -> None:
    write(tmp_path / "a.md")
    assert check(tmp_path) == []


@pytest.mark.parametrize("field", ["date", "program", "kind", "sources"])
def test_a_missing_field_is_named(tmp_path: Path, field: str) -> None:
    write(tmp_path / "a.md", drop=field)
    assert found(tmp_path) == [("a.md", 1, field)]


def test_a_date_may_be_empty_where_the_page_bears_none(tmp_path: Path) -> None:
    write(tmp_path / "a.md", date='""')
    assert check(tmp_path) == []


@pytest.mark.parametrize("field", ["event_date", "edition"])
def test_a_brief_about_an_event_needs_its_days_and_year(tmp_path: Path, field: str) -> None:
    write(tmp_path / "a.md", drop=field)
    assert found(tmp_path) == [("a.md", 6, field)]  # the line of `kind: event`: --- title publisher date x kind


def test_only_events_need_days(tmp_path: Path) -> None:
    write(tmp_path / "a.md", kind="report", drop="event_date edition")
    assert check(tmp_path) == []


def test_an_unknown_field_is_no_silent_loss(tmp_path: Path) -> None:
    write(tmp_path / "a.md", evnt_date='"2025"')
    assert found(tmp_path) == [("a.md", 11, "evnt_date")]  # `sources` takes lines 9 and 10


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("---\ntitle: [\n---\n\n# A\n", "front matter is not valid YAML"),
        ("# A\n\nText.\n", "it has no front matter; start it as docs/brief-template.md does"),
        ('---\ntitle: A\ndate: "May 2025"\n---\n\n# A\n', "date 'May 2025' is not YYYY, YYYY-MM or YYYY-MM-DD"),
        ("---\ntitle: A\nsources:\n  - url: u\n---\n\n# A\n", "sources: a page has no title; say what it is"),
    ],
)
def test_broken_front_matter_says_what_is_wrong(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    (finding,) = check(tmp_path)
    assert finding.kind == "front matter"
    assert finding.message.startswith(reason)


def test_a_misspelt_program_is_found_by_those_that_spell_it_right(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "One sentence about the opening.")
    write(tmp_path / "b.md", "Another about the closing day.", program="Wuzhen Sumit")
    write(tmp_path / "c.md", "A third about an unrelated matter.", program="Blue Books")
    write(tmp_path / "d.md", "A fourth about the guests of the summit.")
    (finding,) = check(tmp_path)
    assert str(finding) == (
        f"{tmp_path / 'b.md'}:8: program: no other brief has 'Wuzhen Sumit'; 2 have 'Wuzhen Summit'"
    )


def test_a_sentence_of_another_brief_is_shown_with_both_places(tmp_path: Path) -> None:
    a = write(tmp_path / "a.md", "First.\n\nThe expo of 2025 had 670 exhibitors (参展商) from 54 countries.")
    b = write(tmp_path / "b.md", "The expo of 2025 had 670 exhibitors from 54 countries.")
    (finding,) = check(tmp_path)
    assert (finding.path, finding.line, finding.kind) == (str(b), 17, "repeated")
    assert f"{a}:19: The expo of 2025 had 670 exhibitors (参展商) from 54 countries." in finding.message
    assert f"{b}:17: The expo of 2025 had 670 exhibitors from 54 countries." in finding.message


def test_other_figures_make_another_sentence(tmp_path: Path) -> None:
    write(tmp_path / "a.md", "The summit was held in Wuzhen from November 6 to 9, 2025.")
    write(tmp_path / "b.md", "The summit was held in Wuzhen from November 8 to 10, 2023.")
    assert check(tmp_path) == []


def test_tables_and_lists_may_repeat(tmp_path: Path) -> None:
    body = "{} lists what was shown at the expo:\n\n- Exhibitors from fifty-four countries and regions\n"
    write(tmp_path / "a.md", body.format("The table of the programs"))
    write(tmp_path / "b.md", body.format("What Xinhua wrote in November"))
    assert check(tmp_path) == []


def test_a_copied_brief_is_one_finding(tmp_path: Path) -> None:
    body = "The first sentence tells the theme. The second sentence tells the place. The third tells who came there."
    write(tmp_path / "a.md", body)
    copy = write(tmp_path / "b.md", body)
    assert [(f.path, f.line, f.kind) for f in check(tmp_path)] == [(str(copy), 1, "duplicate")]


def test_contradicting_figures_are_shown_with_both_places(tmp_path: Path) -> None:
    a = write(tmp_path / "a.md", "The Wuzhen Summit of 2025 had 24 sub-forums.")
    b = write(tmp_path / "b.md", "In 2025 the Wuzhen Summit had 20 sub-forums.")
    (finding,) = check(tmp_path)
    assert (finding.path, finding.line, finding.kind) == (str(b), 17, "figures")
    assert f"{a}:17: The Wuzhen Summit of 2025 had 24 sub-forums." in finding.message


def test_findings_come_by_file_and_line(tmp_path: Path) -> None:
    write(tmp_path / "b.md", "Only here.", drop="date program")
    write(tmp_path / "a.md", "And this there.", drop="edition")
    assert found(tmp_path) == [("a.md", 6, "edition"), ("b.md", 1, "date"), ("b.md", 1, "program")]


def test_a_folder_without_briefs_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="holds no Markdown brief; name a folder that does"):
        check(tmp_path)


def test_the_command_fails_if_anything_is_to_be_mended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "a.md", drop="date")
    assert main(["check", "--json", str(tmp_path)]) == 1
    (row,) = json.loads(capsys.readouterr().out)
    assert Finding(**row).path == str(path)
    write(path)
    assert main(["check", str(tmp_path)]) == 0
    assert capsys.readouterr().out == f"0 to mend in {tmp_path}\n"


def test_the_shipped_briefs_have_nothing_to_mend() -> None:
    assert list(map(str, check(SHIPPED))) == []
