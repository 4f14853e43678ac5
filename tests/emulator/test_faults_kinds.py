from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests
from small_world import RUN

from stravalib.emulator.faults import KINDS, Faults

if TYPE_CHECKING:
    from asking import Asker

    from stravalib.emulator import LocalStrava


def broken(ask: Asker, fault: str, path: str = "/athlete") -> requests.Response:
    return ask("GET", path, headers={"X-Emulator-Fault": fault})


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_gateway_errors_are_html(ask: Asker, status: int) -> None:
    reply = broken(ask, str(status))
    assert reply.status_code == status
    assert reply.headers["Content-Type"] == "text/html"
    assert f"<h1>{status}" in reply.text


def test_both_bodies_of_429(ask: Asker) -> None:
    usual = broken(ask, "429")
    assert usual.json()["errors"][0]["field"] == "rate limit"
    assert usual.headers["X-RateLimit-Usage"].startswith("200,")
    assert ask.get("/athlete").headers["X-RateLimit-Usage"] == "2,2"
    assert broken(ask, "429=text").json() == {
        "errors": "Rate Limit Exceeded",
        "status": 429,
        "message": "Too Many Requests",
    }


def test_missing_and_bad_rate_headers(ask: Asker) -> None:
    bare = broken(ask, "no_rate_headers")
    assert bare.status_code == 200
    assert not [name for name in bare.headers if "ratelimit" in name.lower()]
    assert broken(ask, "bad_rate_headers").headers["X-RateLimit-Limit"] == ","


def test_empty_404(ask: Asker) -> None:
    reply = broken(ask, "empty_404")
    assert (reply.status_code, reply.content) == (404, b"")


def test_truncated_json_is_a_whole_response(ask: Asker) -> None:
    reply = broken(ask, "truncated")
    assert reply.status_code == 200
    assert len(reply.content) == int(reply.headers["Content-Length"])
    with pytest.raises(requests.JSONDecodeError):
        reply.json()


def test_reset_cuts_the_body(ask: Asker) -> None:
    with pytest.raises(
        (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)
    ):
        broken(ask, "reset")
    assert ask.get("/athlete").status_code == 200


def test_hang_and_slow(ask: Asker) -> None:
    hung = {"X-Emulator-Fault": "hang"}
    with pytest.raises(requests.ReadTimeout):
        ask.session.get(ask.strava.url + "/athlete", headers=hung, timeout=0.1)
    slow = broken(ask, "slow=0.12")
    assert slow.elapsed.total_seconds() >= 0.11
    assert slow.status_code == 200


def test_changed_answers(ask: Asker) -> None:
    path = f"/activities/{RUN}"
    sound = broken(ask, "no_rate_headers", path).json()
    word = broken(ask, "new_enum", path).json()
    assert word["sport_type"] == word["visibility"] == "InventedTomorrow"
    grown = broken(ask, "new_fields", path).json()
    assert grown.keys() - sound.keys() == {"invented_tomorrow", "invented_flag"}
    assert "invented_flag" in grown["laps"][0]
    odd = broken(ask, "wrong_types", path).json()
    assert odd.keys() == sound.keys()
    assert odd["id"] == sound["id"]
    changed = [key for key in odd if type(odd[key]) is not type(sound[key])]
    assert len(changed) > 10


def test_token_revoked_in_between(ask: Asker) -> None:
    assert ask.get("/athlete").status_code == 200
    assert broken(ask, "token_revoked").status_code == 401
    assert ask.get("/athlete").status_code == 401


def test_every_kind_can_be_asked_for(ask: Asker) -> None:
    for kind in KINDS:
        if kind in ("hang", "reset"):
            continue
        broken(ask, f"{kind}=0" if kind == "slow" else kind)
        assert ask.strava.requests[-1].fault is not None
    typo = broken(ask, "no such fault")
    assert typo.status_code == 400
    assert "choose one of slow, hang" in typo.json()["message"]


def test_rules_by_path_count_and_skip(small: LocalStrava, ask: Asker) -> None:
    small.faults.add("503", path="/athlete", count=2, skip=1)
    codes = [ask.get("/athlete").status_code for _ in range(4)]
    assert codes == [200, 503, 503, 200]
    small.faults.add("500", path="/activities/*")
    assert ask.get("/athlete").status_code == 200
    assert ask.get(f"/activities/{RUN}").status_code == 500
    assert ask.get(f"/activities/{RUN}/laps").status_code == 500
    small.faults.remove()
    assert ask.get(f"/activities/{RUN}").status_code == 200


def test_probability_is_seeded() -> None:
    def pattern() -> list[bool]:
        faults = Faults(seed=3)
        faults.add("500", probability=0.5)
        return [faults.find("GET", "/x", None) is not None for _ in range(50)]

    assert pattern() == pattern()
    assert 10 < sum(pattern()) < 40


def test_rules_over_http(small: LocalStrava, ask: Asker) -> None:
    url = small.origin + "/_emulator/faults"
    made = ask("POST", url, json={"kind": "502", "path": "/athlete", "count": 1})
    assert made.status_code == 201
    listed = ask("GET", url).json()
    assert listed["rules"][0]["kind"] == "502"
    assert set(listed["kinds"]) == set(KINDS)
    assert ask.get("/athlete").status_code == 502
    assert ask("GET", url).json()["rules"] == []
    assert ask("POST", url, json={"kind": "flood"}).status_code == 400
    assert ask("POST", url, json={"kind": "500", "probability": 2}).status_code == 400


def test_bad_rules_are_told() -> None:
    faults = Faults()
    with pytest.raises(ValueError, match="choose one of"):
        faults.add("flood")
    with pytest.raises(ValueError, match="probability is 3"):
        faults.add("500", probability=3)
    with pytest.raises(ValueError, match="count is 0"):
        faults.add("500", count=0)
