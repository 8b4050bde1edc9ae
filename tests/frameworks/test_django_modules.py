"""The modules that make up a Django site's settings."""

from __future__ import annotations

import pytest

from checks.frameworks.django.modules import site_of
from tests.files import file_of

OTHERS = {
    "shop/settings/base.py": "from shop.defaults import *\nUSE_TZ = True\n",
    "shop/defaults.py": "LANGUAGE_CODE = 'en'\n",
    "shop/settings/live.py": "from .base import *\nDEBUG = False\n",
    "shop/other.py": "SECRET_KEY = 'x'\n",
}


def test_modules_are_followed_through_star_imports_and_found_beside() -> None:
    file = file_of("from .base import *\n", "shop/settings/main.py", OTHERS)
    site = site_of(file)
    assert [module.path for module in site.modules] == [
        "shop/settings/main.py",
        "shop/settings/base.py",
        "shop/defaults.py",
        "shop/settings/live.py",
    ]
    assert site.complete


def test_settings_imported_by_name_bring_their_module() -> None:
    file = file_of("from shop.other import SECRET_KEY\n", "shop/settings/main.py", OTHERS)
    assert "shop/other.py" in [module.path for module in site_of(file).modules]


@pytest.mark.parametrize(
    "text",
    [
        "from elsewhere import *\n",
        "globals().update(read())\n",
        "from split_settings.tools import include\ninclude('parts/*.py')\n",
        "exec(open('local.py').read())\n",
    ],
)
def test_what_can_not_be_seen_makes_the_site_incomplete(text: str) -> None:
    assert not site_of(file_of(text, "shop/settings/main.py")).complete


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("X_FRAME_OPTIONS = 'DENY'\n", True),
        ("from other import X_FRAME_OPTIONS\n", True),
        ("settings = {'X_FRAME_OPTIONS': 'DENY'}\n", True),
        ("configure(X_FRAME_OPTIONS='DENY')\n", True),
        ("# X_FRAME_OPTIONS = 'DENY'\n", False),
        ("NO_X_FRAME_OPTIONS = 1\n", False),
        ("'''Sets X_FRAME_OPTIONS.'''\n", False),
    ],
)
def test_a_setting_is_mentioned_in_code_not_in_comments(text: str, expected: bool) -> None:
    assert site_of(file_of(text, "shop/settings.py")).mentions("X_FRAME_OPTIONS") is expected


def test_cycles_of_modules_end() -> None:
    others = {"shop/settings/base.py": "from .main import *\n"}
    site = site_of(file_of("from .base import *\n", "shop/settings/main.py", others))
    assert len(site.modules) == 2
