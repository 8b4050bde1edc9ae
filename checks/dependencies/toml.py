"""Small helpers for data of unknown shape, as TOML from strangers gives it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def table(data: object, *keys: str) -> Mapping[str, Any]:
    """The table at some keys; an empty one where there is none, or something else."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def texts(data: object) -> Iterator[tuple[int, str]]:
    """The texts of a list with their positions; nothing where it is none."""
    if isinstance(data, list):
        yield from ((number, item) for number, item in enumerate(data) if isinstance(item, str))


def text(data: object) -> str:
    """A text, empty where the value is none."""
    return data if isinstance(data, str) else ""


def tables(data: object) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The tables of a list with their positions; nothing where it is none."""
    if isinstance(data, list):
        yield from ((number, item) for number, item in enumerate(data) if isinstance(item, dict))
