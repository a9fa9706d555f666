from xml.etree import ElementTree

from eval.gate import Threshold, gate
from eval.junit import junit
from eval.metrics import BY_NAME
from eval.run import assess
from rag.cite import Answer
from tests.answers import answered, case, declined, texts, unanswerable


def test_wrong_answers_are_failures_crashes_are_errors_and_the_gate_is_a_suite() -> None:
    crash = Answer("q", "q", "en", "error", "KeyError: 'a\x00b' & <c>")
    results = [
        assess(case("a"), answered(), 0.25, texts),
        assess(case("b"), declined(), 0.1, texts),
        assess(case("c"), crash, 0.1, texts),
        assess(unanswerable("d"), declined(), 0.1, texts),
    ]
    checks = gate(results, [Threshold("all", "", BY_NAME["right"], 0.9), Threshold("all", "", BY_NAME["rules"], 0.1)])
    root = ElementTree.fromstring(junit(results, checks))
    counts = {s.get("name"): (s.get("tests"), s.get("failures"), s.get("errors")) for s in root}
    assert counts == {"near_miss": ("1", "0", "0"), "single_fact": ("3", "1", "1"), "gate": ("2", "1", "0")}
    first = root.find("testsuite/testcase[@name='a']")
    assert first is not None
    assert (first.get("time"), first.get("classname")) == ("0.2500", "core.single_fact")
    error = root.find(".//error")
    assert error is not None
    assert error.get("message") == "crashes: KeyError: 'ab' & <c>"
    missed = root.find("testsuite[@name='gate']//failure")
    assert missed is not None
    assert missed.get("message") == "right of dev half, all: 0.5, must be at least 0.9"
