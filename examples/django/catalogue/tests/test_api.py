"""The API."""

from unittest.mock import patch

from django.core.cache import cache
from django.urls import reverse
from rest_framework.test import APITestCase
from rest_framework.throttling import UserRateThrottle

from bookshop_common.testing import make_isbn
from catalogue.models import Review
from catalogue.tests.factories import make_book, make_review, make_user


class BookListAPITests(APITestCase):
    """`/api/books/`."""

    def setUp(self) -> None:
        self.addCleanup(cache.clear)
        self.url = reverse("api-book-list")

    def test_strangers_are_refused(self) -> None:
        self.assertEqual(self.client.get(self.url).status_code, 403)

    def test_books_are_listed_with_their_authors(self) -> None:
        book = make_book()
        self.client.force_authenticate(make_user())
        answer = self.client.get(self.url).json()
        expected = {
            "isbn": book.isbn,
            "title": "Middlemarch",
            "author": "George Eliot",
            "description": "",
            "price": "12.50",
            "stock": 0,
        }
        self.assertEqual(answer["results"], [expected])

    def test_a_page_holds_twenty_and_takes_two_queries(self) -> None:
        for number in range(21):
            make_book(number, author=f"Author {number}")
        self.client.force_authenticate(make_user())
        with self.assertNumQueries(2):  # count, books with authors
            answer = self.client.get(self.url).json()
        self.assertEqual((answer["count"], len(answer["results"])), (21, 20))

    def test_it_is_only_read(self) -> None:
        self.client.force_authenticate(make_user())
        self.assertEqual(self.client.post(self.url, {}).status_code, 405)

    def test_too_many_requests_are_refused(self) -> None:
        self.client.force_authenticate(make_user())
        with (
            patch.object(UserRateThrottle, "timer", return_value=0.0),
            patch.dict(UserRateThrottle.THROTTLE_RATES, {"user": "1/minute"}),
        ):
            self.assertEqual(self.client.get(self.url).status_code, 200)
            self.assertEqual(self.client.get(self.url).status_code, 429)


class ReviewListAPITests(APITestCase):
    """`/api/books/…/reviews/`."""

    def setUp(self) -> None:
        self.addCleanup(cache.clear)
        self.book = make_book()
        self.user = make_user()
        self.url = reverse("api-review-list", args=[self.book.isbn])

    def test_strangers_are_refused(self) -> None:
        self.assertEqual(self.client.get(self.url).status_code, 403)
        self.assertEqual(self.client.post(self.url, {"rating": 5}, format="json").status_code, 403)
        self.assertFalse(Review.objects.exists())

    def test_reviews_are_listed_with_their_reviewers(self) -> None:
        make_review(self.book, make_user("ann"), text="Too long.")
        make_review(self.book, make_user("bob"), text="Too short.")
        self.client.force_authenticate(self.user)
        with self.assertNumQueries(3):  # book, count, reviews with reviewers
            answer = self.client.get(self.url).json()
        self.assertEqual(answer["count"], 2)
        self.assertEqual({review["reviewer"] for review in answer["results"]}, {"ann", "bob"})

    def test_a_reader_publishes_a_review(self) -> None:
        self.client.force_authenticate(self.user)
        response = self.client.post(self.url, {"rating": 5, "reviewer": "bob"}, format="json")
        self.assertEqual(response.status_code, 201)
        self.assertEqual(response.json()["reviewer"], "carol")
        self.assertEqual(Review.objects.get().reviewer, self.user)

    def test_a_rating_beyond_the_scale_is_refused(self) -> None:
        self.client.force_authenticate(self.user)
        response = self.client.post(self.url, {"rating": 6}, format="json")
        self.assertEqual(response.status_code, 400)
        self.assertIn("rating", response.json())

    def test_a_second_review_is_a_conflict(self) -> None:
        make_review(self.book, self.user)
        self.client.force_authenticate(self.user)
        self.assertEqual(self.client.post(self.url, {"rating": 5}, format="json").status_code, 409)

    def test_an_unknown_book_is_not_found(self) -> None:
        self.client.force_authenticate(self.user)
        url = reverse("api-review-list", args=[make_isbn(404)])
        self.assertEqual(self.client.get(url).status_code, 404)
        self.assertEqual(self.client.post(url, {"rating": 5}, format="json").status_code, 404)


class ReviewDetailAPITests(APITestCase):
    """`/api/reviews/…/`."""

    def setUp(self) -> None:
        self.addCleanup(cache.clear)
        self.user = make_user()
        self.review = make_review(make_book(), self.user)
        self.url = reverse("api-review-detail", args=[self.review.pk])

    def test_strangers_are_refused(self) -> None:
        self.assertEqual(self.client.delete(self.url).status_code, 403)
        self.assertTrue(Review.objects.exists())

    def test_a_review_of_someone_else_stays(self) -> None:
        self.client.force_authenticate(make_user("eve"))
        response = self.client.delete(self.url)
        self.assertContains(response, "someone else", status_code=403)
        self.assertTrue(Review.objects.exists())

    def test_a_reader_withdraws_a_review(self) -> None:
        self.client.force_authenticate(self.user)
        self.assertEqual(self.client.delete(self.url).status_code, 204)
        self.assertFalse(Review.objects.exists())

    def test_an_unknown_review_is_not_found(self) -> None:
        self.client.force_authenticate(self.user)
        url = reverse("api-review-detail", args=[self.review.pk + 1])
        self.assertEqual(self.client.delete(url).status_code, 404)
