"""Rules of the checklist's section: Deployment readiness."""
