"""One module for each environment, all based on `base`."""
