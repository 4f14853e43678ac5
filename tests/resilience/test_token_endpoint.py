"""Unusual answers of the token endpoint, wrong clocks, and what is said about it."""

from __future__ import annotations

import asyncio
import logging
import time

import pytest
from small_world import ANNA, RUN

import stravalib
from stravalib import AsyncClient, Client, exc
from stravalib.oauth import App, OAuthFlow
from stravalib.tokens import MemoryTokenStore, Token, TokenKey

HOUR = 3600.0
KEY = TokenKey(1, 7)
REFUSED = {"resource": "Application", "field": "", "code": "invalid"}


@pytest.fixture
def served():
    """Return a function that starts a server with a given token endpoint."""
    from local_servers import Reply, Server

    running = []

    def serve(status=200, body=None, **reply):
        def answer(seen):
            if seen.path.endswith("/oauth/token"):
                return Reply(status, body, **reply)
            return Reply(200, {"id": 7})

        server = Server(answer)
        running.append(server.__enter__())
        return server

    yield serve
    for server in running:
        server.__exit__()


def call(kind, server, times=1, **options):
    """Ask for the athlete, so many times, with a client of either kind."""
    options = {
        "client_id": 1,
        "client_secret": "CLIENT-SECRET",
        "base_url": server.api,
        "retries": False,
        **options,
    }
    if kind == "sync":
        with Client(**options) as client:
            for _ in range(times):
                client.get_athlete()
        return client

    async def main():
        async with AsyncClient(**options) as client:
            for _ in range(times):
                await client.get_athlete()
        return client

    return asyncio.run(main())


def store_with(seconds):
    store = MemoryTokenStore()
    store.save(KEY, Token("OLD-ACCESS", "OLD-REFRESH", time.time() + seconds))
    return store


def fresh(**changes):
    return {
        "access_token": "NEW-ACCESS",
        "refresh_token": "NEW-REFRESH",
        "expires_at": int(time.time()) + 21600,
        **changes,
    }


ODD = {
    "a list": (200, [1], exc.InvalidResponse),
    "null": (200, b"null", exc.InvalidResponse),
    "text": (200, b'"token"', exc.InvalidResponse),
    "no token": (200, {"x": 1}, exc.InvalidResponse),
    "a page": (200, b"<html>", exc.InvalidResponse),
    "a wall": (403, b"<html>", exc.AccessForbidden),
    "no page": (404, b"<html>", exc.ObjectNotFound),
    "too many": (429, {"message": "Rate Limit Exceeded"}, exc.RateLimited),
    "failed": (503, b"", exc.ServerFault),
}


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("name", ODD)
def test_the_old_token_is_used_while_it_lives(served, kind, name, caplog):
    status, body, _ = ODD[name]
    server, store = served(status, body), store_with(200)
    with caplog.at_level(logging.WARNING, "stravalib"):
        call(kind, server, times=3, token_store=store)
    assert caplog.text.count("could not be renewed") == 1
    assert "SECRET" not in caplog.text
    assert store.load(KEY).access_token == "OLD-ACCESS"
    # Not asked again at once.
    assert server.paths().count("/oauth/token") == 1


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("name", ODD)
def test_an_odd_answer_for_a_dead_token_is_typed(served, kind, name):
    status, body, error = ODD[name]
    server, store = served(status, body), store_with(-5)
    with pytest.raises(error):
        call(kind, server, token_store=store)
    assert store.load(KEY).refresh_token == "OLD-REFRESH"


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_wrong_credentials_are_told_at_once(served, kind):
    server = served(401, {"message": "Authorization Error", "errors": [REFUSED]})
    with pytest.raises(exc.InvalidClientCredentials):
        call(kind, server, token_store=store_with(200))


@pytest.mark.parametrize("kind", ["sync", "async"])
@pytest.mark.parametrize("expires", ["NaN", "1e400", "-1e400", '"soon"', "[]", "true"])
def test_an_end_that_is_no_time_is_not_kept(served, kind, expires):
    body = f'{{"access_token":"A","refresh_token":"B","expires_at":{expires}}}'
    store = store_with(-5)
    server = served(200, body.encode())
    for _ in range(2):
        call(kind, server, token_store=store)
    kept = store.load(KEY)
    assert (kept.access_token, kept.refresh_token) == ("A", "B")
    assert 0 < kept.expires_at - time.time() <= 21600
    assert server.paths().count("/oauth/token") == 1


