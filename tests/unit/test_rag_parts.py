"""Two questions in one are told apart, and one question stays whole."""

import pytest

from rag.parts import names_the_same, parts_of


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("What is the MoU about, and when was it signed?", ["What is the MoU about?", "when was it signed?"]),
        ("Who spoke there? How many people came?", ["Who spoke there?", "How many people came?"]),
        (
            "When was the CMTT founded, by whom, and what are its aims?",
            ["When was the CMTT founded?", "by whom (the CMTT founded)?", "what are its aims?"],
        ),
        ("Among the awards, which came first?", ["Among the awards, which came first?"]),
        ("When and where was the seminar held?", ["When and where was the seminar held?"]),
        ("Which countries and regions took part?", ["Which countries and regions took part?"]),
        ("Where is the WIC?", ["Where is the WIC?"]),
        (
            "Which two of the missions are cultural? numbers only",
            ["Which two of the missions are cultural? numbers only"],
        ),
        ("How many came in 2023? And in 2024?", ["How many came in 2023?", "And in 2024?"]),
        ("Who founded the WIC? Please list its members.", ["Who founded the WIC?", "Please list its members?"]),
        ("Who won in 2024? Did anybody object?", ["Who won in 2024?", "Did anybody object?"]),
        ("How many came? (the expo of 2025)", ["How many came? (the expo of 2025)"]),
        ("有哪些国家？（2025年博览会）", ["有哪些国家？（2025年博览会）"]),
        ("谁主持了会议？有多少人参加？", ["谁主持了会议？", "有多少人参加？"]),
        ("峰会是什么时候举行的，主题是什么？", ["峰会是什么时候举行的？", "峰会主题是什么？"]),
        ("在乌镇，峰会的主题是什么？", ["在乌镇，峰会的主题是什么？"]),
        (
            "Which drew more people: the forum in Xi'an or the seminar of 2025?",
            ["Which drew more people: the forum in Xi'an?", "Which drew more people: the seminar of 2025?"],
        ),
        ("Which countries or regions sent more guests?", ["Which countries or regions sent more guests?"]),
        (
            "How many forums were there in 2024 and in 2025?",
            ["How many forums were there in 2024?", "How many forums were there in 2025?"],
        ),
        ("How did the members grow between 2022 and 2024?", ["How did the members grow between 2022 and 2024?"]),
        ("2024年和2025年的三等奖各有多少个？", ["2024年的三等奖有多少个？", "2025年的三等奖有多少个？"]),
        ("第四届和第五届的分论坛各有多少场？", ["第四届的分论坛有多少场？", "第五届的分论坛有多少场？"]),
        (
            "亚太峰会2025的开幕日和主论坛名称分别是什么？",
            ["亚太峰会2025的开幕日是什么？", "亚太峰会2025的主论坛名称是什么？"],
        ),
        ("《乌镇倡议》和《乌镇报告》分别哪天发布的？", ["《乌镇倡议》哪天发布的？", "《乌镇报告》哪天发布的？"]),
        (
            "2023年的工作组和2024年专委会分别什么时候成立的？",
            ["2023年的工作组什么时候成立的？", "2024年专委会什么时候成立的？"],
        ),
        (
            "Give dates, place and theme of the Nishan Dialogue.",
            [
                "What is the dates of the Nishan Dialogue?",
                "What is the place of the Nishan Dialogue?",
                "What is the theme of the Nishan Dialogue?",
            ],
        ),
        (
            "How many people and how many firms won the award?",
            ["How many people won the award?", "how many firms won the award?"],
        ),
        (
            "Barcelona forum in 2024: day, crowd size, who chaired",
            [
                "Barcelona forum in 2024: day?",
                "Barcelona forum in 2024: crowd size?",
                "Barcelona forum in 2024: who chaired?",
            ],
        ),
        ("What is new: the forum, the expo, the prize?", ["What is new: the forum, the expo, the prize?"]),
        (
            "会员座谈会的日期、主题和人数",
            ["会员座谈会的日期是什么？", "会员座谈会的主题是什么？", "会员座谈会的人数是什么？"],
        ),
        ("峰会的时间和地点由谁决定？", ["峰会的时间和地点由谁决定？"]),
        (
            "首批青年领军者：什么时候报名，来自几大洲",
            ["首批青年领军者：什么时候报名？", "首批青年领军者：来自几大洲？"],
        ),
        (
            "Winners of 2023, 2024 and 2025: how many projects?",
            [
                "Winners of 2023: how many projects?",
                "Winners of 2024: how many projects?",
                "Winners of 2025: how many projects?",
            ],
        ),
        ("How did it grow in 2022, 2023 and 2024?", ["How did it grow in 2022, 2023 and 2024?"]),
        (
            "The AI paper of 2023: who wrote it and how many points does it have?",
            ["The AI paper of 2023: who wrote it?", "The AI paper of 2023: how many points does it have?"],
        ),
        (
            "文化遗产那两个会，西安的是几号，乌镇的又是几号",
            ["文化遗产那两个会，西安的是几号？", "文化遗产那两个会，乌镇的又是几号？"],
        ),
    ],
)
def test_parts(question: str, parts: list[str]) -> None:
    assert parts_of(question) == parts


@pytest.mark.parametrize(
    ("question", "complete"),
    [
        ("2020年成果发布是什么时候、在哪儿、征集了多少项？", [True, True]),
        ("谁主持了2024年乌镇峰会？有多少人参加？", [False]),
        ("2024年乌镇峰会在哪里举办？它的报告有哪些？", [False]),
        ("谁是秘书长，他什么时候上任？", [False]),
        ("Who founded the WIC? Who founded its academy?", [False]),
    ],
)
def test_a_chinese_part_that_begins_like_the_first_stands_alone(question: str, complete: list[bool]) -> None:
    first, *others = parts_of(question)
    assert [names_the_same(part, first) for part in others] == complete
