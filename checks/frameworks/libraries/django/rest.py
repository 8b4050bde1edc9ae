"""Django REST framework, its filters and tokens: requests, responses, serializers, views.

From Django REST framework's documentation: "Requests", "Responses", "Serializers", "Generic views",
"Pagination", "Exceptions"; of simplejwt's "Creating tokens manually"; of django-ninja's "Request parameters".
"""

from __future__ import annotations

from checks.frameworks.django import class_views
from checks.frameworks.django.query_makers import get_object
from checks.frameworks.drf import views
from checks.frameworks.libraries.django.contrib import VALIDATED
from checks.frameworks.libraries.tables import NOTHING, NUMBER, TEXT, TRUTH, each, of, sinks
from checks.semantics.library import Entry, Library, Sink, gives, passes, source

REQUEST = "rest_framework.request.Request"
_SERIALIZER = "rest_framework.serializers.Serializer"
_RESPONSE = "rest_framework.response.Response"
_SERIALIZERS = "BaseSerializer HyperlinkedModelSerializer ListSerializer ModelSerializer Serializer"

_REQUEST = {
    "data": source("request"),
    "query_params": source("request", "django.http.QueryDict"),
    "stream": source("request"),
    "auth": NOTHING,
    "_request": gives("django.http.HttpRequest"),
    **each("authenticators parser_context successful_authenticator version", NOTHING),
}
_DATA = {
    "validated_data": Entry(returns="builtins.dict", source="request", cleans=VALIDATED),
    "initial_data": source("request"),
    **each("data errors instance fields context get_fields", NOTHING),
    "to_representation": Entry(does=views.to_representation),
    "is_valid": TRUTH,
    **each("save create update", Entry(sinks=(Sink("model", "*"),))),
    **each("validate to_internal_value", passes(0)),
}
_VIEW = {
    "request": gives(REQUEST),
    **each("queryset action", NOTHING),
    "get_object": Entry(does=class_views.get_object),
    "get_queryset": Entry(does=class_views.get_queryset),
    "filter_queryset": Entry(does=views.filter_queryset),
    "paginate_queryset": Entry(does=views.paginate_queryset),
    **each(
        "check_object_permissions check_permissions get_permissions perform_destroy permission_denied",
        NOTHING,
    ),
    "get_serializer": Entry(returns=_SERIALIZER, does=views.get_serializer),
    "get_serializer_class": Entry(does=views.get_serializer_class),
    **each("get_serializer_context get_success_headers", NOTHING),
    "get_paginated_response": gives(_RESPONSE),
    "initialize_request": gives(REQUEST),
}
_ERROR = sinks(Sink("response", (0, "detail")))

library = Library(
    "django.rest",
    entries={
        **of(REQUEST, _REQUEST),
        # A function under `@api_view` is given one of these where others get Django's.
        **of("django.http.HttpRequest", {name: _REQUEST[name] for name in ("data", "query_params")}),
        _RESPONSE: sinks(Sink("response", (0, "data")), returns=_RESPONSE),
        **of(_RESPONSE, {"data": NOTHING, "status_code": NUMBER}),
        **of("rest_framework.serializers", each(_SERIALIZERS, gives(_SERIALIZER))),
        **of(_SERIALIZER, _DATA),
        **of("rest_framework.views.APIView", _VIEW),
        **of(
            "rest_framework.exceptions",
            each("APIException NotFound ParseError PermissionDenied ValidationError", _ERROR),
        ),
        **of(
            "rest_framework.exceptions",
            each("AuthenticationFailed MethodNotAllowed NotAuthenticated Throttled", _ERROR),
        ),
        "rest_framework.serializers.ValidationError": _ERROR,
        **of("rest_framework.reverse", each("reverse reverse_lazy", TEXT)),
        "rest_framework.generics.get_object_or_404": Entry(does=get_object),
        **of(
            "rest_framework.decorators",
            each("action api_view permission_classes throttle_classes", passes(0)),
        ),
        **of(
            "rest_framework.status",
            each("HTTP_200_OK HTTP_201_CREATED HTTP_204_NO_CONTENT HTTP_400_BAD_REQUEST", NUMBER),
        ),
        "rest_framework.authtoken.models.Token.objects": gives("django.db.models.Manager"),
        "rest_framework.authtoken.models.Token.key": source("secret", "builtins.str"),
        "rest_framework.parsers.JSONParser.parse": passes(0),
        "rest_framework.renderers.JSONRenderer.render": Entry(returns="builtins.bytes", passes=(0,)),
        "rest_framework.pagination.BasePagination.paginate_queryset": Entry(does=views.paginate_queryset),
        "rest_framework.pagination.BasePagination.get_paginated_response": gives(_RESPONSE),
        **of("rest_framework_simplejwt.tokens.RefreshToken", each("for_user", NOTHING)),
        "django_filters.FilterSet.qs": gives("django.db.models.QuerySet"),
        **of("django_filters.FilterSet", each("form errors filter_queryset", NOTHING)),
    },
    bases={
        REQUEST: ("django.http.HttpRequest",),
        _RESPONSE: ("django.http.HttpResponse",),
        "rest_framework.views.APIView": ("django.views.generic.View",),
        "rest_framework.generics.GenericAPIView": ("rest_framework.views.APIView",),
        **{
            f"rest_framework.pagination.{name}": ("rest_framework.pagination.BasePagination",)
            for name in ("CursorPagination", "LimitOffsetPagination", "PageNumberPagination")
        },
        **{
            f"rest_framework.generics.{name}APIView": ("rest_framework.generics.GenericAPIView",)
            for name in (
                "Create",
                "Destroy",
                "List",
                "ListCreate",
                "Retrieve",
                "RetrieveDestroy",
                "RetrieveUpdate",
                "RetrieveUpdateDestroy",
                "Update",
            )
        },
        **{
            f"rest_framework.viewsets.{name}": ("rest_framework.generics.GenericAPIView",)
            for name in ("GenericViewSet", "ModelViewSet", "ReadOnlyModelViewSet", "ViewSet")
        },
        **{
            f"rest_framework.serializers.{name}": (_SERIALIZER,)
            for name in _SERIALIZERS.split()
            if name != "Serializer"
        },
    },
)
