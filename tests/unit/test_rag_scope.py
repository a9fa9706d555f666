"""Which documents a question is asked of."""

import pytest

from corpus.document import Document
from rag.scope import Scope

DOCUMENT = Document(
    "summits/2025.md", "Summit", "WIC", "2026-01-05", "event", "en", "Wuzhen Summit", "page", "Text.", (),
    event_date="2025-11-07/2025-11-09",
)  # fmt: skip


@pytest.mark.parametrize(
    ("scope", "inside"),
    [
        (Scope(), True),
        (Scope(programs=("Wuzhen Summit",)), True),
        (Scope(programs=("Wuzhen Summit", "Membership"), years=("2025",)), True),
        (Scope(years=("2026",)), False),  # published then, but about 2025
        (Scope(programs=("Wuzhen Summit",), kinds=("report",)), False),
        (Scope(documents=("summits/2025.md",)), True),
        (Scope(documents=("2025.md",)), False),
    ],
)
def test_document_is_inside_if_every_filter_matches(scope: Scope, inside: bool) -> None:
    assert scope.holds(DOCUMENT) is inside


def test_only_a_scope_that_leaves_something_out_is_true() -> None:
    assert not Scope()
    assert Scope(kinds=("report",))