def test_a_stored_end_that_is_no_time_is_unknown():
    data = {"access_token": "A", "expires_at": float("nan")}
    assert Token.from_json(data).expires_at is None
    with pytest.raises(ValueError, match="not a token"):
        Token.from_json("A")


# -- clocks ------------------------------------------


@pytest.mark.parametrize("hours", [7, 3])
@pytest.mark.parametrize("date", [True, False])
def test_a_clock_that_is_ahead_renews_once(drive, strava, hours, date, monkeypatch):
    pair = strava.authorize()
    client = drive.client(
        pair.token.value,
        refresh_token=pair.refresh_token,
        token_expires=int(pair.token.expires_at),
    )
    wrong = lambda: strava.clock.now() + hours * HOUR  # noqa: E731
    client.protocol.gate.clock = client.protocol.auth.clock = wrong
    if not date:
        monkeypatch.setattr(
            f"stravalib._{drive.kind}.gate.parse_http_date", lambda text: None
        )
    for _ in range(5):
        drive.run(client.get_athlete)
    assert len(drive.asked("/oauth/token")) == (1 if hours == 7 else 0)
    # And when it has really ended, it is renewed again, before sending or after a 401.
    strava.clock.move(6 * HOUR)
    for _ in range(3):
        drive.run(client.get_athlete)
    assert len(drive.asked("/oauth/token")) == (2 if hours == 7 else 1)


def test_a_clock_that_is_behind_renews_in_time(drive, strava):
    pair = strava.authorize()
    client = drive.client(
        pair.token.value,
        refresh_token=pair.refresh_token,
        token_expires=int(pair.token.expires_at),
    )
    slow = lambda: strava.clock.now() - 7 * HOUR  # noqa: E731
    client.protocol.gate.clock = client.protocol.auth.clock = slow
    drive.run(client.get_athlete)
    strava.clock.move(6 * HOUR - 100)
    drive.run(client.get_athlete)
    assert [status for _, _, status in drive.asked()] == [200, 200, 200]


def test_a_provider_with_an_old_token_is_not_asked_for_each_call(drive, strava):
    value, asked = strava.token(), []

    def give():
        asked.append(1)
        return Token(value, expires_at=1.0)

    client = drive.client(token_provider=give)
    for _ in range(5):
        drive.run(client.get_athlete)
    assert len(asked) == 2


# -- the first request ------------------------------------------


def test_without_an_access_token_nothing_is_sent_before_the_refresh(drive, strava):
    pair = strava.authorize()
    client = drive.client(refresh_token=pair.refresh_token)
    drive.run(client.get_activity, RUN)
    assert [status for _, _, status in drive.asked()] == [200, 200]


def test_a_refresh_token_without_credentials_is_told_before_sending(
    drive, strava, monkeypatch
):
    monkeypatch.setenv("STRAVA_CLIENT_ID", "abc")
    client = drive.client(refresh_token="r", client_id=None, client_secret=None)
    with pytest.raises(exc.LoginRequired, match="STRAVA_CLIENT_ID='abc' is not"):
        drive.run(client.get_athlete)
    assert drive.asked() == []


# -- what would be lost ------------------------------------------


@pytest.mark.parametrize("keeper", ["nobody", "store", "callback", "silenced"])
def test_a_rotated_refresh_token_that_nobody_keeps_is_told_once(
    drive, strava, caplog, monkeypatch, keeper
):
    strava.application.rotation = "always"
    pair = strava.authorize()
    options = {
        "store": {"token_store": MemoryTokenStore()},
        "callback": {"on_token_refresh": lambda token: None},
    }.get(keeper, {})
    if keeper == "silenced":
        monkeypatch.setenv("SILENCE_TOKEN_WARNINGS", "1")
    client = drive.client(refresh_token=pair.refresh_token, **options)
    with caplog.at_level(logging.WARNING, "stravalib"):
        for _ in range(3):
            drive.run(client.get_athlete)
            strava.clock.move(7 * HOUR)
    assert caplog.text.count("nothing keeps it") == (keeper == "nobody")
    assert pair.refresh_token not in caplog.text
    assert client.refresh_token not in caplog.text


# -- the environment ------------------------------------------


def from_env(drive, **options):
    if drive.kind == "sync":
        return Client.from_env(**options)

    async def make():
        return AsyncClient.from_env(**options)

    return drive.run(make)


