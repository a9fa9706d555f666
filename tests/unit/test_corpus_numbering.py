import pytest

from corpus.formats.numbering import Counters, Level, spell


@pytest.mark.parametrize(
    ("number", "style", "expected"),
    [
        (4, "decimal", "4"),
        (4, "upperRoman", "IV"),
        (28, "lowerLetter", "bb"),
        (7, "decimalZero", "07"),
        (10, "chineseCounting", "十"),
        (21, "chineseCounting", "二十一"),
        (3, "aStyleNobodyKnows", "3"),
    ],
)
def test_number_is_spelt_in_its_style(number: int, style: str, expected: str) -> None:
    assert spell(number, style) == expected


def test_deeper_level_starts_again_after_a_higher_one() -> None:
    levels = {0: Level("decimal", "%1."), 1: Level("decimal", "%1.%2")}
    counters = Counters()
    marks = [counters.next("a", depth, levels) for depth in (0, 1, 1, 0, 1)]
    assert marks == ["1. ", "1.1 ", "1.2 ", "2. ", "2.1 "]


def test_bullet_has_no_number() -> None:
    assert Counters().next("a", 0, {0: Level("bullet", "•")}) == "- "
