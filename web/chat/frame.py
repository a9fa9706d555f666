"""What stands around the conversation: the head with its links, the first screen, the history and the source panel."""

from collections.abc import Sequence

from web.chat.literal import literal
from web.chat.topics import Topic
from web.words import PAGE, Language


def head_html(language: Language) -> str:
    """Return the title, the links to the other pages and the language switch."""
    words = PAGE[language]
    other = "en" if language == "zh" else "zh"
    return (
        f'<header id="head" lang="{language}"><div class="bar">'
        '<button type="button" id="open-history" aria-expanded="false" aria-controls="history">'
        f"{words.history}</button>"
        f'<h1>{words.title}</h1><nav aria-label="{words.title}"><button type="button" id="new">{words.new}</button>'
        f'<button type="button" id="export" hidden>{words.export}</button>'
        f'<a href="documents">{words.documents}</a><a href="timeline">{words.timeline}</a>'
        f'<button type="button" id="language" lang="{other}" data-language="{other}">{words.other_language}</button>'
        "</nav></div></header>"
    )


def history_html(language: Language) -> str:
    """Return the place of the browser's conversations; the page's script fills it."""
    words = PAGE[language]
    return (
        f'<nav id="history" aria-label="{words.history}" lang="{language}" hidden>'
        f'<div class="panel-head"><h2>{words.history}</h2>'
        f'<button type="button" class="close" aria-label="{words.close}">✕</button></div>'
        "<ul></ul></nav>"
    )


def panel_html(language: Language) -> str:
    """Return the place where a source opens beside the conversation."""
    words = PAGE[language]
    return (
        f'<aside id="panel" aria-label="{words.source}" lang="{language}" hidden>'
        f'<div class="panel-head"><h2>{words.source}</h2>'
        f'<a class="new-tab" target="_blank" rel="noopener" href="./">{words.new_tab}</a>'
        f'<button type="button" class="close" aria-label="{words.close}">✕</button></div>'
        f'<iframe title="{words.source}"></iframe></aside>'
    )


def welcome_html(topics: Sequence[Topic], language: Language) -> str:
    """Return the first screen: what the desk answers, and questions that it is known to answer, by topic."""
    words = PAGE[language]
    told = f"<p>{words.can}</p><p>{words.cannot}</p>"
    body = "".join(_topic(topic, language) for topic in topics) or f"<p>{words.no_questions}</p>"
    return (
        f'<section id="welcome" lang="{language}"><p class="introduction">{words.introduction}</p>'
        f'<div class="told">{told}</div><h2>{words.examples}</h2><div class="topics">{body}</div></section>'
    )


def _topic(topic: Topic, language: Language) -> str:
    years = f"{topic.years[0]}–{topic.years[-1]}" if len(topic.years) > 1 else "".join(topic.years)
    facts = " · ".join(filter(None, (PAGE[language].documents_of.format(topic.documents), years)))
    buttons = "".join(f'<button type="button" class="suggestion">{literal(q)}</button>' for q in topic.questions)
    return (
        f'<section class="topic"><h3>{literal(topic.program)} <span class="facts">{literal(facts)}</span></h3>'
        f"{buttons}</section>"
    )
