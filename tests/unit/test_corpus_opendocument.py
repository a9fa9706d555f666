import io
import zipfile

from corpus.document import Part
from corpus.formats.opendocument import NAMESPACES, read_opendocument

HEAD = " ".join(f'xmlns:{prefix}="{address}"' for prefix, address in NAMESPACES.items())


def package(body: str, styles: str = "", meta: str = "") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(
            "content.xml",
            f"<office:document-content {HEAD}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body>{body}</office:body></office:document-content>",
        )
        archive.writestr("meta.xml", f"<office:document-meta {HEAD}>{meta}</office:document-meta>")
    return target.getvalue()


def test_headings_lists_and_spaces_of_a_text_are_kept() -> None:
    numbered = '<text:list-style style:name="L1"><text:list-level-style-number text:level="1"/></text:list-style>'
    data = package(
        '<office:text><text:h text:outline-level="2">Members</text:h><text:p>a<text:s/>b'
        "<text:span>c</text:span></text:p>"
        '<text:list text:style-name="L1"><text:list-item><text:p>one</text:p><text:list><text:list-item>'
        "<text:p>inner</text:p></text:list-item></text:list></text:list-item></text:list></office:text>",
        numbered,
    )
    assert read_opendocument(data).parts == (
        Part("heading", "Members", 2),
        Part("paragraph", "a bc"),
        Part("item", "one", mark="1. "),
        Part("item", "inner", 1, mark="1. "),
    )


def test_tracked_deletions_and_comments_are_left_out_and_notes_come_last() -> None:
    data = package(
        "<office:text><text:tracked-changes><text:p>gone</text:p></text:tracked-changes>"
        "<text:p>Kept<office:annotation><text:p>remark</text:p></office:annotation><text:note><text:note-body>"
        "<text:p>Note.</text:p></text:note-body></text:note>.</text:p><text:p>Next.</text:p></office:text>"
    )
    assert [p.text for p in read_opendocument(data).parts] == ["Kept.", "Next.", "Note."]


def test_sheet_with_a_million_empty_cells_is_read_at_once() -> None:
    row = "<table:table-row>{}</table:table-row>"
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    data = package(
        '<office:spreadsheet><table:table table:name="Growth">'
        + row.format(cell.format("Year") + cell.format("Members") + empty)
        + row.format(cell.format("2024") + cell.format("140") + empty)
        + f'<table:table-row table:number-rows-repeated="1048574">{empty}</table:table-row>'
        + "</table:table></office:spreadsheet>"
    )
    assert [p.text for p in read_opendocument(data).parts] == ["Growth", "Year: 2024; Members: 140"]


def test_slide_title_is_a_heading_on_its_page() -> None:
    frame = "<draw:frame {}><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame>"
    data = package(
        "<office:presentation><draw:page>"
        + frame.format("", "Body")
        + frame.format('presentation:class="title"', "Title")
        + "</draw:page></office:presentation>"
    )
    assert read_opendocument(data).parts == (Part("heading", "Title", 1, 1), Part("paragraph", "Body", page=1))


def test_title_and_date_come_from_the_metadata() -> None:
    data = package(
        "<office:text><text:p>x</text:p></office:text>",
        meta="<office:meta><dc:title>Report</dc:title><dc:date>2024-05-24T10:00:00</dc:date></office:meta>",
    )
    assert dict(read_opendocument(data).metadata) == {"title": "Report", "date": "2024-05-24"}
