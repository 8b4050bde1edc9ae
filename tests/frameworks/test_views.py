"""What answers requests, and what is checked before it does."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from checks.engine.project import Project
from checks.engine.tree import DictTree
from checks.frameworks.access import of_base, of_decorator
from checks.frameworks.views import View, views_in

DJANGO = """\
from django.contrib.auth.decorators import login_required, permission_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.generic import CreateView, DetailView
"""
REST = """\
from rest_framework import generics, permissions, viewsets
from rest_framework.decorators import action, api_view, permission_classes
from rest_framework.views import APIView
"""
FLASK = """\
from flask import Blueprint, Flask, abort, request
from flask.views import MethodView
from flask_login import current_user, login_required
app = Flask(__name__)
bp = Blueprint("shop", __name__)
"""
ORDER = "def order(request, pk=None):\n    return HttpResponse(pk)\n"


def view(text: str, others: Mapping[str, str] | None = None, path: str = "shop/views.py") -> View:
    (found,) = views(text, others, path)
    return found


def views(text: str, others: Mapping[str, str] | None = None, path: str = "shop/views.py") -> list[View]:
    file = Project(DictTree({**(others or {}), path: text})).file(path)
    assert file is not None
    return views_in(file)


def urls(*patterns: str) -> dict[str, str]:
    head = "from django.urls import path\nfrom django.contrib.auth.decorators import login_required\n"
    return {"shop/urls.py": f"{head}from shop import views\nurlpatterns = [{', '.join(patterns)}]\n"}


@pytest.mark.parametrize(
    ("text", "kind", "framework"),
    [
        (DJANGO + ORDER, "function", "django"),
        (f"{DJANGO}class Order(View): ...\n", "class", "django"),
        (f"{REST}@api_view()\ndef order(request): ...\n", "api_view", "drf"),
        (f"{REST}class Order(APIView): ...\n", "class", "drf"),
        (f"{REST}class Order(viewsets.ModelViewSet): ...\n", "viewset", "drf"),
        (f"{FLASK}@app.route('/')\ndef order(): ...\n", "function", "flask"),
        (f"{FLASK}class Order(MethodView): ...\n", "class", "flask"),
    ],
)
def test_what_is_a_view(text: str, kind: str, framework: str) -> None:
    found = view(text)
    assert (found.kind, found.framework) == (kind, framework)


@pytest.mark.parametrize(
    "text",
    [
        "def order(request):\n    return 1\n",
        f"{DJANGO}def _order(request):\n    return HttpResponse()\n",
        f"{DJANGO}def log(request):\n    print(request)\n",
        f"{DJANGO}def total(order):\n    return HttpResponse()\n",
        f"{DJANGO}class Order: ...\n",
        f"{FLASK}def order():\n    return request.form\n",
    ],
)
def test_what_is_none(text: str) -> None:
    assert views(text) == []


def test_a_function_elsewhere_is_a_view_where_a_route_leads_to_it() -> None:
    assert views(DJANGO + ORDER, path="shop/orders.py") == []
    routed = {
        "shop/urls.py": "from django.urls import path\nfrom shop import orders\nurlpatterns = [path('', orders.order)]"
    }
    assert view(DJANGO + ORDER, routed, "shop/orders.py").name == "order"


@pytest.mark.parametrize(
    ("text", "methods"),
    [
        (DJANGO + ORDER, None),
        (f"{DJANGO}@require_POST\n{ORDER}", {"POST"}),
        (f"{DJANGO}@require_GET\n{ORDER}", {"GET"}),
        (f"{DJANGO}@require_http_methods(['GET', 'post'])\n{ORDER}", {"GET", "POST"}),
        (f"{DJANGO}class A(View):\n    def get(self, request): ...\n    put = get\n", {"GET", "PUT"}),
        (f"{DJANGO}class A(CreateView): ...\n", {"GET", "POST"}),
        (f"{DJANGO}class A(DetailView):\n    def post(self, request): ...\n", {"GET", "POST"}),
        (f"{DJANGO}class A(CreateView):\n    http_method_names = ['post']\n", {"POST"}),
        (f"{DJANGO}class A(View): ...\n", None),
        (f"{REST}@api_view\ndef a(request): ...\n", {"GET"}),
        (f"{REST}@api_view(['PUT'])\ndef a(request): ...\n", {"PUT"}),
        (f"{REST}class A(generics.RetrieveDestroyAPIView): ...\n", {"GET", "DELETE"}),
        (f"{REST}class A(viewsets.ReadOnlyModelViewSet): ...\n", {"GET"}),
        (
            f"{REST}class A(viewsets.ReadOnlyModelViewSet):\n"
            "    @action(methods=['post'], detail=True)\n    def pay(self): ...\n",
            {"GET", "POST"},
        ),
        (f"{REST}class A(viewsets.ViewSet):\n    def create(self, request): ...\n", {"POST"}),
        (f"{FLASK}@app.route('/', methods=['PUT'])\ndef a(): ...\n", {"PUT"}),
        (f"{FLASK}@app.route('/')\n@app.post('/')\ndef a(): ...\n", {"GET", "POST"}),
        (f"{FLASK}class A(MethodView):\n    def delete(self): ...\n", {"DELETE"}),
    ],
)
def test_the_methods_that_a_view_answers(text: str, methods: set[str] | None) -> None:
    assert view(text).methods == (None if methods is None else frozenset(methods))


def test_parameters_are_as_wide_as_the_widest_of_the_routes() -> None:
    found = view(DJANGO + ORDER, urls("path('<int:pk>/', views.order)", "path('x/<path:pk>/', views.order)"))
    assert found.parameters == {"pk": "path"}
    assert len(found.routes) == 2


@pytest.mark.parametrize(
    ("body", "parameters"),
    [
        ("...", {"pk": "str"}),
        ("lookup_field = 'slug'", {"slug": "str"}),
        ("lookup_field = 'slug'; lookup_url_kwarg = 'name'", {"name": "str"}),
        (r"lookup_value_regex = r'\d+'", {"pk": "int"}),
        ("lookup_value_converter = 'uuid'", {"pk": "uuid"}),
        (
            "@action(detail=True, url_path='pay/(?P<sum>[0-9]+)')\n    def pay(self): ...",
            {"pk": "str", "sum": "int"},
        ),
    ],
)
def test_the_parameters_that_a_router_gives(body: str, parameters: Mapping[str, str]) -> None:
    router = (
        "from rest_framework.routers import SimpleRouter\nfrom shop import views\nrouter = SimpleRouter()\n"
    )
    others = {"shop/urls.py": f"{router}router.register('orders', views.Orders)\nurlpatterns = router.urls\n"}
    assert view(f"{REST}class Orders(viewsets.ModelViewSet):\n    {body}\n", others).parameters == parameters


def kinds(found: View) -> list[tuple[str, str]]:
    return [(check.kind, check.source) for check in found.checks]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (f"@login_required\n{ORDER}", "decorator"),
        (f"@permission_required('shop.view')\n{ORDER}", "decorator"),
        ("@method_decorator(login_required, name='dispatch')\nclass A(View): ...\n", "decorator"),
        (
            "class A(View):\n    @method_decorator([login_required])\n    def dispatch(self): ...\n",
            "decorator",
        ),
        ("class A(LoginRequiredMixin, View): ...\n", "class"),
        ("class Base(LoginRequiredMixin): ...\nclass A(Base, View): ...\n", "class"),
        (
            "class A(View):\n    def dispatch(self, request):\n        return redirect_to_login('/')\n",
            "class",
        ),
        (
            "class A(View):\n    def get_queryset(self):\n        return self.request.user.orders.all()\n",
            "class",
        ),
        (
            "def order(request):\n    if not request.user.is_staff: raise PermissionDenied\n    return 1\n",
            "body",
        ),
        ("def order(request):\n    check_permission(request)\n    return 1\n", "body"),
        ("def order(request):\n    hmac.compare_digest(request.body, b'')\n    return 1\n", "body"),
        ("def order(request):\n    return HttpResponse(status=403)\n", "body"),
    ],
)
def test_what_django_s_views_ask(text: str, source: str) -> None:
    found = views(DJANGO + text)[-1]
    assert found.guarded
    assert kinds(found)[0] == ("access", source)


@pytest.mark.parametrize(
    "text",
    [
        ORDER,
        f"@require_POST\n{ORDER}",
        f"@csrf_exempt\n{ORDER}",
        f"@cache_page(60)\n{ORDER}",
        "class A(View): ...\n",
        "class A(CreateView):\n    def form_valid(self, form):\n        return super().form_valid(form)\n",
    ],
)
def test_what_asks_no_one(text: str) -> None:
    assert not view(DJANGO + text).guarded


def test_decorators_in_urls_count_as_the_view_s_own() -> None:
    found = view(DJANGO + ORDER, urls("path('', login_required(views.order))"))
    assert found.decorators == ("django.contrib.auth.decorators.login_required",)
    assert kinds(found) == [("access", "route")]


def test_a_decorator_around_one_of_two_routes_does_not_count() -> None:
    found = view(DJANGO + ORDER, urls("path('', login_required(views.order))", "path('x', views.order)"))
    assert not found.guarded


def test_a_middleware_may_ask_everyone() -> None:
    settings = {
        "site/settings.py": "MIDDLEWARE = ['django.contrib.auth.middleware.LoginRequiredMiddleware']\n"
    }
    assert kinds(view(DJANGO + ORDER, settings)) == [("access", "setting")]


def rest_settings(value: str) -> dict[str, str]:
    return {"site/settings.py": f"REST_FRAMEWORK = {value}\n"}


ALL = "{'DEFAULT_PERMISSION_CLASSES': ['rest_framework.permissions.IsAuthenticated']}"
OPEN = "{'DEFAULT_PERMISSION_CLASSES': ('rest_framework.permissions.AllowAny',)}"


@pytest.mark.parametrize(
    ("body", "settings", "expected"),
    [
        ("...", {}, []),
        ("...", rest_settings(ALL), [("access", "setting")]),
        ("...", rest_settings(OPEN), [("open", "setting")]),
        ("...", rest_settings("dict(x=1)"), [("access", "setting")]),
        ("...", rest_settings("{**BASE}"), [("access", "setting")]),
        (
            "...",
            {"site/settings.py": f"REST_FRAMEWORK = {{}}\nREST_FRAMEWORK.update({ALL})\n"},
            [("access", "setting")],
        ),
        ("...", {"tests/settings.py": f"REST_FRAMEWORK = {ALL}\n"}, []),
        ("permission_classes = [permissions.AllowAny]", rest_settings(ALL), [("open", "attribute")]),
        ("permission_classes = []", rest_settings(ALL), [("open", "attribute")]),
        (
            "permission_classes = (permissions.IsAdminUser | permissions.AllowAny,)",
            {},
            [("access", "attribute"), ("open", "attribute")],
        ),
        ("def get_permissions(self): return []", {}, [("access", "class")]),
        ("permission_classes = [Unknown]", {}, [("access", "attribute")]),
        ("throttle_classes = [Unknown]", {}, [("throttle", "attribute")]),
        (
            "...",
            rest_settings("{'DEFAULT_THROTTLE_CLASSES': ['rest_framework.throttling.AnonRateThrottle']}"),
            [("throttle", "setting")],
        ),
    ],
)
def test_what_rest_views_ask(body: str, settings: Mapping[str, str], expected: list[tuple[str, str]]) -> None:
    found = view(f"{REST}class A(APIView):\n    {body}\n", settings)
    assert kinds(found) == expected


def test_rest_permissions_come_from_the_nearest_class() -> None:
    base = f"{REST}class Base(APIView):\n    permission_classes = [permissions.IsAuthenticated]\n"
    text = "from shop.base import Base\nclass A(Base): ...\n"
    assert kinds(view(text, {"shop/base.py": base})) == [("access", "attribute")]
    nearer = f"{REST}{text}    permission_classes = [permissions.AllowAny]\n"
    assert kinds(view(nearer.replace(": ...", ":"), {"shop/base.py": base})) == [("open", "attribute")]


def test_rest_function_views_take_their_permissions_from_decorators() -> None:
    text = f"{REST}@api_view()\n@permission_classes([permissions.IsAuthenticated])\ndef a(request): ...\n"
    assert ("access", "attribute") in kinds(view(text))


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("@app.route('/')\n@login_required\ndef a(): ...\n", "decorator"),
        ("@app.route('/')\ndef a():\n    if not current_user.is_authenticated: abort(401)\n", "body"),
        ("class A(MethodView):\n    decorators = [login_required]\n", "decorator"),
        (
            "@bp.before_request\n@login_required\ndef check(): ...\n@bp.route('/')\ndef a(): ...\n",
            "guard",
        ),
        ("@bp.before_request\ndef who():\n    abort(403)\n@bp.route('/')\ndef a(): ...\n", "guard"),
    ],
)
def test_what_flask_s_views_ask(text: str, source: str) -> None:
    found = view(FLASK + text)
    assert kinds(found)[0] == ("access", source)


@pytest.mark.parametrize(
    "text",
    [
        "@app.route('/')\ndef a(): ...\n",
        "@bp.before_request\ndef start():\n    g.start = 1\n@bp.route('/')\ndef a(): ...\n",
        "other = Blueprint('o', '')\n@other.before_request\ndef who():\n    abort(403)\n@bp.route('/')\ndef a(): ...\n",
    ],
)
def test_what_asks_no_one_in_flask(text: str) -> None:
    assert not view(FLASK + text).guarded


def test_a_guard_that_stands_in_another_file() -> None:
    app = f"{FLASK}from shop.guards import who\napp.before_request(who)\n"
    guards = "from flask import abort\ndef who():\n    abort(403)\n"
    orders = "from shop.app import app\n@app.route('/')\ndef a(): ...\n"
    found = view(orders, {"shop/app.py": app, "shop/guards.py": guards})
    assert kinds(found) == [("access", "guard")]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("django.contrib.auth.decorators.login_required", "access"),
        ("shop.auth.staff_only", "access"),
        ("shop.tools.token_auth", "access"),
        ("flask_appbuilder.security.decorators.protect", "access"),
        ("*.admin_view", "access"),
        ("django_ratelimit.decorators.ratelimit", "throttle"),
        ("shop.app.limiter.limit", "throttle"),
        ("django.contrib.auth.decorators.login_not_required", "open"),
        ("django.views.decorators.http.require_POST", None),
        ("django.views.decorators.csrf.csrf_exempt", None),
        ("shop.auth.auth_exempt", None),
        ("shop.tools.cached", None),
    ],
)
def test_what_decorators_check_by_their_names(name: str, kind: str | None) -> None:
    check = of_decorator(name)
    assert (check.kind if check is not None else None) == kind


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("django.contrib.auth.mixins.UserPassesTestMixin", True),
        ("shop.mixins.StaffRequiredMixin", True),
        ("shop.mixins.OrderPermissionMixin", True),
        ("shop.mixins.TitleMixin", False),
        ("django.views.generic.ListView", False),
        ("shop.views.LoginView", False),
    ],
)
def test_what_classes_check_by_their_names(name: str, found: bool) -> None:
    assert (of_base(name) is not None) is found
