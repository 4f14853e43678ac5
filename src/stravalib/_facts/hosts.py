"""Hosts, paths and documentation addresses of the platform."""

from __future__ import annotations

API_BASE_URL = "https://www.strava.com/api/v3"
OAUTH_BASE_URL = "https://www.strava.com/oauth"
# From 2027-01-04; this host has no /api/v3 prefix.
API_BASE_URL_2027 = "https://api-v3.strava.com"

DOCS_URL = "https://developers.strava.com/docs/reference/"
CHANGELOG_URL = "https://developers.strava.com/docs/changelog/"
SETTINGS_URL = "https://www.strava.com/settings/api"
STATUS_URL = "https://status.strava.com"

# Every host name that an API client may have been told.
STRAVA_HOSTS = (
    "www.strava.com",
    "api.strava.com",
    "api-v3.strava.com",
    "www.api-v3.strava.com",
)
