"""Django and Django REST framework."""
