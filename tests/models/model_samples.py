"""Invented records in the shapes that Strava sends. No person, place or id is real."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def summary_athlete(number: int = 7001) -> Json:
    return {
        "id": number,
        "username": "wanda_w",
        "resource_state": 2,
        "firstname": "Wanda",
        "lastname": "Wanderer",
        "bio": None,
        "city": "Kolkata",
        "state": "West Bengal",
        "country": "India",
        "sex": "F",
        "premium": True,
        "summit": True,
        "created_at": "2019-03-02T05:06:07Z",
        "updated_at": "2026-04-30T18:00:00Z",
        "badge_type_id": 1,
        "weight": 61.5,
        "profile_medium": "https://example.org/m.jpg",
        "profile": "https://example.org/l.jpg",
        "friend": None,
        "follower": None,
    }


def gear() -> Json:
    return {
        "id": "b9000001",
        "primary": True,
        "name": "Slowpoke 3",
        "nickname": "",
        "resource_state": 2,
        "retired": False,
        "distance": 1204250,
        "converted_distance": 1204.3,
    }


def club() -> Json:
    return {
        "id": 501,
        "resource_state": 2,
        "name": "Late Risers",
        "profile_medium": "https://example.org/c.png",
        "cover_photo": None,
        "sport_type": "cycling",
        "activity_types": ["Ride", "VirtualRide", "HoverBike"],
        "city": "Kolkata",
        "country": "India",
        "private": False,
        "member_count": 12,
        "featured": False,
        "verified": False,
        "url": "late-risers",
        "membership": "member",
        "admin": False,
        "owner": False,
    }


def detailed_athlete() -> Json:
    return {
        **summary_athlete(),
        "resource_state": 3,
        "athlete_type": 0,
        "date_preference": "%m/%d/%Y",
        "measurement_preference": "meters",
        "follower_count": 3,
        "friend_count": 4,
        "mutual_friend_count": 0,
        "postable_clubs_count": 1,
        "ftp": None,
        "clubs": [club()],
        "bikes": [gear()],
        "shoes": [],
    }


def summary_activity(number: int = 0) -> Json:
    return {
        "resource_state": 2,
        "athlete": {"id": 7001, "resource_state": 1},
        "name": f"Round the lake {number} 🌄",
        "distance": 24931.4 + number,
        "moving_time": 4500 + number,
        "elapsed_time": 4600 + number,
        "total_elevation_gain": 516,
        "type": "Ride",
        "sport_type": "GravelRide",
        "workout_type": None,
        "device_name": "Bikeputer 2",
        "id": 9007199254740993 + number,
        "start_date": "2026-05-01T02:00:10Z",
        "start_date_local": "2026-05-01T07:30:10Z",
        "timezone": "(GMT+05:30) Asia/Kolkata",
        "utc_offset": 19800.0,
        "location_city": None,
        "location_state": None,
        "location_country": None,
        "achievement_count": 2,
        "kudos_count": number % 50,
        "comment_count": 0,
        "athlete_count": 1,
        "photo_count": 0,
        "map": {"id": f"a{number}", "summary_polyline": "ki{eFvq", "resource_state": 2},
        "trainer": False,
        "commute": False,
        "manual": False,
        "private": False,
        "visibility": "everyone",
        "flagged": False,
        "gear_id": "b9000001",
        "start_latlng": [22.5, 88.25],
        "end_latlng": [22.51, 88],
        "average_speed": 5.54,
        "max_speed": 11.0,
        "average_cadence": 67.1,
        "average_temp": 31,
        "average_watts": 175.3,
        "max_watts": 700,
        "weighted_average_watts": 210,
        "kilojoules": 788.7,
        "device_watts": True,
        "has_heartrate": True,
        "average_heartrate": 140.3,
        "max_heartrate": 178.0,
        "heartrate_opt_out": False,
        "display_hide_heartrate_option": True,
        "elev_high": 23.4,
        "elev_low": 2.2,
        "upload_id": 98765432100 + number,
        "upload_id_str": str(98765432100 + number),
        "external_id": "ride.fit",
        "from_accepted_tag": False,
        "pr_count": 0,
        "total_photo_count": 1,
        "has_kudoed": False,
        "suffer_score": 162.0,
    }


def manual_activity(number: int = 0) -> Json:
    """An activity without a device: positions are empty, much is absent."""
    full = summary_activity(number)
    absent = ("average_watts", "max_watts", "elev_high", "elev_low", "kilojoules")
    return {
        **{key: value for key, value in full.items() if key not in absent},
        "manual": True,
        "start_latlng": [],
        "end_latlng": [],
        "upload_id": None,
        "external_id": None,
        "map": {"id": f"a{number}", "summary_polyline": "", "resource_state": 2},
    }


def segment(number: int = 0) -> Json:
    return {
        "id": 301 + number,
        "resource_state": 2,
        "name": f"Pump house climb {number}",
        "activity_type": "Ride",
        "distance": 684.8,
        "average_grade": 5.7,
        "maximum_grade": 14.2,
        "elevation_high": 45.3,
        "elevation_low": 6,
        "start_latlng": [22.5, 88.25],
        "end_latlng": [22.51, 88.26],
        "elevation_profile": None,
        "elevation_profiles": None,
        "climb_category": 1,
        "city": "Kolkata",
        "state": "West Bengal",
        "country": "India",
        "private": False,
        "hazardous": False,
        "starred": False,
    }


def effort(number: int = 0) -> Json:
    return {
        "id": 2693271924383944911 + number,
        "resource_state": 2,
        "name": f"Pump house climb {number}",
        "activity": {"id": 1, "visibility": "everyone", "resource_state": 1},
        "athlete": {"id": 7001, "resource_state": 1},
        "elapsed_time": 381,
        "moving_time": 380,
        "start_date": "2026-05-01T02:10:10Z",
        "start_date_local": "2026-05-01T07:40:10Z",
        "distance": 684.8,
        "start_index": 65 + number,
        "end_index": 83 + number,
        "average_cadence": 80.1,
        "device_watts": True,
        "average_watts": 220.2,
        "average_heartrate": 150.2,
        "max_heartrate": 170.0,
        "segment": segment(number),
        "pr_rank": None,
        "kom_rank": None,
        "achievements": [{"type_id": 3, "type": "pr", "rank": 1}],
        "visibility": "everyone",
        "hidden": False,
    }


def lap(number: int = 1) -> Json:
    return {
        "id": 44 + number,
        "resource_state": 2,
        "name": f"Lap {number}",
        "activity": {"id": 1, "visibility": "everyone", "resource_state": 1},
        "athlete": {"id": 7001, "resource_state": 1},
        "elapsed_time": 1573,
        "moving_time": 1569,
        "start_date": "2026-05-01T02:00:10Z",
        "start_date_local": "2026-05-01T07:30:10Z",
        "distance": 8046.72,
        "start_index": 0,
        "end_index": 1570,
        "total_elevation_gain": 276,
        "average_speed": 5.12,
        "max_speed": 9.5,
        "average_cadence": 78.6,
        "device_watts": True,
        "average_watts": 237.8,
        "lap_index": number,
        "split": number,
        "average_heartrate": 140.1,
        "max_heartrate": 160.0,
        "pace_zone": 0,
    }


def split(number: int = 1) -> Json:
    return {
        "distance": 1001.5,
        "elapsed_time": 141,
        "elevation_difference": 4.4,
        "moving_time": 141,
        "split": number,
        "average_speed": 7.1,
        "average_grade_adjusted_speed": None,
        "average_heartrate": 140.1,
        "pace_zone": 0,
    }


def detailed_activity(efforts: int = 6) -> Json:
    full = summary_activity()
    return {
        **full,
        "resource_state": 3,
        "map": {**full["map"], "polyline": "ki{eFvqfiVqAWQI"},
        "description": "",
        "calories": 870.2,
        "perceived_exertion": 4.5,
        "prefer_perceived_exertion": None,
        "gear": gear(),
        "segment_efforts": [effort(number) for number in range(efforts)],
        "splits_metric": [split(number) for number in range(1, 8)],
        "splits_standard": [split(number) for number in range(1, 5)],
        "laps": [lap(1), lap(2)],
        "best_efforts": [],
        "photos": {
            "primary": {
                "unique_id": "00000000-0000-4000-8000-000000000001",
                "urls": {
                    "100": "https://example.org/1",
                    "600": "https://example.org/6",
                },
                "source": 1,
                "media_type": 1,
            },
            "use_primary_photo": True,
            "count": 1,
        },
        "stats_visibility": [{"type": "heart_rate", "visibility": "everyone"}],
        "hide_from_home": False,
        "embed_token": "0000000000000000000000000000000000000000",
        "available_zones": ["heartrate", "power"],
        "private_note": "",
        "similar_activities": {
            "effort_count": 1,
            "average_speed": 3.1,
            "min_average_speed": 3.1,
            "mid_average_speed": 3.1,
            "max_average_speed": 3.1,
            "pr_rank": None,
            "frequency_milestone": None,
            "trend": {
                "speeds": [3.1, 3.2],
                "current_activity_index": 1,
                "min_speed": 3.1,
                "mid_speed": 3.1,
                "max_speed": 3.2,
                "direction": 0,
            },
            "resource_state": 2,
        },
        "segment_leaderboard_opt_out": False,
        "leaderboard_opt_out": False,
    }


def starred_segment() -> Json:
    return {
        **segment(),
        "pr_time": 55,
        "starred_date": "2026-02-01T12:00:00Z",
        "athlete_pr_effort": {
            "id": 5,
            "activity_id": 1,
            "elapsed_time": 55,
            "distance": 684.8,
            "start_date": "2026-05-01T02:10:10Z",
            "start_date_local": "2026-05-01T07:40:10Z",
            "is_kom": False,
        },
    }


def detailed_segment() -> Json:
    return {
        **segment(),
        "resource_state": 3,
        "created_at": "2015-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z",
        "total_elevation_gain": 39.3,
        "map": {"id": "s301", "polyline": "ki{eFvq", "resource_state": 3},
        "effort_count": 1000,
        "athlete_count": 100,
        "star_count": 1,
        "athlete_segment_stats": {
            "pr_elapsed_time": 55,
            "pr_date": "2018-06-22",
            "pr_visibility": "everyone",
            "pr_activity_id": 12,
            "pr_activity_visibility": "everyone",
            "effort_count": 2,
        },
        "xoms": {
            "kom": "1:09",
            "qom": "1:31",
            "overall": "1:09",
            "destination": {"href": "x://1", "type": "overall", "name": "All-Time"},
        },
        "local_legend": {
            "athlete_id": 7001,
            "title": "Wanda Wanderer",
            "profile": "https://example.org/l.jpg",
            "effort_description": "22 efforts in the last 90 days",
            "effort_count": "22",
            "effort_counts": {"overall": "22 efforts", "female": "22 efforts"},
            "destination": "x://2",
        },
    }


SAMPLES: dict[str, list[Json]] = {
    "SummaryAthlete": [
        summary_athlete(),
        {"resource_state": 2, "firstname": "Bo", "lastname": "D."},
    ],
    "DetailedAthlete": [detailed_athlete()],
    "SummaryActivity": [summary_activity(), manual_activity(1)],
    "DetailedActivity": [detailed_activity()],
    "SegmentEffort": [effort()],
    "BestEffort": [{**effort(), "name": "1/2 mile"}],
    "Lap": [lap()],
    "Split": [split()],
    "SummaryClub": [club()],
    "DetailedClub": [{**club(), "following_count": 1, "club_type": "casual_club"}],
    "ClubActivity": [
        {
            "resource_state": 2,
            "athlete": {"resource_state": 2, "firstname": "Bo", "lastname": "D."},
            "name": "Spin",
            "distance": 2641.7,
            "moving_time": 577,
            "elapsed_time": 635,
            "total_elevation_gain": 8.8,
            "type": "Ride",
            "sport_type": "MountainBikeRide",
            "workout_type": None,
        }
    ],
    "ClubEvent": [
        {
            "id": 1,
            "resource_state": 2,
            "title": "Sunday spin",
            "club_id": 501,
            "activity_type": "Ride",
            "created_at": "",
            "women_only": False,
            "skill_levels": 1,
            "terrain": 0,
            "upcoming_occurrences": ["2026-05-03T01:30:00Z", "2026-05-10T01:30:00Z"],
            "zone": "Asia/Kolkata",
            "start_latlng": None,
        }
    ],
    "Segment": [detailed_segment(), starred_segment()],
    "SegmentExplorerResult": [
        {
            "id": 301,
            "resource_state": 2,
            "name": "Pump house climb",
            "climb_category": 1,
            "climb_category_desc": "4",
            "avg_grade": 5.7,
            "start_latlng": [22.5, 88.25],
            "end_latlng": [22.51, 88.26],
            "elev_difference": 39.3,
            "distance": 684.8,
            "points": "ki{eFvq",
            "starred": False,
        }
    ],
    "Route": [
        {
            "athlete": summary_athlete(),
            "description": None,
            "distance": 17781.6,
            "elevation_gain": 207.0,
            "id": 3329485690369457990,
            "id_str": "3329485690369457990",
            "map": {"id": "r3", "summary_polyline": "ki{eFvq", "resource_state": 2},
            "map_urls": {"url": "https://example.org/r", "retina_url": None},
            "name": "To the sea",
            "private": False,
            "resource_state": 2,
            "starred": True,
            "sub_type": 5,
            "type": 1,
            "created_at": "2026-02-01T12:00:00Z",
            "updated_at": "2026-02-01T12:00:00Z",
            "timestamp": 1769947200,
            "estimated_moving_time": 4117,
            "segments": [segment()],
            "waypoints": [
                {
                    "latlng": [22.5, 88.25],
                    "target_latlng": None,
                    "categories": ["Water"],
                    "title": "Well",
                    "description": None,
                    "distance_into_route": 12.5,
                }
            ],
        }
    ],
    "ActivityZone": [
        {
            "score": 10.5,
            "type": "pace",
            "resource_state": 3,
            "sensor_based": True,
            "points": 5,
            "custom_zones": False,
            "distribution_buckets": [
                {"min": 0, "max": 2.35, "time": 12.5},
                {"min": 2.35, "max": -1, "time": 33},
            ],
        }
    ],
    "Zones": [
        {
            "heart_rate": {
                "custom_zones": False,
                "zones": [{"min": 0, "max": 115}, {"min": 115, "max": -1}],
            },
            "power": {"zones": [{"min": 0, "max": 180}, {"min": 181, "max": -1}]},
        }
    ],
    "AthleteStats": [
        {
            "biggest_ride_distance": 175454.0,
            "biggest_climb_elevation_gain": None,
            "recent_ride_totals": {
                "count": 3,
                "distance": 1054.6,
                "moving_time": 474287.0,
                "elapsed_time": 12,
                "elevation_gain": 0,
                "achievement_count": 2,
            },
            "all_ride_totals": {
                "count": 54,
                "distance": 452834,
                "moving_time": 5,
                "elapsed_time": 6,
                "elevation_gain": 7.5,
            },
        }
    ],
    "ActivityPhoto": [
        {
            "unique_id": "00000000-0000-4000-8000-000000000002",
            "athlete_id": 7001,
            "activity_id": 1,
            "activity_name": "Round the lake",
            "resource_state": 2,
            "caption": "",
            "type": 1,
            "source": 1,
            "status": 3,
            "uploaded_at": "2026-05-01T04:00:00Z",
            "created_at": "2026-05-01T02:30:00Z",
            "created_at_local": "2026-05-01T08:00:00Z",
            "urls": {"5000": "https://example.org/5"},
            "sizes": {"5000": [1536, 2048]},
            "default_photo": True,
            "location": [22.5, 88.25],
        }
    ],
    "Comment": [
        {
            "id": 12,
            "activity_id": 1,
            "post_id": None,
            "resource_state": 2,
            "text": "Strong!",
            "mentions_metadata": None,
            "created_at": "2026-05-01T05:00:00Z",
            "athlete": {"firstname": "Bo", "lastname": "D."},
            "cursor": "abc",
            "reaction_count": 0,
            "has_reacted": False,
        }
    ],
    "DetailedGear": [
        {**gear(), "brand_name": "Slow", "model_name": "poke", "frame_type": 3}
    ],
    "Upload": [
        {
            "id": 891,
            "id_str": "891",
            "external_id": None,
            "error": None,
            "status": "Your activity is still being processed.",
            "activity_id": None,
        }
    ],
    "Fault": [
        {
            "message": "Bad Request",
            "errors": [{"resource": "Application", "field": "id", "code": "invalid"}],
        }
    ],
    "Subscription": [
        {
            "id": 131,
            "resource_state": 2,
            "application_id": 24,
            "callback_url": "https://example.org/hook",
            "created_at": "2026-05-01T21:46:21.854786016Z",
            "updated_at": "2026-05-01T21:46:21Z",
        }
    ],
    "SubscriptionCallback": [
        {"hub.mode": "subscribe", "hub.verify_token": "V", "hub.challenge": "0f"}
    ],
    "SubscriptionUpdate": [
        {
            "aspect_type": "update",
            "event_time": 1777622400,
            "object_id": 1,
            "object_type": "activity",
            "owner_id": 7001,
            "subscription_id": 131,
            "updates": {"private": "true", "visibility": "only_me"},
        }
    ],
    "Stream": [
        {
            "type": "watts",
            "data": [1, None, 3.5],
            "series_type": "distance",
            "original_size": 3,
            "resolution": "high",
        }
    ],
}
