"""What the frameworks add to the language: settings, models, libraries as tables."""
