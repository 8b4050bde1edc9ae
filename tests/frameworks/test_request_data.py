"""Which expressions read the request in so many words."""

from __future__ import annotations

import pytest

from checks.frameworks.request_data import reads_request
from tests.files import file_of, marked


@pytest.mark.parametrize(
    "expression",
    [
        "request.GET['next']",
        "request.GET.get('next', '/')",
        "request.POST.get('token').strip()",
        "self.request.headers.get('Origin') or ''",
        "request.get_json()['token']",
        "request.args.get('token')",
        "str(request.json['token'])",
        "request.META['HTTP_REFERER']",
        "held",
        "request.authorization.token",
        "request.authorization.token if request.authorization else None",
    ],
)
def test_data_of_the_client_is_known(expression: str) -> None:
    file = file_of(f"def view(self, request):\n    held = request.form['x']\n    mark({expression})\n")
    assert reads_request(marked(file)[0], file)


@pytest.mark.parametrize(
    "expression",
    [
        "request.user",
        "request.session['token']",
        "request.method",
        "settings.KEY",
        "form.data",
        "request",
        "len(request.GET)",
        "request.authorization.type",
        "settings.authorization.token",
    ],
)
def test_other_values_are_not(expression: str) -> None:
    file = file_of(f"def view(request, form):\n    mark({expression})\n")
    assert not reads_request(marked(file)[0], file)
