"""Rows that Flask hands to templates, and what the templates read of each."""

from __future__ import annotations

import pytest

from tests.frameworks.sqlalchemy.shop import HEAD, findings, project, reads

PAGE = "return render_template('orders.html', orders={query})"
APP = """
from flask import Flask, g

from shop.models import Customer, Order

app = Flask(__name__)


@app.context_processor
def latest():
    return {"latest": Order.query.order_by(Order.number).limit(50)}


@app.template_global()
def everyone():
    return Customer.query.all()


@app.template_filter("buyer")
def buyer(order):
    return order.customer.name


def titled(order):
    return f"{order.number}: {order.customer.name}"


app.jinja_env.filters["titled"] = titled
"""
MACROS = """
{% macro row(order, wide=False) %}
  <td>{{ order.number }}</td>{% if wide %}<td>{{ order.customer.name }}</td>{% endif %}
{% endmacro %}
{% macro link(to) %}<a href="/{{ to.id }}">{{ to.number }}</a>{% endmacro %}
"""


def shown(template: str, query: str = "Order.query.all()", others: dict[str, str] | None = None) -> set[str]:
    """What is reported of a page with this template."""
    files = {"shop/templates/orders.html": template, **(others or {})}
    return reads(project(PAGE.format(query=query), files))


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{% for order in orders %}{{ order.customer.name }}{% endfor %}", {"Order.customer"}),
        ("{% for order in orders %}{{ order.customer['name'] }}{% endfor %}", {"Order.customer"}),
        ("{% for order in orders if order.customer %}{{ order.number }}{% endfor %}", {"Order.customer"}),
        (
            "{% for order in orders %}{% for item in order.items %}{{ item.id }}{% endfor %}{% endfor %}",
            {"Order.items"},
        ),
        ("{% for order in orders %}{{ order.items|length }}{% endfor %}", {"Order.items"}),
        (
            "{% for order in orders %}{% set who = order.customer %}{{ who.country.name }}{% endfor %}",
            {"Order.customer", "Order.customer.country"},
        ),
        (
            "{% for name, group in orders|groupby('customer') %}{{ group|length }}{% endfor %}",
            {"Order.customer"},
        ),
        ("{{ orders|map(attribute='customer.name')|join(', ') }}", {"Order.customer"}),
        (
            "{% for customer in orders|map(attribute='customer') %}{{ customer.country.name }}{% endfor %}",
            {"Order.customer", "Order.customer.country"},
        ),
        (
            "{% for order in orders|sort(attribute='customer.name') %}{{ order.id }}{% endfor %}",
            {"Order.customer"},
        ),
        ("{% for order in orders|list %}{{ order.title }}{% endfor %}", {"Order.customer"}),
        ("{% for order in orders %}{{ order }}{% endfor %}", {"Order.customer"}),
        (
            "{% for order in orders %}{% if loop.first %}-{% endif %}{{ order.customer.name }}{% endfor %}",
            {"Order.customer"},
        ),
        (
            "{% set ns = namespace(found=orders) %}{% for order in ns.found %}{{ order.customer.name }}{% endfor %}",
            {"Order.customer"},
        ),
    ],
)
def test_rows_in_loops(template: str, expected: set[str]) -> None:
    assert shown(template) == expected


