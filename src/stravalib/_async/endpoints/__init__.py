"""One file per heading of https://developers.strava.com/docs/reference/."""
