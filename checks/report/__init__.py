"""Reports: what a review says, written for people, for code scanning, for GitHub and for programs.

Each format is a pure function from a `Report` to text, loaded when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Protocol, cast

from checks.errors import UserError
from checks.model import Report


class _Format(Protocol):
    def render(self, report: Report) -> str: ...


class _Formats(Mapping[str, Callable[[Report], str]]):
    """The formats by name; the module behind a name is imported on first use."""

    _names = ("text", "json", "sarif", "markdown", "html", "github")

    def __getitem__(self, name: str) -> Callable[[Report], str]:
        if name not in self._names:
            raise KeyError(name)
        return cast("_Format", import_module(f"{__name__}.{name}")).render

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


FORMATS: Mapping[str, Callable[[Report], str]] = _Formats()


def render(
    report: Report,
    format: str,  # noqa: A002
    *,
    colour: bool = False,
    width: int = 100,
    rules: Mapping[str, str] | None = None,
) -> str:
    """The report in a format of `FORMATS`.

    `colour` and `width` in columns matter to `text` alone; `rules`, the Markdown documentation by rule id, goes into
    `sarif`. Raises UserError for a format that does not exist.
    """
    if format not in FORMATS:
        raise UserError(f"unknown format {format!r}: choose one of {', '.join(FORMATS)}")
    if format == "text":
        from checks.report import text

        return text.render(report, colour=colour, width=width)
    if format == "sarif":
        from checks.report import sarif

        return sarif.render(report, rules=rules)
    return FORMATS[format](report)
