"""Rules of the checklist's section: Performance and scalability."""
