"""Versions of Python, Django and Flask that get no security fixes any more.

## What it does

Reports a container image, a workflow, a `.python-version` or a `runtime.txt` that names a Python out of support, and
requirements, `requires-python` and lock files that admit no supported series of Python, Django or Flask.

## Why it matters

The next hole in that version stays open. It is found in the supported ones, published with its fix, and whoever reads
the advisory knows what to try on those that were left behind. Libraries stop supporting the version as well, so that
their fixes can't be installed either.

## Example

```dockerfile title="Dockerfile"
FROM python:3.8-slim
COPY . /app
CMD ["gunicorn", "shop.wsgi"]
```

## Use instead

```dockerfile title="Dockerfile"
FROM python:3.13-slim
COPY . /app
CMD ["gunicorn", "shop.wsgi"]
```

## Limits

What is out of support is told as of the date in `checks/dependencies/lifecycle.py`; what ended later is not known, nor
is longer support that vendors sell. A range that admits a supported series is left alone, whatever its lower end, and
so is a workflow that runs a supported Python as well, since libraries test old ones on purpose. Flask is supported in
its newest series only, as its maintainers say and few follow: reported with low severity.

## References

- [Python: status of its versions](https://devguide.python.org/versions/)
- [Django: supported versions](https://www.djangoproject.com/download/#supported-versions)
- [CWE-1104: use of unmaintained third-party components](https://cwe.mitre.org/data/definitions/1104.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.dependencies.interpreters import image_version
from checks.dependencies.lifecycle import Ended, ended, only_ended
from checks.dependencies.model import RUNTIME, Manifest
from checks.dependencies.neighbours import manifest_of
from checks.dependencies.reading import lock_in, manifest_in, runtimes_in
from checks.dependencies.setuptools import manifest_of_setup
from checks.frameworks.documents import stages_of
from checks.model import Span
from checks.rule import LOW, MEDIUM, Call, Document, File, Finding, Instruction, Rule
from checks.semantics.source import Text

rule = Rule(
    __name__,
    checklist="security.dependencies",
    cwe=1104,
    severity=MEDIUM,
    message="`{written}` means {series}, without security fixes since {since}: holes in it stay open",
    advice="Move to a series that gets security fixes, one at a time, with the tests as judge",
)

_LIBRARIES = ("django", "flask")
_MAX_ASKED = 10  # lines for one product, which differ by their markers


@rule.on_document("dockerfile")
def check_image(document: Document) -> Iterator[Finding]:
    """The images that a Dockerfile's stages begin with."""
    for stage in stages_of(document):
        version = image_version(stage.image)
        end = ended("python", version) if version is not None else None
        if end is not None and stage.instructions:
            yield _finding(stage.instructions[0], document, stage.image, end)


@rule.on_document("python-version", "workflow")
def check_runtimes(document: Document) -> Iterator[Finding]:
    """The versions that a file names, unless one of them is supported."""
    runtimes = runtimes_in(document)
    ends = [ended("python", one.version) for one in runtimes]
    if None in ends:
        return
    seen: set[Span] = set()
    for one, end in zip(runtimes, ends, strict=True):
        if end is not None and one.span not in seen:  # jobs that share steps name each version once
            seen.add(one.span)
            yield _finding(one.span, document, one.text, end)


@rule.on_document("requirements", "pyproject", "setup-cfg", "pipfile", "conda")
def check_manifest(document: Document) -> Iterator[Finding]:
    """What a manifest asks for."""
    manifest = manifest_in(document)
    if manifest is not None:
        yield from _of_manifest(manifest, document)


@rule.on_call("setuptools.setup", "distutils.core.setup")
def check_setup(call: Call, file: File) -> Iterator[Finding]:
    """What a `setup.py` asks for."""
    yield from _of_manifest(manifest_of_setup(call, file), file)


@rule.on_document("lock")
def check_lock(document: Document) -> Iterator[Finding]:
    """What a lock holds, where its manifest leaves room for another series."""
    lock = lock_in(document)
    manifest = manifest_of(lock, document.project) if lock is not None else None
    for product in _LIBRARIES if lock is not None else ():
        held = lock.of(product) if lock is not None else ()
        ends = [ended(product, one.version) if one.version is not None else None for one in held]
        if None in ends or (manifest is not None and _end_of(product, manifest) is not None):
            continue
        for one, end in zip(held, ends, strict=True):
            if end is not None:
                yield _finding(one.span, document, f"{one.name}=={one.version}", end)


def _of_manifest(manifest: Manifest, file: Text) -> Iterator[Finding]:
    python = manifest.python
    end = only_ended("python", python.specifier) if python is not None else None
    if python is not None and end is not None:
        yield _finding(python.span, file, python.text, end)
    for product in _LIBRARIES:
        end = _end_of(product, manifest)
        if end is not None:
            first = next(one for one in manifest.requirements if one.name == product and one.group == RUNTIME)
            yield _finding(first.span, file, first.written, end)


def _end_of(product: str, manifest: Manifest) -> Ended | None:
    """The newest series of a product that a manifest admits, where all are out of support."""
    asked = [one for one in manifest.requirements if one.name == product and one.group == RUNTIME]
    if not 0 < len(asked) <= _MAX_ASKED or any(one.url or one.alternatives for one in asked):
        return None
    ends = [only_ended(product, one.specifier) for one in asked]
    return None if None in ends else ends[-1]


def _finding(at: Span | Instruction, file: Text, written: str, end: Ended) -> Finding:
    severity = LOW if end.title == "Flask" or file.path.startswith(".github/") else MEDIUM
    return rule.finding(
        at,
        file,
        severity=severity,
        written=written,
        series=f"{end.title} {end.series}",
        since=end.since.isoformat(),
    )
