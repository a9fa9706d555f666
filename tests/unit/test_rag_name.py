"""Names that no document holds."""

import pytest

from index.lexical import LexicalIndex, terms
from rag.name import unknown_name

LEXICAL = LexicalIndex.build([("a", terms("The WIC opened its office in Beijing with Brazil and John Hoffman."))])


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("When did the WIC open an office in Paris?", "Paris"),
        ("What did John Hoffman say in Beijing?", ""),
        ("Which offices has the WIC in Brasil?", ""),  # a letter away from a name that the documents hold
        ("Paris office?", ""),  # a first word tells nothing
        ("WHO OPENED THE OFFICE IN PARIS", ""),  # nor do capitals throughout
        ("Did Wang Yi's team visit Beijing?", "Wang"),
    ],
)
def test_first_unknown_name(question: str, name: str) -> None:
    assert unknown_name(question, LEXICAL) == name
