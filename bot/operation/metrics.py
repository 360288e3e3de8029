"""Counts for Prometheus. Labels are closed sets: no text, no id of a person, no address.

A label that is none of its set becomes ``other``, so whatever happens, nothing anybody wrote can
stand in a metric, and their number stays small.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from handlers.messages import Status
from handlers.ports import Query

PREFIX: Final = "tsunagari"
"""What every name begins with."""
OTHER: Final = "other"
"""In place of a label that is not known."""
STATUSES: Final = tuple(dict.fromkeys(status.group for status in Status))
"""How messages end: answered, clarify, unanswered, crisis, smalltalk, blocked, error."""
CHANNELS: Final = ("telegram", "console", "ask")
"""Where messages come from."""
MALFORMED: Final = "malformed"
"""An update that could not be read as it was."""
UPDATES: Final = (
    "message", "edited_message", "callback_query", "my_chat_member", "inline_query",
    MALFORMED,
)  # fmt: skip
"""Kinds of updates Telegram is asked for."""
QUEUES: Final = ("log", "updates", "inbox", "outbox", "webhook")
"""What waits: rows of the log, updates to be handled, kept ones, replies, updates at Telegram."""
LIMITS: Final = ("person", "all")
"""Why an update was left out: its person sent too much, or too many waited."""
SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Edges of the durations that are told apart."""


class Sent(StrEnum):
    """What became of a call to Telegram."""

    OK = "ok"
    LIMITED = "limited"
    """Too many at a time (429)."""
    BLOCKED = "blocked"
    """The person blocked the bot, or the chat is gone (403)."""
    REFUSED = "refused"
    """Any other 4xx."""
    FAILED = "failed"
    """Telegram's own fault, 5xx."""
    UNREACHABLE = "unreachable"
    """No answer at all."""


class Reload(StrEnum):
    """What became of new knowledge."""

    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class State:
    """How things stand at one moment."""

    waiting: Mapping[str, int] = field(default_factory=dict)
    """How much waits, by one of QUEUES; one that is not there is not told."""
    lost: int = 0
    """Rows of the log that were lost since the start."""
    knowledge: str = ""
    """Version of the knowledge in use."""
    refused: bool = False
    """Whether newer knowledge is there and unsound."""
    sings: bool | None = None
    """Whether the canary got its window; None without a canary."""
    contact: float | None = None
    """Seconds since Telegram was last heard; None if never."""
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Updates that nobody answered since the start, by one of LIMITS."""
    skew: float | None = None
    """Seconds the machine's clock is ahead of Telegram's; None where that is not known."""


class Metrics:
    """Everything that is counted; safe to use from several threads."""

    def __init__(self) -> None:
        """Begin with zeros, so that every series is there from the start."""
        self.state: Callable[[], State] = State
        self._registry = CollectorRegistry()
        self._answers = self._counter("answers", "Messages answered.", "status", "channel")
        self._updates = self._counter("updates", "Updates handled.", "kind")
        self._sent = self._counter("sends", "Calls to Telegram.", "result")
        self._reloads = self._counter("reloads", "New knowledge.", "result")
        self._seconds = Histogram(
            f"{PREFIX}_answer_seconds",
            "From message to reply.",
            ["status"],
            buckets=SECONDS,
            registry=self._registry,
        )
        for status in STATUSES:
            self._seconds.labels(status)
            for channel in CHANNELS:
                self._answers.labels(status, channel)
        for counter, names in (
            (self._updates, UPDATES), (self._sent, Sent), (self._reloads, Reload),
        ):  # fmt: skip
            for name in names:
                counter.labels(str(name))
        self._registry.register(_States(self))

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"{PREFIX}_{name}", what, labels, registry=self._registry)

    def answered(self, query: Query) -> None:
        """Count one message."""
        status = query.status.group
        self._answers.labels(status, closed(query.channel, CHANNELS)).inc()
        self._seconds.labels(status).observe(query.latency)

    def update(self, kind: str) -> None:
        """Count one update."""
        self._updates.labels(closed(kind, UPDATES)).inc()

    def sent(self, result: Sent) -> None:
        """Count one call to Telegram."""
        self._sent.labels(result.value).inc()

    def reloaded(self, result: Reload) -> None:
        """Count one look at changed knowledge."""
        self._reloads.labels(result.value).inc()

    def text(self) -> bytes:
        """All of it, as Prometheus reads it."""
        return generate_latest(self._registry)


def closed(name: str, known: Iterable[str]) -> str:
    """The name, if it is one of these."""
    return name if name in known else OTHER


class _States(Collector):
    """What is looked up when somebody asks."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def describe(self) -> Iterable[Metric]:
        """Nothing is looked up when it is registered."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Every metric of the state."""
        state = self._metrics.state()
        waiting = GaugeMetricFamily(f"{PREFIX}_waiting", "What waits.", labels=["queue"])
        for queue in QUEUES:
            if queue in state.waiting:
                waiting.add_metric([queue], state.waiting[queue])
        yield waiting
        left_out = CounterMetricFamily(
            f"{PREFIX}_updates_left_out", "Updates nobody answered.", labels=["limit"]
        )
        for limit in LIMITS:
            left_out.add_metric([limit], state.left_out.get(limit, 0))
        yield left_out
        yield CounterMetricFamily(f"{PREFIX}_log_rows_lost", "Rows not kept.", value=state.lost)
        yield InfoMetricFamily(
            f"{PREFIX}_knowledge", "In use.", value={"version": state.knowledge}
        )
        yield GaugeMetricFamily(
            f"{PREFIX}_knowledge_refused", "Newer knowledge is unsound.", value=state.refused
        )
        if state.sings is not None:
            yield GaugeMetricFamily(f"{PREFIX}_canary_sings", "Help was shown.", value=state.sings)
        if state.contact is not None:
            yield GaugeMetricFamily(
                f"{PREFIX}_contact_seconds", "Since Telegram was heard.", value=state.contact
            )
        if state.skew is not None:
            yield GaugeMetricFamily(
                f"{PREFIX}_clock_skew_seconds", "Ahead of Telegram's clock.", value=state.skew
            )
