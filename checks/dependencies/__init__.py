"""What a project depends on: manifests, lock files, and how they hang together. Nothing here asks the network."""
