"""The engine and the rules: a tree of files goes in, findings and a checklist come out."""

__version__ = "0.1.0"
