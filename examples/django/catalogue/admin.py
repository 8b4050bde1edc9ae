"""The catalogue in the admin."""

from django.contrib import admin

from catalogue.models import Author, Book, Review


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin):
    """Authors by name."""

    search_fields = ["^name"]


@admin.register(Book)
class BookAdmin(admin.ModelAdmin):
    """Books with their authors."""

    list_display = ["title", "author", "isbn", "price", "stock"]
    list_select_related = ["author"]
    search_fields = ["=isbn", "^title"]
    autocomplete_fields = ["author"]


@admin.register(Review)
class ReviewAdmin(admin.ModelAdmin):
    """Reviews, newest first."""

    list_display = ["book", "reviewer", "rating", "created"]
    ordering = ["-pk"]
    list_select_related = ["book", "reviewer"]
    raw_id_fields = ["book", "reviewer"]
