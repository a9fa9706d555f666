import pytest

from corpus.document import Part
from corpus.formats.html import iso_date, read_html, read_page


def texts(page: str) -> list[str]:
    return [part.text for part in read_page(page).parts]


def test_headings_paragraphs_and_nested_lists_keep_their_structure() -> None:
    page = "<h2>Members</h2><p>Many <b>firms</b>\n joined.</p><ol start=3><li>one<ul><li>inner</ul><li>two</ol>"
    assert read_page(page).parts == (
        Part("heading", "Members", 2),
        Part("paragraph", "Many firms joined."),
        Part("item", "one", mark="3. "),
        Part("item", "inner", 1),
        Part("item", "two", mark="4. "),
    )


def test_scripts_menus_and_hidden_elements_are_left_out() -> None:
    page = """<nav>Home</nav><script>var x = "a";</script><style>p {}</style><p>Text</p>
        <div hidden>no</div><div style="display: none">no</div><button>Buy</button>"""
    assert texts(page) == ["Text"]


def test_table_rows_keep_column_names_over_merged_cells() -> None:
    page = """<table><tr><th>City<th colspan=2>2024</tr><tr><td rowspan=2>Wuzhen<td>a<td>b</tr>
        <tr><td>c<td>d</tr></table>"""
    assert texts(page) == ["City: Wuzhen; 2024: a; 2024: b", "City: Wuzhen; 2024: c; 2024: d"]


def test_two_rows_of_heads_are_joined_by_column() -> None:
    page = """<table><tr><th rowspan=2>City<th colspan=2>2024</tr><tr><th>men<th>women</tr>
        <tr><td>Wuzhen<td>7<td>9</tr></table>"""
    assert texts(page) == ["City: Wuzhen; 2024 men: 7; 2024 women: 9"]


def test_names_beside_values_are_kept_with_them() -> None:
    assert texts("<table><tr><th>Seat<td>Beijing</tr><tr><th>Founded<td>2022</tr></table>") == [
        "Seat: Beijing",
        "Founded: 2022",
    ]


def test_layout_table_is_read_as_ordinary_blocks() -> None:
    page = "<table><tr><td><h1>News</h1><p>One.</p></td></tr><tr><td><table><tr><td>Two.</table></td></tr></table>"
    assert [(p.kind, p.text) for p in read_page(page).parts] == [
        ("heading", "News"),
        ("paragraph", "One."),
        ("paragraph", "Two."),
    ]


def test_two_line_breaks_part_paragraphs_and_one_does_not() -> None:
    assert texts("<p>a<br>b<br><br>c</p>") == ["a b", "c"]


def test_preformatted_text_keeps_its_lines() -> None:
    assert texts("<pre>a\n  b\n\nc</pre>") == ["a\n  b", "c"]


def test_caption_stands_for_the_image_whose_text_it_repeats() -> None:
    assert texts("<figure><img alt='A duck'><figcaption>A duck</figcaption></figure>") == ["A duck"]


def test_metadata_comes_from_the_head() -> None:
    page = """<html lang="zh-CN"><head><title>乌镇峰会 | WIC</title><meta property="og:site_name" content="WIC">
        <meta property="article:published_time" content="2024-11-20T08:00:00Z"></head><body>x</body></html>"""
    assert dict(read_page(page).metadata) == {
        "title": "乌镇峰会 | WIC",
        "publisher": "WIC",
        "date": "2024-11-20",
        "language": "zh",
    }


def test_declared_charset_is_followed() -> None:
    data = '<meta charset="gb2312"><p>乌镇</p>'.encode("gb2312")
    assert [part.text for part in read_html(data).parts] == ["乌镇"]


def test_elements_nested_without_end_lose_no_text() -> None:
    assert texts("<div>" * 20_000 + "deep") == ["deep"]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2024-05-24T10:00", "2024-05-24"),
        ("2024/5/4", "2024-05-04"),
        ("2024", "2024"),
        ("2024-13", "2024"),
        ("May", ""),
    ],
)
def test_date_is_read_as_far_as_it_goes(text: str, date: str) -> None:
    assert iso_date(text) == date
