"""Keys, tokens, passwords and ciphers."""
