"""What Python's operators, subscripts, builtin functions and methods do with values whose contents may not be known.

Each answer holds of all that the operands may be: a constant is given only where Python would give the very same, and
sources are never lost on the way into a text or a container and out of it. Nothing takes long or much memory,
whatever the operands are.
"""

from __future__ import annotations

from checks.semantics.operations.arithmetic import binary, unary
from checks.semantics.operations.comparison import compare
from checks.semantics.operations.containers import (
    attribute_set,
    iterated,
    iteration_element,
    removed,
    set_of,
    sliced,
    stored,
    subscript,
    unpacked,
)
from checks.semantics.operations.displays import dict_display, display
from checks.semantics.operations.formatting import formatted
from checks.semantics.operations.functions import builtin
from checks.semantics.operations.methods import method

__all__ = [
    "attribute_set",
    "binary",
    "builtin",
    "compare",
    "dict_display",
    "display",
    "formatted",
    "iterated",
    "iteration_element",
    "method",
    "removed",
    "set_of",
    "sliced",
    "stored",
    "subscript",
    "unary",
    "unpacked",
]
