"""Rules of the checklist's section: Maintainability and readability."""
