"""Fixes: the smallest textual edit, made with libcst."""
