"""The FastAPI and the Django recipe, served on loopback, against the local Strava."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest
from small_world import ANNA, BERT, RUN
from web import Person, listener, load, serve, until

from stravalib import exc
from stravalib.testing import WorldBuilder, connect
from stravalib.tokens import SQLiteTokenStore, TokenKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import ModuleType

    from stravalib.emulator import LocalStrava

VERIFY = "a-verify-token-of-the-tests"


@dataclasses.dataclass
class Site:
    """One recipe at work."""

    strava: LocalStrava
    address: str
    tokens: SQLiteTokenStore
    people: list[Person]
    shown: Callable[[Any], list[dict[str, Any]]]
    csrf: Callable[[Any], dict[str, str]]
    recipe: ModuleType

    def person(self) -> Person:
        self.people.append(Person(self.address))
        return self.people[-1]

    @property
    def athletes(self) -> list[int]:
        return [key.athlete_id for key in self.tokens.list()]

    def subscribe(self) -> int:
        id_, secret = self.strava.credentials
        with connect(self.strava) as client:
            made = client.create_subscription(
                id_, secret, f"{self.address}/strava/events", VERIFY
            )
        assert made.id is not None
        return made.id


def fastapi_site() -> tuple[str, Any, Any]:
    return "fastapi_app", lambda reply: reply.json(), lambda reply: {}


def django_site() -> tuple[str, Any, Any]:
    return (
        "django_app",
        lambda reply: reply.json()["activities"],
        lambda reply: {"X-CSRFToken": reply.json()["csrf"]},
    )


@pytest.fixture(params=[fastapi_site, django_site], ids=["fastapi", "django"])
def site(
    request: pytest.FixtureRequest,
    local: LocalStrava,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Site]:
    name, shown, csrf = request.param()
    pytest.importorskip(name.removesuffix("_app"))
    taken = listener()
    address = f"http://127.0.0.1:{taken.getsockname()[1]}"
    tokens = tmp_path / "tokens.sqlite"
    limits = tmp_path / "limits.sqlite"
    monkeypatch.setenv("APP_URL", address)
    monkeypatch.setenv("APP_SECRET", "a-cookie-secret-of-the-tests-0123456789-abcdefgh")
    monkeypatch.setenv("APP_VERIFY_TOKEN", VERIFY)
    monkeypatch.setenv("APP_TOKENS", str(tokens))
    monkeypatch.setenv("APP_LIMITS", str(limits))
    recipe = load(name)
    if name == "fastapi_app":
        app = recipe.from_env()
    else:
        app = recipe.application
        # Django can be configured once in a process.
        recipe.strava.cache_clear()
        recipe.Shared.news.clear()
        settings = recipe.settings
        monkeypatch.setattr(settings, "STRAVA_REDIRECT", f"{address}/login/back")
        monkeypatch.setattr(settings, "STRAVA_TOKENS", str(tokens))
        monkeypatch.setattr(settings, "STRAVA_LIMITS", str(limits))
        monkeypatch.setattr(settings, "ALLOWED_HOSTS", ["127.0.0.1"])
    people: list[Person] = []
    store = SQLiteTokenStore(tokens)
    with serve(app, taken):
        yield Site(local, address, store, people, shown, csrf, recipe)
        for person in people:
            person.close()


def test_login_and_list(site: Site) -> None:
    anna = site.person()
    front = anna.log_in(ANNA)
    assert front.status_code == 200
    assert front.url == site.address + "/"
    listed = site.shown(front)
    assert {"id", "name", "sport", "start", "kilometres"} == set(listed[0])
    assert RUN in [item["id"] for item in listed]
    assert site.athletes == [ANNA]


def test_two_athletes_see_their_own(site: Site) -> None:
    anna, bert = site.person(), site.person()
    anna.log_in(ANNA)
    bert.log_in(BERT)
    assert site.athletes == [ANNA, BERT]
    hers = {item["id"] for item in site.shown(anna.get("/"))}
    his = {item["id"] for item in site.shown(bert.get("/"))}
    assert hers
    assert his
    assert not hers & his


def test_nobody_is_sent_to_the_login(site: Site) -> None:
    page = site.person().get("/")
    assert page.history[0].status_code in (302, 303)
    assert "/oauth/authorize" in page.url


def test_refused_login_says_so(site: Site) -> None:
    anna = site.person()
    page = anna.log_in(ANNA, decision="cancel")
    assert page.status_code == 400
    assert "Access was denied" in page.text
    assert site.athletes == []


def test_answer_to_another_login_is_refused(site: Site) -> None:
    anna = site.person()
    anna.get("/login")
    page = anna.get("/login/back?code=abc&scope=read&state=of-somebody-else")
    assert page.status_code == 400
    assert "does not belong to the login" in page.text
    assert site.athletes == []


def test_token_is_renewed_in_the_store(site: Site) -> None:
    anna = site.person()
    anna.log_in(ANNA)
    key = TokenKey(site.strava.credentials.client_id, ANNA)
    old = site.tokens.load(key)
    assert old is not None
    site.tokens.save(key, old.replace(expires_at=1.0))
    assert anna.get("/").status_code == 200
    new = site.tokens.load(key)
    assert new is not None
    assert new.expires_at is not None
    assert new.expires_at > 1.0


def test_lost_token_leads_through_the_login(site: Site) -> None:
    anna = site.person()
    anna.log_in(ANNA)
    site.tokens.delete(TokenKey(site.strava.credentials.client_id, ANNA))
    page = anna.get("/")
    # Strava asks nothing that was granted before.
    visited = [reply.url for reply in page.history]
    assert any("/oauth/authorize" in url for url in visited)
    assert page.url == site.address + "/"
    assert site.athletes == [ANNA]


def test_used_up_quota_is_told_at_once(site: Site) -> None:
    anna = site.person()
    anna.log_in(ANNA)
    site.strava.faults.add("429", path="/athlete/activities", count=1)
    page = anna.get("/")
    assert page.status_code == 503
    assert int(page.headers["Retry-After"]) > 0


def test_leaving_revokes_and_forgets(site: Site) -> None:
    anna = site.person()
    front = anna.log_in(ANNA)
    token = site.tokens.load(TokenKey(site.strava.credentials.client_id, ANNA))
    assert token is not None
    reply = anna.post("/leave", headers=site.csrf(front))
    assert reply.status_code == 204
    assert site.athletes == []
    from stravalib import Client

    with (
        Client(token.access_token, base_url=site.strava.url) as client,
        pytest.raises(exc.AccessUnauthorized),
    ):
        client.get_athlete()
    assert "/oauth/authorize" in anna.get("/").url


def test_events_are_answered_and_dealt_with(site: Site) -> None:
    anna = site.person()
    anna.log_in(ANNA)
    site.subscribe()
    world = WorldBuilder(site.strava)
    made = world.activity("Run", name="Round the lake", distance=7000.0, tell=True)
    until(lambda: "Round the lake: 7000 m" in anna.get("/news").json())
    with connect(site.strava) as client:
        client.update_activity(made["id"], name="Twice round the lake")
    key = TokenKey(site.strava.credentials.client_id, ANNA)
    token = site.tokens.load(key)
    assert token is not None
    with connect(site.strava) as client:
        client.revoke(token.refresh_token)
    until(lambda: f"athlete {ANNA} has left" in anna.get("/news").json())
    until(lambda: site.athletes == [])


def test_strangers_are_refused(site: Site) -> None:
    person = site.person()
    reply = person.get(
        "/strava/events?hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=x"
    )
    assert reply.status_code == 403
    assert person.post("/strava/events", data=b"[]").status_code == 400


def test_one_session_for_all(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the logins no session is opened, however many athletes call."""
    anna, bert = site.person(), site.person()
    anna.log_in(ANNA)
    bert.log_in(BERT)
    import aiohttp

    made = []
    original = aiohttp.ClientSession.__init__

    def note(self: Any, *arguments: Any, **keywords: Any) -> None:
        made.append(self)
        original(self, *arguments, **keywords)

    monkeypatch.setattr(aiohttp.ClientSession, "__init__", note)
    for person in (anna, bert, anna, bert):
        assert person.get("/").status_code == 200
    assert made == []
