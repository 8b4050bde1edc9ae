"""Deployed requirements that are neither pinned nor locked.

## What it does

Reports requirements of an application that admit several versions where no lock file says which one is installed.
A list that pins most of its lines has each of the others reported; one that pins few is reported once.

## Why it matters

Two builds of the same commit install different code. A release that breaks the application, or one that was uploaded
with a stolen password, reaches production with the next build, without a commit that anybody reviewed; and when an
advisory comes, nobody can say which version ran last week.

## Example

```text title="requirements.txt"
Django>=5.2
gunicorn
psycopg[binary]>=3.2
```
```text title="Procfile"
web: gunicorn shop.wsgi
```

## Use instead

```text title="requirements.txt"
Django==5.2.4
gunicorn==23.0.0
psycopg[binary]==3.2.9
```
```text title="Procfile"
web: gunicorn shop.wsgi
```

## Limits

Only applications are meant, told from a `manage.py`, `wsgi.py`, `Procfile`, container or platform file beside the list;
ranges are right for libraries. What is a package and is deployed as well is reported with low confidence. Lists that
are for tests, documentation or development by their name are left alone, and so are `.in` files, conda's, and what new
projects are made of. Quiet below a folder with `uv.lock`, `poetry.lock`, `pdm.lock`, `pylock.toml` or `Pipfile.lock`,
whether or not it is used; whether it agrees is asked by `security/lock-mismatch`. A list that pins every line may still
leave out what its lines need themselves.

## References

- [pip: repeatable installs](https://pip.pypa.io/en/stable/topics/repeatable-installs/)
- [uv: locking and syncing](https://docs.astral.sh/uv/concepts/projects/sync/)
- [CWE-1357: reliance on an insufficiently trustworthy component](https://cwe.mitre.org/data/definitions/1357.html)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checks.dependencies.model import RUNTIME, Manifest, Requirement
from checks.dependencies.neighbours import Use, beside, constrained, is_locked, use_of
from checks.dependencies.reading import manifest_in
from checks.model import Confidence
from checks.rule import CERTAIN, LOW, MEDIUM, POSSIBLE, Document, Finding, Role, Rule

rule = Rule(
    __name__,
    checklist="security.dependencies",
    cwe=1357,
    severity=MEDIUM,
    message="`{requirement}` {may} change from build to build: no pin and no lock file holds it",
    advice="Pin the version, or compile a lock file: `uv lock`, or `uv pip compile --generate-hashes`",
    roles={Role.PRODUCTION},
)

_CONFIDENCES = {Use.DEPLOYED: CERTAIN, Use.PERHAPS: POSSIBLE}
# Their versions matter to the installation, not to the application.
_INSTALLERS = frozenset({"pip", "setuptools", "wheel"})


@rule.on_document("requirements", "pyproject", "pipfile")
def check(document: Document) -> Iterator[Finding]:
    """Those that run in production, of an application without a lock."""
    manifest = manifest_in(document)
    if manifest is None or document.path.endswith(".in") or is_locked(document):
        return
    asked = [one for one in manifest.requirements if _counts(one, manifest)]
    if manifest.kind == "requirements":
        pinned = {one.name for one in asked if one.pinned is not None}  # `bleach[css]` beside `bleach==6.1`
        held = constrained(manifest, document.project) | pinned
        asked = [one for one in asked if one.pinned is not None or one.name not in held]
    loose = [one for one in asked if one.pinned is None and not one.url]
    confidence = CERTAIN if manifest.kind == "pipfile" else _CONFIDENCES.get(use_of(document))
    if not loose or confidence is None or _is_listed_elsewhere(manifest, document):
        return
    if len(loose) * 2 >= len(asked):
        may = f"and {len(loose) - 1} more may" if len(loose) > 1 else "may"
        yield _finding(loose[0], loose, document, confidence, may)
    else:
        yield from (_finding(one, (one,), document, confidence) for one in loose)


def _finding(
    at: Requirement,
    about: Sequence[Requirement],
    document: Document,
    confidence: Confidence,
    may: str = "may",
) -> Finding:
    """Ranges that end somewhere let less in than those that don't."""
    severity = LOW if all(_is_bounded(one) for one in about) else MEDIUM
    return rule.finding(
        at.span, document, severity=severity, confidence=confidence, requirement=at.written, may=may
    )


def _counts(requirement: Requirement, manifest: Manifest) -> bool:
    return (
        requirement.group == RUNTIME
        and bool(requirement.name)
        and requirement.name not in _INSTALLERS
        and requirement.name != manifest.name
    )


def _is_listed_elsewhere(manifest: Manifest, document: Document) -> bool:
    """Whether a list for pip stands beside a `pyproject.toml`: that one is installed then, and looked at itself."""
    return (
        manifest.kind == "pyproject"
        and document.project is not None
        and document.project.has(beside(document.path, "requirements.txt"))
    )


def _is_bounded(requirement: Requirement) -> bool:
    sets = requirement.alternatives or (requirement.specifier,)
    return all(any(one.operator in ("<", "<=", "==", "~=") for one in clauses) for clauses in sets)
