from __future__ import annotations

from typing import TYPE_CHECKING

from asking import Asker
from small_world import ANNA, BERT, RUN

if TYPE_CHECKING:
    from stravalib.emulator import LocalStrava


def test_applications_can_be_added_and_changed(small: LocalStrava, ask: Asker) -> None:
    url = small.origin + "/_emulator/applications"
    made = ask("POST", url, json={"name": "Second", "capacity": 5})
    assert made.status_code == 201
    second = small.state.accounts.applications[made.json()["id"]]
    assert (second.name, second.capacity, second.active) == ("Second", 5, True)
    token = small.token(application=second)
    changed = ask("POST", url, json={"id": second.id, "active": False})
    assert changed.json()["active"] is False
    assert Asker(small, token).get("/athlete").status_code == 403
    assert ask.get("/athlete").status_code == 200
    assert len(ask("GET", url).json()) == 2
    bad = ask("POST", url, json={"rotation": "sometimes"})
    assert bad.status_code == 400


def test_subscription_can_be_taken_away(small: LocalStrava, ask: Asker) -> None:
    path = f"/activities/{RUN}/zones"
    assert ask.get(path).status_code == 200
    url = f"{small.origin}/_emulator/athletes/{ANNA}"
    assert ask("POST", url, json={"subscriber": False}).json()["summit"] is False
    assert ask.get(path).status_code == 402
    assert ask("POST", url, data={"subscriber": "1"}).status_code == 200
    assert ask.get(path).status_code == 200
    gone = ask("POST", small.origin + "/_emulator/athletes/5", json={"subscriber": 1})
    assert gone.status_code == 404


def test_an_athlete_can_leave_an_application(small: LocalStrava, ask: Asker) -> None:
    fields = {"application_id": small.application.id, "athlete_id": ANNA}
    url = small.origin + "/_emulator/withdraw"
    assert ask("POST", url, data=fields).status_code == 204
    assert ask.get("/athlete").status_code == 401
    assert ask("POST", url, data=fields).status_code == 404
    other = fields | {"athlete_id": BERT}
    assert ask("POST", url, data=other).status_code == 404


def test_a_clock_request_that_moves_nothing_is_refused(
    small: LocalStrava, ask: Asker
) -> None:
    url = small.origin + "/_emulator/clock"
    for body in ({}, {"advance": 60}):
        assert ask("POST", url, json=body).status_code == 400
    assert ask("POST", url, json={"move": 60}).status_code == 200
    assert ask("POST", url, json={"frozen": False}).status_code == 200
