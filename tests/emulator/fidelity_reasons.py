"""Why the emulator differs: (endpoint, key, reason), the first that fits counts."""

from __future__ import annotations

Rules = tuple[tuple[str, str, str], ...]

_OLD = "only in recordings and examples of 2012 to 2018; gone since"
_SWAGGER = "declared in the swagger, in no recording of any year"
_NAMES = (
    "athletes in kudos, comments and club lists have been names only since 2018; the "
    "swagger still declares summaries"
)
_SWAPPED = (
    "the swagger has athlete_pr_effort and athlete_segment_stats the wrong way round; "
    "recordings of 2025 show what is served"
)
_EXAMPLE = "an example of the documentation that no recording agrees with"
_ACHIEVEMENTS = (
    "the swagger uses one model for all totals; only the recent ones carry it"
)
_SHORT = "the swagger uses one model for lists and details; lists leave it out"
_REFERENCE = (
    "sent since about 2022 to 2026, in recordings that the reference quotes and the "
    "corpus lacks"
)

MISSING: Rules = (
    ("GET /activities/{id}", "best_efforts[].kom_rank", _OLD),
    ("GET /activities/{id}", "best_efforts[].segment", _SWAGGER),
    ("GET /activities/{id}", "best_efforts[].*", _SWAGGER),
    ("*", "*.athlete_pr_effort", _SWAGGER),
    ("*", "*.athlete_segment_stats", _SWAGGER),
    ("*", "segment_efforts[].activity_id", _SWAGGER),
    ("*", "segment_efforts[].is_kom", _SWAGGER),
    ("GET /segment_efforts*", "activity_id", _SWAGGER),
    ("GET /segment_efforts*", "is_kom", _SWAGGER),
    ("*", "*start_latitude", _OLD),
    ("*", "*start_longitude", _OLD),
    ("*", "*end_latitude", _OLD),
    ("*", "*end_longitude", _OLD),
    ("*", "truncated", _OLD),
    ("*", "*opt_out", _OLD),
    ("*", "partner_*", _OLD),
    ("GET /activities/{id}", "guid", _OLD),
    ("GET /activities/{id}", "map.url_template", _OLD),
    ("GET /activities/{id}", "segment_efforts[].segment.pr_*", _OLD),
    ("GET /activities/{id}/comments", "athlete.*", _NAMES),
    ("GET /activities/{id}/kudos", "*", _NAMES),
    ("GET /clubs/{id}/admins", "*", _NAMES),
    ("GET /clubs/{id}/members", "member", "really sent as membership"),
    ("GET /clubs/{id}/members", "*", _NAMES),
    ("GET /clubs/{id}/activities", "athlete.*", _NAMES),
    (
        "GET /clubs/{id}/activities",
        "*",
        "cut down to totals without ids and dates in 2018, before it was removed",
    ),
    ("*", "athlete.*", "the athlete of an activity is a stub since 2018"),
    ("GET /activities/{id}/laps", "has_heartrate", _EXAMPLE),
    ("GET /activities/{id}/photos", "*", "the shape of Instagram photos until 2018"),
    ("GET /athlete", "*", "private fields of 2012 to 2018; removed 2019-01-15"),
    ("GET /athlete/activities", "calories", _OLD),
    ("GET /athlete/activities", "hide_from_home", _SWAGGER),
    ("GET /athlete/activities", "map.polyline", _SHORT),
    ("GET /athlete/zones", "*", "the example shows the zones of an activity instead"),
    ("GET /athletes/{id}/routes", "*", _SHORT),
    ("GET /athletes/{id}/stats", "*.achievement_count", _ACHIEVEMENTS),
    ("GET /segments/explore", "*", _EXAMPLE),
    ("GET /segments/starred", "athlete_pr_effort.*", _SWAPPED),
    ("GET /segments/starred", "athlete_segment_stats", _SWAPPED),
    ("GET /segments/starred", "*", "the examples show a detailed segment instead"),
    ("GET /segments/{id}", "athlete_segment_stats.*", _SWAPPED),
    ("GET /segments/{id}", "athlete_pr_effort", _SWAPPED),
    ("GET /segments/{id}", "map.summary_polyline", _SWAGGER),
)
INVENTED: Rules = (
    (
        "GET /athletes/{id}/koms",
        "*",
        "an undocumented path, served in the shape of GET /segment_efforts",
    ),
    (
        "GET /segment_efforts/{id}",
        "activity.*",
        "the single effort embeds a whole summary, recorded 2025-10",
    ),
    (
        "GET /segment_efforts/{id}",
        "athlete.*",
        "the single effort embeds a whole summary, recorded 2025-10",
    ),
    ("*", "*id_str", "new in 2026, in activities, athletes and efforts"),
    ("GET /activities/{id}/photos", "*", "native photos, recorded 2025 and 2026"),
    ("GET /clubs/{id}/group_events", "*", _REFERENCE),
    ("*", "*elevation_profile", _REFERENCE),
    ("*", "*elevation_profiles", _REFERENCE),
    ("*", "*achievements[].*", _REFERENCE),
    ("*", "*visibility", _REFERENCE),
    ("*", "*activity_types_icon", _REFERENCE),
    ("*", "*dimensions", _REFERENCE),
    ("*", "*localized_sport_type", _REFERENCE),
    ("*", "*converted_distance", _REFERENCE),
    ("*", "*nickname", _REFERENCE),
    ("*", "*retired", _REFERENCE),
    ("GET /gear/{id}", "weight", _REFERENCE),
    ("GET /gear/{id}", "notification_distance", _REFERENCE),
    ("GET /clubs/{id}", "website", _REFERENCE),
    ("*", "*map_urls*", _REFERENCE),
    ("*", "map.resource_state", _REFERENCE),
    ("GET /athletes/{id}/routes", "resource_state", _REFERENCE),
    ("GET /athlete*", "bio", _REFERENCE),
    ("GET /athlete*", "blocked", _REFERENCE),
    ("GET /athlete*", "can_follow", _REFERENCE),
    ("GET /athlete*", "postable_clubs_count", _REFERENCE),
    ("GET /athlete*", "badge_type_id", _REFERENCE),
    ("GET /athlete*", "summit", _REFERENCE),
    ("GET /athlete*", "username", _REFERENCE),
    ("GET /athlete*", "weight", _REFERENCE),
    ("GET *routes*", "athlete.*", "the athlete of a route is a summary"),
    ("GET /activities/{id}", "photos.primary.media_type", _REFERENCE),
    ("GET /activities/{id}/comments", "has_reacted", _REFERENCE),
    ("GET /activities/{id}/comments", "reaction_count", _REFERENCE),
    ("GET /segments/explore", "segments[].local_legend_enabled", _REFERENCE),
    ("GET /segments/starred", "athlete_pr_effort.activity_id", _SWAPPED),
    ("GET /segment*", "athlete_segment_stats.pr_*", _SWAPPED),
)
TYPES: Rules = (
    (
        "GET /activities/{id}/photos",
        "type",
        "a word for Instagram photos until 2018, a number for native ones",
    ),
)
