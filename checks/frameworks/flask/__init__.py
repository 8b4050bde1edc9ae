"""Flask: configuration."""
