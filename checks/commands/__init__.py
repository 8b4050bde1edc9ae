"""The subcommands of `rubricate` that need no extra."""
