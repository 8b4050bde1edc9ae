"""The application that gunicorn serves."""

from stockroom import create_app

app = create_app()
