import io
import zipfile
from datetime import datetime
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from corpus.document import Part
from corpus.formats.docx import read_docx


def saved(document: Any) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def with_part(data: bytes, name: str, change: Any) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(target, "w") as copy:
        for entry in package.namelist():
            content = package.read(entry)
            copy.writestr(entry, change(content) if entry == name else content)
    return target.getvalue()


def with_body(xml: str) -> bytes:
    document = docx.Document()
    document.element.body.insert(0, parse_xml(xml.replace("<w:p>", f"<w:p {nsdecls('w')}>", 1)))
    return saved(document)


def test_headings_paragraphs_and_lists_keep_their_structure() -> None:
    document = docx.Document()
    document.add_heading("Report", 0)
    document.add_heading("Members", 2)
    document.add_paragraph("There are many.")
    document.add_paragraph("first", style="List Bullet")
    document.add_paragraph("one", style="List Number")
    document.add_paragraph("two", style="List Number")
    assert read_docx(saved(document)).parts == (
        Part("heading", "Report", 1),
        Part("heading", "Members", 2),
        Part("paragraph", "There are many."),
        Part("item", "first", mark="- "),
        Part("item", "one", mark="1. "),
        Part("item", "two", mark="2. "),
    )


def test_table_stands_in_its_place_with_column_names() -> None:
    document = docx.Document()
    document.add_paragraph("Before")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ["Year", "Members", "2024", "140"], strict=True):
        cell.text = text
    document.add_paragraph("After")
    assert [p.text for p in read_docx(saved(document)).parts] == ["Before", "Year: 2024; Members: 140", "After"]


def test_cell_merged_downwards_counts_for_each_row() -> None:
    document = docx.Document()
    table = document.add_table(3, 2)
    for cell, text in zip(table._cells, ["City", "Year", "Wuzhen", "2023", "", "2024"], strict=True):
        cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    rows = [p.text for p in read_docx(saved(document)).parts]
    assert rows == ["City: Wuzhen; Year: 2023", "City: Wuzhen; Year: 2024"]


def test_tracked_deletion_is_left_out_and_insertion_kept() -> None:
    data = with_body(
        "<w:p><w:r><w:t xml:space='preserve'>It has </w:t></w:r>"
        "<w:del w:id='1'><w:r><w:delText>ninety</w:delText></w:r></w:del>"
        "<w:ins w:id='2'><w:r><w:t>a hundred</w:t></w:r></w:ins></w:p>"
    )
    assert [p.text for p in read_docx(data).parts] == ["It has a hundred"]


def test_header_and_footer_are_left_out() -> None:
    document = docx.Document()
    document.add_paragraph("Body")
    document.sections[0].header.paragraphs[0].text = "Confidential"
    assert [p.text for p in read_docx(saved(document)).parts] == ["Body"]


def test_text_box_follows_the_paragraph_that_anchors_it() -> None:
    data = with_body(
        "<w:p><w:r><w:t>Anchor</w:t></w:r><w:r><w:pict><w:txbxContent>"
        "<w:p><w:r><w:t>In the box</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"
    )
    assert [p.text for p in read_docx(data).parts] == ["Anchor", "In the box"]


def test_rendered_page_breaks_number_the_pages() -> None:
    document = docx.Document()
    document.add_paragraph("One")
    document.add_paragraph().add_run()._r.append(parse_xml(f"<w:lastRenderedPageBreak {nsdecls('w')}/>"))
    document.add_paragraph("Two")
    assert [(p.text, p.page) for p in read_docx(saved(document)).parts] == [("One", 1), ("Two", 2)]


def test_formula_is_written_on_one_line() -> None:
    math = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    data = with_body(
        f"<w:p><w:r><w:t>Area</w:t></w:r><m:oMath xmlns:m='{math}'><m:sSup><m:e><m:r><m:t>r</m:t></m:r></m:e>"
        "<m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath></w:p>"
    )
    assert [p.text for p in read_docx(data).parts] == ["Area r^2"]


def test_title_and_date_come_from_the_properties() -> None:
    document = docx.Document()
    document.add_paragraph("x")
    document.core_properties.title = "Annual report"
    document.core_properties.modified = datetime(2024, 5, 24, 10)
    assert dict(read_docx(saved(document)).metadata) == {"title": "Annual report", "date": "2024-05-24"}


def test_date_of_the_library_template_is_no_date() -> None:
    document = docx.Document()
    document.add_paragraph("x")
    assert "date" not in read_docx(saved(document)).metadata


@pytest.mark.parametrize(
    "kind", [b"ms-word.document.macroEnabled.main", b"openxmlformats-officedocument.x.template.main"]
)
def test_macro_document_and_template_are_read(kind: bytes) -> None:
    document = docx.Document()
    document.add_paragraph("Text")
    main = b"openxmlformats-officedocument.wordprocessingml.document.main"
    data = with_part(saved(document), "[Content_Types].xml", lambda content: content.replace(main, kind))
    assert [p.text for p in read_docx(data).parts] == ["Text"]
