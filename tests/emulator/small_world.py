"""A tiny hand-made world: one runner, one neighbour, a segment, a club, a route."""

from __future__ import annotations

from typing import Any

from stravalib.emulator.records import (
    ActivityRecord,
    AthleteRecord,
    ClubRecord,
    RouteRecord,
    SegmentRecord,
    World,
)

ANNA = 1001
BERT = 1002
SEGMENT = 7001
PRIVATE_SEGMENT = 7002
CLUB = 8001
ROUTE = 3329485690369457990
PRIVATE_ROUTE = 3329485690369457991
RUN = 15_000_000_001
HIDDEN = 15_000_000_002
MANUAL = 15_000_000_003
NEIGHBOURS = 15_000_000_900
EFFORT = 2693271924383944911


def athlete_detail(number: int, first: str, last: str) -> dict[str, Any]:
    return {
        "id": number,
        "username": first.lower(),
        "resource_state": 3,
        "firstname": first,
        "lastname": last,
        "bio": None,
        "city": "Hall",
        "state": "Tyrol",
        "country": "Austria",
        "sex": "F",
        "premium": True,
        "summit": True,
        "created_at": "2015-01-02T03:04:05Z",
        "updated_at": "2026-11-01T03:04:05Z",
        "badge_type_id": 1,
        "weight": 61.5,
        "profile_medium": "avatar/athlete/medium.png",
        "profile": "avatar/athlete/large.png",
        "friend": None,
        "follower": None,
        "follower_count": 12,
        "friend_count": 10,
        "mutual_friend_count": 0,
        "athlete_type": 1,
        "date_preference": "%d/%m/%Y",
        "measurement_preference": "meters",
        "ftp": 230,
        "postable_clubs_count": 1,
    }


def activity_detail(
    number: int, start: str, *, athlete: int = ANNA, **changes: Any
) -> dict[str, Any]:
    return {
        "resource_state": 3,
        "athlete": {"id": athlete, "resource_state": 1},
        "name": f"Run {number}",
        "distance": 5000.0,
        "moving_time": 1500,
        "elapsed_time": 1560,
        "total_elevation_gain": 42.0,
        "type": "Run",
        "sport_type": "Run",
        "workout_type": None,
        "id": number,
        "id_str": str(number),
        "start_date": start,
        "start_date_local": start,
        "timezone": "(GMT+00:00) Europe/London",
        "utc_offset": 0.0,
        "location_city": None,
        "location_state": None,
        "location_country": None,
        "achievement_count": 1,
        "kudos_count": 2,
        "comment_count": 3,
        "athlete_count": 1,
        "photo_count": 0,
        "map": {
            "id": f"a{number}",
            "polyline": "_p~iF~ps|U_ulLnnqC_mqNvxq`@",
            "resource_state": 3,
            "summary_polyline": "_p~iF~ps|U_ulLnnqC",
        },
        "trainer": False,
        "commute": False,
        "manual": False,
        "private": False,
        "visibility": "everyone",
        "flagged": False,
        "gear_id": "g501",
        "start_latlng": [47.28, 11.5],
        "end_latlng": [47.29, 11.51],
        "average_speed": 3.333,
        "max_speed": 4.5,
        "has_heartrate": True,
        "average_heartrate": 151.2,
        "max_heartrate": 178.0,
        "heartrate_opt_out": False,
        "display_hide_heartrate_option": True,
        "elev_high": 600.0,
        "elev_low": 560.0,
        "upload_id": number + 1,
        "upload_id_str": str(number + 1),
        "external_id": f"{number}.fit",
        "from_accepted_tag": False,
        "pr_count": 1,
        "total_photo_count": 1,
        "has_kudoed": False,
        "description": "Along the river.",
        "calories": 350.0,
        "hide_from_home": False,
        "segment_efforts": [],
        "laps": [],
        "photos": {"primary": None, "count": 0},
        "embed_token": "0" * 40,
    } | changes


def run_streams() -> dict[str, list[Any]]:
    count = 1561
    return {
        "time": list(range(count)),
        "distance": [round(second * 3.2, 1) for second in range(count)],
        "latlng": [[47.28 + i / 1e5, 11.5 + i / 1e5] for i in range(count)],
        "altitude": [560.0 + i % 40 for i in range(count)],
        "heartrate": [140 + i % 30 for i in range(count)],
    }


