"""An upload over a known segment gets an effort on it, with its rank."""

from __future__ import annotations

from datetime import datetime, timedelta

import requests

from stravalib.emulator import LocalStrava
from stravalib.emulator.world import generate


def test_an_upload_over_a_segment_has_an_effort() -> None:
    with LocalStrava(generate(seed=7, years=0.3), upload_delay=0) as strava:
        strava.application.set_limits((9000, 90000, 9000, 90000))
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {strava.token()}"

        def get(path: str) -> dict:
            return session.get(strava.url + path).json()

        rows = get("/athlete/activities?per_page=200")
        details = (get(f"/activities/{row['id']}") for row in rows)
        ridden = next(d for d in details if d.get("segment_efforts"))
        path = f"/activities/{ridden['id']}/streams"
        streams = get(f"{path}?keys=time,latlng,altitude&key_by_type=true")
        start = datetime.fromisoformat(ridden["start_date"]) - timedelta(days=3000)
        points = "".join(
            f'<trkpt lat="{lat:.6f}" lon="{lon:.6f}"><ele>{height}</ele><time>'
            f"{start + timedelta(seconds=second):%Y-%m-%dT%H:%M:%SZ}</time></trkpt>"
            for (lat, lon), height, second in zip(
                streams["latlng"]["data"],
                streams["altitude"]["data"],
                streams["time"]["data"],
                strict=True,
            )
        )
        gpx = (
            '<gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1">'
            f"<trk><trkseg>{points}</trkseg></trk></gpx>"
        )
        upload = session.post(
            strava.url + "/uploads",
            data={"data_type": "gpx", "sport_type": ridden["sport_type"]},
            files={"file": ("again.gpx", gpx)},
        ).json()
        for _ in range(200):
            state = get(f"/uploads/{upload['id']}")
            if state["activity_id"] or state["error"]:
                break
        made = get(f"/activities/{state['activity_id']}")
        names = [effort["name"] for effort in made["segment_efforts"]]
        assert [effort["name"] for effort in ridden["segment_efforts"]] == names
        first = made["segment_efforts"][0]
        assert first["id_str"] == str(first["id"])
        assert first["activity"]["id"] == made["id"]
        again = ridden["segment_efforts"][0]["elapsed_time"]
        assert abs(first["elapsed_time"] - again) <= 2
        assert first["pr_rank"] in (1, 2)  # there is one effort to compare with
