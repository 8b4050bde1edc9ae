"""URL patterns and the views behind them."""

from __future__ import annotations

import ast
from collections.abc import Mapping

import pytest

from checks.engine.project import Project
from checks.engine.tree import DictTree
from checks.frameworks.django.urls import routes_in, views_of
from checks.frameworks.route import Route, kind_of_regex, regex_groups
from checks.frameworks.routing import Views
from tests.files import file_of

HEAD = "from django.urls import include, path, re_path\nfrom shop import views\n"


def routes(urls: str, others: Mapping[str, str] | None = None) -> tuple[Route, ...]:
    files = {"shop/urls.py": HEAD + urls, "shop/views.py": "", **(others or {})}
    return views_of(Project(DictTree(files))).routes


def only(urls: str, others: Mapping[str, str] | None = None) -> Route:
    (route,) = routes(urls, others)
    return route


@pytest.mark.parametrize(
    ("pattern", "view"),
    [
        ("path('', views.order)", "shop.views.order"),
        ("path(route='', view=views.order)", "shop.views.order"),
        ("path('', views.OrderView.as_view())", "shop.views.OrderView"),
        ("re_path('', views.order)", "shop.views.order"),
        ("path('', login_required(views.order))", "shop.views.order"),
        ("path('', cache_page(60)(views.OrderView.as_view()))", "shop.views.OrderView"),
        ("path('', views.LatestFeed())", "shop.views.LatestFeed"),
        ("path('', 'shop.views.order')", "shop.views.order"),
        ("*[path('', views.order)]", "shop.views.order"),
        ("*([path('', views.order)] if DEBUG else [])", "shop.views.order"),
    ],
)
def test_the_view_of_a_pattern(pattern: str, view: str) -> None:
    assert only(f"urlpatterns = [{pattern}]\n").view == view


@pytest.mark.parametrize(
    "urls",
    [
        "urlpatterns = []\nurlpatterns += [path('a/', views.a)]\n",
        "urlpatterns = []\nurlpatterns.append(path('a/', views.a))\n",
        "more = [path('a/', views.a)]\nurlpatterns = [] + more\n",
        "more = [path('a/', views.a)]\nurlpatterns = []\nurlpatterns.extend(more)\n",
        "if settings.DEBUG:\n    urlpatterns = [path('a/', views.a)]\n",
        "urlpatterns = i18n_patterns(path('a/', views.a))\n".replace("i18n_patterns", "i18n.i18n_patterns"),
        "urlpatterns = urlpatterns + [path('a/', views.a)]\n",
        "def get_urls():\n    return [path('a/', views.a)]\n",
        "urlpatterns = [path('a/', include('elsewhere.urls')), path('a/', views.a)]\n",
        "urlpatterns = [path('a/', view) for view in (views.a,)]\nurlpatterns[0] = path('a/', views.a)\n",
    ],
)
def test_lists_however_they_are_built(urls: str) -> None:
    found = routes(f"from django.conf.urls import i18n\n{urls}")
    assert [route.pattern for route in found if route.view == "shop.views.a"] == ["a/"]


@pytest.mark.parametrize(
    ("pattern", "parameters"),
    [
        ("path('<int:pk>/<name>/', views.a)", {"pk": "int", "name": "str"}),
        (
            "path('<slug:s>/<uuid:u>/<path:p>/<yyyy:y>/', views.a)",
            {"s": "slug", "u": "uuid", "p": "path", "y": "custom"},
        ),
        (r"re_path(r'^(?P<pk>\d+)/(?P<name>[-\w]+)/$', views.a)", {"pk": "int", "name": "slug"}),
        ("path(f'{BASE}<int:pk>/', views.a)", {"pk": "int"}),
        ("path(_('orders/<int:pk>/'), views.a)", {"pk": "int"}),
        ("path('<int:shop>/', include([path('<int:pk>/', views.a)]))", {"shop": "int", "pk": "int"}),
    ],
)
def test_parameters_and_their_converters(pattern: str, parameters: Mapping[str, str]) -> None:
    assert only(f"urlpatterns = [{pattern}]\n").parameters == parameters


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (r"\d+", "int"),
        ("[0-9]{4}", "int"),
        (r"[\d]+", "int"),
        ("19|20", "int"),
        (r"[-\w]+", "slug"),
        (r"[\w-]+", "slug"),
        ("[a-zA-Z0-9_-]+", "slug"),
        ("[0-9a-f]{32}", "slug"),
        ("new|old", "slug"),
        ("[^/]+", "str"),
        (r"[\w.@+-]+", "str"),
        (r"\w+\.json", "str"),
        (r"[ -~]+", "path"),
        (".*", "path"),
        (".+", "path"),
        (r"[^?]+", "path"),
        (r"[\w/]+", "path"),
        (r"\S+", "path"),
        (r"\D", "path"),
        ("a/b", "path"),
        ("", "str"),
        ("[", "str"),
    ],
)
def test_what_a_regular_expression_can_match(body: str, kind: str) -> None:
    assert kind_of_regex(body) == kind


