"""The matrix test: many small programs, run to see what they do, and read by the interpreter."""
