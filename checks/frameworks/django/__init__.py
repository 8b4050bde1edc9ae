"""Django: settings, models."""
