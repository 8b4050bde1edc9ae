"""Uploaded files kept without a look at what they are.

## What it does
Reports files of the request that a function stores as they came, `request.files["photo"].save(...)`,
`default_storage.save(name, request.FILES["photo"])`, `order.photo = request.FILES["photo"]`, with no check of type,
name or size in it.

## Why it matters
An uploaded `.html` or `.svg` that the site serves again runs its scripts in the site's name, a `.php` or `.py` in the
wrong folder on the server, and a file of 10 GB fills the disk.

## Example
```python title="shop/views.py"
from flask import Flask, request

app = Flask(__name__)


@app.post("/photos")
def upload():
    photo = request.files["photo"]
    photo.save(f"uploads/{photo.filename}")
    return "ok"
```

## Use instead
```python title="shop/views.py"
from pathlib import Path
from uuid import uuid4

from flask import Flask, abort, request

app = Flask(__name__)
ALLOWED = {".jpg", ".png"}


@app.post("/photos")
def upload():
    photo = request.files["photo"]
    suffix = Path(photo.filename).suffix.lower()
    if suffix not in ALLOWED:
        abort(400)
    photo.save(f"uploads/{uuid4()}{suffix}")
    return "ok"
```

## Limits
Only what is taken from the request in the same function is followed. A function that mentions a type, an extension, a
size, or calls anything that validates, is left alone, and so are forms, whose fields check. Where the file goes to is
the subject of `security/path-traversal`.

## References
- [Flask: uploading files](https://flask.palletsprojects.com/en/stable/patterns/fileuploads/)
- [Django: user-uploaded content](https://docs.djangoproject.com/en/stable/topics/security/#user-uploaded-content)
- [CWE-434: Unrestricted Upload of File with Dangerous Type](https://cwe.mitre.org/data/definitions/434.html)
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from checks.rule import MEDIUM, POSSIBLE, File, Finding, Function, Rule
from checks.semantics.enclosing import called, function_around
from checks.semantics.nodes import descendants

rule = Rule(
    __name__,
    checklist="security.input-validation",
    cwe=434,
    severity=MEDIUM,
    confidence=POSSIBLE,
    message="`{upload}` is kept as it came: neither its type nor its size is looked at",
    advice="Check the extension, the content and the size before it is stored",
)

_CHECKS = re.compile(
    r"allow|accept|content_?type|ext(ension|ensions)?$|endswith|filetype|guess|imghdr|is_image|is_valid|length|limit|magic"
    r"|mime|permitted|size|splitext|suffix|valid|verify|Image\b|check|scan|parse|load|full_clean|sanitize",
    re.IGNORECASE,
)
_STORES = frozenset({"save", "upload_fileobj", "put_object", "write_file", "store"})
_HELD = frozenset({"files", "FILES"})


@rule.on_function()
def check(node: Function, file: File) -> Iterator[Finding]:
    """The first place of a function where an upload is kept, if nothing in the function looks at it."""
    if not any(isinstance(inner, ast.Attribute) and inner.attr in _HELD for inner in descendants(node)):
        return
    found = next(_kept(node, file), None)
    if found is not None and not _looks(node):
        at, upload = found
        yield rule.finding(
            at, file, upload=file.segment(upload), cause_hint=r"allowed|content_type|\.size|splitext"
        )


def _kept(node: Function, file: File) -> Iterator[tuple[ast.AST, ast.expr]]:
    """Where uploads are kept: the node to point at, and the upload."""
    for inner in descendants(node):
        if function_around(inner) is not node:
            continue
        if isinstance(inner, ast.Call) and called(inner) in _STORES and isinstance(inner.func, ast.Attribute):
            for value in (inner.func.value, *inner.args):
                if _is_upload(value, file):
                    yield inner, value
        elif isinstance(inner, ast.Assign) and isinstance(inner.targets[0], ast.Attribute):
            if _is_upload(inner.value, file) and getattr(inner.targets[0].value, "id", "") != "self":
                yield inner, inner.value


def _is_upload(node: ast.expr, file: File) -> bool:
    """Whether an expression is one file of the request: `request.FILES["photo"]`, `request.files.get("photo")`."""
    value = file.names.value(node)
    if (
        isinstance(value, ast.Call)
        and called(value) in ("get", "pop")
        and isinstance(value.func, ast.Attribute)
    ):
        holder: ast.AST = value.func.value
    elif isinstance(value, ast.Subscript):
        holder = value.value
    else:
        return False
    if not isinstance(holder, ast.Attribute) or holder.attr not in _HELD:
        return False
    request = holder.value
    return getattr(request, "id", getattr(request, "attr", "")) == "request"


def _looks(node: Function) -> bool:
    """Whether a function mentions what a file is, or anything that could check it, in names or texts."""
    for inner in descendants(node):
        match inner:
            case ast.Name(id=text) | ast.Attribute(attr=text):
                if _CHECKS.search(text) and text not in ("content_type_id", "uploads"):
                    return True
            case ast.Constant(value=str(text)) if "content-type" in text.lower():
                return True
    return False
