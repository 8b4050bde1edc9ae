"""Asks the stockroom how many copies there are."""

from collections.abc import Iterator

from django.conf import settings

from bookshop_common.utils.http import ServiceError, fetch_json

MAX_PAGES = 1000


def stock_levels() -> Iterator[tuple[str, int]]:
    """Yield the ISBN and the number of copies of everything that the stockroom knows.

    Raises:
        ServiceError: if the stockroom does not answer as agreed.

    """
    for page in range(1, MAX_PAGES + 1):
        answer = fetch_json(f"{settings.STOCKROOM_URL}/items", settings.STOCKROOM_TOKEN, {"page": page})
        try:
            yield from [(str(item["isbn"]), int(item["quantity"])) for item in answer["items"]]
            pages = int(answer["pages"])
        except (KeyError, TypeError, ValueError) as error:
            raise ServiceError("the stockroom's answer has another form than agreed") from error
        if page >= pages:
            return
    raise ServiceError(f"the stockroom has more than {MAX_PAGES} pages")