def small_world() -> World:
    effort = {
        "id": EFFORT,
        "resource_state": 2,
        "name": "Old Mill",
        "activity": {"id": RUN, "resource_state": 1, "visibility": "everyone"},
        "athlete": {"id": ANNA, "resource_state": 1},
        "elapsed_time": 300,
        "moving_time": 298,
        "start_date": "2026-11-20T06:10:00Z",
        "start_date_local": "2026-11-20T06:10:00Z",
        "distance": 1000.0,
        "start_index": 600,
        "end_index": 900,
        "segment": {"id": SEGMENT, "resource_state": 2, "name": "Old Mill"},
        "kom_rank": None,
        "pr_rank": 1,
        "achievements": [{"type_id": 3, "type": "pr", "rank": 1}],
        "hidden": False,
    }
    lap = {
        "id": 41,
        "resource_state": 2,
        "name": "Lap 1",
        "activity": {"id": RUN, "resource_state": 1},
        "athlete": {"id": ANNA, "resource_state": 1},
        "elapsed_time": 1560,
        "moving_time": 1500,
        "distance": 5000.0,
        "start_index": 0,
        "end_index": 1560,
        "lap_index": 1,
        "split": 1,
        "start_date": "2026-11-20T06:00:00Z",
        "start_date_local": "2026-11-20T06:00:00Z",
        "total_elevation_gain": 42.0,
        "average_speed": 3.3,
        "max_speed": 4.5,
    }
    run = ActivityRecord(
        activity_detail(
            RUN, "2026-11-20T06:00:00Z", segment_efforts=[effort], laps=[lap]
        ),
        run_streams,
        kudos=[athlete_detail(BERT, "Bert", "Moser")],
        comments=[
            {
                "id": 900 + number,
                "activity_id": RUN,
                "post_id": None,
                "resource_state": 2,
                "text": f"Well done {number}",
                "mentions_metadata": None,
                "created_at": f"2026-11-20T08:0{number}:00Z",
                "athlete": athlete_detail(BERT, "Bert", "Moser"),
                "cursor": None,
                "reaction_count": 0,
                "has_reacted": False,
            }
            for number in range(3)
        ],
        photos=[
            {
                "unique_id": "11111111-2222-3333-4444-555555555555",
                "athlete_id": ANNA,
                "activity_id": RUN,
                "activity_name": "Run",
                "resource_state": 2,
                "caption": "View",
                "type": 1,
                "source": 1,
                "uploaded_at": "2026-11-20T09:00:00Z",
                "created_at": "2026-11-20T06:10:00Z",
                "created_at_local": "2026-11-20T06:10:00Z",
                "urls": {"0": "https://example.com/photo.jpg"},
                "sizes": {"0": [1600, 1200]},
                "default_photo": True,
                "location": [47.28, 11.5],
            }
        ],
        zones=[
            {
                "score": 40.0,
                "distribution_buckets": [
                    {"min": 0, "max": 120, "time": 10.0},
                    {"min": 120, "max": -1, "time": 1550.0},
                ],
                "type": "heartrate",
                "resource_state": 3,
                "sensor_based": True,
                "points": 20,
                "custom_zones": False,
            }
        ],
    )
    hidden = ActivityRecord(
        activity_detail(
            HIDDEN, "2026-11-19T06:00:00Z", private=True, visibility="only_me"
        ),
        run_streams(),
    )
    manual = ActivityRecord(
        activity_detail(
            MANUAL,
            "2026-11-18T06:00:00Z",
            manual=True,
            start_latlng=[],
            end_latlng=[],
            upload_id=None,
            external_id=None,
            map={
                "id": f"a{MANUAL}",
                "polyline": "",
                "summary_polyline": "",
                "resource_state": 3,
            },
        )
    )
    older = [
        ActivityRecord(
            activity_detail(
                15_000_000_100 + day,
                f"2026-10-{day:02}T06:00:00Z",
                sport_type="GravelRide",
                type="Ride",
                gear_id="b401",
            )
        )
        for day in range(1, 29)
    ]
    gear = [
        {
            "id": "g501",
            "primary": True,
            "name": "Feather 3",
            "nickname": "",
            "resource_state": 3,
            "retired": False,
            "distance": 300000,
            "converted_distance": 300.0,
            "brand_name": "Feather",
            "model_name": "3",
            "description": None,
            "notification_distance": 0,
        },
        {
            "id": "b401",
            "primary": True,
            "name": "Grey",
            "nickname": "Grey",
            "resource_state": 3,
            "retired": False,
            "distance": 900000.0,
            "converted_distance": 900.0,
            "brand_name": "Iron",
            "model_name": "One",
            "frame_type": 5,
            "description": "",
            "weight": 9.5,
        },
    ]
    zones = {
        "heart_rate": {
            "custom_zones": False,
            "zones": [{"min": 0, "max": 120}, {"min": 120, "max": -1}],
        }
    }

    def route(number: int, name: str, *, private: bool) -> RouteRecord:
        return RouteRecord(
            {
                "athlete": {"id": ANNA, "resource_state": 1},
                "description": None,
                "distance": 2000.0,
                "elevation_gain": 30.0,
                "id": number,
                "id_str": str(number),
                "map": {
                    "id": f"r{number}",
                    "polyline": "_p~iF~ps|U_ulLnnqC",
                    "summary_polyline": "_p~iF~ps|U",
                    "resource_state": 3,
                },
                "name": name,
                "private": private,
                "resource_state": 3,
                "starred": False,
                "sub_type": 1,
                "type": 2,
                "created_at": "2026-01-01T10:00:00Z",
                "updated_at": "2026-01-01T10:00:00Z",
                "timestamp": 1767261600,
                "estimated_moving_time": 700,
                "segments": [],
                "waypoints": [],
            },
            {
                "latlng": [[47.28, 11.5], [47.285, 11.505], [47.29, 11.51]],
                "distance": [0.0, 1000.0, 2000.0],
                "altitude": [560.0, 575.0, 590.0],
            },
        )

    def segment(number: int, name: str, *, private: bool) -> SegmentRecord:
        return SegmentRecord(
            {
                "id": number,
                "resource_state": 3,
                "name": name,
                "activity_type": "Run",
                "distance": 1000.0,
                "average_grade": 1.2,
                "maximum_grade": 4.0,
                "elevation_high": 590.0,
                "elevation_low": 560.0,
                "start_latlng": [47.28, 11.5],
                "end_latlng": [47.29, 11.51],
                "elevation_profile": None,
                "elevation_profiles": None,
                "climb_category": 0,
                "city": "Hall",
                "state": "Tyrol",
                "country": "Austria",
                "private": private,
                "hazardous": False,
                "starred": False,
                "created_at": "2020-01-01T10:00:00Z",
                "updated_at": "2026-01-01T10:00:00Z",
                "total_elevation_gain": 30.0,
                "map": {
                    "id": f"s{number}",
                    "polyline": "_p~iF~ps|U_ulLnnqC",
                    "resource_state": 3,
                },
                "effort_count": 20,
                "athlete_count": 9,
                "star_count": 2,
                "xoms": {"kom": "4:10", "qom": "4:40", "overall": "4:10"},
            },
            {
                "distance": [0.0, 500.0, 1000.0],
                "latlng": [[47.28, 11.5], [47.285, 11.505], [47.29, 11.51]],
                "altitude": [560.0, 575.0, 590.0],
            },
            owner_id=ANNA if private else None,
        )

    club = ClubRecord(
        {
            "id": CLUB,
            "resource_state": 3,
            "name": "River Runners",
            "profile_medium": "avatar/club/medium.png",
            "profile": "avatar/club/large.png",
            "cover_photo": None,
            "cover_photo_small": None,
            "activity_types": ["Run"],
            "activity_types_icon": "sports_run_normal",
            "dimensions": ["distance", "num_activities"],
            "sport_type": "running",
            "localized_sport_type": "Running",
            "city": "Hall",
            "state": "Tyrol",
            "country": "Austria",
            "private": False,
            "member_count": 2,
            "featured": False,
            "verified": False,
            "url": "river-runners",
            "membership": "member",
            "admin": False,
            "owner": False,
            "description": "We run along the river.",
            "club_type": "casual_club",
            "post_count": 1,
            "owner_id": BERT,
            "website": "",
            "following_count": 0,
        },
        member_ids=[ANNA, BERT],
        admin_ids=[BERT],
        events=[
            {
                "id": 61,
                "resource_state": 3,
                "title": "Tuesday run",
                "created_at": "",
                "club_id": CLUB,
                "upcoming_occurrences": ["2026-12-01T18:00:00Z"],
            }
        ],
    )
    anna = AthleteRecord(
        athlete_detail(ANNA, "Anna", "Huber"),
        zones,
        gear,
        iter([run, hidden, manual, *older]),
        [
            route(ROUTE, "River loop", private=False),
            route(PRIVATE_ROUTE, "Secret pass", private=True),
        ],
        [SEGMENT],
    )
    bert = AthleteRecord(
        athlete_detail(BERT, "Bert", "Moser"),
        zones,
        activities=[
            ActivityRecord(
                activity_detail(NEIGHBOURS, "2026-11-17T06:00:00Z", athlete=BERT)
            )
        ],
        subscriber=False,
    )
    return World(
        [anna, bert],
        [
            segment(SEGMENT, "Old Mill", private=False),
            segment(PRIVATE_SEGMENT, "Back yard", private=True),
        ],
        [club],
    )
