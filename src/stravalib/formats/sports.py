"""Sport words of the file formats, as SportTypes of the API and back.

Strava does not publish its mapping; these tables say what the words mean.
"""

from __future__ import annotations

import re
from typing import Final

from stravalib._facts.sports import SPORT_TYPES

_BY_FOLDED: Final = {sport.lower(): sport for sport in SPORT_TYPES}

# Activity@Sport of TCX; Strava reads these words and no others.
TCX_SPORTS: Final = {
    "biking": "Ride",
    "running": "Run",
    "hiking": "Hike",
    "walking": "Walk",
    "swimming": "Swim",
}
# The schema allows Running, Biking and Other.
TCX_WORDS: Final = {
    "Ride": "Biking",
    "VirtualRide": "Biking",
    "MountainBikeRide": "Biking",
    "GravelRide": "Biking",
    "EBikeRide": "Biking",
    "EMountainBikeRide": "Biking",
    "Velomobile": "Biking",
    "Handcycle": "Biking",
    "Run": "Running",
    "TrailRun": "Running",
    "VirtualRun": "Running",
}

# <type> of a GPX track, folded: lower case, letters only.
GPX_SPORTS: Final = {
    "bike": "Ride",
    "biking": "Ride",
    "bicycle": "Ride",
    "bicycling": "Ride",
    "cycle": "Ride",
    "cycling": "Ride",
    "roadcycling": "Ride",
    "roadbiking": "Ride",
    "cyclingsport": "Ride",
    "cyclingtransportation": "Ride",
    "indoorcycling": "Ride",
    "mountainbiking": "MountainBikeRide",
    "mountainbike": "MountainBikeRide",
    "mtb": "MountainBikeRide",
    "gravelcycling": "GravelRide",
    "gravelbiking": "GravelRide",
    "virtualcycling": "VirtualRide",
    "ebiking": "EBikeRide",
    "ebike": "EBikeRide",
    "ebikefitness": "EBikeRide",
    "ebikemountain": "EMountainBikeRide",
    "running": "Run",
    "runningtrail": "TrailRun",
    "trailrunning": "TrailRun",
    "streetrunning": "Run",
    "treadmillrunning": "Run",
    "trackrunning": "Run",
    "jogging": "Run",
    "hiking": "Hike",
    "trekking": "Hike",
    "mountaineering": "Hike",
    "walking": "Walk",
    "walktransportation": "Walk",
    "swimming": "Swim",
    "openwaterswimming": "Swim",
    "lapswimming": "Swim",
    "skiing": "AlpineSki",
    "alpineskiing": "AlpineSki",
    "downhillskiing": "AlpineSki",
    "resortskiingsnowboarding": "AlpineSki",
    "resortskiing": "AlpineSki",
    "backcountryskiing": "BackcountrySki",
    "skitouring": "BackcountrySki",
    "crosscountryskiing": "NordicSki",
    "nordicskiing": "NordicSki",
    "xcskiing": "NordicSki",
    "snowboarding": "Snowboard",
    "snowshoeing": "Snowshoe",
    "skating": "InlineSkate",
    "inlineskating": "InlineSkate",
    "iceskating": "IceSkate",
    "rollerskiing": "RollerSki",
    "rowing": "Rowing",
    "indoorrowing": "Rowing",
    "kayaking": "Kayaking",
    "paddling": "Canoeing",
    "canoeing": "Canoeing",
    "standuppaddleboarding": "StandUpPaddling",
    "sup": "StandUpPaddling",
    "surfing": "Surfing",
    "kitesurfing": "Kitesurf",
    "windsurfing": "Windsurf",
    "sailing": "Sail",
    "climbing": "RockClimbing",
    "rockclimbing": "RockClimbing",
    "elliptical": "Elliptical",
    "strengthtraining": "WeightTraining",
    "fitnessequipment": "Workout",
    "yoga": "Yoga",
    "golf": "Golf",
    "other": "Workout",
}

