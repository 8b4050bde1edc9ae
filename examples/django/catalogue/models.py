"""Authors, books and what readers say of them."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from bookshop_common.utils.isbn import LENGTH
from catalogue.validators import validate_isbn


class Author(models.Model):
    """Someone who wrote books."""

    name = models.CharField(max_length=120, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Book(models.Model):
    """A title that the shop sells, known by its ISBN."""

    isbn = models.CharField("ISBN", max_length=LENGTH, unique=True, validators=[validate_isbn])
    title = models.CharField(max_length=200)
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="books")
    description = models.TextField(blank=True)
    price = models.DecimalField(max_digits=7, decimal_places=2, validators=[MinValueValidator(0)])
    stock = models.PositiveIntegerField(default=0, editable=False, help_text="As the stockroom last reported")

    class Meta:
        ordering = ["title", "pk"]
        indexes = [models.Index(fields=["title", "id"], name="book_title")]
        constraints = [
            models.CheckConstraint(condition=models.Q(price__gte=0), name="book_price_not_negative")
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the book's page."""
        return reverse("book-detail", kwargs={"isbn": self.isbn})


class Review(models.Model):
    """What one reader says of one book."""

    # Both composite indexes below begin with the book, so that one of its own would be a third
    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="reviews", db_index=False)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reviews")
    rating = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    text = models.TextField(max_length=4000, blank=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["book", "-created"], name="review_of_book_newest")]
        constraints = [
            models.UniqueConstraint(fields=["book", "reviewer"], name="one_review_per_reader"),
            models.CheckConstraint(
                condition=models.Q(rating__gte=1, rating__lte=5), name="review_rating_from_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rating} of 5"
