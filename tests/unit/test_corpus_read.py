"""Where a document's metadata come from."""

from pathlib import Path

import pytest

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
