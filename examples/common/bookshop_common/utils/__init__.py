"""Small tools that know nothing of Django or Flask."""
