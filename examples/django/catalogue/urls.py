"""Addresses of the catalogue's pages."""

from django.urls import path

from catalogue.views import BookDetailView, BookListView, NoticeDismissView, ReviewCreateView

urlpatterns = [
    path("", BookListView.as_view(), name="book-list"),
    path("books/<slug:isbn>/", BookDetailView.as_view(), name="book-detail"),
    path("books/<slug:isbn>/review/", ReviewCreateView.as_view(), name="review-create"),
    path("notice/dismiss/", NoticeDismissView.as_view(), name="notice-dismiss"),
]
