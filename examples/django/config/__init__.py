"""The project: settings, addresses, middleware."""