def test_blanks_around_the_environment_do_not_matter(drive, monkeypatch):
    for name, value in {
        "CLIENT_ID": "12\n",
        "CLIENT_SECRET": " s\n",
        "REFRESH_TOKEN": "r\n",
    }.items():
        monkeypatch.setenv(f"STRAVA_{name}", value)
    client = from_env(drive)
    protocol = client.protocol
    assert (protocol.client_id, protocol.client_secret) == (12, "s")
    assert client.refresh_token == "r"


@pytest.mark.parametrize("text", [None, "abc"])
def test_an_empty_environment_says_what_to_do(drive, monkeypatch, tmp_path, text):
    monkeypatch.setattr("platformdirs.user_data_path", lambda *a, **k: tmp_path)
    for name in ("CLIENT_ID", "CLIENT_SECRET", "ACCESS_TOKEN", "REFRESH_TOKEN"):
        monkeypatch.delenv(f"STRAVA_{name}", raising=False)
    if text:
        monkeypatch.setenv("STRAVA_CLIENT_ID", text)
    client = from_env(drive)
    with pytest.raises(exc.LoginRequired, match="run `stravalib login`") as caught:
        drive.run(client.get_athlete)
    assert "STRAVA_CLIENT_SECRET" in str(caught.value)
    assert ("'abc' is not a whole number" in str(caught.value)) == (text is not None)


def test_kept_credentials_serve_app_and_logout(strava, monkeypatch, tmp_path):
    from stravalib._stores.credentials import Credentials, save_credentials

    monkeypatch.setattr("platformdirs.user_data_path", lambda *a, **k: tmp_path)
    for name in ("CLIENT_ID", "CLIENT_SECRET"):
        monkeypatch.delenv(f"STRAVA_{name}", raising=False)
    app_id, secret = strava.credentials
    save_credentials(Credentials(app_id, secret))
    store, pair = MemoryTokenStore(), strava.authorize()
    store.save(TokenKey(app_id, ANNA), Token(pair.token.value, pair.refresh_token))
    assert [a.athlete_id for a in App(store=store).athletes()] == [ANNA]
    assert stravalib.logout(store=store, base_url=strava.url) == (app_id, ANNA)
    # Another application's id is not joined with the kept secret.
    with pytest.raises(exc.LoginRequired):
        App(app_id + 1, store=store)
    with pytest.raises(exc.LoginRequired):
        App(None, "another", store=store)


# -- wrong arguments ------------------------------------------


def test_a_store_that_is_none_is_told_without_its_text(drive):
    with pytest.raises(TypeError, match="token_store is a str") as caught:
        drive.client(token_store="redis://:hunter2@host/0")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("empty", ["", Token("")])
def test_a_provider_with_nothing_is_told(drive, empty):
    client = drive.client(token_provider=lambda: empty)
    with pytest.raises(ValueError, match="empty access token"):
        drive.run(client.get_athlete)


@pytest.mark.parametrize("drive", ["sync"], indirect=True)
@pytest.mark.parametrize(
    "where", ["token_provider", "on_token_refresh", "on_request", "on_response"]
)
def test_a_coroutine_function_is_told_by_the_sync_client(drive, strava, where):
    async def later(*arguments):
        raise AssertionError

    pair = strava.authorize()
    client = drive.client(refresh_token=pair.refresh_token, **{where: later})
    with pytest.raises(TypeError, match="later is a coroutine function"):
        drive.run(client.get_athlete)


@pytest.mark.parametrize("drive", ["sync"], indirect=True)
def test_a_coroutine_function_for_waits_is_told_too(drive, strava):
    async def later(wait):
        raise AssertionError

    strava.application.set_limits((200, 2000, 1, 1000))
    client = drive.client(strava.token(), on_wait=later)
    drive.run(client.get_athlete)
    with pytest.raises(TypeError, match="later is a coroutine function"):
        drive.run(client.get_athlete)
    assert client.rate_limits.in_flight == 0


# -- scopes that nobody told ------------------------------------------


def test_a_redirect_without_scopes_is_no_redirect_with_none():
    flow = OAuthFlow(12, "https://example.org/back")
    assert flow.finish("state=s&code=c", "s") == ("c", None, frozenset())
    assert flow.finish("state=s&code=c&scope=", "s").scopes == frozenset()


def test_scopes_that_nobody_told_are_unknown(strava, monkeypatch):
    app = App(
        *strava.credentials,
        store=MemoryTokenStore(),
        redirect_uri="https://example.org/back",
        base_url=strava.url,
    )
    _, state = app.start_login()
    code = strava.state.accounts.make_code(
        strava.application, ANNA, ["read", "activity:read"], strava.clock.now()
    )
    monkeypatch.setattr("stravalib.emulator.routes.oauth.scope_text", lambda scopes: "")
    client = app.finish_login({"state": state, "code": code}, state)
    assert client.scopes is None
    assert client.get_activity(RUN).id == RUN


