"""What a file is for, told from its path."""

from __future__ import annotations

import pytest

from checks.semantics.roles import OWN, RUNNING, Role, role_of


@pytest.mark.parametrize(
    "path",
    [
        "shop/views.py",
        "contest/views.py",
        "app/contest/models.py",
        "latest/views.py",
        "shop/latest.py",
        "shop/testimonials.py",
        "shop/attestation.py",
        "lab/blood_test_views.py",
        "shop/protest.py",
        "shop/factory.py",
        "shop/settings.py",
        "config/settings/production.py",
        "config/settings/base.py",
        "config/settings/latest.py",
        "shop/localization.py",
        "shop/development_plans.py",
        "shop/versions/views.py",
        "vendors/views.py",
        "distribution/models.py",
        "Dockerfile",
        "deploy/Dockerfile.production",
    ],
)
def test_production_code(path: str) -> None:
    assert role_of(path) is Role.PRODUCTION


@pytest.mark.parametrize(
    "path",
    [
        "tests/test_views.py",
        "shop/tests.py",
        "shop/test.py",
        "shop/tests/factories.py",
        "shop/tests/data/models.py",
        "shop/test_views.py",
        "shop/views_test.py",
        "conftest.py",
        "shop/conftest.py",
        "shop/order_factories.py",
        "shop/testutils.py",
        "shop/test_utils.py",
        "shop/base_test_case.py",
        "core/testing/mixins.py",
        "e2e/login.py",
        "testproject/settings.py",
        "config/settings/test.py",
        "config/settings/testing.py",
        "shop/settings_test.py",
        "shop/test_settings.py",
        "Tests/Views.py",
        "shop/tests/migrations/0001_initial.py",
    ],
)
def test_tests_and_what_serves_them(path: str) -> None:
    assert role_of(path) is Role.TEST


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("config/settings/development.py", Role.DEVELOPMENT),
        ("config/settings/dev.py", Role.DEVELOPMENT),
        ("config/settings/local.py", Role.DEVELOPMENT),
        ("shop/settings_local.py", Role.DEVELOPMENT),
        ("shop/dev_settings.py", Role.DEVELOPMENT),
        ("weblate/settings_example.py", Role.DEVELOPMENT),
        ("Dockerfile.dev", Role.DEVELOPMENT),
        ("dev.Dockerfile", Role.DEVELOPMENT),
        (".devcontainer/Dockerfile", Role.DEVELOPMENT),
        ("shop/migrations/0001_initial.py", Role.MIGRATION),
        ("migrations/versions/1a2b_items.py", Role.MIGRATION),
        ("alembic/versions/1a2b_items.py", Role.MIGRATION),
        ("manage.py", Role.SCRIPT),
        ("setup.py", Role.SCRIPT),
        ("scripts/load.py", Role.SCRIPT),
        ("docs/conf.py", Role.SCRIPT),
        ("vendor/requests/api.py", Role.VENDORED),
        ("shop/static/node_modules/x/build.py", Role.VENDORED),
        ("venv/lib/site-packages/django/views.py", Role.VENDORED),
        ("vendor/requests/tests/test_api.py", Role.VENDORED),
    ],
)
def test_other_roles(path: str, role: Role) -> None:
    assert role_of(path) is role


def test_what_runs_and_what_is_the_project_s_own() -> None:
    assert frozenset({Role.PRODUCTION, Role.SCRIPT}) == RUNNING
    assert frozenset(Role) - OWN == {Role.VENDORED}
