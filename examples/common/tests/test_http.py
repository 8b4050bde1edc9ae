"""The JSON client; no test leaves the machine."""

import json
from unittest.mock import patch

import pytest
import requests

from bookshop_common.utils.http import ServiceError, fetch_json

URL = "https://stock.example/items"


def answer(body: object, status: int = 200) -> requests.Response:
    """Return a response as `requests` would build it."""
    response = requests.Response()
    response.status_code = status
    response.url = URL
    response._content = json.dumps(body).encode()
    return response


def test_the_object_is_returned_and_the_token_sent() -> None:
    with patch("requests.get", return_value=answer({"items": []})) as get:
        assert fetch_json(URL, "token", params={"page": 2}) == {"items": []}
    assert get.call_args.kwargs["headers"] == {"Authorization": "Bearer token"}
    assert get.call_args.kwargs["params"] == {"page": 2}


@pytest.mark.parametrize("status", [401, 404, 500])
def test_a_refusal_is_an_error(status: int) -> None:
    with patch("requests.get", return_value=answer({}, status)), pytest.raises(ServiceError, match=URL):
        fetch_json(URL, "token")


def test_silence_is_an_error() -> None:
    with patch("requests.get", side_effect=requests.Timeout), pytest.raises(ServiceError, match="no usable"):
        fetch_json(URL, "token")


def test_json_that_is_no_object_is_an_error() -> None:
    with patch("requests.get", return_value=answer([])), pytest.raises(ServiceError, match="no object"):
        fetch_json(URL, "token")
