"""The rules: one file each, found by walking this folder; the id is the path."""
