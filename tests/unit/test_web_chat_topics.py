from dataclasses import replace

from corpus.document import Part
from rag.cite import Answer
from tests.unit.web_desk import answer_citing, answer_without_sources, document
from web.chat.topics import Topic, examples, subject, topics

MEMBERS = document(Part("paragraph", "It has members."), id="members.md", title="Members (list)", program="Members")
SUMMIT = replace(MEMBERS, id="summit.md", title="Summit 2025", program="Summit", edition="2025")
EARLIER = replace(MEMBERS, id="earlier.md", title="Summit 2024", program="Summit", edition="2024")


class Chatbot:
    """Answers what it is asked about a document, but nothing about the members."""

    def extracted(self, question: str, /) -> Answer:
        for of in (SUMMIT, EARLIER):
            if of.title in question:
                return answer_citing("It has members.", of=of)
        return answer_without_sources("not_in_corpus", "The documents do not say.")


def test_questions_are_drawn_from_the_documents_and_only_those_that_are_answered_are_shown() -> None:
    assert topics([MEMBERS, EARLIER, SUMMIT], Chatbot(), "en") == (
        Topic("Summit", 2, ("2024", "2025"),
              ("What do the documents say about “Summit 2025”?", "What do the documents say about “Summit 2024”?")),
    )  # fmt: skip


def test_question_answered_from_another_document_is_not_shown() -> None:
    class Elsewhere:
        def extracted(self, question: str, /) -> Answer:
            return answer_citing("It has members.", of=EARLIER)

    assert topics([SUMMIT], Elsewhere(), "en") == ()


def test_subject_is_the_title_without_what_explains_it() -> None:
    assert subject("WIC awards: winners by year (30 pages)") == "WIC awards"
    assert subject('"Straight to Wuzhen" competition') == ""
    assert subject("x" * 100) == ""


def test_every_written_question_stands_in_both_languages() -> None:
    assert all(set(forms) == {"en", "zh"} and all(forms.values()) for forms in examples().values())
