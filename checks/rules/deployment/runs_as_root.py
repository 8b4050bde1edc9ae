"""Containers whose process is root.

## What it does

Reports Dockerfiles whose last stage ends with root as its user: without a `USER` instruction on an image that has
none, or with `USER root` as the last one.

## Why it matters

Whoever finds a hole in the application runs code as its user. As root they may change the application itself, install
what they need, write into every volume that is mounted and bind any port, and a flaw of the kernel or a careless mount
of the host's socket makes them root of the host as well. A user of its own costs two lines.

## Example

```dockerfile
FROM python:3.13-slim
WORKDIR /app
COPY . .
RUN pip install --no-cache-dir -r requirements.txt
CMD ["gunicorn", "shop.wsgi"]
```

## Use instead

```dockerfile
FROM python:3.13-slim
WORKDIR /app
COPY . .
RUN pip install --no-cache-dir -r requirements.txt
RUN useradd --system --no-create-home shop
USER shop
CMD ["gunicorn", "shop.wsgi"]
```

## Limits

Which user an image has that isn't from Docker's official ones can't be seen: without a `USER` those are reported with
low confidence, unless they are known to bring a user of their own. Images that hand their rights on with gosu, su-exec
and the like are left alone, and so are users that come from a variable, stages whose name says that they are for
development or tests, and stages that start nothing on `scratch`.
`user:` in a compose file, or `runAsUser` in Kubernetes, is not looked at.

## References

- [Docker: USER](https://docs.docker.com/build/building/best-practices/#user)
- [OWASP: Docker security](https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html#rule-2-set-a-user)
- [CWE-250: execution with unnecessary privileges](https://cwe.mitre.org/data/definitions/250.html)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.frameworks.documents import Stage, stages_of
from checks.model import Confidence
from checks.rule import CERTAIN, MEDIUM, POSSIBLE, Document, Finding, Instruction, Rule

rule = Rule(
    __name__,
    checklist="deployment.container",
    cwe=250,
    severity=MEDIUM,
    message="`{instruction}` runs as root: whoever breaks into the application owns the container",
    advice="Create a user in the last stage, and switch to it with `USER` before `CMD`",
)

_ROOT = re.compile(r"(root|0+)(:.*)?", re.IGNORECASE)
# Docker's official images of languages and systems: none has a user of its own, as their documentation says.
_OFFICIAL = re.compile(
    r"((docker\.io/)?(library/)?|public\.ecr\.aws/docker/library/)(almalinux|alpine|amazonlinux|buildpack-deps|centos"
    r"|debian|fedora|golang|node|php|pypy|python|rockylinux|ruby|scratch|ubuntu)([:@].*)?|ghcr\.io/astral-sh/uv([:@].*)?"
)
# Images that run as another user, or whose entry point changes to one, as their documentation says.
_OTHER_USER = re.compile(
    r"gcr\.io/distroless/.*nonroot|cgr\.dev/|dhi\.io/|(docker\.io/)?(bitnami(legacy|secure)?|chainguard)/"
    r"|(docker\.io/|quay\.io/)?(nginxinc/nginx-unprivileged|jupyter/|apache/(airflow|superset))"
    r"|(docker\.io/)?(library/)?(elasticsearch|haproxy|mariadb|memcached|mongo|mysql|postgres|rabbitmq|redis|valkey)(:|$)"
    r"|(registry\.access\.redhat\.com|registry\.redhat\.io|quay\.io/(sclorg|fedora))/.*python"
    r"|mcr\.microsoft\.com/(windows|powershell)|.*(nonroot|non-root|rootless|unprivileged)"
)
# Programs that are there to start another one as another user, and uWSGI's own way to change to one.
_HELPERS = re.compile(r"\b(gosu|su-exec|s6-overlay|s6-setuidgid|setuidgid|fixuid|UWSGI_UID)\b")
_CHANGES_USER = re.compile(
    r"(^|[\s\"',\[])(--user|--uid|setpriv|runuser|chpst|su|sudo)([\s\"',=]|$)|gunicorn\b.*[\s\"']-u\b"
)
_LONGEST = 2_000  # characters of a command that are looked at
_FOR_DEVELOPMENT = re.compile(
    r"(^|[-_.])(ci|debug|dev|devel|development|lint|local|tests?|testing|unittests?)([-_.]|$)"
)


@rule.on_document("dockerfile")
def check(document: Document) -> Iterator[Finding]:
    """The user at the end of the last stage that isn't for development."""
    stages = stages_of(document)
    last = next(
        (stage for stage in reversed(stages) if not _FOR_DEVELOPMENT.search(stage.name.lower())), None
    )
    if last is None or _hands_on(last):
        return
    user, start = last.last("USER"), last.last("CMD", "ENTRYPOINT")
    if user is not None and _ROOT.fullmatch(user.value.strip("\"' ")):
        yield _finding(user, document, CERTAIN)
    elif user is None and not _OTHER_USER.match(_origin(last)):
        confidence = _confidence(_origin(last), start)
        if confidence is not None:
            at = start if start in last.instructions else None
            yield _finding(at or last.instructions[0], document, confidence)


def _finding(at: Instruction, document: Document, confidence: Confidence) -> Finding:
    return rule.finding(
        at,
        document,
        confidence=confidence,
        cause_hint=r"(?i)^\s*USER\b",
        instruction=f"{at.keyword} {at.value}",
    )


def _origin(stage: Stage) -> str:
    """The image outside the Dockerfile that a stage builds on in the end."""
    while stage.base is not None:
        stage = stage.base
    return stage.image.lower()


def _confidence(image: str, start: Instruction | None) -> Confidence | None:
    """How sure it is that the image's user is root, `None` where nothing is known or nothing is started."""
    if "$" in image.partition(":")[0] or (image == "scratch" and start is None):
        return None
    return CERTAIN if _OFFICIAL.fullmatch(image) else POSSIBLE


def _hands_on(last: Stage) -> bool:
    """Whether the image holds a program that starts others as another user, or starts a server that changes its own."""
    start = last.last("CMD", "ENTRYPOINT")
    if start is not None and _CHANGES_USER.search(start.value[:_LONGEST]):
        return True
    stage: Stage | None = last
    while stage is not None:
        if any(_HELPERS.search(item.value) for item in stage.instructions):
            return True
        stage = stage.base
    return False
