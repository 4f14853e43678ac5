"""Room of stravalib."""
