"""Rate limits (docs/rate-limits): windows in seconds, default numbers."""

from __future__ import annotations

SHORT_WINDOW = 900
LONG_WINDOW = 86400
# overall 15 min, overall day, read 15 min, read day
NEW_APP = (200, 2000, 100, 1000)
UPGRADED_APP = (400, 4000, 200, 2000)

HEADER_LIMIT = "X-RateLimit-Limit"
HEADER_USAGE = "X-RateLimit-Usage"
HEADER_READ_LIMIT = "X-ReadRateLimit-Limit"
HEADER_READ_USAGE = "X-ReadRateLimit-Usage"

ACCESS_TOKEN_LIFETIME = 21600
# A token with more than this left is handed out again on refresh.
REFRESH_THRESHOLD = 3600
MAX_PER_PAGE = 200
DEFAULT_PER_PAGE = 30
