"""Forms of the catalogue's pages."""

from django import forms

from catalogue.models import Review


class ReviewForm(forms.ModelForm):
    """A reader's opinion; book and reader come from the request."""

    class Meta:
        model = Review
        fields = ["rating", "text"]
