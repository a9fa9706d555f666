"""PDFs made by hand: what stands where on a page decides what it is."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

import pytest

from corpus.document import Part
from corpus.formats.page import Glyph, find_runs
from corpus.formats.pdf import read_pdf

PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
LOREM = (
    "The harbour office counted ships in spring and again in autumn, because the league",
    "of towns had asked for numbers. It found that two of three ships came from the north,",
    "and that most of them carried timber.",
)


@dataclass(frozen=True, slots=True)
class Text:
    """Words at a place of the page, in points from the lower left."""

    x: float
    y: float
    text: str
    size: float = 10
    font: str = "F1"  # F1 regular, F2 bold
    turn: tuple[int, int, int, int] = (1, 0, 0, 1)

    def drawn(self) -> str:
        a, b, c, d = self.turn
        escaped = self.text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        return f"BT /{self.font} {self.size} Tf {a} {b} {c} {d} {self.x} {self.y} Tm ({escaped}) Tj ET"


def column(x: float, y: float, lines: Iterable[str]) -> list[Text]:
    return [Text(x, y - 12 * i, line) for i, line in enumerate(lines)]


def make_pdf(
    *pages: Sequence[Text], rules: str = "", info: str = "", catalog: str = "", rotate: int = 0, encrypt: str = ""
) -> bytes:
    """Return a PDF with these texts; `rules` is drawn on every page."""
    bodies = ["\n".join([rules, *(text.drawn() for text in page)]) for page in pages]
    numbers = [7 + 2 * i for i in range(len(pages))]
    objects = {
        1: f"<</Type/Catalog/Pages 2 0 R {catalog}>>",
        2: f"<</Type/Pages/Count {len(pages)}/Kids[{' '.join(f'{n} 0 R' for n in numbers)}]>>",
        3: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        4: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>",
        5: f"<<{info}>>",
        6: encrypt or "null",
    }
    for n, body in zip(numbers, bodies, strict=True):
        objects[n] = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Rotate {rotate}/Contents {n + 1} 0 R"
            "/Resources<</Font<</F1 3 0 R/F2 4 0 R>>>>>>"
        )
        objects[n + 1] = f"<</Length {len(body.encode('cp1252'))}>>stream\n{body}\nendstream"
    return _file(objects, "/Encrypt 6 0 R/ID[<00><00>]" if encrypt else "")


def _file(objects: dict[int, str], trailer: str) -> bytes:
    data, places = b"%PDF-1.4\n", []
    for n in sorted(objects):
        places.append(len(data))
        data += f"{n} 0 obj\n{objects[n]}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}trailer\n<</Size {len(places) + 1}/Root 1 0 R"
    return data + f"{end}/Info 5 0 R{trailer}>>\nstartxref\n{len(data)}\n%%EOF".encode()


def rc4(key: bytes, data: bytes) -> bytes:
    box, j = list(range(256)), 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    return bytes(a ^ b for a, b in zip(data, _stream(box), strict=False))


def _stream(box: list[int]) -> Iterator[int]:
    i = j = 0
    while True:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        yield box[(box[i] + box[j]) % 256]


def encryption(password: bytes) -> str:
    """Return the dictionary of 40-bit encryption (PDF 1.7, 7.6.3) for a user password."""
    owner = bytes(32)
    key = hashlib.md5((password + PADDING)[:32] + owner + (0xFFFFFFFC).to_bytes(4, "little") + b"\0").digest()[:5]
    return f"<</Filter/Standard/V 1/R 2/P -4/O<{owner.hex()}>/U<{rc4(key, PADDING).hex()}>>>"


def kinds(parts: Iterable[Part]) -> list[tuple[str, str]]:
    return [(part.kind, part.text) for part in parts]


def test_wrapped_lines_become_one_paragraph_with_its_page() -> None:
    extract = read_pdf(make_pdf(column(60, 700, LOREM), column(60, 700, ("A second page.",))))
    assert extract.parts == (
        Part("paragraph", " ".join(LOREM), page=1),
        Part("paragraph", "A second page.", page=2),
    )


def test_large_and_bold_lines_are_headings_ranked_by_size() -> None:
    page = [
        Text(60, 780, "Tides and Trade", 20),
        Text(60, 750, "1 The old harbour", 14, "F2"),
        *column(60, 730, LOREM),
        Text(60, 680, "Its council", 10, "F2"),
        *column(60, 660, LOREM),
    ]
    found = [(p.text, p.level) for p in read_pdf(make_pdf(page)).parts if p.kind == "heading"]
    assert found == [("Tides and Trade", 1), ("1 The old harbour", 2), ("Its council", 3)]


def test_the_outline_of_a_file_says_what_its_headings_are() -> None:
    outline = "/Outlines<</Type/Outlines/Count 1/First<</Title(Its council)/Dest[7 0 R/Fit]>>>>"
    page = [*column(60, 730, LOREM), Text(60, 680, "Its council"), *column(60, 660, LOREM)]
    found = [(p.text, p.level) for p in read_pdf(make_pdf(page, catalog=outline)).parts if p.kind == "heading"]
    assert found == [("Its council", 1)]


def test_a_short_line_that_ends_a_sentence_ends_its_paragraph() -> None:
    lines = (*LOREM, "In autumn the office counted again. The league had asked for more numbers than in")
    assert [p.text for p in read_pdf(make_pdf(column(60, 700, lines))).parts] == [" ".join(LOREM), lines[-1]]


def test_items_keep_their_marks_and_their_second_lines() -> None:
    page = [
        *column(60, 700, LOREM),
        Text(60, 650, "•"),
        Text(74, 650, "ships from the north, which carry timber and in winter also"),
        Text(74, 638, "iron"),
        Text(60, 620, "2. ships from the south"),
    ]
    assert [(p.mark, p.text) for p in read_pdf(make_pdf(page)).parts if p.kind == "item"] == [
        ("- ", "ships from the north, which carry timber and in winter also iron"),
        ("2. ", "ships from the south"),
    ]


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [f"left column line {n} of the text goes on" for n in range(6)]
    right = [f"right column line {n} of the text goes on" for n in range(6)]
    title = Text(60, 740, "A title across both of the columns of this page, in large letters", 16)
    parts = read_pdf(make_pdf([title, *column(60, 700, left), *column(320, 700, right)])).parts
    text = " ".join(p.text for p in parts)
    assert text == " ".join([title.text, *left, *right])


def test_rows_of_a_table_keep_the_names_of_their_columns() -> None:
    rows = [("Year", "Members", "Countries"), ("2022", "110", "20"), ("2024", "140", "30")]
    page = [Text(60 + 150 * i, 700 - 15 * k, cell) for k, row in enumerate(rows) for i, cell in enumerate(row)]
    assert kinds(read_pdf(make_pdf([Text(60, 740, LOREM[0]), *page])).parts)[1:] == [
        ("row", "Year: 2022; Members: 110; Countries: 20"),
        ("row", "Year: 2024; Members: 140; Countries: 30"),
    ]


def test_cells_of_a_ruled_table_may_have_several_lines() -> None:
    rules = "".join(f"60 {y} m 360 {y} l S " for y in (700, 680, 650, 630))
    rules += "".join(f"{x} 700 m {x} 630 l S " for x in (60, 160, 360))
    cells = [(65, 685, "Body"), (165, 685, "Task"), (65, 668, "Council"), (165, 668, "It decides on members")]
    cells += [(165, 656, "and on the budget"), (65, 636, "Office"), (165, 636, "It keeps the books")]
    page = [Text(60, 740, LOREM[0]), *(Text(*cell) for cell in cells), *column(60, 600, LOREM)]
    assert kinds(read_pdf(make_pdf(page, rules=rules)).parts) == [
        ("paragraph", LOREM[0]),
        ("row", "Body: Council; Task: It decides on members and on the budget"),
        ("row", "Body: Office; Task: It keeps the books"),
        ("paragraph", " ".join(LOREM)),
    ]


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_rotated_page_is_read_in_the_direction_of_its_letters(rotate: int) -> None:
    assert [p.text for p in read_pdf(make_pdf(column(60, 700, LOREM), rotate=rotate)).parts] == [" ".join(LOREM)]


def test_text_that_runs_upwards_is_read_and_comes_last() -> None:
    page = [Text(30, 100, "Draft of 5 May", 20, turn=(0, 1, -1, 0)), *column(60, 700, LOREM)]
    assert kinds(read_pdf(make_pdf(page)).parts) == [("paragraph", " ".join(LOREM)), ("paragraph", "Draft of 5 May")]


def test_a_text_that_runs_upwards_as_a_whole_has_its_lines_in_order() -> None:
    page = [Text(100 + 12 * i, 100, line, turn=(0, 1, -1, 0)) for i, line in enumerate(LOREM)]
    assert [p.text for p in read_pdf(make_pdf(page)).parts] == [" ".join(LOREM)]


def test_heads_feet_and_broken_words_of_pages_are_repaired() -> None:
    pages = []
    for n, (first, second) in enumerate(
        [("The land-", "scape is flat and"), ("wide, as", "all say."), ("One", "two.")]
    ):
        head, foot = Text(60, 810, "Papers of the Harbour Programme"), Text(290, 30, str(n + 1))
        pages.append([head, *column(60, 700, (first, second)), foot])
    parts = read_pdf(make_pdf(*pages)).parts
    assert [p.text for p in parts] == ["The landscape is flat and wide, as all say.", "One two."]


def test_raised_digits_after_a_word_are_footnote_marks() -> None:
    page = [Text(60, 700, "The harbour grew."), Text(137, 704, "1", 6), *column(60, 650, LOREM)]
    assert read_pdf(make_pdf(page)).parts[0].text == "The harbour grew."


def test_metadata_is_what_the_file_says() -> None:
    data = make_pdf(
        column(60, 700, LOREM),
        info="/Title(Tides and Trade)/CreationDate(D:20240524101500+08'00')/Author(A. Clerk)",
        catalog="/Lang(en-GB)",
    )
    assert dict(read_pdf(data).metadata) == {"title": "Tides and Trade", "date": "2024-05-24", "language": "en"}


@pytest.mark.parametrize("title", ["Microsoft Word - report.docx", "untitled", "report.pdf", ""])
def test_a_title_that_a_program_made_up_is_none(title: str) -> None:
    assert "title" not in read_pdf(make_pdf(column(60, 700, LOREM), info=f"/Title({title})")).metadata


def test_only_the_first_pages_are_read_where_asked() -> None:
    pages = [column(60, 700, (f"{word} stands here.",)) for word in ("One", "Two", "Three")]
    assert [p.page for p in read_pdf(make_pdf(*pages), pages=2).parts] == [1, 2]


def test_a_page_without_text_has_no_parts() -> None:
    assert read_pdf(make_pdf([])).parts == ()


def test_a_file_with_a_password_says_so() -> None:
    with pytest.raises(ValueError, match=r"^needs a password: save a copy without one"):
        read_pdf(make_pdf(column(60, 700, LOREM), encrypt=encryption(b"secret")))


def test_the_empty_password_is_tried() -> None:
    assert read_pdf(make_pdf([], encrypt=encryption(b""))).parts == ()


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.4\n%%EOF", b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\n"])
def test_a_broken_file_says_so_in_one_line(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"^not a readable PDF .*save it anew$"):
        read_pdf(data)


def test_a_file_cut_short_is_read_or_refused_but_never_crashes() -> None:
    whole = make_pdf(column(60, 700, LOREM), column(60, 700, LOREM))
    for length in range(0, len(whole), 97):
        with suppress(ValueError):
            read_pdf(whole[:length])


def test_heads_that_reach_across_the_gutters_of_their_table_name_its_columns() -> None:
    heads = [Text(100, 700, "Year", font="F2"), Text(180, 700, "Members of the league", font="F2")]
    cells = [("2022", "north", "110"), ("2023", "south", "120"), ("2024", "west", "140")]
    rows = [Text(x, 685 - 12 * k, c) for k, row in enumerate(cells) for x, c in zip((100, 180, 265), row, strict=True)]
    parts = read_pdf(make_pdf([Text(60, 740, LOREM[0]), *heads, *rows, *column(60, 600, LOREM)])).parts
    assert parts[1].kind == "row"
    assert parts[1].text.startswith("Year: 2022; Members of the league: ")


def test_an_arabic_ligature_is_read_in_the_order_of_its_letters() -> None:
    places = [("ا", 40, 46), ("ل", 40, 46), ("م", 30, 40)]  # as PDFium gives lam-alef: one place, alef first
    run, *others = find_runs(Glyph(char, x0, x1, 0, 10, False, 0) for char, x0, x1 in places)
    assert (run.text, others) == ("لام", [])
