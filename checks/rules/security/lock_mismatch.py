"""Lock files that do not agree with what they were made from.

## What it does

Reports requirements that their lock file does not hold, or holds in a version or without an extra that they ask for;
entries of `uv.lock` that its project does not ask for any more; and a `uv.lock` for other versions of Python.

## Why it matters

The lock file is what is installed. When the manifest was edited and the lock was not, the update that a review approved
never reaches production: a fixed version stays uninstalled while everybody believes it is there. Other tools notice and
resolve anew, so that versions are installed that nobody has seen, or fail in the middle of a deployment.

## Example

```toml title="pyproject.toml"
[project]
name = "shop"
version = "1.0"
dependencies = ["django>=5.2.4"]
```
```toml title="uv.lock"
version = 1

[[package]]
name = "django"
version = "5.2.1"
source = { registry = "https://index.example.com/simple" }

[[package]]
name = "shop"
version = "1.0"
source = { virtual = "." }
dependencies = [{ name = "django" }]
```

## Use instead

```toml title="pyproject.toml"
[project]
name = "shop"
version = "1.0"
dependencies = ["django>=5.2.4"]
```
```toml title="uv.lock"
version = 1

[[package]]
name = "django"
version = "5.2.4"
source = { registry = "https://index.example.com/simple" }

[[package]]
name = "shop"
version = "1.0"
source = { virtual = "." }
dependencies = [{ name = "django" }]
```

## Limits

Read are `uv.lock`, `poetry.lock`, `pdm.lock`, `pylock.toml`, `Pipfile.lock`, and `x.txt` beside `x.in`. Whether what a
package needs itself is there isn't asked, nor do the tools' own hashes of the manifest count, which change with
comments in some versions. A requirement with a marker that some platforms don't meet may be missing from a lock
that was made for one platform. Names that the resolver is told to override are left alone.

## References

- [uv: the lock file](https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile)
- [Poetry: check](https://python-poetry.org/docs/cli/#check)
- [CWE-1357: reliance on an insufficiently trustworthy component](https://cwe.mitre.org/data/definitions/1357.html)
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from checks.dependencies.environments import applies_everywhere, applies_somewhere
from checks.dependencies.model import RUNTIME, Lock, Manifest, Requirement
from checks.dependencies.neighbours import locks_of, manifest_of
from checks.dependencies.reading import lock_in, manifest_in
from checks.rule import MEDIUM, Document, Finding, Rule
from checks.semantics.roles import OWN

rule = Rule(
    __name__,
    checklist="security.dependencies",
    cwe=1357,
    severity=MEDIUM,
    message="`{lock}` {has} `{requirement}`: what is installed is not what is asked for",
    advice="Make the lock file anew with the tool that wrote it, and commit it with the manifest",
    roles=OWN,
)

# pip-compile leaves them out unless it is told otherwise.
_LEFT_OUT = frozenset({"distribute", "pip", "setuptools", "wheel"})
_PYTHONS = tuple(f"3.{minor}.{patch}" for minor in range(6, 20) for patch in range(20))
_MAX_VERSIONS = 10  # of one name: with more, one of them is taken to be right


@rule.on_document("requirements", "pyproject", "pipfile")
def check(document: Document) -> Iterator[Finding]:
    """Each requirement, in each lock that was made from its manifest."""
    manifest = manifest_in(document)
    if manifest is None:
        return
    for lock in locks_of(document):
        name = posixpath.basename(lock.path)
        python = manifest.python
        if python is not None and _is_for_another_python(manifest, lock):
            has = "was made for another Python than"
            yield rule.finding(python.span, document, lock=name, has=has, requirement=python.text)
        for requirement in manifest.requirements:
            has = _disagreement(requirement, manifest, lock) if _is_meant(requirement, manifest, lock) else ""
            if has:
                yield rule.finding(
                    requirement.span, document, lock=name, has=has, requirement=requirement.written
                )


@rule.on_document("lock")
def check_rest(document: Document) -> Iterator[Finding]:
    """What a lock says that its project asks for, and the project doesn't; only uv keeps this."""
    lock = lock_in(document)
    if lock is None:
        return
    for folder in sorted(lock.folders):
        manifest = manifest_of(lock, document.project, folder)
        if manifest is None or manifest.dynamic:
            continue
        names = {one.name for one in manifest.requirements}
        lasting = {one.name: one.span for one in lock.asked if one.folder == folder and one.name not in names}
        for name, span in sorted(lasting.items()):
            yield rule.finding(
                span, document, lock=posixpath.basename(lock.path), has="still asks for", requirement=name
            )


def _is_for_another_python(manifest: Manifest, lock: Lock) -> bool:
    """Whether the Pythons that both allow differ; of uv alone, which copies them from the one project that it locks."""
    if manifest.python is None or lock.python is None or lock.kind != "uv" or lock.folders != {""}:
        return False
    asked, held = manifest.python.specifier, lock.python.specifier
    return any(asked.contains(one) != held.contains(one) for one in _PYTHONS)


def _is_meant(requirement: Requirement, manifest: Manifest, lock: Lock) -> bool:
    """Whether the lock has to hold a requirement: its group is locked, and its marker can be true."""
    if not requirement.name or requirement.name == manifest.name or requirement.name in manifest.overridden:
        return False
    if lock.kind in ("pdm", "pylock") and requirement.group != RUNTIME:
        return False
    if lock.kind == "poetry" and requirement.group in manifest.groups:
        return False  # groups as PEP 735 writes them: older versions of Poetry don't lock those
    if lock.kind == "requirements" and requirement.name in _LEFT_OUT:
        return False
    python = manifest.python.specifier if manifest.python is not None else None
    applies = applies_somewhere if lock.universal else applies_everywhere
    return applies(requirement, python)


def _disagreement(requirement: Requirement, manifest: Manifest, lock: Lock) -> str:
    """What the lock does with a requirement that it should not; empty where they agree."""
    held = lock.of(requirement.name)
    if not held:
        return "lacks"
    versions = [one.version for one in held if one.version is not None and not one.source]
    if not requirement.url and len(versions) == len(held) <= _MAX_VERSIONS:
        if not any(map(requirement.allows, versions)):
            return f"holds {max(versions)} for"
    if requirement.extras and not requirement.extras <= _extras(requirement, manifest, lock):
        return "lacks an extra of"
    return ""


def _extras(requirement: Requirement, manifest: Manifest, lock: Lock) -> frozenset[str]:
    """The extras that a lock has of a requirement; all that are asked for where it doesn't say."""
    if lock.kind == "uv":
        own, its = (posixpath.dirname(path) or "." for path in (manifest.path, lock.path))
        folder = posixpath.relpath(own, its)
        found = lock.extras("" if folder == "." else folder, requirement.name)
        return requirement.extras if found is None else found
    if lock.kind in ("pdm", "pipenv"):
        return frozenset().union(*(one.extras for one in lock.of(requirement.name)[:_MAX_VERSIONS]))
    return requirement.extras
