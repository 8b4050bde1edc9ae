"""Whether a pull request is reviewed without being asked for, by what its team has configured."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

from checks.pull_request import PullRequests

ON_REQUEST = "Here reviews are made when somebody asks: comment `/rubricate review`."
DRAFT = "The pull request is a draft."


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a pull request. `paths` are files that it touches of those that the settings name."""

    title: str = ""
    author: str = ""
    base_branch: str = ""
    labels: tuple[str, ...] = ()
    draft: bool = False
    paths: tuple[str, ...] = ()

    @classmethod
    def of(cls, pull: Mapping[str, Any], paths: tuple[str, ...] = ()) -> Self:
        """From GitHub's answer. An account that was deleted has no name."""
        return cls(
            title=pull["title"],
            author=(pull["user"] or {}).get("login", ""),
            base_branch=pull["base"]["ref"],
            labels=tuple(label["name"] for label in pull["labels"]),
            draft=pull["draft"],
            paths=paths,
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """Review, or skip with one plain sentence that says why."""

    word: Literal["review", "skip"]
    sentence: str = ""


def decide(facts: Facts, settings: PullRequests, *, asked: bool) -> Decision:
    """What a person asks for is done; else the team's mode and filters decide."""
    why = "" if asked else _why_not(facts, settings)
    return Decision("skip", why) if why else Decision("review")


def _why_not(facts: Facts, settings: PullRequests) -> str:
    """The first reason that holds. Sentences name the key, not the entry: labels and titles are people's own texts."""
    if settings.mode == "on-request":
        return ON_REQUEST
    if facts.draft and not settings.drafts:
        return DRAFT
    if _is_like(settings.skip_authors, facts.author):
        return "Pull requests of this author are not reviewed (`skip-authors`)."
    if any(_is_like(settings.skip_labels, label) for label in facts.labels):
        return "A label of the pull request leaves it out (`skip-labels`)."
    if any(_names(entry, facts.title) for entry in settings.skip_titles):
        return "The title of the pull request leaves it out (`skip-titles`)."
    if settings.base_branches and not _is_like(settings.base_branches, facts.base_branch):
        return "Pull requests into this branch are not reviewed (`base-branches`)."
    if settings.paths and not facts.paths:
        return "The change touches none of the files that are reviewed (`paths`)."
    return ""


def _is_like(patterns: Iterable[str], text: str) -> bool:
    """Whether a pattern stands for all of the text. Only `*` and `?` are special: `dependabot[bot]` is a name."""
    return any(
        fnmatch.fnmatchcase(text.casefold(), pattern.casefold().replace("[", "[[]")) for pattern in patterns
    )


def _names(entry: str, title: str) -> bool:
    """Whether an entry is a pattern of the whole title or, without `*` and `?`, stands in it as words of their own."""
    if "*" in entry or "?" in entry:
        return _is_like([entry], title)
    word = re.escape(entry.casefold())
    begins, ends = (r"(?<!\w)" if entry[0].isalnum() else ""), (r"(?!\w)" if entry[-1].isalnum() else "")
    return bool(re.search(f"{begins}{word}{ends}", title.casefold()))
