"""What the API reads and writes."""

from rest_framework import serializers

from catalogue.models import Book, Review


class BookSerializer(serializers.ModelSerializer):
    """A book with its author's name."""

    author = serializers.CharField(source="author.name", read_only=True)

    class Meta:
        model = Book
        fields = ["isbn", "title", "author", "description", "price", "stock"]


class ReviewSerializer(serializers.ModelSerializer):
    """A review; book and reviewer come from the request."""

    reviewer = serializers.CharField(source="reviewer.username", read_only=True)

    class Meta:
        model = Review
        fields = ["id", "reviewer", "rating", "text", "created"]
        read_only_fields = ["id", "created"]
