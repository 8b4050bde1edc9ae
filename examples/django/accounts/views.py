"""Signing in."""

import logging
from typing import Any

from django.contrib.auth import views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.throttles import LoginThrottle

logger = logging.getLogger(__name__)


class LoginView(views.LoginView):
    """Django's login page, with a limit on attempts."""

    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # noqa: ANN401
        """Check the password, unless too many were tried from the same address."""
        if not LoginThrottle().allow_request(request, self):
            logger.warning("Too many attempts to sign in from one address")
            return render(request, "429.html", status=429)
        return super().post(request, *args, **kwargs)
