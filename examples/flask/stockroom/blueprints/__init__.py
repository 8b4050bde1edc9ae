"""The addresses of the stockroom, one module for each kind of thing."""
