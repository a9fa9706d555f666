import io
from typing import Any

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from corpus.document import Part
from corpus.formats.pptx import read_pptx

BOX = (Inches(1), Inches(1), Inches(5), Inches(3))


def saved(deck: Any) -> bytes:
    target = io.BytesIO()
    deck.save(target)
    return target.getvalue()


def test_slide_title_is_a_heading_on_the_page_of_its_number() -> None:
    deck = Presentation()
    for title in ("First", "Second"):
        deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = title
    assert read_pptx(saved(deck)).parts == (Part("heading", "First", 1, 1), Part("heading", "Second", 1, 2))


def test_body_lines_are_items_as_the_master_has_bullets() -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.placeholders[1].text_frame.text = "outer"
    inner = slide.placeholders[1].text_frame.add_paragraph()
    inner.text, inner.level = "inner", 1
    assert read_pptx(saved(deck)).parts == (Part("item", "outer", 0, 1), Part("item", "inner", 1, 1))


def test_text_in_nested_groups_is_found() -> None:
    deck = Presentation()
    group = deck.slides.add_slide(deck.slide_layouts[6]).shapes.add_group_shape().shapes.add_group_shape()
    group.shapes.add_textbox(*BOX).text_frame.text = "deep"
    assert [p.text for p in read_pptx(saved(deck)).parts] == ["deep"]


def test_table_rows_keep_column_names() -> None:
    deck = Presentation()
    table = deck.slides.add_slide(deck.slide_layouts[6]).shapes.add_table(2, 2, *BOX).table
    for (row, column), text in zip([(0, 0), (0, 1), (1, 0), (1, 1)], ["Year", "Members", "2024", "140"], strict=True):
        table.cell(row, column).text = text
    assert [p.text for p in read_pptx(saved(deck)).parts] == ["Year: 2024; Members: 140"]


def test_chart_is_read_as_rows() -> None:
    deck = Presentation()
    data: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = ["2023", "2024"]
    data.add_series("Members", (120, 140.5))
    deck.slides.add_slide(deck.slide_layouts[6]).shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *BOX, data)
    assert [p.text for p in read_pptx(saved(deck)).parts] == ["2023; Members: 120", "2024; Members: 140.5"]
