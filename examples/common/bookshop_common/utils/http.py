"""A JSON client for the other services of the shop."""

from typing import Any

import requests


class ServiceError(Exception):
    """The other service did not answer, or not with a JSON object."""


def fetch_json(url: str, token: str, params: dict[str, int] | None = None) -> dict[str, Any]:
    """Return the JSON object at `url`, which is read with the bearer `token`.

    Raises:
        ServiceError: if there is no answer in time, or another one than expected.

    """
    try:
        response = requests.get(
            url,
            params=params,
            headers={"Authorization": f"Bearer {token}"},
            allow_redirects=False,
            timeout=(3.05, 10),
        )
        response.raise_for_status()
        body = response.json()
    except requests.RequestException as error:
        raise ServiceError(f"no usable answer from {url}") from error
    if not isinstance(body, dict):
        raise ServiceError(f"{url} answered JSON that is no object")
    return body
