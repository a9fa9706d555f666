"""The answer where the documents do not say: why not, and what they do say about the subject."""

import re
from collections.abc import Sequence

from rag.cite import State
from rag.find import Finding
from rag.question import Question

DECLINED: dict[tuple[State, str], str] = {
    ("not_in_corpus", "en"): "The documents do not say.",
    ("not_in_corpus", "zh"): "文件中没有相关信息。",
    ("out_of_scope", "en"): "That is outside what these documents cover.",
    ("out_of_scope", "zh"): "这超出了这些文件的范围。",
}
MISSING = {
    "en": "The documents hold nothing on the {year} {program}; the latest one in them is of {latest}.",
    "zh": "文件中没有{year}的{program}；其中最近一届是{latest}年。",
}
INITIALS = 3  # letters from which initials count as a name
NEXT = {"en": "next", "zh": "下一届"}
UNCLEAR = {
    "en": "The question does not say what “{}” stands for; name the event, program, person or report.",
    "zh": "问题没有说明“{}”指什么；请写出活动、项目、人物或报告的名称。",
}
STRANGER = {"en": "The documents do not mention “{}”.", "zh": "文件中没有提到“{}”。"}


def state_of(question: Question, findings: Sequence[Finding]) -> State:
    """Return whether a question that is not answered is about the documents' subjects."""
    about = any(f.decision.related or f.missing or f.stranger for f in findings) or _names_publisher(question, findings)
    return "not_in_corpus" if about or question.unclear else "out_of_scope"


def _names_publisher(question: Question, findings: Sequence[Finding]) -> bool:
    """Return whether the question names a publisher of what was found, in full or by its initials."""
    publishers = {candidate.hit.document.publisher for finding in findings for candidate in finding.ranked}
    return any(_is_named(name, question.standalone) for name in publishers)


def _is_named(name: str, text: str) -> bool:
    initials = "".join(re.findall(r"\b[A-Z]", name))
    in_full = re.search(rf"\b{re.escape(name)}\b", text, re.I) if name else None
    return bool(in_full or (len(initials) >= INITIALS and re.search(rf"\b{initials}\b", text)))


def why_not(question: Question, findings: Sequence[Finding]) -> str:
    """Return the sentence that stands instead of an answer."""
    language = question.language
    if question.unclear:
        return UNCLEAR[language].format(question.unclear)
    for finding in findings:
        if finding.missing:
            program, year = finding.missing.program, finding.missing.year
            year = f"{year}年" if year and language == "zh" else year or NEXT[language]
            return MISSING[language].format(year=year, program=program.name, latest=program.latest)
        if finding.stranger:
            return STRANGER[language].format(finding.stranger)
    return DECLINED[state_of(question, findings), language]
