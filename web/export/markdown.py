"""A transcript as Markdown."""

import re
from collections.abc import Iterator

from web.export.transcript import Transcript, blocks, facts_of
from web.words import WORDS, Language

SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&$])")


def plain(text: str) -> str:
    """Return text that Markdown shows as it is."""
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))


def markdown(transcript: Transcript, language: Language) -> str:
    """Return the transcript as Markdown, its marks as links to the numbered sources."""
    return "\n".join(_lines(transcript, language)) + "\n"


def _lines(transcript: Transcript, language: Language) -> Iterator[str]:
    words = WORDS[language]
    yield from (f"# {plain(transcript.title)}", "", transcript.exported)
    for entry in transcript.entries:
        yield from ("", f"## {plain(entry.question)}", "")
        if entry.state:
            yield from (f"*{entry.state}*", "")
        for item, text in blocks(entry.text):
            yield f"{'- ' if item else ''}{plain(text)}"
            if not item:
                yield ""
    if transcript.sources:
        yield from ("", f"## {words.sources}", "")
    for number, source in enumerate(transcript.sources, 1):
        facts = facts_of(source, words.page)
        yield f"{number}. **{plain(source.title)}**{f', {plain(facts)}' if facts else ''}"
        yield f"   > {plain(source.quote)}"
        if source.source:
            yield from ("", f"   {plain(source.source)}")
