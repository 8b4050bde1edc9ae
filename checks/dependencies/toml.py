"""TOML from strangers: `tomllib` behind guards, and small helpers for data of unknown shape."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from checks.errors import Unreadable

SIZE_LIMIT = 8 << 20  # characters; a lock file of two thousand packages has five million

# `tomllib` takes time quadratic in the parts of one dotted key: 20,000 of them take six seconds.
_LONG_KEY = re.compile(r"""(?<![\w"'.-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){40}""")


def read_toml(text: str) -> dict[str, Any]:
    """The data of a TOML document. Unreadable, one line that tells the line, for what is none."""
    if len(text) > SIZE_LIMIT:
        raise Unreadable(f"it has {len(text):,} characters, and the limit is {SIZE_LIMIT:,}")
    if _LONG_KEY.search(text):
        raise Unreadable("it has a key of more than 40 parts")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise Unreadable("it is nested too deep") from None
    except ValueError as error:  # also numbers of millions of digits
        raise Unreadable(f"it is not valid TOML: {' '.join(str(error).split())[:160]}") from None


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
