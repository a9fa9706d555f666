"""Files as they come from outside: through the registry of readers, by their ending."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pytest
from openpyxl import Workbook

from corpus.read import READERS, REMEDIES, read

BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))


def office_file(path: Path, text: str) -> Path:
    if path.suffix == ".docx":
        document = docx.Document()
        document.add_paragraph(text)
        document.save(str(path))
    else:
        book = Workbook()
        book.worksheets[0]["A1"] = text
        book.save(path)
    return path


def with_entity(path: Path, part: str, declaration: str, marker: str) -> None:
    """Put a declaration before the root of a part and an entity in place of the marker."""
    source = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(source)) as package, zipfile.ZipFile(path, "w") as copy:
        for name in package.namelist():
            content = package.read(name)
            if name == part:
                root = content.index(b"<", content.index(b"?>") if content.startswith(b"<?") else 0)
                changed = content[root:].replace(marker.encode(), b"&e11;")
                content = f"<!DOCTYPE r [{declaration}]>".encode() + changed
            copy.writestr(name, content)


def text_or_reason(path: Path) -> str:
    try:
        return read(path, "a").text
    except ValueError as error:
        return str(error)


def test_text_in_a_legacy_charset_becomes_a_document(tmp_path: Path) -> None:
    path = tmp_path / "乌镇.txt"
    path.write_bytes("世界互联网大会在乌镇举行。会员来自六大洲一百多个国家和地区。".encode("gb18030"))
    document = read(path, "乌镇.txt")
    assert document.text == "世界互联网大会在乌镇举行。会员来自六大洲一百多个国家和地区。"
    assert document.language == "zh"


def test_every_offset_of_a_word_file_points_into_its_text(tmp_path: Path) -> None:
    document = read(office_file(tmp_path / "a.docx", "The WIC."), "a")
    assert [document.text[b.start : b.end] for b in document.blocks] == ["The WIC."]


@pytest.mark.parametrize(("suffix", "part"), [(".docx", "word/document.xml"), (".xlsx", "xl/sharedStrings.xml")])
def test_entity_bomb_in_an_office_file_does_not_grow(tmp_path: Path, suffix: str, part: str) -> None:
    path = office_file(tmp_path / f"a{suffix}", "MARKER")
    with_entity(path, part, f'<!ENTITY e0 "lol">{BOMB}', "MARKER")
    assert len(text_or_reason(path)) < 1_000


@pytest.mark.parametrize(("suffix", "part"), [(".docx", "word/document.xml"), (".xlsx", "xl/sharedStrings.xml")])
def test_external_entity_in_an_office_file_is_not_followed(tmp_path: Path, suffix: str, part: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("TOP SECRET")
    path = office_file(tmp_path / f"a{suffix}", "MARKER")
    with_entity(path, part, f'<!ENTITY e11 SYSTEM "{secret.as_uri()}">', "MARKER")
    assert "SECRET" not in text_or_reason(path)


@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_truncated_office_file_is_called_damaged(tmp_path: Path, suffix: str) -> None:
    path = office_file(tmp_path / f"a{suffix}", "text")
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(ValueError, match=rf"damaged or no \{suffix} file.*save it again"):
        read(path, "a")


def test_archive_that_is_no_office_file_is_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x", "y")
    with pytest.raises(ValueError, match=r"damaged or no \.docx file.*open it in its program"):
        read(path, "a")


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("a.doc", r"\.doc are not supported; save it as \.docx"),
        ("a.xls", r"save it as \.xlsx"),
        ("a.webp", "needs OCR first"),
        ("a.zip", "unpack it"),
        ("a.xyz", r"use one of \.csv"),
        ("a", r"type \(none\)"),
    ],
)
def test_unsupported_file_is_refused_with_the_remedy(tmp_path: Path, name: str, remedy: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"x")
    with pytest.raises(ValueError, match=remedy):
        read(path, name)


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.html", "a.eml", "a.docx"])
def test_empty_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b" \n")
    with pytest.raises(ValueError, match="the file is empty"):
        read(tmp_path / name, name)


def test_file_without_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no text in it; if it shows pictures of text"):
        read(office_file(tmp_path / "a.docx", ""), "a")


def test_no_ending_is_both_read_and_refused() -> None:
    assert not set(READERS) & set(REMEDIES)


def test_importing_the_readers_loads_no_library_of_a_format() -> None:
    code = (
        "import sys, corpus.read; print({'docx', 'pptx', 'openpyxl', 'lxml', 'selectolax', 'torch'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
