"""What is said about a pull request: which one it is, the comments of a review, and their limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.github import markers
from checks.model import Finding
from checks.placement import Placement
from checks.report import markdown

LONGEST_BODY = 65_536  # characters: GitHub answers 422 "Body is too long (maximum is 65536 characters)"


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request at one head: the repository's full name, its number, and the two commits."""

    repository: str
    number: int
    head: str
    base: str

    @property
    def url(self) -> str:
        """The pull request's address in the REST interface."""
        return f"/repos/{self.repository}/pulls/{self.number}"


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment of a review, ready to be sent; `others` are the findings of the same cause that it names as well."""

    finding: Finding
    placement: Placement
    body: str
    others: tuple[Finding, ...] = ()


def compose(
    finding: Finding,
    placement: Placement,
    sources: Mapping[str, str],
    *,
    others: Sequence[Finding] = (),
    kin: Sequence[str] = (),
) -> Comment:
    """The comment on a finding, with its marks at the end."""
    text = markdown.comment(finding, suggestion=placement.suggestion, sources=sources, others=others)
    marks = [*(markers.finding(each.fingerprint) for each in (finding, *others)), markers.kin(kin)]
    marks.append(markers.rule(finding.rule))
    return Comment(finding, placement, "\n".join((f"{sendable(text)}\n", *marks)), tuple(others))


def sendable(text: str) -> str:
    """The text without what JSON can't carry to GitHub: bytes of a path or a file that are no UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")
