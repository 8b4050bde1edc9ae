"""Files that are served or run, filled by a visitor.

## What it does
Reports request data that is written as it came into a file whose name says that it is run or shown to others: a
program, a page, a script, a template, anything below the folder of static files. The data is followed through
functions and files.

## Why it matters
What stands in `static/` or ends in `.html` is sent to the next visitor as the site's own: a script in it runs in
their name. In a template or a program it runs on the server itself.

## Example
```python title="shop/views.py"
from django.http import HttpResponse


def publish(request):
    with open("static/notes.html", "w") as page:
        page.write(request.POST["text"])
    return HttpResponse("done")
```

## Use instead
```python title="shop/views.py"
from django.http import HttpResponse
from django.utils.html import escape


def publish(request):
    with open("static/notes.html", "w") as page:
        page.write(escape(request.POST["text"]))
    return HttpResponse("done")
```

## Limits
The name of the file must stand beside the call, or be given to a name there; one that only running tells is not
reported. Files that are uploaded have a rule of their own. A function that escapes or sanitizes anything is trusted.

## References
- [OWASP: file upload](https://cheatsheetseries.owasp.org/cheatsheets/File_Upload_Cheat_Sheet.html)
- [CWE-434: Unrestricted Upload of File with Dangerous Type](https://cwe.mitre.org/data/definitions/434.html)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.rule import HIGH, LIKELY, File, Finding, Flow, Rule
from checks.semantics.enclosing import function_around, words_called
from checks.semantics.nodes import descendants

rule = Rule(
    __name__,
    checklist="security.input-validation",
    cwe=434,
    severity=HIGH,
    confidence=LIKELY,
    message="`{text}` comes from the request and is written to `{name}`, which is {what}",
    advice="Escape it, or write it to where nothing is served or run from",
)

_RUN = re.compile(r"\.(?:bash|cgi|php|pl|ps1|py|rb|sh)$", re.IGNORECASE)
_SHOWN = re.compile(r"\.(?:htm|html|js|jinja2?|j2|mjs|svg|xhtml)$", re.IGNORECASE)
_FOLDERS = re.compile(r"(?:^|/)(?:static|staticfiles|templates|public_html|htdocs)/")
_SETTING = re.compile(r"(?:settings|config).{0,4}STATIC_ROOT|\.static_folder|\.template_folder")
_SAFE = re.compile(r"\.(?:csv|json|log|pdf|png|jpe?g|gif|txt|xlsx?|zip)$", re.IGNORECASE)
_ESCAPES = frozenset(
    {"clean", "conditional_escape", "escape", "format_html", "quote", "render", "render_to_string"}
)
_MADE = frozenset({"Path", "open", "PurePath"})


@rule.on_flow("write")
def check(flow: Flow, file: File) -> Iterator[Finding]:
    """Request data in a file of such a name."""
    if flow.label != "request" or not flow.sure or not isinstance(flow.call, ast.Call):
        return
    function = function_around(flow.call)
    if "FILES" in flow.source or "files" in flow.source:
        return
    if function is None or not words_called(function).isdisjoint(_ESCAPES):
        return
    name = _name_of(flow.call, function)
    if name is None:
        return
    what = _kind(name, file)
    if what:
        yield rule.flow(flow, name=file.segment(name), what=what)


def _name_of(call: ast.Call, function: ast.AST) -> ast.expr | None:
    """The name of the file that a call writes to: `open(name).write`, `path.write_text`, `storage.save(name, ...)`."""
    method = call.func
    if not isinstance(method, ast.Attribute):
        return None
    if method.attr == "save":
        return call.args[0] if len(call.args) > 1 else None
    receiver: ast.expr | None = method.value
    if method.attr in ("write", "writelines") and isinstance(receiver, ast.Name):
        receiver = _opened(receiver.id, function)
    if isinstance(receiver, ast.Call) and receiver.args:
        opener = receiver.func
        if isinstance(opener, ast.Attribute) and opener.attr == "open" and not _is_name(receiver.args[0]):
            return opener.value
        return receiver.args[0] if getattr(opener, "id", getattr(opener, "attr", "")) in _MADE else None
    return receiver if method.attr in ("write_bytes", "write_text") else None


def _is_name(node: ast.expr) -> bool:
    """Whether an argument of `open` names the file, and not how it is opened (`path.open("w")`)."""
    return not (isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 4)


def _opened(name: str, function: ast.AST) -> ast.expr | None:
    """What a name was opened by: `with open(...) as name`, `name = open(...)`."""
    for node in descendants(function):
        if isinstance(node, ast.withitem) and getattr(node.optional_vars, "id", "") == name:
            return node.context_expr
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == name:
            return node.value
    return None


def _kind(node: ast.expr, file: File) -> str:
    """What becomes of a file of this name: empty where nothing tells."""
    made = file.names.value(node)
    texts = [file.names.value(part) for part in descendants(made) if isinstance(part, ast.expr)]
    constants = [
        part.value for part in texts if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]
    last = constants[-1] if constants else ""
    if _RUN.search(last):
        return "run"
    if _SHOWN.search(last):
        return "shown as a page"
    inside = any(_FOLDERS.search(f"{text}/") for text in constants) or _SETTING.search(file.segment(made))
    return "served" if inside and not _SAFE.search(last) else ""
