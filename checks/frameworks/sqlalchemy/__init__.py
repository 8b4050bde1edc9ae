"""SQLAlchemy and Flask-SQLAlchemy: models."""
