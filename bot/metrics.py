"""What an operator watches, in the form of Prometheus: https://prometheus.io/docs/instrumenting/exposition_formats/."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import Counter, Gauge, Histogram

BUCKETS = (0.5, 1, 2, 3, 5, 8, 13, 21, 34, 60, 120, 300, 900)

DELIVERIES = Counter(
    "rubricate_deliveries", "Webhook deliveries, by event and by what became of them", ["event", "result"]
)
REVIEWS = Counter("rubricate_reviews", "Reviews that came to an end, by how", ["outcome"])
REVIEW_SECONDS = Histogram(
    "rubricate_review_seconds", "Seconds from the start of a review to its end", ["outcome"], buckets=BUCKETS
)
COMMENTS = Counter("rubricate_comments", "Inline comments posted")
REQUESTS = Counter(
    "rubricate_github_requests",
    "Requests to GitHub, by method and status; 0: no usable answer",
    ["method", "status"],
)
REMAINING = Gauge(
    "rubricate_github_rate_limit_remaining",
    "Requests left in this hour as GitHub said last; installation 0 is the App itself",
    ["installation", "resource"],
)
QUEUE = Gauge("rubricate_queue_depth", "Reviews that wait and that run, on all processes together", ["state"])
WORKERS = Gauge("rubricate_workers_alive", "Processes that hold a lease; 1 with SQLite")
ERRORS = Counter("rubricate_errors", "What should not have happened, by where", ["where"])
TAKEN_OVER = Counter("rubricate_workers_taken_over", "Dead processes whose work this one queued again")
REDELIVERED = Counter("rubricate_redeliveries", "Missed deliveries that GitHub was asked to send again")


def answered(installation: str, method: str, status: int, headers: Mapping[str, str]) -> None:
    """Count an answer of GitHub, and note what it says of the rate limit.

    https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#checking-the-status-of-your-rate-limit
    """
    REQUESTS.labels(method, str(status)).inc()
    remaining = headers.get("x-ratelimit-remaining", "")
    if remaining.isdigit():
        REMAINING.labels(installation, headers.get("x-ratelimit-resource", "core")).set(int(remaining))


def reviewed(outcome: str, seconds: float, comments: int) -> None:
    """Count a review that came to its end."""
    REVIEWS.labels(outcome).inc()
    REVIEW_SECONDS.labels(outcome).observe(seconds)
    COMMENTS.inc(comments)
