"""Whose token it is: given by hand, kept in a store, or known to Strava only."""

from __future__ import annotations

import logging

import pytest
from small_world import ANNA, BERT, RUN

from stravalib import exc
from stravalib.oauth import App
from stravalib.tokens import FileTokenStore, MemoryTokenStore, Token, TokenKey

HOUR = 3600.0


@pytest.fixture
def rotating(strava):
    strava.application.rotation = "always"
    return strava.authorize()


def key(strava, athlete=ANNA):
    return TokenKey(strava.application.id, athlete)


def put(store, strava, athlete=ANNA):
    pair = strava.authorize(athlete_id=athlete)
    token = Token(
        pair.token.value,
        pair.refresh_token,
        pair.token.expires_at,
        pair.token.scopes,
        athlete,
        strava.application.id,
    )
    store.save(key(strava, athlete), token)
    return token


# -- a refresh token and a store, and nobody says whose it is -------------------------


def test_a_token_of_nobody_is_asked_for_its_athlete_and_saved(drive, strava, rotating):
    store = MemoryTokenStore()
    order = []
    save = store.save

    def note(where, token, /):
        order.append([(m, p) for m, p, _ in drive.asked()])
        save(where, token)

    store.save = note
    client = drive.client(refresh_token=rotating.refresh_token, token_store=store)
    assert drive.run(client.get_activity, RUN).id == RUN
    assert store.load(key(strava)).access_token == client.access_token
    assert client.athlete_id == ANNA
    # Saved before the call that it was renewed for.
    assert order == [[("POST", "/oauth/token"), ("GET", "/athlete")]]
    assert client.rate_limits.read_short.used == 2


def test_the_next_run_goes_on_with_what_is_kept(drive, strava, rotating, tmp_path):
    path = tmp_path / "tokens.json"
    for _ in range(3):
        client = drive.client(
            refresh_token=rotating.refresh_token, token_store=FileTokenStore(path)
        )
        assert drive.run(client.get_athlete).id == ANNA
        strava.clock.move(7 * HOUR)
    assert [status for _, _, status in drive.asked("/oauth/token")] == [200] * 3


def test_two_first_runs_at_once_refresh_once(drive, strava, rotating):
    store = MemoryTokenStore()
    first, second = (
        drive.client(refresh_token=rotating.refresh_token, token_store=store)
        for _ in range(2)
    )
    for client in (first, second):  # both have looked before either refreshes
        drive.run(client.protocol.auth.load)
    drive.run(first.get_athlete)
    drive.run(second.get_athlete)
    assert len(drive.asked("/oauth/token")) == 1
    assert first.access_token == second.access_token


def test_a_fingerprint_survives_renewals_and_shows_nothing(drive, strava, rotating):
    store = MemoryTokenStore()
    client = drive.client(refresh_token=rotating.refresh_token, token_store=store)
    for _ in range(2):
        drive.run(client.get_athlete)
        strava.clock.move(7 * HOUR)
    kept = store.load(key(strava))
    assert len(kept.origin) == 16
    assert kept.origin not in rotating.refresh_token
    assert Token.from_json(kept.to_json()).origin == kept.origin


def test_where_strava_does_not_tell_the_loss_is_told(drive, strava, rotating, caplog):
    store = MemoryTokenStore()
    client = drive.client(
        refresh_token=rotating.refresh_token, token_store=store, retries=False
    )
    strava.faults.add("503", path="/athlete", count=1)
    with caplog.at_level(logging.WARNING, "stravalib.tokens"):
        assert drive.run(client.get_activity, RUN).id == RUN
    assert store.list() == []
    assert caplog.text.count("Pass athlete_id=") == 1
    assert client.access_token not in caplog.text
    strava.clock.move(7 * HOUR)  # and the next renewal tries again
    assert drive.run(client.get_activity, RUN).id == RUN
    assert store.list() == [key(strava)]


def test_a_named_athlete_is_not_asked_for(drive, strava, rotating):
    store = MemoryTokenStore()
    client = drive.client(
        refresh_token=rotating.refresh_token, token_store=store, athlete_id=ANNA
    )
    drive.run(client.get_activity, RUN)
    assert drive.asked("/athlete") == []
    assert store.list() == [key(strava)]


# -- a login whose answer does not say who it was -------------------------------------


def code_for(strava):
    return strava.state.accounts.make_code(
        strava.application, ANNA, ["read", "activity:read"], strava.clock.now()
    )


def silent(client, monkeypatch):
    """Let the token endpoint tell no athlete."""
    protocol = client.protocol
    request = protocol._request

    def strip(answer):
        answer.pop("athlete", None)
        return answer

    if type(protocol).__name__ == "ApiV3":
        monkeypatch.setattr(
            protocol, "_request", lambda *a, **k: strip(request(*a, **k))
        )
    else:

        async def asked(*arguments, **named):
            return strip(await request(*arguments, **named))

        monkeypatch.setattr(protocol, "_request", asked)


