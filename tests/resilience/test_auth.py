from __future__ import annotations

import io
import logging
import threading

import pytest
from small_world import ANNA, RUN

from stravalib import exc
from stravalib.tokens import FileTokenStore, MemoryTokenStore, Token, TokenKey

HOUR = 3600.0


@pytest.fixture
def pair(strava):
    return strava.authorize()


def token_of(strava, pair, **changes):
    return Token(
        pair.token.value,
        pair.refresh_token,
        pair.token.expires_at,
        pair.token.scopes,
        ANNA,
        strava.application.id,
    ).replace(**changes)


def key_of(strava):
    return TokenKey(strava.application.id, ANNA)


def refreshes(drive):
    return drive.asked("/oauth/token")


def test_a_fresh_token_is_not_renewed(drive, strava, pair):
    client = drive.client(
        pair.token.value,
        refresh_token=pair.refresh_token,
        token_expires=int(pair.token.expires_at),
    )
    drive.run(client.get_activity, RUN)
    assert refreshes(drive) == []


def test_a_token_is_renewed_within_the_leeway(drive, strava, pair):
    seen = []
    client = drive.client(
        pair.token.value,
        refresh_token=pair.refresh_token,
        token_expires=int(pair.token.expires_at),
        on_token_refresh=seen.append,
    )
    strava.clock.move(6 * HOUR - 301)
    drive.run(client.get_activity, RUN)
    assert refreshes(drive) == []
    strava.clock.move(2)
    drive.run(client.get_activity, RUN)
    drive.run(client.get_activity, RUN)
    assert len(refreshes(drive)) == 1
    assert client.access_token != pair.token.value
    assert client.refresh_token != pair.refresh_token
    assert client.token_expires == int(strava.clock.now()) + 21600
    assert [token.access_token for token in seen] == [client.access_token]
    assert seen[0].scopes == pair.token.scopes


def test_only_a_refresh_token_is_enough(drive, strava, pair):
    client = drive.client(refresh_token=pair.refresh_token)
    assert drive.run(client.get_activity, RUN).id == RUN
    assert client.access_token


def test_the_store_gives_the_token_and_takes_the_next(drive, strava, pair, tmp_path):
    store = FileTokenStore(tmp_path / "tokens.json")
    store.save(key_of(strava), token_of(strava, pair))
    strava.clock.move(7 * HOUR)
    saved = []

    def look(token):
        saved.append(store.load(key_of(strava)) == token)

    client = drive.client(token_store=store, on_token_refresh=look)
    assert drive.run(client.get_activity, RUN).id == RUN
    kept = store.load(key_of(strava))
    assert kept.access_token == client.access_token != pair.token.value
    assert kept.refresh_token == client.refresh_token != pair.refresh_token
    assert kept.athlete_id == ANNA == client.athlete_id
    assert kept.scopes == pair.token.scopes == client.scopes
    assert saved == [True]


def test_it_is_saved_before_it_is_used(drive, strava, pair):
    order = []

    class Store(MemoryTokenStore):
        def save(self, key, token, /):
            order.append(("saved", len(drive.asked("/activities"))))
            super().save(key, token)

    store = Store()
    MemoryTokenStore.save(store, key_of(strava), token_of(strava, pair))
    strava.clock.move(7 * HOUR)
    drive.run(drive.client(token_store=store).get_activity, RUN)
    assert order == [("saved", 0)]


def test_a_store_that_fails_is_told_and_the_new_token_is_not_lost(drive, strava, pair):
    class Full(MemoryTokenStore):
        def save(self, key, token, /):
            raise OSError(28, "No space left on device")

    store = Full()
    MemoryTokenStore.save(store, key_of(strava), token_of(strava, pair))
    strava.clock.move(7 * HOUR)
    client = drive.client(token_store=store)
    with pytest.raises(OSError, match="No space"):
        drive.run(client.get_activity, RUN)
    assert drive.run(client.get_activity, RUN).id == RUN
    assert len(refreshes(drive)) == 1


