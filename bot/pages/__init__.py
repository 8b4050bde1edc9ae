"""The pages for people: setting the App up, signing in, and what the App is doing. Plain HTML and CSS, no scripts.

Nothing that a page shows is trusted: Jinja2 escapes it, and the browser is told to run nothing (`frame`).
"""
