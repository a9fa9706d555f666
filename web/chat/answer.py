"""An Answer as HTML: marks that open their sources, the sources below, and what can be done with it.

The chat window runs its input through a Markdown parser and then through an HTML one, which drops `data-` and `aria-`
attributes; the page's script finds its way by class and position. Text of questions and documents passes both
unread, because `literal` leaves no character in it that means anything to either.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from rag.cite import ANSWERED, MARK, Answer, Citation, Retrieved
from web.chat.details import details_html, scope_text
from web.chat.literal import literal
from web.link import source_link
from web.words import WORDS, Words

NEAREST = 3  # documents named where the answer is not in any
FOLLOW_UPS = 3  # suggestions offered as buttons
FOUND = 8  # passages listed that were found and not used


def question_html(question: str, edit: str) -> str:
    """Return what the user wrote, as the chat window shows it, with a button to edit it."""
    lines = "<br>".join(literal(line) for line in question.splitlines())
    return (
        f'<div class="asked"><div class="question">{lines}</div>'
        f'<button type="button" class="act edit">{edit}</button></div>'
    )


def notice_html(message: str, again: str = "") -> str:
    """Return a line that the desk says itself, such as why there is no answer, with a button to ask again."""
    button = f' <button type="button" class="act again">{again}</button>' if again else ""
    return f'<div class="notice" role="status">{literal(message)}{button}</div>' if message else ""


def answer_html(answer: Answer, newest: bool = True, growing: bool = False) -> str:
    """Return the answer with its state in words, its marks as links, and its sources, on one line.

    Only the newest answer of a conversation suggests questions and can be asked again; one that grows still offers
    nothing.
    """
    words = WORDS["zh" if answer.language == "zh" else "en"]
    writing = growing and answer.state in ANSWERED
    state = words.writing if writing else words.states.get(answer.state, "")
    look, language = "growing" if writing else answer.state, literal(answer.language)
    complete = answer.state != "greeting" and not growing
    parts = [
        f'<div class="answer {language} is-{look}" lang="{language}">',
        f'<p class="state">{state}</p>' if state else "",
        f'<p class="scope">{words.only} {literal(scope_text(answer))}</p>' if answer.scope else "",
        '<div class="text">',
        *_blocks(answer),
        f'<p class="draft">{literal(answer.draft)} … {words.unproved}</p>' if growing and answer.draft else "",
        "</div>",
        *(f'<p class="notice">{literal(notice)}</p>' for notice in answer.notices),
        _sources(answer, words),
        _found(answer, words),
        _nearest(answer, words),
        _suggestions(answer, words) if newest and not growing else "",
        _actions(words, newest) if complete else "",
        details_html(answer, words) if complete else "",
        "</div>",
    ]
    return "".join(parts)


def _blocks(answer: Answer) -> Iterator[str]:
    """Paragraphs and lists of the answer's text: empty lines part them, "- " begins an item."""
    for block in re.split(r"\n{2,}", answer.answer.strip()):
        lines = [line for line in block.split("\n") if line.strip()]
        items = [line for line in lines if line.startswith("- ")]
        if items and len(items) == len(lines):
            yield "<ul>" + "".join(f"<li>{_marked(i[2:], answer)}</li>" for i in items) + "</ul>"
        elif lines:
            yield "<p>" + "<br>".join(_marked(line, answer) for line in lines) + "</p>"


def _marked(text: str, answer: Answer) -> str:
    """Text with its marks as links; a mark stays with the word before it when the line wraps."""
    first, *rest = re.split(rf"\s*{MARK.pattern}", text)  # text, number, text, number, ... text
    html = literal(first)
    for number, after in zip(rest[::2], rest[1::2], strict=True):
        html += f"&#8288;{_mark(answer.citations[int(number) - 1])}{literal(after)}"
    return html


def _mark(citation: Citation) -> str:
    return f'<a class="mark" {_opening(citation)}>{literal(f"[{citation.number}]")}</a>'


def _opening(citation: Citation) -> str:
    href = source_link(citation.document_id, citation.start, citation.end, citation.quote)
    return f'href="{literal(href)}" target="_blank" rel="noopener"'


def _sources(answer: Answer, words: Words) -> str:
    """The citations by number; neighbours from one section share its title."""
    if not answer.citations:
        return ""
    sections = groupby(answer.citations, lambda c: (c.document_id, c.section, c.page))
    groups = "".join(_section(list(citations), words) for _, citations in sections)
    return f'<p class="sources-title">{words.sources}</p><div class="sources">{groups}</div>'


def _section(citations: Sequence[Citation], words: Words) -> str:
    first = citations[0]
    facts = [first.section, first.publisher, first.date, words.page.format(first.page) if first.page else ""]
    quotes = "".join(_quote(citation, words) for citation in citations)
    return (
        f'<a class="title" {_opening(first)}>{literal(first.title)}</a>'
        f'<p class="facts">{literal(" · ".join(filter(None, facts)))}</p><ol>{quotes}</ol>'
    )


def _quote(citation: Citation, words: Words) -> str:
    doubt = f' <span class="doubt">{words.partial_support}</span>' if citation.support == "partial" else ""
    return (
        f'<li value="{citation.number}"><a class="quote" {_opening(citation)}>{literal(citation.quote)}</a>{doubt}</li>'
    )


def _found(answer: Answer, words: Words) -> str:
    """What was found beside the sources, folded, so that nobody takes it for one."""
    unused = [hit for hit in answer.retrieved if not hit.cited][:FOUND]
    if not answer.citations or not unused:
        return ""
    items = "".join(f"<li>{_topic(hit)}</li>" for hit in unused)
    return f'<details class="found"><summary>{words.found.format(len(unused))}</summary><ul>{items}</ul></details>'


def _nearest(answer: Answer, words: Words) -> str:
    """What the documents do hold near an unanswered question; no citation, so it bears no number."""
    if answer.state != "not_in_corpus" or not answer.retrieved:
        return ""
    first_of = {hit.document_id: hit for hit in reversed(answer.retrieved)}
    hits = list(reversed(first_of.values()))[:NEAREST]
    items = "".join(f"<li>{_topic(hit)}</li>" for hit in hits)
    return f'<p class="sources-title">{words.nearest}</p><ul class="nearest">{items}</ul>'


def _topic(hit: Retrieved) -> str:
    href = literal(source_link(hit.document_id, hit.start, hit.end))
    section = f" · {hit.section}" if hit.section and hit.section != hit.title else ""
    title = literal(hit.title or hit.document_id)
    return f'<a class="passage" href="{href}" target="_blank" rel="noopener">{title}</a>{literal(section)}'


def _suggestions(answer: Answer, words: Words) -> str:
    """Questions that the documents can answer, each as a button."""
    if not answer.suggestions:
        return ""
    buttons = "".join(
        f'<button type="button" class="suggestion">{literal(text)}</button>' for text in answer.suggestions[:FOLLOW_UPS]
    )
    return f'<p class="follow-title">{words.follow_ups}</p><p class="suggestions">{buttons}</p>'


def _actions(words: Words, newest: bool) -> str:
    acts = [("copy", words.copy), ("good", words.good), ("bad", words.bad)]
    acts[1:1] = [("again", words.again)] if newest else []
    return (
        '<p class="acts">'
        + "".join(f'<button type="button" class="act {name}">{label}</button>' for name, label in acts)
        + "</p>"
    )
