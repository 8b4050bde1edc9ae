"""What code means, framework-free: names, scopes, constants, roles of files."""
