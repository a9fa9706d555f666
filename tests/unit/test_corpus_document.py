"""Joining parts into one text keeps every part findable."""

from hypothesis import given
from hypothesis import strategies as st

from corpus.document import Part, lay_out

PARTS = st.lists(
    st.builds(
        Part,
        kind=st.sampled_from(["heading", "paragraph", "item", "row"]),
        text=st.text(max_size=40),
        level=st.integers(0, 3),
        page=st.none(),
    ),
    max_size=12,
)


@given(PARTS)
def test_every_block_is_the_slice_of_its_part(parts: list[Part]) -> None:
    layout = lay_out(parts)
    texts = [layout.text[block.start : block.end] for block in layout.blocks]
    assert texts == [part.text.strip() for part in parts if part.text.strip()]


def test_items_follow_each_other_without_an_empty_line() -> None:
    layout = lay_out([Part("paragraph", "Three things:"), Part("item", "one"), Part("item", "two", mark="2. ")])
    assert layout.text == "Three things:\n\n- one\n2. two"


def test_a_page_begins_where_its_first_part_stands() -> None:
    layout = lay_out([Part("paragraph", "one", page=1), Part("paragraph", "three", page=3)])
    assert layout.pages == (0, 5, 5)
