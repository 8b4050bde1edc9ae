"""Drivers of databases, object mappers and caches."""
