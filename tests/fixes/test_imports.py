"""Names that a fix needs, and the imports that bring them."""

from __future__ import annotations

import pytest

from checks.fixes.apply import apply_edits
from checks.fixes.imports import imported
from tests.files import file_of


def environ(text: str) -> tuple[str, str]:
    """How the file may write `os.environ`, and the file after the edit."""
    written, edits = imported("os", "environ", file_of(text))
    return written, apply_edits(text, edits)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("import os\n", "os.environ"),
        ("import os as system\n", "system.environ"),
        ("from os import environ\n", "environ"),
        ("from os import environ as env\n", "env"),
        ("import os.path\n", "os.environ"),
        ("import re\nif re:\n    import os\n", "os.environ"),
    ],
)
def test_what_is_imported_is_used_under_its_name_there(text: str, written: str) -> None:
    assert environ(text) == (written, text)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("import re\nimport sys\n", "import os\nimport re\nimport sys\n"),
        ("import abc\nimport sys\n", "import abc\nimport os\nimport sys\n"),
        ("import abc\n\nfrom django import forms\n", "import abc\nimport os\n\nfrom django import forms\n"),
        ("from django import forms\n", "import os\nfrom django import forms\n"),
        ('"""Settings."""\n\nDEBUG = True\n', '"""Settings."""\n\nimport os\n\nDEBUG = True\n'),
        (
            "from __future__ import annotations\n\nDEBUG = True\n",
            "from __future__ import annotations\n\nimport os\n\nDEBUG = True\n",
        ),
        ("# The shop's settings\nDEBUG = True\n", "import os\n\n# The shop's settings\nDEBUG = True\n"),
        (
            "#!/usr/bin/env python\n# coding: utf-8\nDEBUG = True\n",
            "#!/usr/bin/env python\n# coding: utf-8\nimport os\n\nDEBUG = True\n",
        ),
        ("@decorator\ndef f(): ...\n", "import os\n\n@decorator\ndef f(): ...\n"),
        ("def f():\n    import os\n", "import os\n\ndef f():\n    import os\n"),
    ],
)
def test_what_is_missing_is_imported_where_imports_stand(text: str, after: str) -> None:
    assert environ(text) == ("os.environ", after)


@pytest.mark.parametrize(
    ("text", "written", "statement"),
    [
        ("from os import path as os\n", "environ", "from os import environ\n"),
        ("from x import os\n", "environ", "from os import environ\n"),
        ("def os(): ...\n", "environ", "from os import environ\n"),
        ("from x import os, environ\n", "os_environ", "from os import environ as os_environ\n"),
    ],
)
def test_names_that_mean_something_else_keep_their_meaning(text: str, written: str, statement: str) -> None:
    said, after = environ(text)
    assert said == written
    assert statement in after
    assert text in after
