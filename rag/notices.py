"""What a reader should know about how an answer came about, in the answer's language."""

from collections.abc import Mapping

from rag.failure import Reason
from rag.prose import Outcome

STANDS_IN = {
    "en": "The language model {why}, so this answer is taken word for word from the documents.",
    "zh": "语言模型{why}，因此本回答直接引用文件原文。",
}
REASONS: dict[Reason, dict[str, str]] = {
    "unreachable": {"en": "could not be reached", "zh": "无法连接"},
    "slow": {"en": "took too long", "zh": "响应超时"},
    "busy": {"en": "is busy", "zh": "繁忙"},
    "refused": {"en": "refused the request", "zh": "拒绝了请求"},
    "overflow": {"en": "has no room for the sources", "zh": "无法容纳这些来源"},
    "malformed": {"en": "sent what cannot be read", "zh": "返回了无法读取的内容"},
    "unstreamed": {
        "en": "sent nothing that an OpenAI-compatible server streams",
        "zh": "没有像兼容 OpenAI 的服务器那样流式返回内容",
    },
    "empty": {"en": "wrote nothing", "zh": "没有返回内容"},
    "endless": {"en": "did not come to an end", "zh": "没有结束输出"},
    "cut": {"en": "did not come to an end, as its connection broke", "zh": "没有结束输出，连接已中断"},
    "language": {"en": "wrote in another language", "zh": "使用了其他语言"},
    "unsupported": {"en": "wrote nothing that the documents support", "zh": "所写内容在文件中没有依据"},
    "resting": {"en": "has failed several times and is left alone for a while", "zh": "多次失败，暂停使用"},
}
CHANGES: dict[Outcome, dict[str, str]] = {
    "cited anew": {
        "en": "Sentences of the language model that were given the sources that show them: {}.",
        "zh": "语言模型所写的句子中，有 {} 句改为引用真正支持它的来源。",
    },
    "replaced": {
        "en": "Sentences of the language model that no source shows, replaced by the documents' own: {}.",
        "zh": "语言模型所写的句子中，有 {} 句没有来源支持，已换成文件原文。",
    },
    "left out": {
        "en": "Sentences of the language model that no source shows, left out: {}.",
        "zh": "语言模型所写的句子中，有 {} 句没有来源支持，已略去。",
    },
}
UNKNOWN_MARKS = {
    "en": "Marks of the language model that named no source, removed: {}.",
    "zh": "语言模型标注的来源中，有 {} 处并不存在，已删除。",
}
DECLINED = {
    "en": "The language model read the nearest sources and found no answer in them.",
    "zh": "语言模型阅读了最接近的来源，未找到答案。",
}
IN_PART = {
    "en": "The language model found that the sources answer only a part of the question.",
    "zh": "语言模型认为这些来源只回答了部分问题。",
}


def stands_in(reason: Reason, language: str) -> str:
    """Return why the extractive answer stands in for the LLM's."""
    return STANDS_IN[language].format(why=REASONS[reason][language])


def changes(outcomes: Mapping[Outcome, int], unknown_marks: int, language: str) -> tuple[str, ...]:
    """Return what was done to the sentences that the LLM wrote; empty if all stand as it wrote and cited them."""
    lines = [words[language].format(outcomes[name]) for name, words in CHANGES.items() if outcomes[name]]
    return (*lines, UNKNOWN_MARKS[language].format(unknown_marks)) if unknown_marks else tuple(lines)
