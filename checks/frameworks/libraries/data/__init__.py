"""Formats: what reads and writes documents, tables, images and markup."""