def test_named_groups_within_others() -> None:
    assert regex_groups(r"^(?:(?P<a>x(\d)(?P<b>[)]))/)?(?P<c>.)") == {"b": "str", "a": "str", "c": "path"}


def test_what_stands_around_a_view_is_known_and_what_as_view_is_given() -> None:
    route = only(
        "from django.contrib.auth.decorators import login_required\n"
        "from rest_framework.permissions import AllowAny\n"
        "urlpatterns = [path('', login_required(views.cached(60)(views.A.as_view("
        "permission_classes=[AllowAny], template_name='a.html'))), name='a')]\n"
    )
    assert route.wrappers == ("django.contrib.auth.decorators.login_required", "shop.views.cached")
    assert route.options == {
        "permission_classes": ("rest_framework.permissions.AllowAny",),
        "template_name": ("a.html",),
    }
    assert (route.name, route.span.line, route.path) == ("a", 5, "shop/urls.py")


@pytest.mark.parametrize(
    "root",
    [
        "path('shop/<int:shop>/', include('shop.urls', namespace='shop'))",
        "path('shop/<int:shop>/', include(('shop.urls', 'shop')))",
        "path('shop/', include(([path('<int:shop>/', include('shop.urls'))], 'shop')))",
        "path('shop/<int:shop>/', include((shop.urls, 'shop')))",
        "path('shop/<int:shop>/', include((shop.urls.urlpatterns, 'shop')))",
    ],
)
def test_an_included_module_has_its_prefix_before_it(root: str) -> None:
    others = {
        "site/urls.py": f"from django.urls import include, path\nimport shop.urls\nurlpatterns = [{root}]\n"
    }
    route = only("urlpatterns = [path('<slug:s>/', views.a, name='a')]\n", others)
    assert route.pattern == "shop/<int:shop>/<slug:s>/"
    assert route.parameters == {"shop": "int", "s": "slug"}
    assert route.name == "shop:a"


def test_a_module_included_twice_has_both_prefixes_and_a_circle_ends() -> None:
    root = f"{HEAD}urlpatterns = [path('a/', include('shop.urls')), path('b/', include('shop.urls'))]\n"
    found = routes(
        "urlpatterns = [path('x/', views.a), path('again/', include('shop.urls'))]\n", {"urls.py": root}
    )
    assert {"a/x/", "b/x/"} <= {route.pattern for route in found}
    assert len(found) < 10


def test_wrappers_of_a_list_stand_around_each_view() -> None:
    route = only(
        "from shop.tools import decorated, staff_only\nurlpatterns = decorated([path('', views.a)], staff_only)\n"
    )
    assert route.wrappers == ("shop.tools.decorated", "shop.tools.staff_only")


def test_other_packages_patterns_are_routes_to_them() -> None:
    found = routes(
        "from django.contrib import admin\n"
        "urlpatterns = [path('admin/', admin.site.urls), path('accounts/', include('django.contrib.auth.urls'))]\n"
    )
    assert [(route.view, route.pattern) for route in found] == [
        ("django.contrib.admin.site.urls", "admin/"),
        ("django.contrib.auth.urls", "accounts/"),
    ]


ROUTER = (
    "from rest_framework.routers import DefaultRouter\n"
    "router = DefaultRouter()\n"
    "router.register(r'orders', views.OrderViewSet, basename='order')\n"
)


@pytest.mark.parametrize(
    ("urls", "pattern"),
    [
        ("urlpatterns = router.urls\n", "orders"),
        ("urlpatterns = []\nurlpatterns += router.urls\n", "orders"),
        ("urlpatterns = [path('api/', include(router.urls))]\n", "api/orders"),
        ("urlpatterns = [path('api/', include((router.urls, 'api')))]\n", "api/orders"),
        ("", "orders"),
    ],
)
def test_viewsets_that_a_router_routes(urls: str, pattern: str) -> None:
    route = only(ROUTER + urls)
    assert (route.view, route.pattern, route.router) == ("shop.views.OrderViewSet", pattern, True)