# sport, sub_sport of a FIT session -> SportType; None stands for any other sub_sport.
FIT_SPORTS: Final[dict[str, dict[str | None, str]]] = {
    "running": {
        None: "Run",
        "trail": "TrailRun",
        "virtual_activity": "VirtualRun",
        "obstacle": "Run",
    },
    "cycling": {
        None: "Ride",
        "mountain": "MountainBikeRide",
        "downhill": "MountainBikeRide",
        "gravel_cycling": "GravelRide",
        "mixed_surface": "GravelRide",
        "cyclocross": "GravelRide",
        "hand_cycling": "Handcycle",
        "indoor_hand_cycling": "Handcycle",
        "virtual_activity": "VirtualRide",
        "e_bike_fitness": "EBikeRide",
        "e_bike_mountain": "EMountainBikeRide",
    },
    "e_biking": {None: "EBikeRide", "e_bike_mountain": "EMountainBikeRide"},
    "swimming": {None: "Swim"},
    "walking": {None: "Walk"},
    "hiking": {None: "Hike"},
    "mountaineering": {None: "Hike"},
    "cross_country_skiing": {None: "NordicSki", "backcountry": "BackcountrySki"},
    "alpine_skiing": {None: "AlpineSki", "backcountry": "BackcountrySki"},
    "snowboarding": {None: "Snowboard"},
    "snowshoeing": {None: "Snowshoe"},
    "rowing": {None: "Rowing", "virtual_activity": "VirtualRow"},
    "paddling": {None: "Canoeing"},
    "kayaking": {None: "Kayaking"},
    "rafting": {None: "Canoeing"},
    "stand_up_paddleboarding": {None: "StandUpPaddling"},
    "surfing": {None: "Surfing"},
    "windsurfing": {None: "Windsurf"},
    "kitesurfing": {None: "Kitesurf"},
    "sailing": {None: "Sail"},
    "inline_skating": {None: "InlineSkate"},
    "ice_skating": {None: "IceSkate"},
    "rock_climbing": {None: "RockClimbing"},
    "floor_climbing": {None: "StairStepper"},
    "golf": {None: "Golf"},
    "soccer": {None: "Soccer"},
    "basketball": {None: "Basketball"},
    "volleyball": {None: "Volleyball"},
    "cricket": {None: "Cricket"},
    "dance": {None: "Dance"},
    "tennis": {None: "Tennis"},
    "hiit": {None: "HighIntensityIntervalTraining"},
    "racket": {
        None: "Workout",
        "pickleball": "Pickleball",
        "padel": "Padel",
        "badminton": "Badminton",
        "squash": "Squash",
        "racquetball": "Racquetball",
        "table_tennis": "TableTennis",
    },
    "wheelchair_push_walk": {None: "Wheelchair"},
    "wheelchair_push_run": {None: "Wheelchair"},
    "training": {
        None: "Workout",
        "strength_training": "WeightTraining",
        "yoga": "Yoga",
        "pilates": "Pilates",
        "hiit": "HighIntensityIntervalTraining",
        "amrap": "HighIntensityIntervalTraining",
        "emom": "HighIntensityIntervalTraining",
        "tabata": "HighIntensityIntervalTraining",
        "elliptical": "Elliptical",
        "stair_climbing": "StairStepper",
        "indoor_rowing": "Rowing",
    },
    "fitness_equipment": {
        None: "Workout",
        "elliptical": "Elliptical",
        "stair_climbing": "StairStepper",
        "indoor_rowing": "Rowing",
        "treadmill": "Run",
        "indoor_cycling": "Ride",
        "spin": "Ride",
        "strength_training": "WeightTraining",
        "yoga": "Yoga",
        "pilates": "Pilates",
    },
    "generic": {None: "Workout"},
}

# SportType -> sport, sub_sport. What FIT has no word for goes as training.
FIT_WORDS: Final[dict[str, tuple[str, str]]] = {
    sport: (word, sub or "generic")
    for word, table in reversed(list(FIT_SPORTS.items()))
    for sub, sport in reversed(list(table.items()))
} | {
    "Workout": ("training", "generic"),
    "Crossfit": ("training", "generic"),
    "PhysicalTherapy": ("training", "generic"),
    "Elliptical": ("fitness_equipment", "elliptical"),
    "StairStepper": ("fitness_equipment", "stair_climbing"),
    "RollerSki": ("cross_country_skiing", "generic"),
    "Skateboard": ("generic", "generic"),
    "Velomobile": ("cycling", "recumbent"),
}

# <type> of GPX files that Strava wrote before it changed to words (about 2023):
# only the numbers that are known for sure.
STRAVA_GPX_NUMBERS: Final = {
    "1": "Ride",
    "4": "Hike",
    "9": "Run",
    "10": "Walk",
    "16": "Swim",
}


def sport_of_words(text: str | None) -> str | None:
    """Return the SportType that a free word of a file names, or None."""
    if not text:
        return None
    folded = re.sub(r"[^a-z]", "", text.lower())
    return _BY_FOLDED.get(folded) or GPX_SPORTS.get(folded)


def sport_of_fit(sport: str | None, sub_sport: str | None) -> str | None:
    """Return the SportType of a FIT session, or None for a sport not known."""
    if sport is None:
        return None
    table = FIT_SPORTS.get(sport)
    if table is None:
        return sport_of_words(sport)
    return table.get(sub_sport) or table[None]


def word_for_gpx(sport: str) -> str:
    """Return the word for ``<type>`` that other programs know."""
    return _GPX_WORDS.get(sport, sport)


_GPX_WORDS: Final = {
    "Ride": "cycling",
    "Run": "running",
    "Hike": "hiking",
    "Walk": "walking",
    "Swim": "swimming",
    "TrailRun": "trail_running",
    "MountainBikeRide": "mountain_biking",
    "GravelRide": "gravel_cycling",
    "VirtualRide": "virtual_cycling",
    "Rowing": "rowing",
    "Kayaking": "kayaking",
    "Sail": "sailing",
    "AlpineSki": "alpine_skiing",
    "NordicSki": "cross_country_skiing",
    "BackcountrySki": "backcountry_skiing",
    "Snowboard": "snowboarding",
    "Snowshoe": "snowshoeing",
}
