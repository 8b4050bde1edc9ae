"""Authors, books and what readers say of them."""
