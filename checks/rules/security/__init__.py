"""Rules of the checklist's section: Security."""
