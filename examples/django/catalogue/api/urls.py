"""Addresses of the API."""

from django.urls import path

from catalogue.api.views import BookListAPIView, ReviewDetailAPIView, ReviewListAPIView

urlpatterns = [
    path("books/", BookListAPIView.as_view(), name="api-book-list"),
    path("books/<slug:isbn>/reviews/", ReviewListAPIView.as_view(), name="api-review-list"),
    path("reviews/<int:pk>/", ReviewDetailAPIView.as_view(), name="api-review-detail"),
]
