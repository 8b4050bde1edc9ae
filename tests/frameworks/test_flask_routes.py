"""Flask's routes, guards and blueprints."""

from __future__ import annotations

import ast
from collections.abc import Mapping

import pytest

from checks.engine.project import Project
from checks.engine.tree import DictTree
from checks.frameworks.flask.routes import assembly_of, guards_in, routes_in, views_of
from checks.frameworks.route import Route
from checks.semantics.source import File
from tests.files import file_of

HEAD = "from flask import Blueprint, Flask\nfrom flask.views import MethodView\napp = Flask(__name__)\n"
HEAD += "bp = Blueprint('shop', __name__)\n"


def only(text: str) -> Route:
    (route,) = routes_in(file_of(HEAD + text, "shop/orders.py")).routes
    return route


def project_file(files: Mapping[str, str], path: str) -> File:
    file = Project(DictTree(files)).file(path)
    assert file is not None
    return file


@pytest.mark.parametrize(
    ("decorator", "pattern", "methods"),
    [
        ("app.route('/orders')", "/orders", {"GET"}),
        ("app.route(rule='/orders')", "/orders", {"GET"}),
        ("app.route('/orders', methods=['GET', 'post'])", "/orders", {"GET", "POST"}),
        ("bp.post('/orders')", "/orders", {"POST"}),
        ("app.delete('/orders')", "/orders", {"DELETE"}),
        ("current_api.route('/orders')", "/orders", {"GET"}),
    ],
)
def test_decorators_of_functions(decorator: str, pattern: str, methods: set[str]) -> None:
    route = only(f"@{decorator}\ndef orders(): ...\n")
    assert (route.view, route.pattern, route.methods) == ("shop.orders.orders", pattern, frozenset(methods))


@pytest.mark.parametrize(
    "decorator",
    [
        "client.get('/orders')",
        "cache.get('/orders')",
        "app.route",
        "functools.wraps('/orders')",
        "app.cli.command('/x')",
    ],
)
def test_other_decorators_route_nothing(decorator: str) -> None:
    assert routes_in(file_of(f"{HEAD}@{decorator}\ndef orders(): ...\n", "shop/orders.py")).routes == ()


@pytest.mark.parametrize(
    ("rule", "parameters"),
    [
        ("/<int:pk>/<name>", {"pk": "int", "name": "str"}),
        ("/<string:s>/<path:p>/<uuid:u>", {"s": "str", "p": "path", "u": "uuid"}),
        ("/<float:price>/<any(new,old):state>", {"price": "int", "state": "custom"}),
        ("/<regex:r>", {"r": "custom"}),
    ],
)
def test_parameters_and_their_converters(rule: str, parameters: Mapping[str, str]) -> None:
    assert only(f"@app.route('{rule}')\ndef orders(): ...\n").parameters == parameters


@pytest.mark.parametrize(
    ("call", "view", "methods"),
    [
        ("app.add_url_rule('/x', 'orders', orders)", "orders", None),
        ("app.add_url_rule('/x', view_func=orders, methods=['POST'])", "orders", {"POST"}),
        ("app.add_url_rule('/x', view_func=OrderAPI.as_view('orders'))", "OrderAPI", None),
        ("app.add_url_rule('/x', view_func=login_required(orders))", "orders", None),
        ("api.add_resource(OrderAPI, '/x')", "OrderAPI", None),
        ("register_view(bp, routes=['/x'], view_func=OrderAPI.as_view('orders'))", "OrderAPI", None),
    ],
)
def test_calls_that_give_a_view_its_rule(call: str, view: str, methods: set[str] | None) -> None:
    route = only(f"def orders(): ...\nclass OrderAPI(MethodView): ...\n{call}\n")
    assert route.view == f"shop.orders.{view}"
    assert route.pattern == "/x"
    assert route.methods == (None if methods is None else frozenset(methods))


def test_a_resource_may_have_several_rules() -> None:
    text = (
        "class OrderAPI(Resource): ...\napi.add_resource(OrderAPI, '/a', '/b/<int:pk>', endpoint='orders')\n"
    )
    found = routes_in(file_of(HEAD + text, "shop/orders.py")).routes
    assert [route.pattern for route in found] == ["/a", "/b/<int:pk>"]


