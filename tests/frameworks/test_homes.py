"""Two Django projects in one repository: the settings of one say nothing of the other."""

from __future__ import annotations

import pytest

from checks.frameworks.allowed_hosts import answers_every_host
from checks.frameworks.django.schema import user_model
from checks.frameworks.drf.settings import rest_defaults, settings_mention
from checks.frameworks.homes import home_of
from checks.frameworks.transactions import has_atomic_requests
from checks.semantics.source import File
from tests.files import file_of

ROOT = "INSTALLED_APPS = []\nROOT_URLCONF = 'a.urls'\n"
LOUD = (
    ROOT
    + "AUTH_USER_MODEL = 'people.Person'\nALLOWED_HOSTS = ['*']\nMIDDLEWARE = []\n"
    + "REST_FRAMEWORK = {'DEFAULT_PERMISSION_CLASSES': ['rest_framework.permissions.IsAuthenticated']}\n"
    + "DATABASES = {'default': {'ENGINE': 'x', 'ATOMIC_REQUESTS': True}}\n"
)
QUIET = ROOT + "ALLOWED_HOSTS = ['a.example.com']\n"


def said(file: File) -> list[bool]:
    """Whether what the loud settings say is taken to hold for a file."""
    return [
        user_model(file.project, file.path) == "people.Person",
        answers_every_host(file),
        rest_defaults(file).given,
        settings_mention(file, "REST_FRAMEWORK"),
        has_atomic_requests(file),
    ]


def in_monorepo(path: str, **more: str) -> File:
    files = {
        "apps/a/manage.py": "",
        "apps/a/conf/settings.py": LOUD,
        "apps/b/manage.py": "",
        "apps/b/conf/settings.py": QUIET,
    }
    return file_of("x = 1\n", path, {**files, **more})


def test_each_project_has_its_own_settings() -> None:
    assert said(in_monorepo("apps/a/shop/views.py")) == [True] * 5
    assert said(in_monorepo("apps/b/shop/views.py")) == [False] * 5


def test_code_that_projects_share_may_run_under_the_settings_of_any() -> None:
    assert said(in_monorepo("libs/shared/views.py")) == [True] * 5


def test_a_project_without_settings_in_sight_may_run_under_any() -> None:
    assert said(in_monorepo("apps/c/shop/views.py", **{"apps/c/manage.py": ""})) == [True] * 5


@pytest.mark.parametrize("manage", ["manage.py", "backend/manage.py", "src/manage.py", None])
def test_one_project_keeps_its_settings_wherever_they_stand(manage: str | None) -> None:
    for settings in ("backend/conf/settings.py", "settings.py", "backend/settings/base.py"):
        files = {settings: LOUD, **({manage: ""} if manage else {})}
        assert said(file_of("x = 1\n", "backend/shop/views.py", files)) == [True] * 5, settings


def test_the_innermost_home_counts() -> None:
    files = {"manage.py": "", "apps/a/manage.py": "", "apps/ab/x.py": ""}
    file = file_of("x = 1\n", "x.py", files)
    found = [home_of(path, file.project) for path in ("x.py", "apps/x.py", "apps/a/b/x.py", "apps/ab/x.py")]
    assert found == ["", "", "apps/a", ""]
