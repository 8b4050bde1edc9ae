"""A stand-in for GitHub, for tests and for `make demo`.

It speaks REST, GraphQL, git's smart HTTP and webhooks on a port of this machine, as GitHub Enterprise Server does,
refuses what GitHub refuses, and holds every request and answer against GitHub's own description. It shares no code
with the product.
"""

from tests.github.contract import ContractError
from tests.github.deliveries import Delivery
from tests.github.faults import Fault
from tests.github.git import Entry
from tests.github.limits import Limits
from tests.github.model import (
    Annotation,
    CheckRun,
    IssueComment,
    PullRequest,
    Repository,
    Review,
    ReviewComment,
    Thread,
)
from tests.github.server import Request
from tests.github.standin import Github

__all__ = [
    "Annotation",
    "CheckRun",
    "ContractError",
    "Delivery",
    "Entry",
    "Fault",
    "Github",
    "IssueComment",
    "Limits",
    "PullRequest",
    "Repository",
    "Request",
    "Review",
    "ReviewComment",
    "Thread",
]
