"""Where a person should look, by the paths of what a change touches."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from checks.checklist import ITEMS
from checks.diff import Diff, FileDiff, Hunk
from checks.model import Place
from checks.places import MAX_PLACES, places_to_look


def changed(*paths: str | None) -> Mapping[str, tuple[Place, ...]]:
    files = tuple(FileDiff("old.py", path, (Hunk(4, 2, 4, 3, " + "),)) for path in paths)
    return places_to_look(Diff(files))


def items_about(path: str) -> set[str]:
    return {item for item, places in changed(path).items() if places}


@pytest.mark.parametrize(
    ("item", "path"),
    [
        ("security.csrf", "shop/views.py"),
        ("security.csrf", "templates/order.html"),
        ("security.input-validation", "shop/forms.py"),
        ("security.input-validation", "shop/api/serializers.py"),
        ("security.headers", "config/settings/production.py"),
        ("security.headers", "deploy/nginx.conf"),
        ("security.settings-from-environment", ".env.production"),
        ("security.dependencies", "requirements/base.txt"),
        ("security.dependencies", "uv.lock"),
        ("security.dependencies", "Pipfile.lock"),
        ("security.dependencies", "dev-requirements.txt"),
        ("security.dependencies", "requirements/web/base.in"),
        ("security.dependencies", "constraints.txt"),
        ("security.dependencies", "pylock.web.toml"),
        ("security.dependencies", "environment.yml"),
        ("security.dependencies", "setup.py"),
        ("security.dependencies", ".python-version"),
        ("performance.n-plus-one", "shop/admin.py"),
        ("performance.indexes", "shop/models/order.py"),
        ("testing.fixtures", "shop/tests/test_order.py"),
        ("deployment.container", "Dockerfile"),
        ("deployment.container", "compose.yaml"),
        ("deployment.migrations", "shop/migrations/0002_paid.py"),
        ("deployment.pipeline", ".github/workflows/ci.yml"),
        ("deployment.app-server", "gunicorn.conf.py"),
    ],
)
def test_a_file_is_a_place_for_what_it_is_about(item: str, path: str) -> None:
    assert changed(path)[item] == (Place(path, 5),)


@pytest.mark.parametrize(
    ("item", "path"),
    [
        ("security.csrf", "shop/reviews.py"),
        ("security.csrf", "README.md"),
        ("security.dependencies", "docs/requirements.md"),
        ("security.dependencies", "shop/requirements.py"),
        ("security.dependencies", "shop/environment.py"),
        ("security.dependencies", "package-lock.json"),
        ("security.input-validation", "shop/platforms.py"),
        ("performance.indexes", "shop/supermodels.py"),
        ("testing.fixtures", "shop/latest.py"),
        ("deployment.container", "docs/docker.md"),
        ("deployment.migrations", "shop/conversions/a.py"),
        ("deployment.pipeline", "github/workflows/ci.yml"),
        ("deployment.database", "shop/views.py"),
    ],
)
def test_a_file_that_is_about_something_else_is_none(item: str, path: str) -> None:
    assert item not in items_about(path)


def test_a_readme_is_a_place_for_nothing() -> None:
    assert items_about("README.md") == set()


def test_only_items_of_the_checklist_have_places() -> None:
    assert set(changed("shop/views.py")) <= set(ITEMS)


def test_a_long_list_is_cut() -> None:
    paths = [f"shop{number}/views.py" for number in range(20)]
    assert [place.path for place in changed(*paths)["security.csrf"]] == paths[:MAX_PLACES]


def test_deleted_files_are_no_places() -> None:
    assert not any(changed(None).values())


def test_a_file_that_only_moved_is_looked_at_from_its_top() -> None:
    moved = Diff((FileDiff("shop/pages.py", "shop/views.py"),))
    assert places_to_look(moved)["security.csrf"] == (Place("shop/views.py", 1),)


def test_hostile_paths_end() -> None:
    assert changed(*["views/" * 700 + "x" for _ in range(200)])["security.csrf"] == ()
