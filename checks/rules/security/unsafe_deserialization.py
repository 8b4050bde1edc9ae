"""Objects made of bytes that a visitor sends.

## What it does
Reports request data that is unpickled or loaded by another format that makes objects of any class: `pickle`, `marshal`,
`shelve`, `dill`, `jsonpickle`, `yaml.load` without a safe loader, `torch.load`, `numpy.load` with pickles. The data is
followed through functions and files.

## Why it matters
A pickle holds instructions, not data: it names a function and its arguments, and loading calls it. `os.system` is one
of those functions. A cookie or a hidden field comes back as whatever the visitor likes.

## Example
```python title="shop/views.py"
import base64
import pickle

from django.http import HttpResponse


def cart(request):
    items = pickle.loads(base64.b64decode(request.COOKIES["cart"]))
    return HttpResponse(len(items))
```

## Use instead
```python title="shop/views.py"
import json

from django.http import HttpResponse


def cart(request):
    items = json.loads(request.COOKIES["cart"])
    return HttpResponse(len(items))
```

## Limits
Data that was signed and whose signature was checked before is safe; a check is seen where it is one that is known.
Files, queues and caches are not request data. A fix is offered for YAML alone: other formats have no safe loader that
reads what is there already.

## References
- [Python: pickle](https://docs.python.org/3/library/pickle.html)
- [PyYAML: loading YAML](https://pyyaml.org/wiki/PyYAMLDocumentation)
- [CWE-502: Deserialization of Untrusted Data](https://cwe.mitre.org/data/definitions/502.html)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.fixes.edit import replace
from checks.fixes.imports import imported
from checks.model import Fix
from checks.rule import CRITICAL, File, Finding, Flow, Rule

rule = Rule(
    __name__,
    checklist="security.input-validation",
    cwe=502,
    severity=CRITICAL,
    message="`{text}` comes from the request and makes objects: a visitor runs any code",
    advice="Send the data as JSON and check it with a form, serializer or schema",
)


@rule.on_flow("deserialize")
def check(flow: Flow, _file: File) -> Iterator[Finding]:
    """Request data, unless it was checked or made harmless on the way."""
    if flow.label == "request":
        yield rule.flow(flow, fix=_fix(flow))


_SAFE = {f"yaml.{kind}load{all_}": f"safe_load{all_}" for kind in ("", "unsafe_") for all_ in ("", "_all")}


def _fix(flow: Flow) -> Fix | None:
    """PyYAML's safe loader in the place of another: it reads plain data alike and refuses objects."""
    call = flow.call
    name = _SAFE.get(flow.sink)
    if name is None or not isinstance(call, ast.Call) or not call.args:
        return None
    if len(call.args) > 2 or any(given.arg != "Loader" for given in call.keywords):
        return None
    function, needed = imported("yaml", name, flow.file)
    text = f"{function}({flow.file.segment(call.args[0])})"
    edits = (replace(flow.file, flow.file.span(call), text), *needed)
    return Fix("Load plain data only: the safe loader makes no objects", True, edits)