def test_two_clients_of_one_store_refresh_once(drive, strava, pair):
    store = MemoryTokenStore()
    store.save(key_of(strava), token_of(strava, pair))
    first, second = (drive.client(token_store=store) for _ in range(2))
    drive.run(first.get_activity, RUN)
    drive.run(second.get_activity, RUN)
    strava.clock.move(7 * HOUR)
    drive.run(first.get_activity, RUN)
    drive.run(second.get_activity, RUN)
    assert len(refreshes(drive)) == 1
    assert first.access_token == second.access_token


def test_a_401_refreshes_once_and_repeats_once(drive, strava, pair):
    client = drive.client(pair.token.value, refresh_token=pair.refresh_token)
    strava.clock.move(7 * HOUR)  # nobody told the client when it ends
    assert drive.run(client.get_activity, RUN).id == RUN
    assert [status for _, _, status in drive.asked()] == [401, 200, 200]


def test_a_write_is_repeated_after_a_401_with_its_file(drive, strava, pair):
    client = drive.client(pair.token.value, refresh_token=pair.refresh_token)
    strava.clock.move(7 * HOUR)
    file = io.BytesIO(b"header" + b"<gpx/>")
    file.seek(6)
    drive.run(client.upload_activity, file, "gpx")
    uploads = [r for r in strava.requests if r.path.endswith("/uploads")]
    assert [r.status for r in uploads] == [401, 201]
    assert b"<gpx/>" in uploads[1].body
    assert b"header" not in uploads[1].body


def test_a_dead_refresh_token_asks_for_a_login(drive, strava, pair):
    client = drive.client(pair.token.value, refresh_token=pair.refresh_token)
    strava.faults.add("token_revoked", count=1)
    with pytest.raises(exc.LoginRequired, match="stravalib login") as caught:
        drive.run(client.get_activity, RUN)
    assert pair.refresh_token not in str(caught.value)
    assert [status for _, _, status in drive.asked()] == [401, 400]


def test_without_a_way_to_refresh_the_401_is_raised(drive, strava, pair):
    client = drive.client(pair.token.value)
    strava.clock.move(7 * HOUR)
    with pytest.raises(exc.InvalidAccessToken) as caught:
        drive.run(client.get_activity, RUN)
    assert caught.value.meta.attempts == 1
    assert len(drive.asked()) == 1


def test_a_refresh_that_fails_does_not_matter_while_the_token_is_good(
    drive, strava, pair, caplog
):
    client = drive.client(
        pair.token.value,
        refresh_token=pair.refresh_token,
        token_expires=int(pair.token.expires_at),
        retries=False,
    )
    strava.faults.add("503", path="/oauth/token", count=2)
    strava.clock.move(6 * HOUR - 60)
    with caplog.at_level(logging.WARNING, "stravalib"):
        assert drive.run(client.get_activity, RUN).id == RUN
    assert "good for 60 s more" in caplog.text
    strava.clock.move(61)
    with pytest.raises(exc.ServerFault):
        drive.run(client.get_activity, RUN)


def test_a_refresh_is_repeated_after_a_dropped_connection(drive, strava, pair):
    strava.application.rotation = "never"
    client = drive.client(refresh_token=pair.refresh_token)
    strava.faults.add("reset", path="/oauth/token", count=1)
    assert drive.run(client.get_activity, RUN).id == RUN
    assert len(refreshes(drive)) == 2


def test_the_missing_credentials_are_told_once_and_late(
    drive, strava, pair, caplog, monkeypatch
):
    with caplog.at_level(logging.WARNING, "stravalib"):
        client = drive.client(
            pair.token.value,
            token_expires=int(pair.token.expires_at),
            client_id=None,
            client_secret=None,
        )
        drive.run(client.get_activity, RUN)
        assert caplog.text == ""
        strava.clock.move(7 * HOUR)
        for _ in range(2):
            with pytest.raises(exc.InvalidAccessToken):
                drive.run(client.get_activity, RUN)
    assert caplog.text.count("cannot be renewed without client_id") == 1


def test_an_expired_scope_list_is_checked_before_sending(drive, strava):
    pair = strava.authorize("read")
    store = MemoryTokenStore()
    store.save(key_of(strava), token_of(strava, pair))
    client = drive.client(token_store=store)
    with pytest.raises(exc.ScopeMissing, match="Not sent") as caught:
        drive.run(client.get_activity, RUN)
    assert caught.value.required_scope == "activity:read"
    assert drive.asked() == []
    with pytest.raises(exc.ScopeMissing, match="activity:read"):
        drive.rows(client.get_activities())
    assert drive.asked() == []
    assert drive.run(client.get_athlete).id == ANNA


