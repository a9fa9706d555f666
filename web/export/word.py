"""A transcript as a Word file."""

import io
import re

from docx import Document
from docx.document import Document as WordDocument

from web.export.transcript import Transcript, blocks, facts_of
from web.words import WORDS, Language

UNFIT = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML cannot hold


def word(transcript: Transcript, language: Language) -> bytes:
    """Return the transcript as .docx, the sources numbered as the marks are."""
    words = WORDS[language]
    document = Document()
    document.core_properties.title = _fit(transcript.title)[:255]
    document.core_properties.author = ""
    document.add_heading(_fit(transcript.title), 0)
    document.add_paragraph(transcript.exported)
    for entry in transcript.entries:
        document.add_heading(_fit(entry.question), 1)
        if entry.state:
            document.add_paragraph().add_run(entry.state).italic = True
        for item, text in blocks(entry.text):
            document.add_paragraph(_fit(text), style="List Bullet" if item else None)
    if transcript.sources:
        document.add_heading(words.sources, 1)
    _sources(document, transcript, words.page)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _sources(document: WordDocument, transcript: Transcript, page: str) -> None:
    for number, source in enumerate(transcript.sources, 1):
        paragraph = document.add_paragraph(f"[{number}] ")
        paragraph.add_run(_fit(source.title)).bold = True
        paragraph.add_run(_fit(f". {facts_of(source, page)}\n“{source.quote}”\n{source.source}".rstrip()))


def _fit(text: str) -> str:
    return UNFIT.sub("�", text)
