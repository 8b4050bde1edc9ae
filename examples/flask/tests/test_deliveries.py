"""`/deliveries`."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from bookshop_common.testing import make_isbn
from stockroom.extensions import db
from stockroom.services import record_delivery
from tests.factories import make_item


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_strangers_are_refused(stranger: FlaskClient, method: str) -> None:
    assert stranger.open("/deliveries", method=method, json={}).status_code == 401


def test_copies_are_added(client: FlaskClient) -> None:
    item = make_item()
    for copies in (3, 4):
        response = client.post("/deliveries", json={"isbn": item.isbn, "copies": copies})
        assert response.status_code == 201
    assert response.json == {"isbn": item.isbn, "title": "Middlemarch", "quantity": 7}


def test_the_newest_delivery_comes_first(client: FlaskClient) -> None:
    first, second = make_item(1, "Emma"), make_item(2, "Persuasion")
    record_delivery(first.isbn, 3)
    record_delivery(second.isbn, 4)
    answer = client.get("/deliveries").json
    told = [(delivery["title"], delivery["copies"]) for delivery in answer["deliveries"]]
    assert told == [("Persuasion", 4), ("Emma", 3)]
    assert (answer["page"], answer["pages"]) == (1, 1)


def test_the_number_of_queries_does_not_follow_the_number_of_deliveries(
    app: Flask, client: FlaskClient
) -> None:
    for number in range(5):
        record_delivery(make_item(number).isbn, 1)
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    assert len(client.get("/deliveries").json["deliveries"]) == 5
    assert len(statements) == 2  # a page of deliveries with items, count


@pytest.mark.parametrize("copies", [0, -1, 10_001, "three", 1.5, None])
def test_an_impossible_number_of_copies_is_refused(client: FlaskClient, copies: object) -> None:
    item = make_item()
    response = client.post("/deliveries", json={"isbn": item.isbn, "copies": copies})
    assert response.status_code == 400
    assert list(response.json["fields"]) == ["copies"]
    assert client.get(f"/items/{item.isbn}").json["quantity"] == 0


def test_a_delivery_of_an_unknown_item_is_refused(client: FlaskClient) -> None:
    response = client.post("/deliveries", json={"isbn": make_isbn(404), "copies": 1})
    assert response.status_code == 404
    assert client.get("/deliveries").json["deliveries"] == []
