"""The catalogue's pages."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Avg, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View
from django.views.generic import CreateView, DetailView, ListView

from catalogue.forms import ReviewForm
from catalogue.models import Book, Review
from catalogue.services import AlreadyReviewedError, publish_review

REVIEWS_SHOWN = 10
NOTICE_SECONDS = 180 * 24 * 60 * 60


class BookListView(ListView):
    """All books by title, a page at a time."""

    model = Book
    paginate_by = 20

    def get_queryset(self) -> QuerySet[Book]:
        """Load each book with its author, whom the page names."""
        return Book.objects.select_related("author").order_by("title", "pk")


class BookDetailView(DetailView):
    """One book, its average rating and its newest reviews."""

    model = Book
    slug_field = slug_url_kwarg = "isbn"

    def get_queryset(self) -> QuerySet[Book]:
        """Load the book with its author and average rating."""
        return Book.objects.select_related("author").annotate(rating=Avg("reviews__rating"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401
        """Add the newest reviews, each with its reviewer."""
        reviews = self.object.reviews.select_related("reviewer").order_by("-created", "-pk")
        return super().get_context_data(reviews=reviews[:REVIEWS_SHOWN], **kwargs)


class ReviewCreateView(LoginRequiredMixin, CreateView):
    """A signed-in reader reviews a book, once."""

    model = Review
    form_class = ReviewForm

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Find the book that the address names."""
        super().setup(request, *args, **kwargs)
        self.book = get_object_or_404(Book, isbn=kwargs["isbn"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401
        """Add the book, which the page names."""
        return super().get_context_data(book=self.book, **kwargs)

    def form_valid(self, form: ReviewForm) -> HttpResponse:
        """Publish the review, or say that there is one."""
        try:
            publish_review(self.book, self.request.user, **form.cleaned_data)
        except AlreadyReviewedError:
            form.add_error(None, "You have reviewed this book before.")
            return self.form_invalid(form)
        return redirect(self.book)


class NoticeDismissView(View):
    """A visitor has read the notice at the top of the page."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Remember it in a cookie, and go back to where the visitor was."""
        target = request.POST.get("next", "")
        if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
            target = reverse("book-list")
        response = redirect(target)
        response.set_cookie(
            "notice",
            timezone.localdate().isoformat(),
            max_age=NOTICE_SECONDS,
            secure=True,
            httponly=True,
            samesite="Lax",
        )
        return response
