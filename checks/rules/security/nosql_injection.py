"""Document queries made of what a visitor sends.

## What it does
Reports filters and updates of MongoDB (pymongo, motor) that hold request data as it came: the whole body, or a value of
JSON that may be a dictionary.

## Why it matters
In a filter, keys that begin with `$` are operators: a password `{"$ne": null}` equals any. A form can't send a
dictionary in Django and Flask, JSON can.

## Example
```python title="shop/views.py"
from flask import Flask, request
from pymongo import MongoClient

app = Flask(__name__)
users = MongoClient().shop.users


@app.post("/login")
def login():
    body = request.get_json()
    user = users.find_one({"name": body["name"], "password": body["password"]})
    return {"found": user is not None}
```

## Use instead
```python title="shop/views.py"
from flask import Flask, request
from pymongo import MongoClient

app = Flask(__name__)
users = MongoClient().shop.users


@app.post("/login")
def login():
    body = request.get_json()
    user = users.find_one({"name": str(body["name"])})
    return {"found": user is not None}
```

## Limits
Collections whose type can't be seen are not known. Values of forms and query strings are texts and stay quiet.

## References
- [MongoDB: query operators](https://www.mongodb.com/docs/manual/reference/operator/query/)
- [CWE-943: Improper Neutralization of Special Elements in Data Query Logic](https://cwe.mitre.org/data/definitions/943.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.rule import HIGH, File, Finding, Flow, Rule

rule = Rule(
    __name__,
    checklist="security.input-validation",
    cwe=943,
    severity=HIGH,
    message='`{text}` holds request data and is a query: `{{"$ne": 1}}` in it matches everything',
    advice="Make text of each value (`str(value)`) and write the query's keys in the code",
)


@rule.on_flow("nosql")
def check(flow: Flow, _file: File) -> Iterator[Finding]:
    """Request data, unless it was checked or made harmless on the way."""
    if flow.label == "request":
        yield rule.flow(flow)
