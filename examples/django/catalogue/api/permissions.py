"""Who may do what."""

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from catalogue.models import Review


class IsReviewer(BasePermission):
    """Only who wrote a review may change it."""

    message = "This review is someone else's"

    def has_object_permission(self, request: Request, view: APIView, obj: Review) -> bool:
        """Compare ids, without loading the reviewer."""
        return obj.reviewer_id == request.user.pk
