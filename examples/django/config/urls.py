"""All addresses of the shop."""

from django.contrib import admin
from django.urls import include, path

from config.health import health

urlpatterns = [
    path("", include("catalogue.urls")),
    path("accounts/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("api/", include("catalogue.api.urls")),
    path("health/", health, name="health"),
]
