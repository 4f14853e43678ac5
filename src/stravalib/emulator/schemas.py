"""Schemas of what is answered: JSON Schema 2020-12, from short descriptions.

A field is named with its kind; ``?`` marks one that may be null. Nothing is required
but what is always there, and nothing is closed: Strava adds fields any day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stravalib.emulator.records import Json

_WORDS: dict[str, Json] = {
    "int": {"type": "integer"},
    "num": {"type": "number"},
    "str": {"type": "string"},
    "bool": {"type": "boolean"},
    "date": {"type": "string", "format": "date-time"},
    "latlng": {
        "type": "array",
        "items": {"type": "number"},
        "maxItems": 2,
    },
    "obj": {"type": "object"},
    "list": {"type": "array"},
    "any": {},
}

# name -> fields; the first word may be "+Base" to take over another's fields
_SHAPES: dict[str, str] = {
    "Error": "resource:str field:str code:str",
    "MetaAthlete": "id:int resource_state:int",
    "NamedAthlete": "resource_state:int firstname:str lastname:str",
    "Athlete": (
        "id:int username:str? resource_state:int firstname:str? lastname:str? bio:str? "
        "city:str? state:str? country:str? sex:str? premium:bool summit:bool "
        "created_at:date updated_at:date badge_type_id:int weight:num? "
        "profile_medium:str profile:str friend:str? follower:str? follower_count:int "
        "friend_count:int mutual_friend_count:int athlete_type:int "
        "date_preference:str measurement_preference:str clubs:SummaryClub[] ftp:int? "
        "bikes:SummaryGear[] shoes:SummaryGear[]"
    ),
    "Zones": "heart_rate:ZoneRanges power:ZoneRanges",
    "ZoneRanges": "custom_zones:bool zones:ZoneRange[]",
    "ZoneRange": "min:num max:num",
    "ActivityTotal": (
        "count:int distance:num moving_time:num elapsed_time:num elevation_gain:num "
        "achievement_count:int"
    ),
    "ActivityStats": (
        "biggest_ride_distance:num? biggest_climb_elevation_gain:num? "
        "recent_ride_totals:ActivityTotal recent_run_totals:ActivityTotal "
        "recent_swim_totals:ActivityTotal ytd_ride_totals:ActivityTotal "
        "ytd_run_totals:ActivityTotal ytd_swim_totals:ActivityTotal "
        "all_ride_totals:ActivityTotal all_run_totals:ActivityTotal "
        "all_swim_totals:ActivityTotal"
    ),
    "PolylineMap": ("id:str? polyline:str? summary_polyline:str? resource_state:int"),
    "SummaryActivity": (
        "id:int resource_state:int external_id:str? upload_id:int? "
        "upload_id_str:str? athlete:MetaAthlete name:str distance:num "
        "moving_time:int elapsed_time:int total_elevation_gain:num elev_high:num "
        "elev_low:num type:str sport_type:str start_date:date start_date_local:date "
        "timezone:str utc_offset:num start_latlng:latlng? end_latlng:latlng? "
        "achievement_count:int kudos_count:int comment_count:int athlete_count:int "
        "photo_count:int total_photo_count:int map:PolylineMap trainer:bool "
        "commute:bool manual:bool private:bool flagged:bool visibility:str "
        "workout_type:int? average_speed:num max_speed:num has_kudoed:bool "
        "gear_id:str? kilojoules:num average_watts:num device_watts:bool "
        "max_watts:int weighted_average_watts:int device_name:str? "
        "has_heartrate:bool average_heartrate:num max_heartrate:num "
        "average_cadence:num average_temp:num pr_count:int suffer_score:num?"
    ),
    "DetailedActivity": (
        "+SummaryActivity description:str? calories:num gear:SummaryGear "
        "segment_efforts:DetailedSegmentEffort[] best_efforts:DetailedSegmentEffort[] "
        "splits_metric:Split[] splits_standard:Split[] laps:Lap[] photos:obj "
        "hide_from_home:bool embed_token:str? similar_activities:obj "
        "available_zones:list"
    ),
    "Split": (
        "split:int distance:num elapsed_time:int moving_time:int "
        "elevation_difference:num? average_speed:num pace_zone:int"
    ),
    "Lap": (
        "id:int resource_state:int name:str activity:obj athlete:MetaAthlete "
        "elapsed_time:int moving_time:int start_date:date start_date_local:date "
        "distance:num start_index:int end_index:int total_elevation_gain:num "
        "average_speed:num max_speed:num lap_index:int split:int"
    ),
    "Comment": (
        "id:int activity_id:int post_id:int? resource_state:int text:str "
        "created_at:date athlete:NamedAthlete cursor:str? reaction_count:int "
        "has_reacted:bool"
    ),
    "ActivityPhoto": (
        "unique_id:str athlete_id:int activity_id:int resource_state:int "
        "caption:str? created_at:date uploaded_at:date urls:obj sizes:obj"
    ),
    "ActivityZone": (
        "score:num distribution_buckets:ZoneBucket[] type:str resource_state:int "
        "sensor_based:bool points:int custom_zones:bool max:int"
    ),
    "ZoneBucket": "min:num max:num time:num",
    "SummaryClub": (
        "id:int resource_state:int name:str profile_medium:str profile:str "
        "cover_photo:str? cover_photo_small:str? activity_types:list sport_type:str "
        "city:str? state:str? country:str? private:bool member_count:int "
        "featured:bool verified:bool url:str?"
    ),
    "DetailedClub": (
        "+SummaryClub membership:str? admin:bool owner:bool following_count:int "
        "description:str? club_type:str post_count:int owner_id:int"
    ),
    "ClubActivity": (
        "resource_state:int athlete:NamedAthlete name:str distance:num "
        "moving_time:int elapsed_time:int total_elevation_gain:num type:str "
        "sport_type:str workout_type:int?"
    ),
    "ClubAthlete": "+NamedAthlete membership:str admin:bool owner:bool",
    "ClubEvent": (
        "id:int resource_state:int title:str created_at:str upcoming_occurrences:list"
    ),
    "MembershipApplication": "success:bool active:bool membership:str?",
    "SummaryGear": (
        "id:str primary:bool name:str nickname:str? resource_state:int retired:bool "
        "distance:num converted_distance:num"
    ),
    "DetailedGear": (
        "+SummaryGear brand_name:str? model_name:str? frame_type:int? description:str?"
    ),
    "SummarySegment": (
        "id:int resource_state:int name:str activity_type:str distance:num "
        "average_grade:num maximum_grade:num elevation_high:num? elevation_low:num? "
        "start_latlng:latlng? end_latlng:latlng? climb_category:int city:str? "
        "state:str? country:str? private:bool hazardous:bool starred:bool"
    ),
    "DetailedSegment": (
        "+SummarySegment created_at:date updated_at:date total_elevation_gain:num? "
        "map:PolylineMap effort_count:int athlete_count:int star_count:int "
        "athlete_segment_stats:obj"
    ),
    "DetailedSegmentEffort": (
        "id:int resource_state:int name:str activity:obj athlete:obj "
        "elapsed_time:int moving_time:int start_date:date start_date_local:date "
        "distance:num start_index:int? end_index:int? segment:SummarySegment "
        "kom_rank:int? pr_rank:int? achievements:list hidden:bool"
    ),
    "ExplorerResponse": "segments:ExplorerSegment[]",
    "ExplorerSegment": (
        "id:int resource_state:int name:str climb_category:int "
        "climb_category_desc:str avg_grade:num? start_latlng:latlng? "
        "end_latlng:latlng? elev_difference:num distance:num points:str? starred:bool"
    ),
    "Route": (
        "athlete:obj description:str? distance:num elevation_gain:num id:int "
        "id_str:str map:PolylineMap name:str private:bool resource_state:int "
        "starred:bool sub_type:int type:int created_at:date updated_at:date "
        "timestamp:int estimated_moving_time:int segments:SummarySegment[] "
        "waypoints:list"
    ),
    "RouteStream": "type:str data:list",
    "Stream": ("type:str data:list series_type:str original_size:int resolution:str"),
    "Upload": (
        "id:int id_str:str external_id:str? error:str? status:str activity_id:int?"
    ),
    "PushSubscription": (
        "id:int resource_state:int application_id:int callback_url:str "
        "created_at:str updated_at:str"
    ),
    "Token": (
        "token_type:str access_token:str expires_at:int expires_in:int "
        "refresh_token:str scope:str athlete:Athlete"
    ),
    "Deauthorization": "access_token:str",
}


def named(name: str) -> Json:
    """Refer to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def _field(kind: str) -> Json:
    may_be_null = kind.endswith("?")
    kind = kind.rstrip("?")
    if kind in _WORDS:
        schema = dict(_WORDS[kind])
    elif kind.endswith("[]"):
        schema = {"type": "array", "items": named(kind[:-2])}
    else:
        schema = named(kind)
    if may_be_null:
        schema["type"] = [schema["type"], "null"]
    return schema


