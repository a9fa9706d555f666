"""What the desk says around an answer, in the answer's language, and on the page, in the reader's."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from rag.cite import State

Language = Literal["en", "zh"]


@dataclass(frozen=True, slots=True)
class Words:
    """The labels around an answer."""

    writing: str  # the state of an answer that grows
    unproved: str  # behind the sentence that is being written
    states: Mapping[State, str]  # a greeting needs none
    sources: str
    found: str  # passages that were found and not used
    nearest: str
    follow_ups: str
    page: str
    partial_support: str
    only: str  # before the filter that an answer was asked under
    copy: str
    again: str
    good: str
    bad: str
    details: str
    searched: str
    confidence: str
    mode: str
    version: str
    timings: str
    seconds: str
    hits: str
    columns: tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class PageWords:
    """The labels of the chat page."""

    title: str
    introduction: str
    placeholder: str
    question: str
    ask: str
    stop: str
    edit: str
    new: str
    history: str
    documents: str
    timeline: str
    export: str
    other_language: str
    filter: str
    program: str
    kind: str
    year: str
    document: str
    everything: str
    only: str  # "{} of {} documents"
    nothing_inside: str
    examples: str
    documents_of: str  # number
    can: str
    cannot: str
    connecting: str
    opening: str
    ready: str  # number of documents, date
    waiting: str
    searching: str
    stopped: str
    unfinished: str
    failed: str  # case
    unreadable: str
    source: str
    close: str
    new_tab: str
    no_questions: str


WORDS: Mapping[Language, Words] = {
    "en": Words(
        writing="Writing …",
        unproved="(not checked yet)",
        states={
            "answered": "Answered",
            "partial": "Partly answered",
            "not_in_corpus": "Not in the documents",
            "out_of_scope": "Outside the documents' subject",
            "error": "No answer",
        },
        sources="Sources",
        found="Also found, not used ({})",
        nearest="Nearest in the documents",
        follow_ups="Ask next",
        page="page {}",
        partial_support="supports this in part",
        only="Only asked of:",
        copy="Copy",
        again="Ask again",
        good="Helpful",
        bad="Not helpful",
        details="Details",
        searched="Searched as",
        confidence="Confidence that the documents answer",
        mode="Mode",
        version="Corpus version",
        timings="Time",
        seconds="{} s",
        hits="Passages found",
        columns=("Passage", "Rank by meaning", "Rank by words", "Score", "Used"),
    ),
    "zh": Words(
        writing="正在撰写……",
        unproved="（尚未核实）",
        states={
            "answered": "已回答",
            "partial": "部分回答",
            "not_in_corpus": "文件中没有答案",
            "out_of_scope": "超出文件的范围",
            "error": "无法回答",
        },
        sources="来源",
        found="找到但未使用（{}）",
        nearest="文件中最接近的内容",
        follow_ups="继续提问",
        page="第 {} 页",
        partial_support="仅部分支持",
        only="仅限：",
        copy="复制",
        again="重新提问",
        good="有帮助",
        bad="没有帮助",
        details="详情",
        searched="检索的问题",
        confidence="文件能回答的概率",
        mode="方式",
        version="文件版本",
        timings="用时",
        seconds="{} 秒",
        hits="找到的段落",
        columns=("段落", "语义排名", "词语排名", "得分", "已使用"),
    ),
}

PAGE: Mapping[Language, PageWords] = {
    "en": PageWords(
        title="WIC question desk",
        introduction="Every sentence of an answer carries a mark that opens its source. "
        "Where the documents do not say, the desk says so.",
        placeholder="Your question, in English or Chinese",
        question="Question",
        ask="Ask",
        stop="Stop",
        edit="Edit",
        new="New",
        history="Conversations",
        documents="Documents",
        timeline="Timeline",
        export="Export",
        other_language="中文",
        filter="Filter the documents",
        program="Program",
        kind="Kind",
        year="Year",
        document="Document",
        everything="All documents",
        only="Only {} of {} documents: {}",
        nothing_inside="No document matches this filter: {}",
        examples="Questions that the documents answer",
        documents_of="documents: {}",
        can="Ask who, what, when, where, how many, which, or for a list. Follow-up questions work too.",
        cannot="The desk knows only these documents: no news of today, no opinions, no web search.",
        connecting="Connecting to the desk …",
        opening="The desk is getting ready: the search model is loading, which takes a few seconds.",
        ready="Ready: {} documents, as of {}.",
        waiting="The desk is getting ready. Your question waits and is answered as soon as it is.",
        searching="Searching the documents …",
        stopped="Stopped before the answer was complete. Ask again when you like.",
        unfinished="The connection ended before the answer came. Ask again.",
        failed="The desk failed to answer this question. Ask again; if it fails again, report case {}.",
        unreadable="This answer was kept by another version of the desk and cannot be shown. Ask again.",
        source="Source",
        close="Close",
        new_tab="Open in a new tab",
        no_questions="The questions appear here as soon as the desk is ready.",
    ),
    "zh": PageWords(
        title="世界互联网大会问答台",
        introduction="答案中的每一句话都带有标记，点击即可查看原文；文件中没有的内容，问答台会明确说明。",
        placeholder="请用中文或英文提问",
        question="问题",
        ask="提问",
        stop="停止",
        edit="修改",
        new="新对话",
        history="对话记录",
        documents="文件",
        timeline="大事年表",
        export="导出",
        other_language="English",
        filter="筛选文件",
        program="项目",
        kind="类型",
        year="年份",
        document="文件",
        everything="全部文件",
        only="仅限 {} / {} 份文件：{}",
        nothing_inside="没有符合筛选条件的文件：{}",
        examples="文件可以回答的问题",
        documents_of="{} 份文件",
        can="可以问谁、什么、何时、何地、多少、哪些，也可以要求列表，并可继续追问。",
        cannot="问答台只了解这些文件：没有今日新闻，不发表意见，也不搜索网络。",
        connecting="正在连接问答台……",
        opening="问答台正在准备：检索模型正在加载，需要几秒钟。",
        ready="就绪：{} 份文件，截至 {}。",
        waiting="问答台正在准备，准备好后会立即回答您的问题。",
        searching="正在检索文件……",
        stopped="已在回答完成前停止，可以重新提问。",
        unfinished="连接在回答之前中断，请重新提问。",
        failed="问答台未能回答这个问题，请重新提问；如再次失败，请报告编号 {}。",
        unreadable="此答案由另一版本的问答台保存，无法显示，请重新提问。",
        source="原文",
        close="关闭",
        new_tab="在新标签页中打开",
        no_questions="问答台就绪后，这里会列出示例问题。",
    ),
}


def language_of(text: object) -> Language:
    """Return the interface language that a browser's language tag asks for; English for any other."""
    return "zh" if str(text).lower().startswith("zh") else "en"
