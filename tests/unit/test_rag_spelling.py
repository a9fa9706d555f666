"""Typing errors are mended by the documents' words, and nothing else is touched."""

import pytest

from rag.spelling import Speller

WORDS = {"Wuzhen": 5, "Conference": 9, "conference": 2, "founded": 3, "most": 7, "Beijing": 4, "Rongwen": 2}


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("Wuzhn", "Wuzhen"),
        ("Conferance", "Conference"),
        ("Beijng", "Beijing"),
        ("Rongwenn", "Rongwen"),
        ("cost", "cost"),  # an English word, though "most" is near
        ("budget", "budget"),
        ("WIC", "WIC"),
        ("Xyzzyplugh", "Xyzzyplugh"),
        ("gaoyun@chinamobile.com", "gaoyun@chinamobile.com"),
        ("乌镇", "乌镇"),
    ],
)
def test_mended(written: str, mended: str) -> None:
    assert Speller(WORDS).mend(f"the {written} there") == f"the {mended} there"
