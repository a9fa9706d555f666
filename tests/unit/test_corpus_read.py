"""Where a document's metadata come from."""

from pathlib import Path

import pytest

from corpus.document import Reference
from corpus.read import read

BRIEF = """---
title: "Front"
date: "2024-05"
source:
  title: Original
  url: https://example.org/a
---
# Heading

Text.
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_front_matter_comes_before_sidecar_and_heading(tmp_path: Path) -> None:
    write(tmp_path, "a.md.yaml", "title: Side\npublisher: Publisher\n")
    document = read(write(tmp_path, "a.md", BRIEF), "a.md")
    assert (document.title, document.publisher, document.date) == ("Front", "Publisher", "2024-05")
    assert document.source == "Original, https://example.org/a"


def test_a_title_is_taken_from_the_first_heading(tmp_path: Path) -> None:
    document = read(write(tmp_path, "a.md", "# Heading\n\nText.\n"), "a.md")
    assert (document.title, document.origins["title"]) == ("Heading", "heading")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("---\ntitle: [\n---\nText.", "front matter is not valid YAML"),
        ("---\n- a\n---\nText.", "front matter is not a mapping"),
        ("---\ntitle: A\ndate: May 2024\n---\nText.", "date 'May 2024' is not YYYY"),
        ("---\npublisher: A\n---\nText.", "no title"),
        ("---\ntitle: A\n---\n", "there is no text"),
    ],
)
def test_a_faulty_brief_is_refused_with_its_fault(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read(write(tmp_path, "a.md", text), "a.md")


DATED = """---
title: Summit
date: "2025-11-09"
event_date: "2025-11-07/2025-11-09"
edition: 2025
sources:
  - {title: Opening, publisher: Xinhua, date: 2025-11-07, url: "https://example.org/a"}
  - {title: Closing}
---
Text.
"""


def test_event_edition_and_publication_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "summit.md"
    path.write_text(DATED)
    document = read(path, "summit.md")
    assert (document.date, document.event_date, document.edition) == ("2025-11-09", "2025-11-07/2025-11-09", "2025")
    assert document.year == "2025"
    assert document.references == (
        Reference("Opening", "Xinhua", "2025-11-07", "https://example.org/a"),
        Reference("Closing"),
    )
    assert document.source == "Opening, Xinhua, 2025-11-07, https://example.org/a; Closing"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("event_date: 2025-11-09/2025-11-07", "event_date '2025-11-09/2025-11-07' is no day"),
        ("event_date: November", "event_date 'November' is no day"),
        ("edition: twelfth", "edition 'twelfth' is no year"),
        ("sources: one page", "sources is not a list of pages"),
        ("sources: [{title: A, link: b}]", "sources: unknown field 'link'"),
        ("sources: [{publisher: Xinhua}]", "sources: a page has no title"),
    ],
)
def test_wrong_dates_and_sources_are_named(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "summit.md"
    path.write_text(f"---\ntitle: Summit\n{line}\n---\nText.\n")
    with pytest.raises(ValueError, match=reason):
        read(path, "summit.md")
