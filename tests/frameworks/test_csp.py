"""What content security policies allow."""

from __future__ import annotations

import pytest

from checks.frameworks.csp import gaps, policy_in, policy_in_text
from tests.files import file_of, marked

HEAD = (
    "from django.utils.csp import CSP\nfrom csp.constants import SELF, UNSAFE_EVAL\nSHARED = [\"'self'\"]\n"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("default-src 'self'", []),
        ("default-src *", [("default-src", "*")]),
        ("default-src *; script-src 'self'", []),
        ("script-src 'self' 'unsafe-inline'", [("script-src", "'unsafe-inline'")]),
        ("script-src 'nonce-abc' 'unsafe-inline'", []),
        ("script-src 'sha256-abc' 'unsafe-inline'", []),
        ("script-src 'strict-dynamic' 'nonce-abc' https: 'unsafe-inline'", []),
        ("script-src 'unsafe-eval'", [("script-src", "'unsafe-eval'")]),
        ("SCRIPT-SRC data:", [("script-src", "data:")]),
        ("script-src https:", [("script-src", "https:")]),
        ("script-src https://*.example.com", []),
        ("style-src 'unsafe-inline'; img-src * data:", []),
        ("", []),
    ],
)
def test_gaps_are_those_for_scripts(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(gap.directive, gap.source) for gap in gaps(policy_in_text(text))] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\"default-src 'self'; img-src *\"", {"default-src": ("'self'",), "img-src": ("*",)}),
        ("{'script-src': SHARED}", {"script-src": ("'self'",)}),
        (
            "{'script-src': [CSP.SELF, CSP.UNSAFE_INLINE]}",
            {"script-src": ("'self'", "'unsafe-inline'")},
        ),
        ("{'script_src': (SELF, UNSAFE_EVAL)}", {"script-src": ("'self'", "'unsafe-eval'")}),
        ("{'script-src': \"'self' cdn.example\"}", {"script-src": ("'self'", "cdn.example")}),
        ("{'script-src': unknown()}", {"script-src": ()}),
        ("unknown()", {}),
    ],
)
def test_policies_are_read_from_texts_and_dictionaries(
    text: str, expected: dict[str, tuple[str, ...]]
) -> None:
    file = file_of(f"{HEAD}mark({text})\n")
    assert policy_in(marked(file)[0], file) == expected
