import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from lxml import html as lxml_html

from eval.golden import CONTROL
from eval.interval import Estimate
from eval.metrics import BY_NAME
from eval.plot import bars, latency, reliability, risk_coverage
from eval.record import record
from eval.report import Extras, html, markdown, parts, share, write
from eval.run import assess
from tests.answers import answered, case, texts
from tests.report import HOSTILE, extras, run


@pytest.fixture(scope="module")
def page() -> str:
    made = run()
    return html(made, extras(made))


def test_the_page_asks_nobody_for_anything(page: str) -> None:
    assert re.findall(r"https?://(?!www\.w3\.org)", page) == []
    assert re.findall(r"<(?:link|img|iframe|script src)", page) == []
    assert "default-src 'none'" in page


def test_text_from_outside_is_text(page: str) -> None:
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page


def test_every_question_has_a_card_with_what_it_is_filtered_by(page: str) -> None:
    cards = [e for e in lxml_html.fromstring(page).iter("details") if e.get("class") == "question"]
    found = {c.get("id"): (c.get("data-outcome"), c.get("data-language"), c.get("data-half")) for c in cards}
    assert found == {
        "q-crash-1": ("crashed", "en", "dev"),
        "q-wrong-1": ("wrong", "en", "dev"),
        "q-miss-1": ("right", "zh", "test"),
        "q-right-1": ("right", "en", "dev"),
    }


def test_each_mark_opens_its_citation_and_ids_are_unique(page: str) -> None:
    tree = lxml_html.fromstring(page)
    ids = [id for element in tree.iter() if (id := element.get("id"))]
    links = [str(a.get("href")).removeprefix("#") for a in tree.iter("a")]
    assert len(ids) == len(set(ids))
    assert set(links) <= set(ids)
    assert {"q-right-1-1", "q-right-1-2"} <= set(links)


@pytest.mark.parametrize(
    "text",
    [
        "1 threshold of 4 is missed",
        "Against the baseline: No difference beyond chance",
        "Judge judge-1: agrees with 1 of 2 verdicts",
        "declines (not_in_corpus) what the documents say",
        'passage 1 · <span class="good">cited [1]</span>',
        "<b>Before:</b> What is the summit?",
        "Note: Odd.",
        "not judged: fewer than 50 questions",
        "<small>1 question, which nothing was tuned on",
        "Found: 1 passage<",
    ],
)
def test_the_page_tells(page: str, text: str) -> None:
    assert text in page


def test_a_missed_threshold_leads_to_its_worst_questions(page: str) -> None:
    assert 'missed</span> <a href="#q-crash-1">crash-1</a> <a href="#q-wrong-1">wrong-1</a>' in page


def test_an_earlier_turn_without_an_answer_is_shown() -> None:
    asked = assess(case("one", history=({"question": "What is it?"},)), answered(), 0.1, texts)
    assert "<b>Before:</b> What is it?</p>" in html(record({}, [asked]), Extras())


def test_control_characters_are_shown_as_pictures() -> None:
    made = record({"note": "\x85"}, [assess(case("one"), answered("It \x1b[31mwas\x00 \x9b. [1]"), 0.1, texts)])
    for text in (html(made, Extras()), markdown(made, Extras())):
        assert CONTROL.search(text) is None
    assert "It ␛[31mwas␀ \ufffd." in html(made, Extras())


def test_a_run_without_extras_has_a_report_too() -> None:
    made = run()
    assert "No threshold applies to these questions." in html(made, Extras())
    assert "No threshold applies." in markdown(made, Extras())


def test_the_markdown_names_the_missed_threshold_and_the_wrong_answers(tmp_path: Path) -> None:
    made = run()
    write(made, extras(made), tmp_path)
    text = (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert "**1 threshold of 4 is missed.**\n- right of dev half, all: 0.3333, must be at least 0.9\n" in text
    assert "\n- calibration_error of dev half, all: not judged: fewer than 50 questions\n" in text
    assert "## test half: 1 question\n" in text
    assert "| right | 0.3333 | 0.0 to 1.0 | 3 |" in text
    assert "## Wrong: 2" in text
    assert (tmp_path / "report.html").stat().st_size > 10_000


def test_an_answer_is_parted_at_its_marks() -> None:
    assert parts("One. [1][2] Two. [1]") == [("One. ", "1"), ("", "2"), (" Two. ", "1"), ("", "")]


def test_values_read_as_what_they_are() -> None:
    assert share(0.5, BY_NAME["right"]) == "0.500"
    assert share(41.5, BY_NAME["words_p50"]) == "42"
    assert share(0.0512, BY_NAME["seconds_p95"]) == "0.051 s"


def test_plots_are_sound_svg_that_names_what_it_shows() -> None:
    pairs = np.array([[0.9, 0.0], [0.55, 1.0], [1.0, 1.0]])
    plots = [
        bars([("a<b", Estimate(0.5, 0.25, 0.75, 8))], "Bars"),
        risk_coverage(pairs, "Risk"),
        reliability(pairs, "Reliability"),
        latency([0.1, 0.2, 0.4], "Latency"),
    ]
    labels = [ElementTree.fromstring(plot).get("aria-label") for plot in plots]
    assert labels == ["Bars", "Risk", "Reliability", "Latency"]
    assert "50% of 8" in plots[0]
    assert "a&lt;b" in plots[0]
    assert plots[2].count("<circle") == 2  # two confidences share a bin
