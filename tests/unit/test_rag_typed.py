"""Whether a sentence speaks of the office that a question asks for, or only of its deputies."""

import pytest

from rag.question import understand
from rag.typed import of_deputies


@pytest.mark.parametrize(
    ("question", "text", "deputies"),
    [
        ("Who chairs the WIC?", "A vice-chair of the WIC is Francis Gurry.", True),
        ("Who chairs the WIC?", "The chair of the WIC is Zhuang Rongwen.", False),
        ("Who chairs the WIC?", "The chair and a vice-chair spoke.", False),
        ("Who is the vice-chair of the WIC?", "A vice-chair of the WIC is Francis Gurry.", False),
        ("Who is the Secretary-General?", "The Executive Deputy Secretary-General is Liang Hao.", True),
        ("Where is the WIC?", "A vice-chair of the WIC is Francis Gurry.", False),
    ],
)
def test_a_deputy_does_not_hold_the_office(question: str, text: str, deputies: bool) -> None:
    assert of_deputies(understand(question), text) is deputies
