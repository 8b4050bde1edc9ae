"""Requirements whose content nothing holds fast.

## What it does

Reports requirements without a hash in a file where others have one, repositories without a commit, and archives
without a hash.

## Why it matters

With a single `--hash` in a file, pip asks for the hash of every requirement and refuses the installation without it;
whoever makes it pass by taking the hashes out gives up the protection for all. A branch or a tag of a repository, and
an archive on a server, can be replaced: who has the password of that account decides what the next build installs.

## Example

```text title="requirements.txt"
django==5.2.4 --hash=sha256:f77bb8f81f7da9b8dca65f2e6bd92e4b1e1d7cf30a20e0f3c2a4dc4c4e7d5e30
sqlparse==0.5.3
```

## Use instead

```text title="requirements.txt"
django==5.2.4 --hash=sha256:f77bb8f81f7da9b8dca65f2e6bd92e4b1e1d7cf30a20e0f3c2a4dc4c4e7d5e30
sqlparse==0.5.3 --hash=sha256:cf2196ed3418f3ba5de6af7e82c694a9fbdbfecccdfc72e281548517081f16ca
```

## Limits

A file without any hash is left alone: pins alone are a choice. Tags are reported with low confidence, since most never
move. Repositories and archives that only development, tests or documentation install are left alone, and so is what a
lock file beside the manifest holds, since it names the commit. Hashes are read, not compared with what an index has.

## References

- [pip: hash-checking mode](https://pip.pypa.io/en/stable/topics/secure-installs/#hash-checking-mode)
- [pip: VCS support](https://pip.pypa.io/en/stable/topics/vcs-support/)
- [CWE-494: download of code without integrity check](https://cwe.mitre.org/data/definitions/494.html)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.dependencies.model import RUNTIME, Manifest, Requirement
from checks.dependencies.neighbours import included, locks_of
from checks.dependencies.reading import manifest_in
from checks.model import Confidence, Span
from checks.rule import CERTAIN, LIKELY, MEDIUM, POSSIBLE, Document, Finding, Rule

rule = Rule(
    __name__,
    checklist="security.dependencies",
    cwe=494,
    severity=MEDIUM,
    message="`{requirement}` {lack}",
    advice="Name the commit or the hash; `uv pip compile --generate-hashes` writes the hashes of a whole file",
)

_NO_HASH = "has no hash where others have one: pip refuses the file"
_NO_COMMIT = "names no commit: the repository's owner decides what is installed"
_ARCHIVE = "has no hash: its server decides what is installed"

_LONGEST = 34  # characters of an address that are named

_REPOSITORY = re.compile(r"(git|hg|svn|bzr)\+", re.IGNORECASE)
_COMMIT = re.compile(r"[0-9a-f]{7,64}", re.IGNORECASE)
_TAG = re.compile(r"(?:[\w-]+[-_/])?v?\d+(?:\.\d+)+[\w.-]*")
_COMMIT_IN_PATH = re.compile(r"(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])", re.IGNORECASE)


@rule.on_document("requirements")
def check_hashes(document: Document) -> Iterator[Finding]:
    """A file with hashes, and the files that it includes, which pip reads in the same mode."""
    manifest = manifest_in(document)
    if manifest is None or not _asks_for_hashes(manifest):
        return
    for one in manifest.requirements:
        # `uv export` writes `-e .` beside hashes, for uv itself, which accepts it.
        if not one.hashes and not (manifest.compiled and _is_local(one)):
            yield _finding(one.span, document, _short(one), _NO_HASH)
    whole = {
        other.path: other for other, constraint in included(manifest, document.project) if not constraint
    }
    for include in manifest.includes:
        bare = whole.get(include.path)
        if bare is not None and any(not one.hashes for one in bare.requirements) and not include.constraint:
            yield _finding(include.span, document, f"-r {include.path}", _NO_HASH)


@rule.on_document("requirements", "pyproject", "pipfile", "conda")
def check_addresses(document: Document) -> Iterator[Finding]:
    """Each requirement that comes from a repository or a server, where no lock names what that was."""
    manifest = manifest_in(document)
    if manifest is None or (manifest.kind == "requirements" and _asks_for_hashes(manifest)):
        return
    locks = locks_of(document)
    for one in manifest.requirements:
        lack, confidence = _lack(one) if one.group == RUNTIME else ("", CERTAIN)
        if lack and not any(lock.of(one.name) for lock in locks):
            yield _finding(one.span, document, _short(one), lack, confidence)


def _lack(requirement: Requirement) -> tuple[str, Confidence]:
    """What an address leaves open, and how sure it is that this matters; nothing for an index or a path."""
    url = requirement.url
    if requirement.hashes or "$" in url:
        return "", CERTAIN
    if _REPOSITORY.match(url):
        revision = _revision(url)
        if _COMMIT.fullmatch(revision):
            return "", CERTAIN
        return _NO_COMMIT, POSSIBLE if _TAG.fullmatch(revision) else CERTAIN
    if url.lower().startswith(("http://", "https://", "ftp://")) and not _COMMIT_IN_PATH.search(url):
        return _ARCHIVE, LIKELY
    return "", CERTAIN


def _revision(url: str) -> str:
    """What stands behind the `@` of a repository's path: `git+ssh://git@host/a.git@main#egg=a` has `main`."""
    _, _, place = url.partition("#")[0].partition("://")
    _, _, path = place.partition("/")
    return path.rpartition("@")[2] if "@" in path else ""


def _asks_for_hashes(manifest: Manifest) -> bool:
    return "--require-hashes" in manifest.options or any(one.hashes for one in manifest.requirements)


def _is_local(requirement: Requirement) -> bool:
    return requirement.editable or (bool(requirement.url) and "://" not in requirement.url)


def _short(requirement: Requirement) -> str:
    """The name, or the end of the address, short enough for the message to say the rest."""
    if requirement.name:
        return str(requirement.name)
    url = requirement.url.partition("#")[0]
    return url if len(url) <= _LONGEST else f"…{url[-_LONGEST:]}"


def _finding(
    at: Span, document: Document, requirement: str, lack: str, confidence: Confidence = CERTAIN
) -> Finding:
    return rule.finding(at, document, confidence=confidence, requirement=requirement, lack=lack)
