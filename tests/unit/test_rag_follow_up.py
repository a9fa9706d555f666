"""A follow-up names what it leans on, in words that read well; any other question stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.follow_up import Turn, leans_on_nothing, stand_alone

THEME = "What was the theme of the 2025 Wuzhen Summit?"


@pytest.mark.parametrize(
    ("earlier", "follow_up", "expected"),
    [
        (THEME, "And in 2024?", "What was the theme of the 2024 Wuzhen Summit?"),
        (THEME, "What about 2023?", "What was the theme of the 2023 Wuzhen Summit?"),
        (THEME, "And the year before?", "What was the theme of the 2024 Wuzhen Summit?"),
        ("How many members does it have now?", "And in 2022?", "How many members does it have in 2022?"),
        ("How many teams entered the first Expo Cup?", "And in 2023?", "How many teams entered the Expo Cup in 2023?"),
        ("When was the first Wuzhen Summit?", "And the second one?", "When was the second Wuzhen Summit?"),
    ],
)
def test_another_year_or_edition_takes_the_place_of_the_earlier_one(
    earlier: str, follow_up: str, expected: str
) -> None:
    assert stand_alone(follow_up, [Turn(earlier)]) == expected


@pytest.mark.parametrize(
    ("earlier", "follow_up", "expected"),
    [
        ("Who is Zeng Yi?", "Which posts does he hold?", "Which posts does Zeng Yi hold?"),
        ("Who is Zeng Yi?", "Which are his posts?", "Which are Zeng Yi's posts?"),
        ("Who is Zeng Yi?", "And Gong Ke?", "Who is Gong Ke?"),
        ("What is the Wuzhen Summit?", "What are its parts?", "What are the parts of the Wuzhen Summit?"),
        ("Where is the WIC based?", "What about its members?", "What about the WIC's members?"),
        ("When was the Nishan Dialogue?", "Who spoke there?", "Who spoke at the Nishan Dialogue?"),
        (
            "Who hosted the 2025 Asia-Pacific Summit?",
            "Who organized it?",
            "Who organized the 2025 Asia-Pacific Summit?",
        ),
        ("Who hosted the 2025 Expo?", "Where was it in 2026?", "Where was the Expo in 2026?"),
        (THEME, "And the dates?", "And the dates of the 2025 Wuzhen Summit?"),
        (THEME, "How many guests came?", "How many guests came? (the 2025 Wuzhen Summit)"),
        (
            "How many reports did the Digital Finance Forum release?",
            "Which of them deal with data?",
            "Which of the reports deal with data? (the Digital Finance Forum)",
        ),
        (
            "How many reports did the Digital Forum release?",
            "And the AI Forum?",
            "How many reports did the AI Forum release?",
        ),
        (
            "How many achievements were released in 2020?",
            "Which of them came from Microsoft?",
            "Which of the achievements came from Microsoft in 2020?",
        ),
    ],
)
def test_a_follow_up_names_its_subject(earlier: str, follow_up: str, expected: str) -> None:
    assert stand_alone(follow_up, [Turn(earlier)]) == expected


@pytest.mark.parametrize(
    ("earlier", "follow_up", "expected"),
    [
        ("2025年乌镇峰会的主题是什么？", "2024年呢？", "2024年乌镇峰会的主题是什么？"),
        ("2025年乌镇峰会的主题是什么？", "那亚太峰会呢？", "2025年亚太峰会的主题是什么？"),
        ("2025年乌镇峰会的主题是什么？", "它是什么时候举行的？", "2025年乌镇峰会是什么时候举行的？"),
        ("2021年乌镇峰会的主题是什么？", "有多少个分论坛？", "2021年乌镇峰会有多少个分论坛？"),
        ("首届世界互联网大会什么时候举行？", "第二届呢？", "第二届世界互联网大会什么时候举行？"),
        ("任贤良是谁？", "他在上海说了什么？", "任贤良在上海说了什么？"),
        ("会员代表座谈会有多少人参加？", "那人工智能座谈会呢，有多少专家？", "那人工智能座谈会呢，有多少专家？"),
        ("2016年11月15日高咨委在哪里开会？", "谁主持的？", "谁主持的？（2016年11月15日高咨委在哪里开会）"),
        ("谁受GSMA邀请去了上海？", "他是哪天去的", "他是哪天去的（谁受GSMA邀请去了上海）"),
        ("2022年乌镇峰会发布了多少个案例？", "2023年又是多少个？", "2023年乌镇峰会发布了多少个案例？"),
        ("第一届数字丝路发展论坛哪天开的？", "那第二次呢，哪天？", "第二届数字丝路发展论坛哪天开的？"),
        ("2025年直通乌镇大赛有多少参赛项目？", "那特等奖有几个？", "2025年直通乌镇大赛的特等奖有几个？"),
        (THEME, "那2024年呢？", "What was the theme of the 2024 Wuzhen Summit?"),
    ],
)
def test_a_chinese_follow_up_names_its_subject(earlier: str, follow_up: str, expected: str) -> None:
    assert stand_alone(follow_up, [Turn(earlier)]) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Who leads the General Assembly?",
        "How does the WIC choose its members?",
        "What did Ren Xianliang say when he opened the office?",
        "文化遗产数字化论坛是什么时候举行的？",
    ],
)
def test_a_question_that_names_its_own_subject_leans_on_nothing(question: str) -> None:
    assert stand_alone(question, [Turn("What is the Wuzhen Summit?")]) == question


@pytest.mark.parametrize(
    ("turn", "follow_up", "expected"),
    [
        (
            Turn("What is the annual meeting of the WIC called?", "The Wuzhen Summit is the annual meeting. [1]"),
            "And where is that held?",
            "And where is the Wuzhen Summit held?",
        ),
        (
            Turn("Who presided over the seminar?", "Zeng Yi presided over it. [1]"),
            "Which posts does he hold?",
            "Which posts does Zeng Yi hold?",
        ),
        (
            Turn("When were the blue books first released?", "On December 4, 2017. [1]"),
            "Which country topped the ranking then?",
            "Which country topped the ranking of the blue books in 2017?",
        ),
    ],
)
def test_a_follow_up_takes_its_subject_from_the_answer_too(turn: Turn, follow_up: str, expected: str) -> None:
    assert stand_alone(follow_up, [turn]) == expected


def test_the_newest_subject_wins() -> None:
    history = [Turn("What is the Light of Internet Expo?"), Turn("Who leads the Digital Academy?")]
    assert stand_alone("Where is it based?", history) == "Where is the Digital Academy based?"


def test_a_subject_lasts_over_follow_ups() -> None:
    history = [Turn("2023年领先科技奖有多少个获奖项目？"), Turn("2024年呢？")]
    assert stand_alone("那2025年呢？", history) == "2025年领先科技奖有多少个获奖项目？"


def test_a_first_question_without_a_subject_says_so() -> None:
    assert leans_on_nothing("What does it cost?") == "it"
    assert leans_on_nothing("What does the WIC cost?") == ""


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_any_conversation_gives_a_question(question: str, earlier: str, answer: str) -> None:
    assert stand_alone(question, [Turn(earlier, answer)]) or not question.strip()
