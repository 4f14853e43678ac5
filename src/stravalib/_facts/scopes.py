"""OAuth scopes (docs/authentication)."""

from __future__ import annotations

# scope -> what it grants, in words for a consent page or an error message
SCOPES: dict[str, str] = {
    "read": "public segments, routes, profile data, posts, events and club feeds",
    "read_all": "private routes, private segments and private events",
    "profile:read_all": "the full profile even if it is visible to followers only",
    "profile:write": "changing weight and FTP, starring segments",
    "activity:read": "activities visible to everyone or to followers",
    "activity:read_all": "also activities visible to you only, and privacy zones",
    "activity:write": "creating, uploading and editing activities",
}
