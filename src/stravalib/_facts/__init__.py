"""Facts about the Strava API: names, numbers and texts; data without logic."""
