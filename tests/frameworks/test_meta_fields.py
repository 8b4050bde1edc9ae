"""Which fields' names say that not everyone should write them."""

import pytest

from checks.frameworks.meta_fields import is_authority


@pytest.mark.parametrize(
    "name",
    ["is_staff", "groups", "owner", "created_by", "author", "unit_price", "total", "api_key", "project_role"],
)
def test_fields_that_decide(name: str) -> None:
    assert is_authority(name)


@pytest.mark.parametrize(
    "name",
    [
        "name",
        "is_open",
        "description",
        "status",
        "nearby",
        "username",
        "totals_shown",
        "roleplay",
        "mails_to_the_author",
    ],
)
def test_fields_that_do_not(name: str) -> None:
    assert not is_authority(name)


def test_roles_that_are_rows_of_their_own() -> None:
    assert is_authority("role")
    assert not is_authority("role", related=True)
    assert is_authority("owner", related=True)
