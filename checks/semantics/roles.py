"""What a file is for, told from its path: production code, tests, migrations, settings for development, vendored code.

Rules say which roles they care about, so that a hard-coded password in a test is not reported like one in a view.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache


class Role(Enum):
    """What a file is for."""

    PRODUCTION = "production"
    TEST = "test"
    MIGRATION = "migration"
    DEVELOPMENT = "development"
    SCRIPT = "script"
    VENDORED = "vendored"


RUNNING = frozenset({Role.PRODUCTION, Role.SCRIPT})
OWN = frozenset(set(Role) - {Role.VENDORED})

_VENDORED_FOLDERS = frozenset(
    {
        "dist",
        "node_modules",
        "site-packages",
        "third_party",
        "vendor",
        "_vendor",
        "vendored",
        "bower_components",
        "extern",
    }
)
_TEST_FOLDERS = frozenset(
    {
        "test",
        "tests",
        "testing",
        "testapp",
        "testproject",
        "test_project",
        "testutils",
        "test_utils",
        "e2e",
        "fixtures",
    }
)
_SCRIPT_FOLDERS = frozenset(
    {
        "scripts",
        "script",
        "tools",
        "bin",
        "docs",
        "doc",
        "examples",
        "example",
        "benchmarks",
        "demo",
        "sandbox",
    }
)
# `test_orders.py`, `orders_test.py`, `base_test_case.py`; not `testimonials.py` or `blood_test_views.py`.
_TEST_FILE = re.compile(
    r"^tests?_|_tests?\.py$|^(tests?|conftest|testing)\.py$|(^|_)(conftest|factories)\.py$"
    r"|(^|_)tests?_?(app|base|cases?|client|data|helpers?|mixins?|models|project|runner|settings|urls|utils?)\.py$"
)
_DEVELOPMENT = re.compile(
    r"(^|[._-])(dev|devel|develop|development|devcontainer|local|docker[_-]?dev|example|sample|template|ci|test|tests|testing|e2e)([._-]|$)"
)
_BUILD = re.compile(r"(^|[._-])build([._-]|$)")  # settings under which assets are compiled, not served
_SCRIPT_FILE = frozenset({"setup.py", "manage.py", "fabfile.py", "tasks.py.in", "noxfile.py", "conf.py"})
_TESTING = re.compile(r"(^|[._-])(tests?|testing|e2e)([._-]|$)")
_SETTINGS = re.compile(r"(^|/)(settings?|config|conf)(/|[._-])|(^|/)\w+[_-](settings|config)\.py$")
_IMAGE = re.compile(r"(^|[._-])(docker|container)file([._-]|$)|^(docker-)?compose[^/]*\.ya?ml$")


@lru_cache(maxsize=65_536)
def role_of(path: str) -> Role:
    """The role of a file by its path (posix, relative to the project's root)."""
    *folders, name = path.lower().split("/")
    if not _VENDORED_FOLDERS.isdisjoint(folders):
        return Role.VENDORED
    if _SETTINGS.search(path.lower()) and _DEVELOPMENT.search(name.removesuffix(".py")):
        return Role.TEST if _TESTING.search(name) else Role.DEVELOPMENT
    if _SETTINGS.search(path.lower()) and _BUILD.search(name.removesuffix(".py")):
        return Role.DEVELOPMENT
    if _IMAGE.search(name) and any(_DEVELOPMENT.search(part) for part in (*folders, name)):
        return Role.DEVELOPMENT
    if not _TEST_FOLDERS.isdisjoint(folders) or _TEST_FILE.search(name):
        return Role.TEST
    if "migrations" in folders or ("versions" in folders and "alembic" in path.lower()):
        return Role.MIGRATION
    if name in _SCRIPT_FILE or not _SCRIPT_FOLDERS.isdisjoint(folders):
        return Role.SCRIPT
    return Role.PRODUCTION
