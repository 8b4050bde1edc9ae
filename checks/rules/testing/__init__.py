"""Rules of the checklist's section: Testing."""
