"""`python -m checks.scaffold security/some-name`: a new rule and its spec, to be filled in.

What is to be filled in says TODO. The rule can be imported as it is, and reports nothing.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path

from checks.checklist import ITEMS, SECTIONS
from checks.errors import UserError, did_you_mean, quoted

ROOT = Path(__file__).resolve().parent.parent
USAGE = "usage: python -m checks.scaffold SECTION/NAME [ITEM], such as security/open-redirect security.input-validation"

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_ORDERS = ("no-", "avoid-", "use-")
_LONGEST = 60

RULE = '''"""TODO: the defect as a noun phrase, without a period.

## What it does

Reports TODO.

## Why it matters

TODO: the attack or the bug, for a reader who has never met it.

## Example

```python title="shop/views.py"
TODO()
```

## Use instead

```python title="shop/views.py"
done()
```

## Limits

TODO: what it misses, and what it reports that it should not.

## References

- [TODO: the framework's documentation of it](https://docs.djangoproject.com/en/stable/)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.rule import MEDIUM, Call, File, Finding, Rule

rule = Rule(
    __name__,
    checklist="{item}",
    cwe=None,  # TODO: the weakness's number at https://cwe.mitre.org, and its link under References; or none
    severity=MEDIUM,
    message="`{{name}}` TODO: what is there, then what follows from it",
    advice="TODO: what to do instead",
)


@rule.on_call("todo.name")
def check(call: Call, file: File) -> Iterator[Finding]:
    """TODO: what makes such a call the defect."""
    yield rule.finding(call.node, file, name=call.name)
'''

SPEC = """# {title}

## TODO: a claim about what is reported
```python title="shop/views.py"
TODO()  # expect: {rule}
```

## TODO: a claim about what looks like it and is fine
```python title="shop/views.py"
done()
```
"""

NEXT = """{rule_path}
{spec_path}
Next: fill in what says TODO there, and say which calls, nodes or settings the rule is asked about. Then
    python -m pytest tests/rules tests/meta -k {rule}
    python -m checks.docs
docs/adding-a-rule.md leads through it."""


def name_complaint(rule: str) -> str | None:
    """Why a rule can't have this id, `None` where it can."""
    section, _, name = rule.partition("/")
    if section not in SECTIONS:
        return f"{quoted(section)} is no section of the checklist{did_you_mean(section, SECTIONS)}"
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        return f"{quoted(name)} is no name: lower-case words and digits, joined by hyphens"
    if name.startswith(_ORDERS):
        return f"{quoted(name)} names the cure: a rule is named by its defect, as in `open-redirect`"
    return None


def scaffold(rule: str, root: Path, item: str | None = None) -> tuple[Path, Path]:
    """Write the rule and its spec; return their paths. UserError for an id or item that won't do, or is taken."""
    complaint = name_complaint(rule)
    if complaint is not None:
        raise UserError(complaint)
    section, _, name = rule.partition("/")
    answers = item or next(known for known in ITEMS if known.startswith(f"{section}."))
    if answers not in ITEMS or not answers.startswith(f"{section}."):
        known = [known for known in ITEMS if known.startswith(f"{section}.")]
        raise UserError(f"{quoted(answers)} is no item of the section{did_you_mean(answers, known)}")
    module = name.replace("-", "_")
    texts = {
        root / "checks" / "rules" / section / f"{module}.py": RULE.format(item=answers),
        root / "tests" / "rules" / section / f"{module}.md": SPEC.format(
            rule=rule, title=name.replace("-", " ").capitalize()
        ),
    }
    for path in texts:
        if path.exists():
            raise UserError(f"{path.relative_to(root)} is there already")
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    written, spec = texts
    return written, spec


def main(argv: Sequence[str], root: Path = ROOT) -> int:
    """Write them and say what comes next; exit code 2 with one line for what can't be."""
    if len(argv) not in (1, 2) or argv[0].startswith("-"):
        print(USAGE, file=sys.stderr)
        return 2
    try:
        if not (root / "tests" / "rules").is_dir():
            raise UserError("rules are written in a source checkout, and this is none")
        paths = scaffold(argv[0], root, argv[1] if len(argv) == 2 else None)
    except UserError as error:
        print(f"checks.scaffold: {error}", file=sys.stderr)
        return 2
    written, spec = (path.relative_to(root) for path in paths)
    print(NEXT.format(rule=argv[0], rule_path=written, spec_path=spec))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
