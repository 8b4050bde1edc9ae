"""Text that begins with something fixed: what follows can't choose the host of an address any more."""

from __future__ import annotations

import re

from checks.semantics.taints import Taint
from checks.semantics.values import Value

ADDRESS = frozenset({"redirect", "url"})
NOTHING_CLEAN: frozenset[str] = frozenset()
# A scheme and a host with the slash behind it, or a path of the own site: `//host` and `/\host` leave it.
_HOST_FIXED = re.compile(
    r"(https?|ftp|wss?)://[^/?#@\\]+[/?#]|/[^/\\]|\?|#|(https?|ftp|wss?)://[^/?#@\\]+:\d+[/?#]|mailto:"
)


def fixed_by(prefix: str) -> frozenset[str]:
    """The kinds of sinks that can't be harmed by what follows a prefix."""
    return ADDRESS if _HOST_FIXED.match(prefix) else NOTHING_CLEAN


def built_on(prefix: str, value: Value) -> Value:
    """A text that begins with a prefix, as far as that makes what follows harmless."""
    if not value.taints:
        return value
    clean = fixed_by(prefix)
    if not clean:
        return value
    return value.but(taints=tuple(_cleaner(taint, clean) for taint in value.taints))


def _cleaner(taint: Taint, clean: frozenset[str]) -> Taint:
    return taint if clean <= taint.clean else taint.changed(clean=taint.clean | clean)