def test_a_router_of_another_module_and_nested_ones() -> None:
    nested = (
        "from rest_framework_nested.routers import NestedSimpleRouter\nfrom shop import views\n"
        "items = NestedSimpleRouter(None, 'orders', lookup='order')\nitems.register('items', views.ItemViewSet)\n"
    )
    route = only(
        "from shop.api import items\nurlpatterns = [path('v1/', include(items.urls))]\n",
        {"shop/api.py": nested},
    )
    assert (route.view, route.pattern, route.parameters) == (
        "shop.views.ItemViewSet",
        "v1/items",
        {"order_pk": "str"},
    )


def test_methods_of_a_viewset_s_actions() -> None:
    route = only("urlpatterns = [path('', views.A.as_view({'get': 'list', 'post': 'create'}))]\n")
    assert route.methods == frozenset({"GET", "POST"})
    assert route.actions == {"get": "list", "post": "create"}


VIEWS = (
    "from functools import partial\ndef order(request): ...\nclass A: ...\na = wrap(A.as_view(limit='5'))\n"
)


@pytest.mark.parametrize(
    ("urls", "others", "name"),
    [
        ("from shop.views import order as o\nurlpatterns = [path('', o)]", {}, "order"),
        ("from shop import views as v\nurlpatterns = [path('', v.order)]", {}, "order"),
        ("from .views import *\nurlpatterns = [path('', order)]", {}, "order"),
        (
            "import api\nurlpatterns = [path('', api.order)]",
            {"api.py": "from shop.views import order\n"},
            "order",
        ),
        (
            "import api\nurlpatterns = [path('', api.order)]",
            {"api.py": "from shop.views import *\n"},
            "order",
        ),
        ("urlpatterns = [path('', views.A.as_view())]", {}, "A"),
        ("urlpatterns = [path('', views.a)]", {}, "A"),
    ],
)
def test_a_view_knows_its_routes(urls: str, others: Mapping[str, str], name: str) -> None:
    tree = DictTree({"shop/urls.py": HEAD + urls, "shop/views.py": VIEWS, **others})
    file = Project(tree).file("shop/views.py")
    assert file is not None
    found = views_of(file.project)
    named = {node.name: node for node in file.tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}
    assert len(found.of(named[name], file)) == 1
    assert found.of(named["A" if name == "order" else "order"], file) == ()


def test_options_given_where_a_class_becomes_a_view_count() -> None:
    tree = DictTree({"shop/urls.py": f"{HEAD}urlpatterns = [path('', views.a)]", "shop/views.py": VIEWS})
    file = Project(tree).file("shop/views.py")
    assert file is not None
    (route,) = views_of(file.project).of(file.tree.body[2], file)
    assert route.options == {"limit": ("5",)}


def test_a_view_of_the_same_name_elsewhere_is_not_meant() -> None:
    tree = DictTree(
        {
            "shop/urls.py": f"{HEAD}urlpatterns = [path('', views.order)]",
            "shop/views.py": VIEWS,
            "blog/views.py": VIEWS,
        }
    )
    file = Project(tree).file("blog/views.py")
    assert file is not None
    assert views_of(file.project).of(file.tree.body[1], file) == ()


def test_urls_of_tests_are_left_aside() -> None:
    assert (
        views_of(Project(DictTree({"tests/urls.py": f"{HEAD}urlpatterns = [path('', views.a)]"}))).routes
        == ()
    )


def test_routes_that_a_class_makes_for_its_own_methods() -> None:
    file = file_of(
        "from django.contrib import admin\nfrom django.urls import path\n"
        "class OrderAdmin(admin.ModelAdmin):\n"
        "    def get_urls(self):\n"
        "        return [path('export/', self.admin_site.admin_view(self.export))]\n"
        "    def export(self, request): ...\n",
        "shop/admin.py",
    )
    owner = file.tree.body[2]
    assert isinstance(owner, ast.ClassDef)
    (route,) = routes_in(file).of(owner.body[1], file)
    assert route.view == "shop.admin.OrderAdmin.export"
    assert [name.rpartition(".")[2] for name in route.wrappers] == ["admin_view"]


def test_routes_are_found_by_dotted_name() -> None:
    found = Views([only("urlpatterns = [path('', views.order)]\n")])
    assert len(found.named("shop.views.order")) == 1
    assert found.named("blog.views.order") == ()


def test_a_hostile_file_is_read_in_bounded_time() -> None:
    names = [f"a{n} = a{n + 1} + a{n + 1} + [path('', views.a)]\n" for n in range(2_000)]
    assert len(routes(f"urlpatterns = a0\n{''.join(names)}")) <= 5_001
