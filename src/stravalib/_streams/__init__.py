"""Streams as columns: what kind each is, as tables of other libraries, resampled."""
