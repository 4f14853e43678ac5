"""Where tokens and counts are kept; the only I/O besides the network."""
