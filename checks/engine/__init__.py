"""From a tree of files to findings: reading, parsing, dispatching, comparing."""