@pytest.mark.parametrize(
    ("template", "query"),
    [
        (
            "{% for order in orders %}{{ order.number }} {{ order.customer_id }}{% endfor %}",
            "Order.query.all()",
        ),
        (
            "{% for order in orders %}{{ order.customer.name }}{% endfor %}",
            "Order.query.options(joinedload(Order.customer)).all()",
        ),
        (
            "{{ orders|map(attribute='customer.name')|join }}",
            "Order.query.options(joinedload(Order.customer)).all()",
        ),
        ("{{ orders|map(attribute='number')|join }}", "Order.query.all()"),
        (
            "{% for number, group in orders|groupby('number') %}{{ group|length }}{% endfor %}",
            "Order.query.all()",
        ),
        ("{% for order in orders %}{{ order.customer.name }}{% endfor %}", "Order.query.limit(3).all()"),
        ("{{ orders.customer.name }}", "Order.query.first_or_404()"),
        (
            "{% for item in orders.items %}{{ item.order.number }}{% endfor %}",
            "Order.query.first_or_404()",
        ),
        ("{# {% for order in orders %}{{ order.customer.name }}{% endfor %} #}", "Order.query.all()"),
        (
            "{% raw %}{% for order in orders %}{{ order.customer.name }}{% endfor %}{% endraw %}",
            "Order.query.all()",
        ),
    ],
)
def test_pages_without_a_query_for_each_row(template: str, query: str) -> None:
    assert shown(template, query) == set()


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("row(order)", set()),
        ("row(order, wide=True)", {"Order.customer"}),
        ("row(order, True)", {"Order.customer"}),
        ("link(to=order)", set()),
        ("link(to=order.customer)", {"Order.customer"}),
    ],
)
def test_macros(call: str, expected: set[str]) -> None:
    template = (
        "{% from 'macros.html' import row, link %}{% for order in orders %}{{ " + call + " }}{% endfor %}"
    )
    assert shown(template, others={"shop/templates/macros.html": MACROS}) == expected


@pytest.mark.parametrize("template", ["{% include 'part.html' %}", "{% extends 'base.html' %}"])
def test_other_templates(template: str) -> None:
    part = "{% for order in orders %}{{ order.customer.name }}{% endfor %}"
    others = {"shop/templates/part.html": part, "shop/templates/base.html": part}
    assert shown(template, others=others) == {"Order.customer"}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{% for order in orders %}{{ order|buyer }}{% endfor %}", {"Order.customer"}),
        ("{% for order in orders %}{{ order|titled }}{% endfor %}", {"Order.customer"}),
        ("{% for order in latest %}{{ order.customer.name }}{% endfor %}", {"Order.customer"}),
        ("{% for customer in everyone() %}{{ customer.country.name }}{% endfor %}", {"Customer.country"}),
        ("{% for order in latest %}{{ order.number }}{% endfor %}", set()),
        ("{% for customer in everyone() %}{{ customer.name }}{% endfor %}", set()),
        ("{% for order in orders %}{{ order.number|titled }}{% endfor %}", set()),
    ],
)
def test_what_the_application_gives_to_all_templates(template: str, expected: set[str]) -> None:
    assert shown(template, others={"shop/app.py": APP}) == expected


def test_the_query_is_shown_and_mended_where_it_is_written() -> None:
    template = "<ul>\n{% for order in orders %}\n{{ order.customer.name }}\n{% endfor %}\n</ul>\n"
    files = project(PAGE.format(query="Order.query.all()"), {"shop/templates/orders.html": template})
    (found,) = findings(files)
    assert (found.path, found.fix is not None) == ("shop/views.py", True)
    assert [(step.path, step.line) for step in found.trace][-2:] == [
        ("shop/templates/orders.html", 2),
        ("shop/templates/orders.html", 3),
    ]


def test_a_page_of_rows() -> None:
    template = "{% for order in page.items %}{{ order.customer.name }}{% endfor %}{{ page.total }}"
    body = "return render_template('orders.html', page=Order.query.paginate(per_page=20))"
    assert reads(project(body, {"shop/templates/orders.html": template})) == {"Order.customer"}


def test_what_g_holds() -> None:
    head = HEAD.replace("from flask import ", "from flask import g, ")
    template = "{% for order in g.orders %}{{ order.customer.name }}{% endfor %}"
    body = "g.orders = Order.query.all()\nreturn render_template('orders.html')"
    assert reads(project(body, {"shop/templates/orders.html": template}, head)) <= {"Order.customer"}
