"""A run as JUnit XML, which build servers show: a suite for each category, and one for the gate."""

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from eval.gate import Check, explain
from eval.run import Result, grouped

CONTROL = {code: None for code in range(32) if chr(code) not in "\t\n\r"}  # XML cannot hold them


def junit(results: Sequence[Result], checks: Sequence[Check]) -> str:
    """Return the XML text: each question and each threshold is a test case, wrong ones failures, crashes errors."""
    root = ElementTree.Element("testsuites", name="eval")
    for category, group in grouped(results, lambda r: [r.case.category]).items():
        suite = ElementTree.SubElement(root, "testsuite", name=category)
        for result in group:
            _question(suite, result)
        _count(suite)
    suite = ElementTree.SubElement(root, "testsuite", name="gate")
    for check in checks:
        name = f"{check.half} {check.threshold.axis} {check.threshold.name} {check.threshold.measure.name}"
        case = ElementTree.SubElement(suite, "testcase", classname="gate", name=" ".join(name.split()))
        if not check.passed:
            _complaint(case, "failure", str(check), explain(check))
    _count(suite)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _question(suite: ElementTree.Element, result: Result) -> None:
    case = ElementTree.SubElement(
        suite, "testcase", classname=f"{result.case.set}.{result.case.category}", name=result.case.id
    )
    case.set("time", f"{result.seconds:.4f}")
    if not result.verdict.right:
        kind = "error" if result.answer.state == "error" else "failure"
        _complaint(case, kind, result.verdict.reason, f"{result.case.question}\n\n{result.answer.answer}")


def _complaint(case: ElementTree.Element, kind: str, message: str, text: str) -> None:
    element = ElementTree.SubElement(case, kind, message=message.translate(CONTROL))
    element.text = text.translate(CONTROL)


def _count(suite: ElementTree.Element) -> None:
    suite.set("tests", str(len(suite)))
    for kind, name in (("failure", "failures"), ("error", "errors")):
        suite.set(name, str(len(suite.findall(f"testcase/{kind}"))))


def write(results: Sequence[Result], checks: Sequence[Check], path: Path) -> None:
    """Write the XML to a file."""
    path.write_text(junit(results, checks), encoding="utf-8")
