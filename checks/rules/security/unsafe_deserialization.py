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
Files, queues and caches are not request data.

## References
- [Python: pickle](https://docs.python.org/3/library/pickle.html)
- [PyYAML: loading YAML](https://pyyaml.org/wiki/PyYAMLDocumentation)
- [CWE-502: Deserialization of Untrusted Data](https://cwe.mitre.org/data/definitions/502.html)
"""

from __future__ import annotations

from collections.abc import Iterator

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
        yield rule.flow(flow)
