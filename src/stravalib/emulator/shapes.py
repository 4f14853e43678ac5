"""Shorter shapes of an object: what Strava leaves out where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stravalib.emulator.records import Json

# In a detailed activity only.
DETAIL_ONLY_ACTIVITY = frozenset(
    {
        "description",
        "calories",
        "segment_efforts",
        "splits_metric",
        "splits_standard",
        "laps",
        "best_efforts",
        "gear",
        "photos",
        "stats_visibility",
        "available_zones",
        "similar_activities",
        "highlighted_kudosers",
        "embed_token",
        "perceived_exertion",
        "prefer_perceived_exertion",
        "partner_brand_tag",
        "partner_logo_url",
        "segment_leaderboard_opt_out",
        "leaderboard_opt_out",
        "private_note",
        "guid",
        "instagram_primary_photo",
        "sport_image_visibility",
        "hide_from_home",
    }
)
DETAIL_ONLY_ATHLETE = frozenset(
    {
        "follower_count",
        "friend_count",
        "mutual_friend_count",
        "athlete_type",
        "date_preference",
        "measurement_preference",
        "clubs",
        "bikes",
        "shoes",
        "ftp",
        "postable_clubs_count",
        "is_winback_via_upload",
        "is_winback_via_view",
        "blocked",
        "can_follow",
    }
)
DETAIL_ONLY_CLUB = frozenset(
    {
        "membership",
        "admin",
        "owner",
        "following_count",
        "description",
        "club_type",
        "post_count",
        "owner_id",
        "website",
    }
)
SUMMARY_GEAR = (
    "id",
    "primary",
    "name",
    "nickname",
    "resource_state",
    "retired",
    "distance",
    "converted_distance",
)
SUMMARY_SEGMENT = (
    "id",
    "resource_state",
    "name",
    "activity_type",
    "distance",
    "average_grade",
    "maximum_grade",
    "elevation_high",
    "elevation_low",
    "start_latlng",
    "end_latlng",
    "elevation_profile",
    "elevation_profiles",
    "climb_category",
    "city",
    "state",
    "country",
    "private",
    "hazardous",
    "starred",
)


def without(value: Json, names: frozenset[str], **changes: Any) -> Json:
    """Copy an object without some keys."""
    return {key: item for key, item in value.items() if key not in names} | changes


def summary_activity(detail: Json) -> Json:
    """Shape an activity for a list."""
    answer = without(detail, DETAIL_ONLY_ACTIVITY, resource_state=2)
    track = detail.get("map")
    if isinstance(track, dict):
        answer["map"] = without(track, frozenset({"polyline"}), resource_state=2)
    return answer


def meta_activity(detail: Json) -> Json:
    """Shape an activity for an effort or a lap."""
    answer = {"id": detail["id"], "resource_state": 1}
    if "visibility" in detail:
        answer["visibility"] = detail["visibility"]
    return answer


def summary_athlete(detail: Json) -> Json:
    """Shape an athlete for a token answer or a token without profile scope."""
    return without(detail, DETAIL_ONLY_ATHLETE, resource_state=2)


def named_athlete(detail: Json) -> Json:
    """Shape an athlete the way kudos, comments and club lists do: no id."""
    last = str(detail.get("lastname") or "")
    if len(last) != 2 or not last.endswith("."):
        last = f"{last[:1]}." if last else ""
    return {
        "resource_state": 2,
        "firstname": detail.get("firstname", ""),
        "lastname": last,
    }


def summary_club(detail: Json, **changes: Any) -> Json:
    """Shape a club for a list."""
    return without(detail, DETAIL_ONLY_CLUB, resource_state=2, **changes)


def summary_gear(detail: Json) -> Json:
    """Shape a bike or a shoe for an athlete or an activity."""
    answer = {name: detail[name] for name in SUMMARY_GEAR if name in detail}
    return answer | {"resource_state": 2}


def summary_segment(detail: Json) -> Json:
    """Shape a segment for an effort, a route or a list."""
    answer = {name: detail[name] for name in SUMMARY_SEGMENT if name in detail}
    return answer | {"resource_state": 2}


def summary_route(detail: Json) -> Json:
    """Shape a route for a list: no segments, a map without its polyline."""
    answer = without(detail, frozenset({"segments"}), resource_state=2)
    track = detail.get("map")
    if isinstance(track, dict):
        answer["map"] = without(track, frozenset({"polyline"}), resource_state=2)
    return answer


def club_activity(detail: Json, athlete: Json) -> Json:
    """Shape an activity for a club's list: no id, no date."""
    names = (
        "name",
        "distance",
        "moving_time",
        "elapsed_time",
        "total_elevation_gain",
        "type",
        "sport_type",
        "workout_type",
    )
    answer: Json = {"resource_state": 2, "athlete": named_athlete(athlete)}
    return answer | {name: detail[name] for name in names if name in detail}
