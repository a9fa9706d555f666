import html
from dataclasses import replace

from rag.scope import Scope
from tests.unit.web_desk import ABOUT
from web.chat.filter import choices, filter_line, scope_of

OTHER = replace(ABOUT, id="b.md", title="<b>Summit</b>", program="Summit", kind="event", date="2025")


def test_documents_can_be_chosen_by_program_kind_year_and_title() -> None:
    offered = choices([ABOUT, OTHER])
    assert offered.programs == ("Organization", "Summit")
    assert offered.kinds == ("event", "profile")
    assert offered.years == ("2025", "2024")
    assert offered.documents == (("<b>Summit</b>", "b.md"), ("About the WIC", ABOUT.id))


def test_what_is_chosen_becomes_a_scope() -> None:
    assert scope_of(["Summit"], None, [], ["b.md"]) == Scope(("Summit",), (), (), ("b.md",))


def test_line_tells_how_many_documents_are_inside_and_escapes_their_titles() -> None:
    line = filter_line([ABOUT, OTHER], Scope(documents=("b.md",)), "en")
    assert "Only 1 of 2 documents: <b>Summit</b>" in html.unescape(line)
    assert "<b>" not in line


def test_filter_that_leaves_nothing_says_so() -> None:
    assert "No document matches this filter" in filter_line([ABOUT], Scope(years=("1999",)), "en")


def test_no_filter_needs_no_line() -> None:
    assert filter_line([ABOUT], Scope(), "en") == ""
