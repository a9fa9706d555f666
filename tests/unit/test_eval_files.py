import json
from pathlib import Path

import pytest

from corpus.read import read
from eval.files import f1, fidelity, main, words


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "md/sources/a.md": "# One\n\nTwo three.\n",
        "md/groundtruth/a.md.md": "# One\n\nTwo four.\n",
        "bad/b.doc": "x",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "encodings" / "gb18030").mkdir(parents=True)
    (tmp_path / "encodings" / "gb18030" / "c.txt").write_bytes(
        "世界互联网大会在乌镇举行，会员来自各国。".encode("gb18030")
    )
    return tmp_path


def test_every_file_has_an_outcome_and_expected_files_have_scores(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(folder), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert [f["path"] for f in result["files"]] == ["bad/b.doc", "encodings/gb18030/c.txt", "md/sources/a.md"]
    assert (result["summary"]["total"]["files"], result["summary"]["total"]["indexed"]) == (3, 2)
    assert result["summary"][".md"]["words"] == 0.667  # 2 of 3 words on both sides
    assert result["summary"][".txt"]["decoded"] == 1.0


def test_table_names_each_reason_with_its_count(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(folder)])
    assert "    1  .doc     files of type .doc are not supported; save it as .docx" in capsys.readouterr().out


def test_missing_folder_is_one_line_and_exit_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none")]) == 1
    assert capsys.readouterr().err.endswith("none is no folder; name one that holds files\n")


def test_chinese_words_are_characters() -> None:
    assert words("WIC 乌镇 2024") == ["wic", "乌", "镇", "2024"]


def test_scores_count_column_names_once_and_parts_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# One\n\n| Year | N |\n|-|-|\n| 2023 | 1 |\n| 2024 | 2 |\n")
    scores = fidelity(read(path, "a"), path.read_text())
    assert (scores.words, scores.cells, scores.headings, scores.body) == (1.0, 1.0, 1.0, None)


def test_failed_file_has_found_nothing() -> None:
    assert fidelity(None, "Text.").words == 0.0


def test_f1_of_two_empty_sides_is_undefined() -> None:
    from collections import Counter

    assert f1(Counter(), Counter()) is None
