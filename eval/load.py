"""How the desk bears many users: so many ask without a pause, half of them for streams, and what that takes is counted.

    python -m eval load [--users 50] [--seconds 120] [--url http://127.0.0.1:7860] [--json]

Without --url it starts a desk of its own on a free port, which believes this program about who the users are. A desk at
--url must do so too: RAG_TRUSTED_PROXIES=127.0.0.1.
"""

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from itertools import cycle, islice
from pathlib import Path
from statistics import quantiles

import httpx

from eval.golden import FOLDER, load

ROOT = Path(__file__).resolve().parent.parent
OPENING = 120  # seconds that a desk may take until it is ready
WARM = 0.25  # of the time, after which memory should stay as it is
MEMORY = re.compile(r"^process_resident_memory_bytes (\S+)$", re.MULTILINE)
PROBES = 20  # looks at the memory


@dataclass(slots=True)
class Tally:
    """What came back."""

    seconds: list[float] = field(default_factory=list)  # of each answer
    errors: Counter[str] = field(default_factory=Counter)
    memory: list[float] = field(default_factory=list)  # MB of the server, at equal distances in time


@dataclass(frozen=True, slots=True)
class Load:
    """What many users took."""

    users: int
    seconds: float
    answers: int
    per_second: float
    p50: float  # seconds from question to answer, waiting included
    p95: float
    longest: float
    errors: dict[str, int]
    warm_mb: float  # memory of the server after a quarter of the time
    end_mb: float


def main(arguments: Sequence[str]) -> int:
    """Print what many users take; 1 if any of them got no answer."""
    options = _parser().parse_args(arguments)
    questions = [case.question for case in load(sorted(FOLDER.glob("*.jsonl")))]
    if options.url:
        made = asyncio.run(measure(options.url, options.users, options.seconds, questions))
    else:
        with own_desk() as url:
            made = asyncio.run(measure(url, options.users, options.seconds, questions))
    sys.stdout.write(json.dumps(asdict(made)) + "\n" if options.json else table(made))
    if made.errors:
        raise ValueError(f"{sum(made.errors.values())} questions got no answer: {dict(made.errors)}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval load", description="Let many users ask at a time.")
    parser.add_argument("--users", type=int, default=50, metavar="N")
    parser.add_argument("--seconds", type=float, default=120.0, metavar="S")
    parser.add_argument("--url", default="", help="of a running desk; default: one of its own")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


@contextmanager
def own_desk() -> Iterator[str]:
    """Run app.py on a free port and yield its address."""
    environment = os.environ | {"RAG_TRUSTED_PROXIES": "127.0.0.1", "RAG_RATE_LIMIT": "100000"}
    run = subprocess.Popen(
        [sys.executable, "app.py", "--port", "0"],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert run.stdout is not None
        address = re.search(r"http://\S+", run.stdout.readline())
        if address is None:
            raise ValueError("the desk does not start; `python app.py` tells why")
        yield address[0]
    finally:
        run.terminate()
        run.wait(15)


async def measure(url: str, users: int, seconds: float, questions: Sequence[str]) -> Load:
    """Return what it takes to let `users` ask one question after another for so many seconds."""
    tally = Tally()
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits, trust_env=False) as client:
        await _ready(client)
        started = time.perf_counter()
        end = started + seconds
        asking = [_user(client, number, questions, end, tally) for number in range(users)]
        await asyncio.gather(_watch(client, seconds, tally), *asking)
    took = time.perf_counter() - started
    return _load(users, took, tally)


async def _ready(client: httpx.AsyncClient) -> None:
    end = time.perf_counter() + OPENING
    while time.perf_counter() < end:
        try:
            if (await client.get("/readyz")).status_code == 200:
                return
        except httpx.ConnectError:
            pass  # it may still be starting
        await asyncio.sleep(0.5)
    raise ValueError(f"{client.base_url} is not ready after {OPENING} s; look at its /readyz")


async def _user(client: httpx.AsyncClient, number: int, questions: Sequence[str], end: float, tally: Tally) -> None:
    """Ask one question after another, each user from another place in the list."""
    own = islice(cycle(questions), number * 7, None)
    headers = {"X-Forwarded-User": f"user-{number}"}
    while time.perf_counter() < end:
        started = time.perf_counter()
        try:
            trouble = await _ask(client, next(own), headers, stream=number % 2 == 1)
        except httpx.HTTPError as error:
            trouble = type(error).__name__
        if trouble:
            tally.errors[trouble] += 1
            await asyncio.sleep(0.5)
        else:
            tally.seconds.append(time.perf_counter() - started)


async def _ask(client: httpx.AsyncClient, question: str, headers: dict[str, str], stream: bool) -> str:
    """Return "" if the question got an answer, else what it got."""
    body = {"question": question}
    if not stream:
        reply = await client.post("/api/ask", json=body, headers=headers)
        return "" if reply.status_code == 200 and "state" in reply.json() else f"status {reply.status_code}"
    async with client.stream("POST", "/api/ask/stream", json=body, headers=headers) as reply:
        events = [line async for line in _events(reply)]
    return "" if events[-1:] == ["done"] else f"stream {reply.status_code} {events[-1:]}"


async def _events(reply: httpx.Response) -> AsyncIterator[str]:
    async for line in reply.aiter_lines():
        if line.startswith("event: "):
            yield line.removeprefix("event: ")


async def _watch(client: httpx.AsyncClient, seconds: float, tally: Tally) -> None:
    for _ in range(PROBES):
        await asyncio.sleep(seconds / PROBES)
        figures = (await client.get("/metrics", headers={"X-Forwarded-User": "load"})).text
        if found := MEMORY.search(figures):
            tally.memory.append(float(found[1]) / 1e6)


def _load(users: int, took: float, tally: Tally) -> Load:
    delays = sorted(tally.seconds) or [0.0]
    cuts = quantiles(delays, n=20) if len(delays) > 1 else delays * 19
    memory = tally.memory or [0.0]
    return Load(
        users=users,
        seconds=round(took, 1),
        answers=len(tally.seconds),
        per_second=round(len(tally.seconds) / took, 1),
        p50=round(cuts[9], 2),
        p95=round(cuts[18], 2),
        longest=round(delays[-1], 2),
        errors=dict(tally.errors),
        warm_mb=round(memory[int(len(memory) * WARM)]),
        end_mb=round(memory[-1]),
    )


def table(made: Load) -> str:
    """Return the figures for a terminal."""
    return "".join(f"{name:12} {value}\n" for name, value in asdict(made).items())