def test_the_check_can_be_turned_off(drive, strava):
    pair = strava.authorize("read")
    store = MemoryTokenStore()
    store.save(key_of(strava), token_of(strava, pair))
    client = drive.client(token_store=store, check_scopes=False)
    with pytest.raises(exc.ScopeMissing) as caught:
        drive.run(client.get_activity, RUN)
    assert caught.value.status_code == 401
    assert len(drive.asked()) == 1


def test_a_token_set_by_hand_has_unknown_scopes(drive, strava):
    store = MemoryTokenStore()
    store.save(key_of(strava), token_of(strava, strava.authorize("read")))
    client = drive.client(token_store=store)
    drive.run(client.get_athlete)
    assert client.scopes == {"read"}
    client.access_token = strava.token()
    assert client.scopes is None
    assert drive.run(client.get_activity, RUN).id == RUN


def test_an_empty_store_asks_for_a_login(drive, strava):
    client = drive.client(token_store=MemoryTokenStore())
    with pytest.raises(exc.LoginRequired, match="stravalib login"):
        drive.run(client.get_athlete)
    named = drive.client(token_store=MemoryTokenStore(), athlete_id=5)
    with pytest.raises(exc.LoginRequired, match="of athlete 5"):
        drive.run(named.get_athlete)


def test_several_athletes_need_a_choice(drive, strava, pair):
    store = MemoryTokenStore()
    store.save(key_of(strava), token_of(strava, pair))
    store.save(TokenKey(strava.application.id, 5), token_of(strava, pair))
    with pytest.raises(exc.AuthError, match="athletes \\(5, 1001\\); pass athlete_id="):
        drive.run(drive.client(token_store=store).get_athlete)
    chosen = drive.client(token_store=store, athlete_id=ANNA)
    assert drive.run(chosen.get_athlete).id == ANNA


def test_a_store_needs_the_application(drive, strava):
    client = drive.client(
        token_store=MemoryTokenStore(), client_id=None, client_secret=None
    )
    with pytest.raises(exc.LoginRequired, match="STRAVA_CLIENT_ID"):
        drive.run(client.get_athlete)


def test_a_login_is_saved(drive, strava):
    store = MemoryTokenStore()
    client = drive.client(token_store=store)
    code = strava.state.accounts.make_code(
        strava.application, ANNA, ["read", "activity:read"], strava.clock.now()
    )
    drive.run(
        client.exchange_code_for_token,
        strava.application.id,
        strava.application.secret,
        code,
    )
    assert store.load(key_of(strava)).access_token == client.access_token
    assert drive.run(client.get_activity, RUN).id == RUN


@pytest.mark.parametrize(
    ("drive", "form"),
    [
        (kind, form)
        for kind in ("sync", "async")
        for form in ("token", "text", "mapping", "coroutine")
        if (kind, form) != ("sync", "coroutine")
    ],
    indirect=["drive"],
)
def test_a_provider(drive, strava, form):
    calls = []

    def give():
        calls.append(1)
        pair = strava.authorize()
        token = token_of(strava, pair)
        if form == "text":
            return token.access_token
        if form == "mapping":
            return {"access_token": token.access_token, "expires_at": token.expires_at}
        return token

    async def give_later():
        return give()

    client = drive.client(
        token_provider=give_later if form == "coroutine" else give,
        client_id=None,
        client_secret=None,
    )
    drive.run(client.get_activity, RUN)
    drive.run(client.get_activity, RUN)
    assert len(calls) == 1
    strava.clock.move(7 * HOUR)
    assert drive.run(client.get_activity, RUN).id == RUN
    assert len(calls) == 2


def test_a_provider_that_returns_something_else(drive):
    client = drive.client(token_provider=lambda: 7)
    with pytest.raises(TypeError, match="token_provider returned int"):
        drive.run(client.get_athlete)


