"""JSON bodies: compressed with a dictionary of Strava's words, read back equal."""

from __future__ import annotations

import hashlib
import json
import zlib
from typing import Any

# Words that bodies are made of, the most frequent last (zlib looks back from there).
# Never change an entry: bodies name the dictionary that they were packed with.
_WORDS: dict[int, bytes] = {
    1: (
        b'"recent_ride_totals":{"count":"biggest_climb_elevation_gain":'
        b'"distribution_buckets":[{"min":0,"max":0,"time":0},"sensor_based":true,'
        b'"frame_type":"brand_name":"model_name":"nickname":null,"retired":false,'
        b'"converted_distance":"primary":false,"unique_id":"urls":{"100":"600":"2048":'
        b'"caption":"uploaded_at":"created_at":"updated_at":"default_photo":false,'
        b'"activity_name":"activity_id":"athlete_id":"cursor":null,"text":"firstname":'
        b'"lastname":"username":null,"city":null,"state":null,"country":null,"sex":'
        b'"premium":false,"summit":false,"badge_type_id":0,"profile_medium":"profile":'
        b'"friend":null,"follower":null,"climb_category":0,"hazardous":false,'
        b'"starred":false,"elevation_profile":null,"elevation_profiles":null,'
        b'"maximum_grade":"average_grade":"elevation_high":"elevation_low":'
        b'"achievements":[{"type_id":3,"type":"pr","rank":1}],"kom_rank":null,'
        b'"pr_rank":null,"hidden":false,"is_kom":false,"start_index":"end_index":'
        b'"lap_index":1,"split":1,"pace_zone":0,"average_grade_adjusted_speed":'
        b'"elevation_difference":"splits_metric":[{"splits_standard":[{"laps":[{'
        b'"segment_efforts":[{"best_efforts":[{"similar_activities":{"trend":{'
        b'"available_zones":["heartrate","pace","power"],"stats_visibility":[{"type":'
        b'"private_note":null,"hide_from_home":false,"perceived_exertion":null,'
        b'"prefer_perceived_exertion":null,"embed_token":"description":null,"calories":'
        b'"photos":{"primary":null,"count":0},"gear":{"id":"segment":{"id":'
        b'"resource_state":2,"athlete":{"id":0,"resource_state":1},"name":"Morning Ride'
        b'Afternoon Evening Lunch Run Walk Hike","distance":0.0,"moving_time":0,'
        b'"elapsed_time":0,"total_elevation_gain":0.0,"type":"Ride","sport_type":"Ride'
        b'MountainBikeRide","workout_type":null,"id":1,"start_date":"2024-01-01T00:00:'
        b'00Z","start_date_local":"2024-01-01T00:00:00Z","timezone":"(GMT+01:00) Europe'
        b'/Berlin","utc_offset":3600.0,"location_city":null,"location_state":null,'
        b'"location_country":null,"achievement_count":0,"kudos_count":0,'
        b'"comment_count":0,"athlete_count":1,"photo_count":0,"map":{"id":"a'
        b'","polyline":"summary_polyline":"","resource_state":2},"trainer":false,'
        b'"commute":false,"manual":false,"private":false,"visibility":"everyone",'
        b'"flagged":false,"gear_id":null,"start_latlng":[],"end_latlng":[],'
        b'"average_speed":0.0,"max_speed":0.0,"average_cadence":0.0,"average_temp":0,'
        b'"average_watts":0.0,"max_watts":0,"weighted_average_watts":0,"kilojoules":0.0'
        b',"device_watts":true,"has_heartrate":true,"average_heartrate":0.0,'
        b'"max_heartrate":0.0,"heartrate_opt_out":false,"display_hide_heartrate_option"'
        b':true,"elev_high":0.0,"elev_low":0.0,"upload_id":0,"upload_id_str":"0",'
        b'"external_id":".fit","from_accepted_tag":false,"pr_count":0,'
        b'"total_photo_count":0,"has_kudoed":false,"suffer_score":0.0,"device_name":"'
    ),
}
_CURRENT = 1


def dumps(value: Any) -> bytes:
    """Write JSON the one way that hashes and bodies are made of."""
    return json.dumps(value, separators=(",", ":")).encode("ascii")


def digest(value: Any) -> str:
    """Return a hash that is equal exactly for equal JSON, key order apart."""
    text = json.dumps(value, separators=(",", ":"), sort_keys=True)
    return hashlib.blake2b(text.encode("ascii"), digest_size=16).hexdigest()


def pack(value: Any) -> bytes:
    """Pack any JSON value; `unpack` gives back an equal one in the same key order."""
    packer = zlib.compressobj(6, zdict=_WORDS[_CURRENT])
    return bytes([_CURRENT]) + packer.compress(dumps(value)) + packer.flush()


def unpack(body: bytes) -> Any:
    """Read what `pack` has written, with whichever dictionary."""
    words = _WORDS.get(body[0])
    if words is None:
        raise ValueError(
            f"body packed with dictionary {body[0]}, unknown to this release: "
            "open the archive with a newer release"
        )
    return json.loads(zlib.decompressobj(zdict=words).decompress(body[1:]))
