"""Endpoints, one file for each heading of Strava's reference."""
