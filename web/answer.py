"""An Answer as HTML: marks that open their sources, and the sources below.

The chat window runs its input through a Markdown parser and then through an HTML one. Text of questions and
documents passes both unread, because `literal` leaves no character in it that means anything to either.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from rag.cite import MARK, Answer, Citation, Retrieved
from web.link import source_link
from web.words import WORDS, Words

NEAREST = 3  # documents named where the answer is not in any


def literal(text: str) -> str:
    """Return the text with every ASCII character but letters, digits and spaces as a numeric reference."""
    return re.sub(r"[^A-Za-z0-9 \u0080-\U0010ffff]", lambda match: f"&#{ord(match[0])};", text)


def question_html(question: str) -> str:
    """Return what the user wrote, as the chat window shows it."""
    lines = "<br>".join(literal(line) for line in question.splitlines())
    return f'<div class="question">{lines}</div>'


def notice_html(message: str) -> str:
    """Return a line that the desk says itself, such as why there is no answer."""
    return f'<div class="notice" role="status">{literal(message)}</div>' if message else ""


def answer_html(answer: Answer) -> str:
    """Return the answer with its state in words, its marks as links, and its sources, on one line."""
    words = WORDS["zh" if answer.language == "zh" else "en"]
    state = words.states.get(answer.state, "")
    parts = [
        f'<div class="answer" lang="{literal(answer.language)}" data-state="{literal(answer.state)}">',
        f'<p class="state">{state}</p>' if state else "",
        *_blocks(answer),
        _sources(answer, words),
        _nearest(answer, words),
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
    hint = f"{citation.quote} ({citation.title})"
    return (
        f'<a class="mark" href="{_link(citation)}" target="_blank" rel="noopener" '
        f'title="{literal(hint)}">{literal(f"[{citation.number}]")}</a>'
    )


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
        f'<a class="title" href="{_link(first)}" target="_blank" rel="noopener">{literal(first.title)}</a>'
        f'<p class="facts">{literal(" · ".join(filter(None, facts)))}</p><ol>{quotes}</ol>'
    )


def _quote(citation: Citation, words: Words) -> str:
    doubt = f' <span class="doubt">{words.partial_support}</span>' if citation.support == "partial" else ""
    return (
        f'<li value="{citation.number}"><a class="quote" href="{_link(citation)}" target="_blank" rel="noopener">'
        f"{literal(citation.quote)}</a>{doubt}</li>"
    )


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
    return f'<a href="{href}" target="_blank" rel="noopener">{literal(hit.title or hit.document_id)}</a>'


def _link(citation: Citation) -> str:
    return literal(source_link(citation.document_id, citation.start, citation.end))