@pytest.mark.parametrize("drive", ["sync"], indirect=True)
def test_threads_of_one_client_refresh_once(strava, drive):
    pair = strava.authorize()
    client = drive.client(
        pair.token.value,
        refresh_token=pair.refresh_token,
        token_expires=int(pair.token.expires_at),
    )
    strava.clock.move(7 * HOUR)
    errors = []

    def work():
        try:
            client.get_activity(RUN)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(refreshes(drive)) == 1


def test_a_token_that_names_no_athlete_is_kept_under_its_key(drive, strava, pair):
    """Somebody's own import of tokens says whose they are by the key alone."""
    store, key = MemoryTokenStore(), key_of(strava)
    store.save(key, Token("old", pair.refresh_token, 1.0))
    client = drive.client(token_store=store, athlete_id=ANNA)
    drive.run(client.get_activity, RUN)
    kept = store.load(key)
    assert kept.expires_at > strava.clock.now()
    assert (kept.athlete_id, kept.client_id) == (ANNA, strava.application.id)


def test_from_env(drive, strava, pair, monkeypatch, tmp_path):
    from stravalib import AsyncClient, Client

    kind = Client if drive.kind == "sync" else AsyncClient
    monkeypatch.setenv("STRAVA_CLIENT_ID", "12")
    monkeypatch.setenv("STRAVA_CLIENT_SECRET", "s")
    monkeypatch.setenv("STRAVA_REFRESH_TOKEN", "r")
    monkeypatch.setenv("STRAVA_TOKEN_EXPIRES", "77")
    client = drive.run(_made, kind)
    assert client.protocol.client_id == 12
    assert (client.refresh_token, client.token_expires) == ("r", 77)
    assert client.protocol.auth.store is None
    monkeypatch.setenv("STRAVA_TOKEN_EXPIRES", "soon")
    with pytest.raises(ValueError, match="STRAVA_TOKEN_EXPIRES='soon'"):
        drive.run(_made, kind)
    monkeypatch.delenv("STRAVA_TOKEN_EXPIRES")
    monkeypatch.delenv("STRAVA_REFRESH_TOKEN")
    monkeypatch.setenv("STRAVA_ATHLETE_ID", "5")
    monkeypatch.setattr("platformdirs.user_data_path", lambda *a, **k: tmp_path)
    client = drive.run(_made, kind)
    assert client.protocol.auth.store.path == tmp_path / "tokens.json"
    assert client.athlete_id == 5


def test_from_env_takes_what_the_login_has_kept(drive, monkeypatch, tmp_path):
    from stravalib import AsyncClient, Client
    from stravalib._stores.credentials import Credentials, save_credentials

    kind = Client if drive.kind == "sync" else AsyncClient
    monkeypatch.setattr("platformdirs.user_data_path", lambda *a, **k: tmp_path)
    for name in ("CLIENT_ID", "CLIENT_SECRET", "ACCESS_TOKEN", "REFRESH_TOKEN"):
        monkeypatch.delenv(f"STRAVA_{name}", raising=False)
    save_credentials(Credentials(12, "kept"))
    protocol = drive.run(_made, kind).protocol
    assert (protocol.client_id, protocol.client_secret) == (12, "kept")
    # Another application's secret is not mixed in.
    monkeypatch.setenv("STRAVA_CLIENT_ID", "13")
    protocol = drive.run(_made, kind).protocol
    assert (protocol.client_id, protocol.client_secret) == (13, None)


async def _made_async(kind):
    return kind.from_env()


def _made(kind):
    return kind.from_env() if kind.__name__ == "Client" else _made_async(kind)


def test_half_an_answer_with_tokens_is_not_quoted(drive, strava, pair):
    client = drive.client(refresh_token=pair.refresh_token, retries=False)
    strava.faults.add("truncated", path="/oauth/token", count=1)
    with pytest.raises(exc.InvalidResponse) as caught:
        drive.run(client.get_activity, RUN)
    assert "access_token" not in str(caught.value)
    assert caught.value.response.content == b""


def test_half_an_answer_is_asked_for_again(drive, strava, pair):
    client = drive.client(pair.token.value)
    strava.faults.add("truncated", count=1)
    assert drive.run(client.get_activity, RUN).id == RUN
    assert len(drive.asked()) == 2
