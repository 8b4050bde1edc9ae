"""The interpreter: what each expression's value is and where it came from, function by function, across files."""
