"""TOML from strangers: `tomllib` behind guards, for the configuration and for manifests alike."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from checks.errors import Unreadable

SIZE_LIMIT = 8 << 20  # characters; a lock file of two thousand packages has five million

# `tomllib` takes time quadratic in the parts of one dotted key: 20,000 of them take six seconds.
_QUOTED = r""""(?:[^"\\\n]++|\\[^\n])*+"|'[^'\n]*+'"""
_LONG_KEY = re.compile(rf"""(?<![\w"'.\\-])(?:(?:[\w-]++|{_QUOTED})[ \t]*+\.[ \t]*+){{40}}""")


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
