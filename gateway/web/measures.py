"""Counts and logs what the web does: outcomes and durations, never who."""

from __future__ import annotations

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from gateway.store.backlog import Backlog

_log = structlog.get_logger("schoolgate.web")
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Measures:
    """The counters of one worker. With `shared` set they live in files that all workers' /metrics add up."""

    def __init__(self, *, shared: str | None) -> None:
        self._shared = shared
        self._registry = CollectorRegistry()
        self._launches = Counter(
            "schoolgate_launches", "Launches and refused logins by outcome.", ["outcome"], registry=self._registry
        )
        self._notices = Counter(
            "schoolgate_notices", "Notices of platforms by outcome.", ["outcome"], registry=self._registry
        )
        self._seconds = Histogram(
            "schoolgate_launch_seconds", "Seconds from a launch's arrival to its answer.", registry=self._registry,
            buckets=_BUCKETS,
        )  # fmt: skip
        self._outbound = Counter("schoolgate_outbound_calls", "Calls to other systems.", registry=self._registry)

    def launch(self, outcome: str, ref: str, seconds: float | None = None) -> None:
        """Count one launch or refused login, and log a refusal."""
        self._launches.labels(outcome).inc()
        if seconds is not None:
            self._seconds.observe(seconds)
        if outcome != "accepted":  # an accepted launch has its row; a line for each would only cost time
            _log.warning("refused", ref=ref, outcome=outcome)

    def notice(self, outcome: str, ref: str) -> None:
        """Count one notice, and log one that was refused."""
        self._notices.labels(outcome).inc()
        if outcome not in {"accepted", "known"}:
            _log.warning("notice refused", ref=ref, outcome=outcome)

    def outbound(self, _host: str) -> None:
        """Count one call to another system."""
        self._outbound.inc()

    def text(self, backlog: Backlog | None = None) -> bytes:
        """Return all workers' figures in Prometheus' text format, and what waits in the database."""
        registry = self._registry
        if self._shared is not None:
            registry = CollectorRegistry()
            MultiProcessCollector(registry, path=self._shared)  # type: ignore[no-untyped-call]
        return generate_latest(registry) + (generate_latest(_waiting(backlog)) if backlog else b"")


def _waiting(backlog: Backlog) -> CollectorRegistry:
    """Return what waits as gauges: they are the database's, not this worker's."""
    registry = CollectorRegistry()
    work = Gauge("schoolgate_jobs", "Background work that is due, by state.", ["state"], registry=registry)
    scores = Gauge("schoolgate_scores", "Scores for LMSs by state.", ["state"], registry=registry)
    receivers = Gauge("schoolgate_webhooks", "Webhooks by health.", ["state"], registry=registry)
    for gauge, counted in ((work, backlog.jobs), (scores, backlog.scores), (receivers, backlog.webhooks)):
        for state, number in counted.items():
            gauge.labels(state).set(number)
    overdue = "Seconds for which the oldest waiting work has been due."
    Gauge("schoolgate_jobs_overdue_seconds", overdue, registry=registry).set(backlog.jobs_overdue_seconds)
    oldest = "Seconds since the oldest score that waits was handed in."
    Gauge("schoolgate_scores_oldest_seconds", oldest, registry=registry).set(backlog.scores_oldest_seconds)
    untold = "Seconds since the oldest change that a webhook waits to be told of."
    Gauge("schoolgate_webhook_messages_oldest_seconds", untold, registry=registry).set(backlog.messages_oldest_seconds)
    return registry
