"""The catalogue as JSON, for signed-in readers."""

from django.shortcuts import get_object_or_404
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.generics import ListAPIView
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalogue.api.permissions import IsReviewer
from catalogue.api.serializers import BookSerializer, ReviewSerializer
from catalogue.models import Book, Review
from catalogue.services import AlreadyReviewedError, publish_review


class Conflict(APIException):
    """409: what is asked for contradicts what is stored."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = "You have reviewed this book before."
    default_code = "conflict"


class BookListAPIView(ListAPIView):
    """All books by title."""

    queryset = Book.objects.select_related("author").order_by("title", "pk")
    serializer_class = BookSerializer


class ReviewListAPIView(APIView):
    """The reviews of a book."""

    permission_classes = [IsAuthenticated]

    def get(self, request: Request, isbn: str) -> Response:
        """List them, newest first, a page at a time."""
        book = get_object_or_404(Book, isbn=isbn)
        reviews = book.reviews.select_related("reviewer").order_by("-created", "-pk")
        paginator = PageNumberPagination()
        page = paginator.paginate_queryset(reviews, request, view=self)
        return paginator.get_paginated_response(ReviewSerializer(page, many=True).data)

    def post(self, request: Request, isbn: str) -> Response:
        """Publish one by the reader who asks."""
        book = get_object_or_404(Book, isbn=isbn)
        serializer = ReviewSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        try:
            review = publish_review(
                book,
                request.user,
                rating=serializer.validated_data["rating"],
                text=serializer.validated_data.get("text", ""),
            )
        except AlreadyReviewedError as error:
            raise Conflict from error
        return Response(ReviewSerializer(review).data, status=status.HTTP_201_CREATED)


class ReviewDetailAPIView(APIView):
    """One review."""

    permission_classes = [IsAuthenticated, IsReviewer]

    def delete(self, request: Request, pk: int) -> Response:
        """Withdraw it, if it is the reader's own."""
        review = get_object_or_404(Review, pk=pk)
        self.check_object_permissions(request, review)
        review.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)
