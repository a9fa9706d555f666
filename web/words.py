"""What the desk says around an answer, in the answer's language."""

from collections.abc import Mapping
from dataclasses import dataclass

from rag.cite import State


@dataclass(frozen=True, slots=True)
class Words:
    """The labels of one language."""

    states: Mapping[State, str]  # shown above the answer; an ordinary answer needs none
    sources: str
    nearest: str
    page: str
    partial_support: str


WORDS = {
    "en": Words(
        states={
            "partial": "Partly answered",
            "not_in_corpus": "Not in the documents",
            "out_of_scope": "Outside the documents' subject",
            "error": "No answer",
        },
        sources="Sources",
        nearest="Nearest in the documents",
        page="page {}",
        partial_support="supports this in part",
    ),
    "zh": Words(
        states={
            "partial": "部分回答",
            "not_in_corpus": "文件中没有答案",
            "out_of_scope": "超出文件的范围",
            "error": "无法回答",
        },
        sources="来源",
        nearest="文件中最接近的内容",
        page="第 {} 页",
        partial_support="仅部分支持",
    ),
}
