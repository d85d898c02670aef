"""The command line, and the one place where store, use-cases and desk are put together."""
