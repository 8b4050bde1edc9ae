"""The catalogue's pages."""

from django.contrib.auth.models import AbstractBaseUser
from django.test import TestCase
from django.urls import reverse

from bookshop_common.testing import make_isbn
from catalogue.models import Book, Review
from catalogue.tests.factories import make_book, make_review, make_user


class BookListTests(TestCase):
    """The list of books."""

    def test_books_are_listed_by_title(self) -> None:
        make_book(1, title="Middlemarch")
        make_book(2, title="Emma", author="Jane Austen")
        response = self.client.get(reverse("book-list"))
        self.assertEqual([book.title for book in response.context["page_obj"]], ["Emma", "Middlemarch"])
        self.assertContains(response, "Jane Austen")

    def test_a_page_holds_twenty(self) -> None:
        for number in range(21):
            make_book(number, title=f"Volume {number:02}")
        self.assertNotContains(self.client.get(reverse("book-list")), "Volume 20")
        self.assertContains(self.client.get(reverse("book-list"), {"page": 2}), "Volume 20")

    def test_the_number_of_queries_does_not_follow_the_number_of_books(self) -> None:
        for number in range(5):
            make_book(number, author=f"Author {number}")
        with self.assertNumQueries(2):  # count, books with authors
            self.client.get(reverse("book-list"))

    def test_a_page_beyond_the_last_is_not_found(self) -> None:
        self.assertEqual(self.client.get(reverse("book-list"), {"page": 9}).status_code, 404)

    def test_markup_in_a_title_is_escaped(self) -> None:
        make_book(title="<script>")
        self.assertContains(self.client.get(reverse("book-list")), "&lt;script&gt;")


class NoticeTests(TestCase):
    """The notice above the list."""

    def test_a_dismissed_notice_stays_away(self) -> None:
        self.assertContains(self.client.get(reverse("book-list")), "Understood")
        self.assertRedirects(self.client.post(reverse("notice-dismiss"), {"next": "/"}), reverse("book-list"))
        self.assertNotContains(self.client.get(reverse("book-list")), "Understood")

    def test_the_visitor_comes_back_to_the_same_page(self) -> None:
        response = self.client.post(reverse("notice-dismiss"), {"next": "/?page=2"})
        self.assertEqual(response.headers["Location"], "/?page=2")

    def test_it_is_not_dismissed_by_a_link(self) -> None:
        self.assertEqual(self.client.get(reverse("notice-dismiss")).status_code, 405)


class BookDetailTests(TestCase):
    """A book's page."""

    def test_it_shows_rating_and_reviews(self) -> None:
        book = make_book()
        make_review(book, make_user("ann"), rating=2, text="Too long.")
        make_review(book, make_user("bob"), rating=5, text="Too short.")
        response = self.client.get(book.get_absolute_url())
        self.assertContains(response, "rated 3.5")
        self.assertContains(response, "Too long.")
        self.assertContains(response, "by bob")

    def test_the_number_of_queries_does_not_follow_the_number_of_reviews(self) -> None:
        book = make_book()
        for name in ("ann", "bob", "eve"):
            make_review(book, make_user(name))
        with self.assertNumQueries(2):  # book, reviews with reviewers
            self.client.get(book.get_absolute_url())

    def test_an_unknown_book_is_not_found(self) -> None:
        self.assertEqual(self.client.get(reverse("book-detail", args=[make_isbn(404)])).status_code, 404)


class ReviewCreateTests(TestCase):
    """Writing a review."""

    book: Book
    user: AbstractBaseUser

    @classmethod
    def setUpTestData(cls) -> None:
        cls.book = make_book()
        cls.user = make_user()

    def setUp(self) -> None:
        self.url = reverse("review-create", args=[self.book.isbn])

    def test_visitors_are_sent_to_sign_in(self) -> None:
        for response in (self.client.get(self.url), self.client.post(self.url, {"rating": 5})):
            self.assertRedirects(response, f"{reverse('login')}?next={self.url}")
        self.assertFalse(Review.objects.exists())

    def test_the_page_names_the_book(self) -> None:
        self.client.force_login(self.user)
        self.assertContains(self.client.get(self.url), "Review of Middlemarch")

    def test_a_reader_publishes_a_review(self) -> None:
        self.client.force_login(self.user)
        response = self.client.post(self.url, {"rating": 5, "text": "Again!"})
        self.assertRedirects(response, self.book.get_absolute_url())
        review = Review.objects.get()
        self.assertEqual((review.book, review.reviewer, review.text), (self.book, self.user, "Again!"))

    def test_a_rating_beyond_the_scale_is_refused(self) -> None:
        self.client.force_login(self.user)
        response = self.client.post(self.url, {"rating": 6})
        self.assertContains(response, "less than or equal to 5")
        self.assertFalse(Review.objects.exists())

    def test_a_second_review_is_refused(self) -> None:
        make_review(self.book, self.user)
        self.client.force_login(self.user)
        response = self.client.post(self.url, {"rating": 5})
        self.assertContains(response, "reviewed this book before")
        self.assertEqual(Review.objects.count(), 1)

    def test_an_unknown_book_is_not_found(self) -> None:
        self.client.force_login(self.user)
        response = self.client.get(reverse("review-create", args=[make_isbn(404)]))
        self.assertEqual(response.status_code, 404)

    def test_a_form_from_elsewhere_is_refused(self) -> None:
        strict = self.client_class(enforce_csrf_checks=True)
        strict.force_login(self.user)
        with self.assertLogs("django.security.csrf", "WARNING"):
            self.assertEqual(strict.post(self.url, {"rating": 5}).status_code, 403)
