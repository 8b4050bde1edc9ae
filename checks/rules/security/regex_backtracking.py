r"""Regular expressions that take exponential time.

## What it does
Reports patterns whose nested repetitions or overlapping alternatives match the same text in many ways, with the text
that shows it.

## Why it matters
Python tries all of these ways before it gives up. Each character more doubles them: thirty characters in a form keep a
worker busy for minutes, a few more for years. Nothing else runs there meanwhile, and no timeout ends it.

## Example
```python title="shop/forms.py"
import re

NAME = re.compile(r"^(\w+\s?)*$")
```

## Use instead
```python title="shop/forms.py"
import re

NAME = re.compile(r"^(\w+(\s\w+)*\s?)?$")
```

## Limits
Patterns with lookarounds, references to groups, atomic groups or more than 300 parts are not judged, nor are those that
take quadratic or cubic time. What a compiled pattern is used for is not followed: it counts as searched for.

## References
- [Python: re](https://docs.python.org/3/library/re.html)
- [Django: RegexValidator](https://docs.djangoproject.com/en/stable/ref/validators/#regexvalidator)
- [CWE-1333: Inefficient Regular Expression Complexity](https://cwe.mitre.org/data/definitions/1333.html)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.rule import MEDIUM, Call, File, Finding, Role, Rule
from checks.semantics.backtracking import attack_on

rule = Rule(
    __name__,
    checklist="security.input-validation",
    cwe=1333,
    severity=MEDIUM,
    message="`{pattern}` takes exponential time: it tries all ways to match `{text}`",
    advice="Rewrite it so that each text matches in one way only, or bound the text's length before",
    roles=(Role.PRODUCTION,),
)

# The position of the flags, and the method that stands for how the pattern is used.
_CALLS: dict[str, tuple[int | None, str]] = {
    "re.compile": (1, "search"),
    "re.findall": (2, "search"),
    "re.finditer": (2, "search"),
    "re.fullmatch": (2, "fullmatch"),
    "re.match": (2, "match"),
    "re.search": (2, "search"),
    "re.split": (3, "search"),
    "re.sub": (4, "search"),
    "re.subn": (4, "search"),
    "django.core.validators.RegexValidator": (4, "search"),
    "django.urls.re_path": (None, "search"),
    "django.forms.RegexField": (None, "search"),
    "wtforms.validators.Regexp": (1, "match"),
}
_WORTH = re.compile(r"[*+}]")
_DEPTH = 8


@rule.on_call(*_CALLS)
def check(call: Call, file: File) -> Iterator[Finding]:
    """A constant pattern for which an attack is found."""
    position, method = _CALLS[call.name]
    given = call.argument(0, "regex" if "." in call.name.removeprefix("re.") else "pattern")
    known = file.constant(given)
    flags = _flags(call.argument(position, "flags"), file, _DEPTH)
    if given is None or known is None or flags is None or not isinstance(known.value, (str, bytes)):
        return
    pattern = known.value
    if not _WORTH.search(pattern if isinstance(pattern, str) else pattern.decode("latin-1")):
        return
    attack = attack_on(pattern, flags, method)
    if attack is not None:
        text = repr(attack.prefix + attack.pump * 3)[1:-1] + "…" + repr(attack.end)[1:-1]
        yield rule.finding(given, file, pattern=_shown(pattern), text=text)


def _shown(pattern: str | bytes) -> str:
    text = pattern if isinstance(pattern, str) else pattern.decode("latin-1")
    return "".join(character if character.isprintable() else " " for character in text).strip()


def _flags(node: ast.expr | None, file: File, depth: int) -> int | None:
    """The value of flags such as `re.I | re.X`, `None` where it is not certain."""
    if node is None:
        return 0
    if depth <= 0:
        return None
    value = file.names.value(node)
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.BitOr):
        sides = [_flags(side, file, depth - 1) for side in (value.left, value.right)]
        return None if sides[0] is None or sides[1] is None else sides[0] | sides[1]
    known = file.constant(node)
    if known is not None:
        return known.value if isinstance(known.value, int) else None
    name = (file.resolve(value) or "").removeprefix("re.RegexFlag.").removeprefix("re.")
    return int(re.RegexFlag[name]) if name in re.RegexFlag.__members__ else None
