"""Short forms that the documents spell out."""

from rag.acronym import long_forms, spelled_out

TEXTS = [
    "The World Internet Conference (WIC) was founded in 2022. The World Internet Conference (WIC) is in Beijing.",
    "John Hoffman heads the Global System for Mobile Communications Association (GSMA).",
    "The International Telecommunication Union (ITU), the Wuzhen Institute (Zhejiang) and Phase Two (AI) met.",
]


def test_a_short_form_is_spelled_out_by_the_words_with_its_initials() -> None:
    assert long_forms(TEXTS) == {"WIC": "World Internet Conference", "ITU": "International Telecommunication Union"}


def test_a_question_for_a_short_form_gets_its_long_form() -> None:
    known = {"WIC": "World Internet Conference"}
    assert spelled_out("What does WIC stand for?", known) == "World Internet Conference"
    assert spelled_out("WIC是什么？", known) == "World Internet Conference"
    assert spelled_out("What is the theme of the WIC?", known) == ""
    assert spelled_out("What is the ITU?", known) == ""
