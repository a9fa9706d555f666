"""The shipped reader tells an answer from a sentence about the same thing that lacks it."""

import numpy as np
import pytest

from index.unpack import model_folder
from rag.reader import Reader

OFFICE = (
    "WIC Zhejiang Office: The office in Hangzhou was set up in March 2023 and is headed by Zhang Wei, who reports to "
    "the Secretariat."
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.open(model_folder())


@pytest.mark.parametrize(
    ("answered", "near_miss"),
    [
        ("When was the Zhejiang Office set up?", "When was the Zhejiang Office closed?"),
        ("Who heads the Zhejiang Office?", "What is the telephone number of the Zhejiang Office?"),
        ("Where is the WIC Zhejiang Office?", "How many people work at the WIC Zhejiang Office?"),
        ("浙江办公室在哪个城市？", "浙江办公室的电话号码是多少？"),
    ],
)
def test_an_answer_scores_higher_than_a_near_miss(reader: Reader, answered: str, near_miss: str) -> None:
    assert reader.read(answered, [OFFICE])[0] > reader.read(near_miss, [OFFICE])[0] + 1.0


def test_the_sentence_with_the_answer_scores_highest(reader: Reader) -> None:
    texts = [
        "WIC Zhejiang Office: The office also publishes a newsletter about the digital economy.",
        OFFICE,
        "WIC Membership: Members pay no fee in their first year.",
    ]
    assert int(reader.read("In which month was the Zhejiang Office set up?", texts).argmax()) == 1


def test_odds_are_the_same_each_time(reader: Reader) -> None:
    texts = [OFFICE, "It rained."] * 5
    assert np.array_equal(reader.read("Who heads the office?", texts), reader.read("Who heads the office?", texts))
