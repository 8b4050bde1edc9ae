"""Flask, Werkzeug, their extensions, and the template languages."""