def test_a_login_without_its_athlete_is_saved(drive, strava, monkeypatch):
    store = MemoryTokenStore()
    client = drive.client(token_store=store)
    silent(client, monkeypatch)
    drive.run(
        client.exchange_code_for_token, *strava.credentials, code=code_for(strava)
    )
    assert client.athlete_id == ANNA
    assert store.load(key(strava)).access_token == client.access_token


def test_a_login_of_nobody_fails_loudly(drive, strava, monkeypatch):
    store = MemoryTokenStore()
    client = drive.client(token_store=store, retries=False)
    silent(client, monkeypatch)
    strava.faults.add("503", path="/athlete", count=1)
    with pytest.raises(exc.LoginFailed, match="pass athlete_id="):
        drive.run(
            client.exchange_code_for_token, *strava.credentials, code=code_for(strava)
        )
    assert client.access_token
    assert store.list() == []


def test_a_login_of_nobody_takes_the_name_that_was_given(drive, strava, monkeypatch):
    store = MemoryTokenStore()
    client = drive.client(token_store=store, retries=False, athlete_id=ANNA)
    silent(client, monkeypatch)
    strava.faults.add("503", path="/athlete", count=1)
    drive.run(
        client.exchange_code_for_token, *strava.credentials, code=code_for(strava)
    )
    assert store.list() == [key(strava)]


# -- tokens given by hand -----------------------------------------------------------


def test_a_given_token_is_not_replaced_by_another_athletes(drive, strava):
    store = MemoryTokenStore()
    put(store, strava)
    bert = strava.authorize(athlete_id=BERT)
    client = drive.client(bert.token.value, token_store=store)
    assert drive.run(client.get_athlete).id == BERT
    assert client.athlete_id is None


def test_a_given_refresh_token_is_not_replaced_either(drive, strava):
    store = MemoryTokenStore()
    put(store, strava)
    bert = strava.authorize(athlete_id=BERT)
    client = drive.client(refresh_token=bert.refresh_token, token_store=store)
    assert drive.run(client.get_athlete).id == BERT
    assert [where.athlete_id for where in store.list()] == [ANNA, BERT]


def test_a_token_set_before_the_first_call_is_used(drive, strava):
    store = MemoryTokenStore()
    put(store, strava)
    client = drive.client(token_store=store)
    client.access_token = strava.authorize(athlete_id=BERT).token.value
    assert drive.run(client.get_athlete).id == BERT


def test_a_token_set_later_is_never_exchanged_for_another_athletes(drive, strava):
    store = MemoryTokenStore()
    put(store, strava)
    client = drive.client(token_store=store)
    assert drive.run(client.get_athlete).id == ANNA
    bert = strava.authorize(athlete_id=BERT)
    client.access_token = bert.token.value
    assert drive.run(client.get_athlete).id == BERT
    client.access_token = "dead"
    with pytest.raises(exc.InvalidAccessToken):
        drive.run(client.get_athlete)


def test_a_whole_login_set_later_is_saved_under_its_own_athlete(drive, strava):
    store = MemoryTokenStore()
    kept = put(store, strava)
    client = drive.client(token_store=store)
    drive.run(client.get_athlete)
    bert = strava.authorize(athlete_id=BERT)
    client.access_token = bert.token.value
    client.refresh_token = bert.refresh_token
    client.token_expires = 1
    assert drive.run(client.get_athlete).id == BERT
    assert client.athlete_id == BERT
    assert store.load(key(strava)) == kept
    assert store.load(key(strava, BERT)).access_token == client.access_token


def test_the_store_wins_where_the_athlete_is_named(drive, strava):
    store = MemoryTokenStore()
    put(store, strava)
    bert = strava.authorize(athlete_id=BERT)
    client = drive.client(bert.token.value, token_store=store, athlete_id=ANNA)
    assert drive.run(client.get_athlete).id == ANNA


# -- ids as text ----------------------------------------------------------------------


def test_ids_may_be_text(drive, strava):
    store = MemoryTokenStore()
    token = put(store, strava)
    app = str(strava.application.id)
    for athlete in (None, str(ANNA), ANNA):
        client = drive.client(token_store=store, client_id=app, athlete_id=athlete)
        assert drive.run(client.get_athlete).id == ANNA
    assert client.protocol.client_id == strava.application.id
    assert TokenKey(f" {app}\n", str(ANNA)) == key(strava)
    assert store.load(TokenKey(app, str(ANNA))) == token
    many = App(app, strava.application.secret, store=store)
    assert [athlete.athlete_id for athlete in many.athletes()] == [ANNA]


@pytest.mark.parametrize("name", ["client_id", "athlete_id"])
def test_text_that_is_no_number_is_told(drive, name):
    with pytest.raises(ValueError, match=f"{name}='six' is not a whole number"):
        drive.client(**{name: "six"})


def test_what_2_6_takes_goes_out_as_it_is(drive, strava):
    client = drive.client(client_id=None, client_secret=None)
    code = code_for(strava)
    app = str(strava.application.id)
    drive.run(client.exchange_code_for_token, app, strava.application.secret, code=code)
    assert client.protocol.client_id == strava.application.id
    assert f"client_id={app}".encode() in strava.requests[0].body