# -- the end of a login ------------------------------------------


def kept(strava):
    store, pair = MemoryTokenStore(), strava.authorize()
    key = TokenKey(strava.application.id, ANNA)
    store.save(key, Token(pair.token.value, pair.refresh_token, pair.token.expires_at))
    return store


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("how", ["revoke", "deauthorize"])
def test_a_revoked_token_leaves_the_store(drive, strava, how, first):
    store = kept(strava)
    client = drive.client(token_store=store)
    if first:
        drive.run(client.get_athlete)
    drive.run(getattr(client, how))
    assert store.list() == []
    if how == "revoke":
        with pytest.raises(exc.LoginRequired):
            drive.run(client.get_athlete)


def test_what_another_process_renewed_is_revoked(drive, strava):
    strava.application.rotation = "always"
    store = kept(strava)
    first, second = (drive.client(token_store=store) for _ in range(2))
    drive.run(first.get_athlete)
    strava.clock.move(7 * HOUR)
    drive.run(second.get_athlete)
    drive.run(first.revoke)
    assert store.list() == []
    with pytest.raises(exc.StravalibError):
        drive.run(second.get_athlete)


def test_another_token_is_revoked_and_ours_stays(drive, strava):
    store = kept(strava)
    other = strava.authorize()
    client = drive.client(token_store=store)
    drive.run(client.get_athlete)
    drive.run(client.revoke, other.refresh_token + "x")
    assert len(store.list()) == 1


def test_a_revocation_with_wrong_credentials_says_so(drive, strava):
    client = drive.client(strava.token())
    with pytest.raises(exc.InvalidClientCredentials, match="do not match"):
        drive.run(client.revoke, client_id=1, client_secret="bad")


# -- a login that could not be kept ------------------------------------------


def test_a_store_that_cannot_be_written_is_found_before_the_login(strava):
    class Locked(MemoryTokenStore):
        def delete(self, key, /):
            raise PermissionError(13, "Permission denied")

    opened = []
    with pytest.raises(PermissionError):
        stravalib.login(
            *strava.credentials,
            store=Locked(),
            open_browser=opened.append,
            tell=opened.append,
            base_url=strava.url,
        )
    assert opened == []
    app = App(
        *strava.credentials,
        store=Locked(),
        redirect_uri="https://example.org/back",
        base_url=strava.url,
    )
    _, state = app.start_login()
    query = {"state": state, "code": "c"}
    with pytest.raises(PermissionError):
        app.finish_login(query, state)
    with pytest.raises(PermissionError):
        asyncio.run(app.finish_login_async(query, state))
    assert len(strava.requests) == 0


# -- crash reports ------------------------------------------


def test_locals_of_the_frames_that_send_show_no_token(served):
    import traceback

    server = served(400, {"message": "Bad Request"})
    with pytest.raises(exc.BadRequest) as caught:
        call("sync", server, token_store=store_with(-5))
    report = traceback.TracebackException.from_exception(
        caught.value, capture_locals=True
    )
    frames = [f for f in report.stack if f.name in ("_fetch", "_request", "send")]
    assert frames
    for frame in frames:
        shown = repr(frame.locals)
        assert "CLIENT-SECRET" not in shown
        assert "OLD-" not in shown


# -- a lock that stays taken -------------------------------------------


def test_a_lock_that_stays_taken_is_told_and_given_up(drive, strava, caplog):
    store = kept(strava)
    client = drive.client(token_store=store)
    naps = []

    def nap(seconds):
        naps.append(seconds)

    async def async_nap(seconds):
        naps.append(seconds)

    client.protocol.auth.sleep = nap if drive.kind == "sync" else async_nap
    strava.clock.move(7 * HOUR)
    key = TokenKey(strava.application.id, ANNA)
    with (
        store.lock(key),
        caplog.at_level(logging.WARNING, "stravalib.tokens"),
        pytest.raises(exc.StoreFailed, match="has held the lock of") as caught,
    ):
        drive.run(client.get_athlete)
    assert "process that hangs" in str(caught.value)
    assert 180 <= sum(naps) < 181
    assert caplog.text.count("Waiting since 10 s") == 1
    assert drive.run(client.get_athlete).id == ANNA
