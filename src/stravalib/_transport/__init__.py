"""The only network I/O: one file per HTTP library."""
