"""Django REST framework: its settings, and what its views accept."""
