"""Where a person should look for the items that no rule answers: the changed files that an item is about."""

from __future__ import annotations

import re
from collections.abc import Mapping

from checks.diff import Diff, FileDiff
from checks.model import Place

MAX_PLACES = 3
"""Places named for one item; a longer list is not read."""

_LONGEST = 300  # characters of a path's end that are looked at
_VIEWS = r"(^|/)(views?|api|routes?|endpoints?|viewsets?|urls|resources?|blueprints?)(/.*)?[^/]*\.py$"
_INPUT = rf"{_VIEWS}|(^|/)(forms?|serializers?|schemas?|validators?)[^/]*\.py$"
_TEMPLATES = r"\.(html?|jinja2?|j2|djhtml|txt\.j2)$|(^|/)templates/"
_MODELS = r"(^|/)(models?|managers?|querysets?|repositories)(/.*)?[^/]*\.py$"
_CONFIGURED = r"(^|/)config(uration)?\.(py|toml|ya?ml|cfg|ini)$|(^|/)\.env[^/]*$"
_SETTINGS = rf"(^|/)settings?(/.*)?[^/]*\.(py|toml|ya?ml)$|{_CONFIGURED}"
_TESTS = r"(^|/)(tests?|conftest|factories)(/|[^/]*\.py$)|(^|/)test_[^/]*\.py$"
_IMAGES = (
    r"(^|/)((docker|container)file[^/]*|[^/]*compose[^/]*\.ya?ml|procfile|\.dockerignore|[^/]*\.service)$"
)
_PIPELINES = (
    r"(^|/)(\.github/workflows/|\.gitlab-ci|\.circleci/|azure-pipelines|jenkinsfile|tox\.ini$|noxfile\.py$)"
)
_MANIFESTS = (
    r"(^|/)(([\w.-]*[-_.])?(requirements?|constraints)[^/]*\.(txt|in|pip)|(requirements|reqs)/([^/]+/)?[^/]+\.(txt|in|pip)"
    r"|pyproject\.toml|setup\.(py|cfg)|pipfile|[^/]*\.lock|pylock(\.[^/.]+)?\.toml|(conda[-_]?)?environment[^/]*\.ya?ml"
    r"|\.python-version|runtime\.txt)$"
)
_PROXIES = r"(^|/)(nginx|caddy|traefik|haproxy|ingress)[^/]*|\.conf$"

_ABOUT: Mapping[str, str] = {
    "security.settings-from-environment": f"{_SETTINGS}|{_IMAGES}|{_PIPELINES}",
    "security.input-validation": _INPUT,
    "security.parameterized-queries": f"{_MODELS}|{_VIEWS}",
    "security.csrf": f"{_VIEWS}|{_TEMPLATES}|{_SETTINGS}",
    "security.xss": f"{_TEMPLATES}|{_VIEWS}",
    "security.headers": f"{_SETTINGS}|middleware|{_PROXIES}",
    "security.password-hashing": f"{_SETTINGS}|(^|/)(auth|accounts?|users?)[^/]*(/.*)?\\.py$",
    "security.debug-off": f"{_SETTINGS}|{_IMAGES}",
    "security.access-control": f"{_INPUT}|(^|/)permissions?[^/]*\\.py$",
    "security.dependencies": _MANIFESTS,
    "performance.n-plus-one": f"{_INPUT}|{_MODELS}|{_TEMPLATES}|(^|/)admin[^/]*\\.py$",
    "performance.caching": f"{_VIEWS}|{_SETTINGS}|cache",
    "performance.background-work": f"{_VIEWS}|(^|/)tasks?[^/]*\\.py$",
    "performance.pagination": _INPUT,
    "performance.indexes": _MODELS,
    "maintainability.service-layer": _VIEWS,
    "maintainability.error-handling": f"{_VIEWS}|handlers?|errors?|exceptions?",
    "testing.determinism": _TESTS,
    "testing.critical-paths": f"{_TESTS}|{_VIEWS}",
    "testing.fixtures": _TESTS,
    "deployment.container": _IMAGES,
    "deployment.static-media": f"{_SETTINGS}|(^|/)static/|{_PROXIES}",
    "deployment.app-server": f"{_IMAGES}|(^|/)(gunicorn|uwsgi|uvicorn|wsgi|asgi)[^/]*$",
    "deployment.logging": f"{_SETTINGS}|logging",
    "deployment.migrations": rf"{_MODELS}|(^|/)(migrations|versions)/[^/]*\.py$",
    "deployment.environment": f"{_MANIFESTS}|(^|/)\\.gitignore$|{_SETTINGS}",
    "deployment.pipeline": _PIPELINES,
    "deployment.proxy-and-monitoring": f"{_PROXIES}|{_IMAGES}|health|sentry",
    "deployment.database": _SETTINGS,
}
# Items about any code at all name no places: a list of the changed files is no help.
_COMPILED = {item: re.compile(pattern, re.IGNORECASE) for item, pattern in _ABOUT.items()}


def places_to_look(diff: Diff) -> Mapping[str, tuple[Place, ...]]:
    """The places of a change that items of the checklist are about, three at the most, by the files' paths."""
    changed = [(file.new_path, _first_line(file)) for file in diff.files if file.new_path is not None]
    return {
        item: tuple(Place(path, line) for path, line in changed if pattern.search(path[-_LONGEST:]))[
            :MAX_PLACES
        ]
        for item, pattern in _COMPILED.items()
    }


def _first_line(file: FileDiff) -> int:
    """The first line of the new file that the change is about."""
    return min((max(block.new.start, 1) for block in file.blocks), default=1)
