"""What the desk has done since it started, for Prometheus.

The home of prometheus_client.
"""

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from starlette.responses import Response

from rag.cite import Answer
from web.desk import Desk

REGISTRY = CollectorRegistry()
SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
REQUESTS = Counter("wic_requests", "Requests", ("method", "route", "status"), registry=REGISTRY)
REQUEST_SECONDS = Histogram("wic_request_seconds", "Until the end", ("route",), buckets=SECONDS, registry=REGISTRY)
ANSWERS = Counter("wic_answers", "Answers to questions, of page and programs", ("state",), registry=REGISTRY)
ANSWER_SECONDS = Histogram("wic_answer_seconds", "From question to answer", buckets=SECONDS, registry=REGISTRY)
WAITING = Gauge("wic_questions_waiting", "Questions of programs that wait for a processor", registry=REGISTRY)
INSIDE = Gauge("wic_questions_inside", "Questions of programs that are worked on", registry=REGISTRY)
READY = Gauge("wic_ready", "1: the desk can answer", registry=REGISTRY)
DOCUMENTS = Gauge("wic_documents", "Documents in the index", registry=REGISTRY)
ProcessCollector(registry=REGISTRY)


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count a request that has ended."""
    REQUESTS.labels(method, route, str(status)).inc()
    REQUEST_SECONDS.labels(route).observe(seconds)


def count_answer(answer: Answer) -> None:
    """Count an answer."""
    ANSWERS.labels(answer.state).inc()
    ANSWER_SECONDS.observe(answer.seconds)


def metrics_response(desk: Desk, waiting: int, inside: int) -> Response:
    """Return all figures in Prometheus' form."""
    ready = desk.status.state == "ready"
    READY.set(ready)
    DOCUMENTS.set(desk.chatbot.store.manifest.counts["documents"] if ready else 0)
    WAITING.set(waiting)
    INSIDE.set(inside)
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)
