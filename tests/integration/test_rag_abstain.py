"""Words for "the sources do not say" are known in many wordings and languages; other sentences are not."""

import pytest

from index.embed import SentenceTransformerEmbedding
from rag.abstain import Abstention

# None of these is among the examples that the check compares with.
DECLINING = (
    "Sorry, the passages that you provided say nothing about the annual budget.",
    "Unfortunately, nothing in the text tells who paid for it.",
    "The answer is not stated anywhere in the given material.",
    "That isn't something the material covers.",
    "Nobody in the provided texts says what it cost.",
    "I'm unable to determine that based on the sources.",
    "The sources are silent on this.",
    "None of the sources answers the question.",
    "Based on the sources, the birthplace of the chairman is unknown.",
    "所给资料中未提及预算。",
    "抱歉，我无法从这些来源中找到答案。",
    "这个问题在文档里找不到答案。",
    "Je ne trouve pas la réponse dans les documents fournis.",
    "Leider geht das aus den Quellen nicht hervor.",
    "No puedo responder con la información disponible.",
    "К сожалению, в тексте об этом ничего не сказано.",
    "申し訳ありませんが、資料には記載されていません。",
    "Purtroppo le fonti non lo dicono.",
    "Kaynaklarda bu bilgi yer almıyor.",
    "Nguồn không đề cập đến điều này.",
)
TELLING = (
    "The World Internet Conference is headquartered in Beijing.",
    "The summit was not held in Beijing but in Wuzhen.",
    "The sources do say that the WIC is in Beijing.",
    "The information was released by the organizing committee.",
    "No country should pursue cyber hegemony.",
    "The Chinese government does not tell companies what to do.",
    "Please provide more information about yourself.",
    "The 2014 summit had no theme of its own.",
    "Final answer: 42",
    "会议没有在北京举行。",
    "世界互联网大会总部设在北京。",
    "Le sommet est en Chine.",
)


@pytest.fixture(scope="module")
def abstention() -> Abstention:
    return Abstention(SentenceTransformerEmbedding("multilingual-e5-small", threads=1).get_statement_embedding)


@pytest.mark.parametrize("sentence", DECLINING)
def test_a_sentence_that_declines_is_known(abstention: Abstention, sentence: str) -> None:
    assert abstention.declines(sentence)


@pytest.mark.parametrize("sentence", TELLING)
def test_a_sentence_that_tells_is_not_taken_for_one(abstention: Abstention, sentence: str) -> None:
    assert not abstention.declines(sentence)
