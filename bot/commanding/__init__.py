"""What people say to the App, in comments and by buttons, and how it is carried out."""