@pytest.mark.parametrize(
    "owner",
    [
        "from flask_restx import Namespace\nns = Namespace('x')\n",
        "from flask_smorest import Blueprint\nns = Blueprint('x', __name__)\n",
    ],
)
def test_classes_routed_by_a_decorator(owner: str) -> None:
    route = only(f"{owner}@ns.route('/orders/<int:pk>')\nclass Orders: ...\n")
    assert (route.view, route.methods, route.parameters) == ("shop.orders.Orders", None, {"pk": "int"})


def test_methods_exposed_by_appbuilder() -> None:
    text = "from flask_appbuilder import expose\nclass Orders:\n"
    text += "    @expose('/<pk>', methods=['PUT'])\n    def put(self, pk): ...\n"
    route = only(text)
    assert (route.view, route.pattern, route.methods) == (
        "shop.orders.Orders.put",
        "/<pk>",
        frozenset({"PUT"}),
    )


def test_functions_within_a_factory() -> None:
    route = only("def create_app(app):\n    @app.route('/orders')\n    def orders(): ...\n")
    assert route.view == "shop.orders.create_app.orders"


APP = (
    "from flask import Flask\nfrom shop.orders import bp\n\n\ndef create_app():\n    app = Flask(__name__)\n"
)
ORDERS = "from flask import Blueprint\nbp = Blueprint('o', __name__, url_prefix='/o')\n@bp.route('/x')\ndef x(): ...\n"


@pytest.mark.parametrize(
    ("app", "pattern"),
    [
        ("    app.register_blueprint(bp)\n", "/o/x"),
        ("    app.register_blueprint(bp, url_prefix='/v1')\n", "/v1/x"),
        ("    from shop import bp\n    app.register_blueprint(bp, url_prefix='/v1')\n", "/v1/x"),
    ],
)
def test_prefixes_of_blueprints(app: str, pattern: str) -> None:
    files = {
        "shop/app.py": APP + app,
        "shop/orders.py": ORDERS,
        "shop/__init__.py": "from .orders import bp\n",
    }
    (route,) = routes_in(project_file(files, "shop/orders.py")).routes
    assert route.owner == "shop.orders.bp"
    assert route.pattern == pattern


def test_a_prefix_given_where_the_blueprint_is_made() -> None:
    file = project_file({"shop/views.py": ORDERS}, "shop/views.py")
    assert routes_in(file).routes[0].pattern == "/o/x"


def test_views_routed_in_another_file() -> None:
    files = {
        "shop/app.py": f"{APP}    from shop import orders\n    app.add_url_rule('/x', view_func=orders.x)\n",
        "shop/orders.py": "def x(): ...\ndef y(): ...\n",
    }
    file = project_file(files, "shop/orders.py")
    found = views_of(file.project)
    assert [route.pattern for route in found.of(file.tree.body[0], file)] == ["/x"]
    assert found.of(file.tree.body[1], file) == ()


@pytest.mark.parametrize(
    ("text", "function", "owner"),
    [
        ("@app.before_request\ndef check(): ...\n", "check", ""),
        ("@bp.before_request\ndef check(): ...\n", "check", "shop.app.bp"),
        ("@bp.before_app_request\ndef check(): ...\n", "check", ""),
        ("def check(): ...\nbp.before_request(check)\n", "check", "shop.app.bp"),
        ("def check(): ...\napp.before_request(check)\n", "check", ""),
        ("def create(app):\n    @app.before_request\n    def check(): ...\n", "create.check", ""),
    ],
)
def test_functions_that_run_before_requests(text: str, function: str, owner: str) -> None:
    (guard,) = guards_in(file_of(HEAD + text, "shop/app.py"))
    assert (guard.function, guard.owner) == (f"shop.app.{function}", owner)


def test_a_guard_stands_over_the_routes_of_its_blueprint() -> None:
    orders = f"{ORDERS}@bp.before_request\ndef check(): ...\n"
    other = ORDERS.replace("'o'", "'other'")
    file = project_file({"shop/views.py": orders, "blog/views.py": other}, "blog/views.py")
    assembly = assembly_of(file.project)
    own = project_file({"shop/views.py": orders}, "shop/views.py")
    assert [guard.function for guard in assembly.over(routes_in(own).routes[0])] == ["shop.views.check"]
    assert assembly.over(routes_in(file).routes[0]) == ()


def test_a_function_s_node_finds_its_route() -> None:
    file = file_of(f"{HEAD}@app.route('/a')\ndef a(): ...\ndef b(): ...\n", "shop/orders.py")
    a, b = (node for node in file.tree.body if isinstance(node, ast.FunctionDef))
    assert len(routes_in(file).of(a, file)) == 1
    assert routes_in(file).of(b, file) == ()
