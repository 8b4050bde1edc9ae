"""`/items`."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bookshop_common.testing import make_isbn
from tests.factories import make_item


@pytest.mark.parametrize("method, path", [("GET", "/items"), ("POST", "/items"), ("GET", "/items/1")])
@pytest.mark.parametrize("authorization", [None, "Bearer guess", "Bearer ", "Basic YTpi", "Bearer \xe9"])
def test_strangers_are_refused(
    stranger: FlaskClient, method: str, path: str, authorization: str | None
) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    response = stranger.open(path, method=method, json={}, headers=headers)
    assert response.status_code == 401
    assert response.json == {"error": "Unauthorized"}


def test_an_item_is_added(client: FlaskClient) -> None:
    response = client.post("/items", json={"isbn": make_isbn(1), "title": "Emma"})
    assert response.status_code == 201
    assert response.json == {"isbn": make_isbn(1), "title": "Emma", "quantity": 0}
    assert client.get(f"/items/{make_isbn(1)}").json == response.json


def test_an_item_is_added_once(client: FlaskClient) -> None:
    item = make_item(title="Emma")
    response = client.post("/items", json={"isbn": item.isbn, "title": "Emma again"})
    assert response.status_code == 409
    assert client.get(f"/items/{item.isbn}").json["title"] == "Emma"


@pytest.mark.parametrize(
    "body, field",
    [
        ({"title": "Emma"}, "isbn"),
        ({"isbn": "9780306406158", "title": "Emma"}, "isbn"),
        ({"isbn": make_isbn(1), "title": ""}, "title"),
        ({"isbn": make_isbn(1), "title": "Emma", "quantity": 5}, "quantity"),
        ([], "_schema"),
    ],
)
def test_what_is_wrong_is_named(client: FlaskClient, body: object, field: str) -> None:
    response = client.post("/items", json=body)
    assert response.status_code == 400
    assert list(response.json["fields"]) == [field]
    assert client.get("/items").json["items"] == []


def test_a_page_holds_fifty_items_by_isbn(client: FlaskClient) -> None:
    for number in reversed(range(51)):
        make_item(number)
    first, second = (client.get("/items", query_string={"page": page}).json for page in (1, 2))
    assert [item["isbn"] for item in first["items"]] == [make_isbn(number) for number in range(50)]
    assert [item["isbn"] for item in second["items"]] == [make_isbn(50)]
    assert (first["page"], second["page"], first["pages"]) == (1, 2, 2)


@pytest.mark.parametrize("page", ["0", "-1", "many", "100001"])
def test_a_page_that_can_not_be_is_refused(client: FlaskClient, page: str) -> None:
    assert client.get("/items", query_string={"page": page}).status_code == 400


def test_an_unknown_item_is_not_found(client: FlaskClient) -> None:
    response = client.get(f"/items/{make_isbn(404)}")
    assert response.status_code == 404
    assert response.json == {"error": "Unknown item"}


def test_a_huge_body_is_refused(app: Flask, client: FlaskClient) -> None:
    title = "x" * app.config["MAX_CONTENT_LENGTH"]
    assert client.post("/items", json={"isbn": make_isbn(1), "title": title}).status_code == 413


def test_a_label_shows_title_and_note(client: FlaskClient) -> None:
    item = make_item(title="Emma & others")
    label = client.get(f"/items/{item.isbn}/label", query_string={"note": "third shelf"}).text
    assert "<h1>Emma &amp; others</h1><p>third shelf</p>" in label
