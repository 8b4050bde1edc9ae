"""Every call to GitHub, for the App and the Action alike: knows no queue and no server."""
