"""The GitHub App: webhooks come in, reviews go out."""