def _fields(name: str) -> dict[str, Json]:
    words = _SHAPES[name].split()
    fields: dict[str, Json] = {}
    if words[0].startswith("+"):
        fields = _fields(words.pop(0)[1:])
    for word in words:
        key, _, kind = word.partition(":")
        fields[key] = _field(kind)
    return fields


def _schemas() -> dict[str, Json]:
    schemas: dict[str, Json] = {
        name: {"type": "object", "properties": _fields(name)} for name in _SHAPES
    }
    for name, required in (
        ("Error", ("resource", "field", "code")),
        ("SummaryActivity", ("id", "name", "start_date", "sport_type")),
        ("DetailedActivity", ("id", "name", "start_date", "sport_type")),
        ("Upload", ("id", "id_str", "external_id", "error", "status", "activity_id")),
        ("Token", ("token_type", "access_token", "expires_at", "refresh_token")),
    ):
        schemas[name]["required"] = list(required)
    schemas["Fault"] = {
        "type": "object",
        "properties": {
            "message": {"type": "string"},
            # A list of errors, or a text in the rarer body of a 429.
            "errors": {
                "anyOf": [
                    {"type": "array", "items": named("Error")},
                    {"type": "string"},
                ]
            },
        },
        "required": ["message", "errors"],
    }
    schemas["StreamSet"] = {
        "anyOf": [
            {"type": "array", "items": named("Stream")},
            {"type": "object", "additionalProperties": named("Stream")},
        ]
    }
    return schemas


SCHEMAS: dict[str, Json] = _schemas()
