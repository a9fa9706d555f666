import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from eval.llm_judge import Opinion, agreement, kappa, main, message_of, opinion_of
from eval.record import record, write
from eval.run import assess
from rag.cite import Answer
from tests.answers import FIRST, answered, case, declined, texts

IDS = ("single-fact-001", "single-fact-003", "comparison-001")  # all of the dev half


@contextmanager
def scripted(replies: list[str | int]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A chat server that gives these replies, or statuses, in turn; yields its address and what it was sent."""
    sent: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            sent.append({"path": self.path, "key": self.headers["Authorization"], **body})
            reply = replies[len(sent) - 1]
            content = json.dumps({"choices": [{"message": {"content": reply}}]}).encode()
            self.send_response(reply if isinstance(reply, int) else 200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", sent
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def run_folder(folder: Path, *answers: Answer) -> Path:
    results = [assess(case(id, split="dev"), answer, 0.1, texts) for id, answer in zip(IDS, answers, strict=False)]
    write(record({}, results), folder)
    return folder


def test_the_judge_stands_beside_the_verdicts_with_its_kappa(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JUDGE_API_KEY", "secret")
    folder = run_folder(tmp_path, answered(), declined(), answered())
    replies: list[str | int] = [
        '{"verdict": "right", "reason": "yes"}',
        'Sure:\n```json\n{"verdict": "right", "reason": "generous"}\n```',
        "I cannot say.",
    ]
    with scripted(replies) as (address, sent):
        assert main([str(folder), "--judge-base-url", address, "--judge-model", "m"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "model": "m",
        "questions": 3,
        "judged": 2,
        "agree": 1,
        "kappa": 0.0,
        "right_only_for_us": [],
        "right_only_for_the_judge": [IDS[1]],
    }
    lines = [json.loads(line) for line in (folder / "judge.jsonl").read_text().splitlines()]
    assert [(line["right"], line["judged_right"], line["reason"]) for line in lines] == [
        (True, True, "yes"),
        (False, True, "generous"),
        (True, None, "no verdict in 'I cannot say.'"),
    ]
    assert (sent[0]["path"], sent[0]["key"], sent[0]["temperature"]) == ("/v1/chat/completions", "Bearer secret", 0)


@pytest.mark.parametrize(
    ("reply", "message"), [(500, "failed .*500.*check --judge-base-url"), ("", None)], ids=["fails", "says nothing"]
)
def test_a_server_that_fails_is_told_and_one_that_says_nothing_is_no_verdict(
    tmp_path: Path, reply: str | int, message: str | None
) -> None:
    folder = run_folder(tmp_path, answered())
    with scripted([reply]) as (address, _):
        arguments = [str(folder), "--judge-base-url", address, "--judge-model", "m"]
        if message is None:
            assert main(arguments) == 0
        else:
            with pytest.raises(ConnectionError, match=message):
                main(arguments)


def test_kappa_of_hand_worked_verdicts() -> None:
    pairs = [(True, True)] * 4 + [(True, False)] * 1 + [(False, True)] * 2 + [(False, False)] * 3
    observed, by_chance = 7 / 10, 5 / 10 * 6 / 10 + 5 / 10 * 4 / 10
    assert kappa(pairs) == pytest.approx((observed - by_chance) / (1 - by_chance), abs=5e-5)


def test_kappa_of_verdicts_that_are_all_the_same_is_none() -> None:
    assert kappa([(True, True)]) is None
    assert agreement([Opinion("a", True, None, "")])["kappa"] is None


def test_the_judge_sees_facts_and_sentences_but_no_marks() -> None:
    shown = json.loads(message_of(assess(case("a"), answered(), 0.1, texts)))
    assert (shown["answer"], shown["facts"], shown["sentences"]) == (FIRST, [["Wuzhen"]], [FIRST])


@pytest.mark.parametrize("reply", ["", "right", '{"verdict": "maybe"}', '{"verdict": right}', "[1]"])
def test_a_reply_without_a_verdict_is_none(reply: str) -> None:
    assert opinion_of(reply)[0] is None
