from __future__ import annotations

import asyncio
import socket
import threading
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from small_world import ANNA, BERT, RUN

import stravalib
from stravalib import AsyncClient, Client, exc
from stravalib.oauth import App, OAuthFlow
from stravalib.tokens import MemoryTokenStore, Token, TokenKey

BACK = "https://example.org/back"


# -- the flow as values ----------------------------------------------------------


def test_the_address_of_the_page():
    flow = OAuthFlow(12, BACK, ["read", "activity:read_all", "read"])
    url, state = flow.start()
    parts = urlsplit(url)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == (
        "https://www.strava.com/oauth/authorize"
    )
    assert dict(parse_qsl(parts.query)) == {
        "client_id": "12",
        "redirect_uri": BACK,
        "response_type": "code",
        "approval_prompt": "auto",
        "scope": "read,activity:read_all",
        "state": state,
    }
    assert len(state) >= 32
    assert flow.start().state != state
    forced = flow.start(state="mine", force=True, mobile=True)
    assert forced.state == "mine"
    assert "/oauth/mobile/authorize?" in forced.url
    assert "approval_prompt=force" in forced.url


@pytest.mark.parametrize(
    "query",
    [
        "state=s&code=c&scope=read",
        "?state=s&code=c&scope=read",
        f"{BACK}?state=s&code=c&scope=read",
        "  /back?state=s&code=c&scope=read\n",
        {"state": "s", "code": "c", "scope": "read"},
        {"state": ["s"], "code": ["c"], "scope": ["read"], "error": []},
        {"state": ("s",), "code": "c", "scope": "read", "error": None},
        "localhost/exchange_token?state=s&code=c&scope=read",
        f'"{BACK}?state=s&code=c&scope=read"\n',
        f" '{BACK}?state=s&code=c&scope=read' ",
        f"<{BACK}?state=s&code=c&scope=read>",
        f"{BACK}?state=s&code=c&scope=read#_=_",
    ],
)
def test_the_way_back_in_any_form(query):
    finish = OAuthFlow(12, BACK).finish(query, "s")
    assert finish == ("c", {"read"}, {"activity:read"})


def test_a_wider_scope_includes_the_narrower():
    finish = OAuthFlow(12, BACK).finish("state=s&code=c&scope=activity:read_all", "s")
    assert finish.missing == {"read"}


@pytest.mark.parametrize(
    ("query", "state", "words"),
    [
        ("state=other&code=c", "s", "does not belong to the login"),
        ("code=c", "s", "does not belong to the login"),
        ({"code": "c", "state": None}, "s", "does not belong to the login"),
        ({"code": "c", "state": "\udcff"}, "s", "does not belong to the login"),
        ("state=s&state=t&code=c", "s", "'state' 2 times"),
        ({"state": ["s", "t"], "code": "c"}, "s", "'state' 2 times"),
        ("c0de", "s", "holds no code. Paste the whole address"),
        ("", "s", "holds no code"),
        ("localhost/exchange_token", "s", "holds no code"),
        (f"{BACK}", "s", "holds no code"),
        ("state=&code=c", "", "does not belong to the login"),
        ("state=s&error=access_denied", "s", "Access was denied"),
        ("state=s&error=weird", "s", "Strava refused the login: 'weird'"),
        ("state=s&scope=read", "s", "holds no code"),
    ],
)
def test_what_may_go_wrong_in_plain_words(query, state, words):
    with pytest.raises(exc.LoginFailed, match=words):
        OAuthFlow(12, BACK).finish(query, state)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (b"state=s&code=c", "of type bytes.*query.decode"),
        ([("state", "s"), ("code", "c")], "of type list"),
        (None, "query is None"),
    ],
)
def test_what_is_no_query(query, words):
    with pytest.raises(TypeError, match=words):
        OAuthFlow(12, BACK).finish(query, "s")


def test_unknown_scopes_are_told():
    with pytest.raises(ValueError, match="activity:readall"):
        OAuthFlow(12, BACK, "read,activity:readall")
    with pytest.raises(ValueError, match="not known"):
        OAuthFlow(12, BACK, ())


# -- a login in one line -----------------------------------------------------------


class Browser:
    """Confirms the page like an athlete, and follows the redirect."""

    def __init__(self, strava, granted="read,activity:read", **answer):
        self.strava, self.granted, self.answer = strava, granted, answer
        self.responses = []
        self.headers = {}
        self.before = []
        self.thread = None

    def __call__(self, url):
        self.url = url
        self.thread = threading.Thread(target=self.go)
        self.thread.start()
        return True

    def back(self):
        query = dict(parse_qsl(urlsplit(self.url).query))
        code = self.strava.state.accounts.make_code(
            self.strava.application,
            ANNA,
            self.granted.split(","),
            self.strava.clock.now(),
        )
        values = {"state": query["state"], "code": code, "scope": self.granted}
        values.update(self.answer)
        return query["redirect_uri"], {k: v for k, v in values.items() if v}

    def go(self):
        address, values = self.back()
        for how in self.before:
            self.responses.append(requests.get(timeout=10, **how(address, values)))
        self.responses.append(requests.get(address, params=values, timeout=10))


def log_in(strava, browser, **kwargs):
    kwargs.setdefault("store", MemoryTokenStore())
    told = []
    try:
        client = stravalib.login(
            *strava.credentials,
            open_browser=browser,
            tell=told.append,
            base_url=strava.url,
            **kwargs,
        )
    finally:
        if browser.thread is not None:
            browser.thread.join()
    return client, kwargs["store"], told


def test_a_login(strava):
    browser = Browser(strava)
    client, store, told = log_in(strava, browser)
    assert client.athlete_id == ANNA
    assert client.scopes == {"read", "activity:read"}
    assert client.get_activity(RUN).id == RUN
    key = TokenKey(strava.application.id, ANNA)
    assert store.list() == [key]
    assert store.load(key).access_token == client.access_token
    assert browser.responses[-1].status_code == 200
    assert "Connected with Strava" in browser.responses[-1].text
    assert told == [f"Confirm the access on Strava's page:\n{browser.url}"]
    assert (
        urlsplit(dict(parse_qsl(browser.url))["redirect_uri"]).hostname == "127.0.0.1"
    )


def test_unticked_scopes_are_told(strava):
    browser = Browser(strava, granted="read")
    client, _, told = log_in(strava, browser)
    assert client.scopes == {"read"}
    assert "activity:read: activities visible to everyone" in told[-1]
    assert "Not granted" in browser.responses[-1].text


def test_a_denial_is_told(strava):
    browser = Browser(strava, code=None, scope=None, error="access_denied")
    store = MemoryTokenStore()
    with pytest.raises(exc.LoginFailed, match="Access was denied"):
        log_in(strava, browser, store=store)
    assert store.list() == []
    assert browser.responses[-1].status_code == 400


def test_other_answers_do_not_end_the_wait(strava):
    browser = Browser(strava)
    browser.before = [
        lambda url, values: {"url": url, "params": {**values, "state": "stolen"}},
        lambda url, values: {"url": url, "params": {}},
        lambda url, values: {"url": url + "?state=a&state=b&code=c"},
        lambda url, values: {
            "url": url,
            "params": values,
            "headers": {"Host": "evil.example"},
        },
        lambda url, values: {"url": url.replace("/callback", "/favicon.ico")},
    ]
    client, _, _ = log_in(strava, browser)
    assert [r.status_code for r in browser.responses] == [400, 400, 400, 400, 404, 200]
    assert client.athlete_id == ANNA
    assert "stolen" not in browser.responses[0].text


def test_nobody_answers(strava):
    with pytest.raises(exc.LoginFailed, match="No answer from the browser"):
        stravalib.login(
            *strava.credentials,
            store=MemoryTokenStore(),
            open_browser=lambda url: False,
            tell=lambda text: None,
            timeout=0.1,
            base_url=strava.url,
        )


def test_without_a_browser(strava):
    told = []

    def ask(prompt):
        browser = Browser(strava)
        browser.url = told[-1].splitlines()[-1]
        address, values = browser.back()
        return requests.Request("GET", address, params=values).prepare().url

    client = stravalib.login(
        *strava.credentials,
        store=MemoryTokenStore(),
        browser=False,
        tell=told.append,
        ask=ask,
        base_url=strava.url,
    )
    assert client.get_activity(RUN).id == RUN


def test_without_a_browser_and_without_an_answer(strava):
    def ask(prompt):
        raise EOFError

    with pytest.raises(exc.LoginFailed, match="No address was pasted"):
        stravalib.login(
            *strava.credentials,
            store=MemoryTokenStore(),
            browser=False,
            tell=lambda text: None,
            ask=ask,
            base_url=strava.url,
        )


def test_standard_input_is_closed(strava, monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(exc.LoginFailed, match="standard input is closed"):
        stravalib.login(
            *strava.credentials,
            store=MemoryTokenStore(),
            browser=False,
            tell=lambda text: None,
            base_url=strava.url,
        )


@pytest.mark.parametrize("error", [RuntimeError("mine"), exc.LoginFailed("mine")])
def test_errors_of_ones_own_ask_pass(strava, monkeypatch, error):
    monkeypatch.setattr("sys.stdin", object())

    def ask(prompt):
        raise error

    with pytest.raises(type(error), match="mine"):
        stravalib.login(
            *strava.credentials,
            store=MemoryTokenStore(),
            browser=False,
            tell=lambda text: None,
            ask=ask,
            base_url=strava.url,
        )


def test_a_busy_port(strava):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(exc.LoginFailed) as caught:
            stravalib.login(
                *strava.credentials,
                store=MemoryTokenStore(),
                open_browser=lambda url: pytest.fail("a browser was opened"),
                tell=lambda text: None,
                port=port,
                base_url=strava.url,
            )
    text = str(caught.value)
    assert f"Port {port} of this machine cannot be used" in text
    assert "Errno" not in text
    assert "Leave out --port" in text
    assert "--no-browser" in text
    # And then it is free again.
    client, _, _ = log_in(strava, Browser(strava), port=port)
    assert client.athlete_id == ANNA


def test_credentials_are_needed(monkeypatch):
    with pytest.raises(exc.LoginRequired, match="STRAVA_CLIENT_ID"):
        stravalib.login(store=MemoryTokenStore())
    monkeypatch.setenv("STRAVA_CLIENT_ID", "twelve")
    monkeypatch.setenv("STRAVA_CLIENT_SECRET", "s")
    with pytest.raises(exc.LoginRequired, match="STRAVA_CLIENT_ID"):
        stravalib.logout(store=MemoryTokenStore())


def test_logout_revokes_and_forgets(strava):
    client, store, _ = log_in(strava, Browser(strava))
    key = TokenKey(strava.application.id, ANNA)
    assert (
        stravalib.logout(*strava.credentials, store=store, base_url=strava.url) == key
    )
    assert store.list() == []
    with pytest.raises(exc.StravalibError):
        client.get_activity(RUN)
    assert stravalib.logout(*strava.credentials, store=store) is None


def test_logout_of_several_needs_a_name(strava):
    store = MemoryTokenStore()
    for athlete in (ANNA, BERT):
        store.save(TokenKey(strava.application.id, athlete), Token("a"))
    with pytest.raises(exc.AuthError, match="1001, 1002"):
        stravalib.logout(*strava.credentials, store=store)
    assert len(store.list()) == 2


# -- many athletes -----------------------------------------------------------------


@pytest.fixture
def app(strava):
    store = MemoryTokenStore()
    for athlete in (ANNA, BERT):
        pair = strava.authorize(athlete_id=athlete)
        store.save(
            TokenKey(strava.application.id, athlete),
            Token(
                pair.token.value,
                pair.refresh_token,
                pair.token.expires_at,
                pair.token.scopes,
                athlete,
                strava.application.id,
            ),
        )
    return App(*strava.credentials, store=store, redirect_uri=BACK, base_url=strava.url)


def test_clients_for_many_athletes_share_the_quota(app, strava):
    with app.client(ANNA) as anna, app.client(BERT) as bert:
        assert anna.get_athlete().id == ANNA
        assert bert.get_athlete().id == BERT
        assert anna.rate_limits.read_short.used == 2
    assert strava.application.secret not in repr(app)


def test_async_clients_too(app, strava):
    async def main():
        async with app.async_client(BERT) as bert:
            return (await bert.get_athlete()).id

    assert asyncio.run(main()) == BERT


def test_who_is_connected_and_who_is_idle(app, strava, monkeypatch):
    now = strava.clock.now()
    monkeypatch.setattr("stravalib._oauth.app.time.time", lambda: now)
    assert [a.athlete_id for a in app.athletes()] == [ANNA, BERT]
    assert app.athletes()[0].last_refresh == now
    assert app.idle() == []
    monkeypatch.setattr("stravalib._oauth.app.time.time", lambda: now + 31 * 86400)
    assert [a.athlete_id for a in app.idle()] == [ANNA, BERT]
    assert app.idle(days=32) == []


def test_disconnecting(app, strava):
    app.disconnect(ANNA)
    assert [a.athlete_id for a in app.athletes()] == [BERT]
    with app.client(ANNA) as anna, pytest.raises(exc.LoginRequired):
        anna.get_athlete()
    app.disconnect(ANNA)


@pytest.mark.parametrize("how", ["sync", "async"])
def test_a_login_of_a_web_app(app, strava, how):
    app.disconnect(ANNA)
    url, state = app.start_login()
    assert url.startswith(strava.oauth_url + "/authorize?")
    code = strava.state.accounts.make_code(
        strava.application, ANNA, ["read", "activity:read"], strava.clock.now()
    )
    query = {"code": code, "scope": "read,activity:read", "state": state}
    with pytest.raises(exc.LoginFailed):
        app.finish_login(query, "another")
    if how == "sync":
        client = app.finish_login(query, state)
        assert client.get_activity(RUN).id == RUN
    else:

        async def main():
            async with await app.finish_login_async(query, state) as client:
                assert (await client.get_activity(RUN)).id == RUN

        asyncio.run(main())
    assert [a.athlete_id for a in app.athletes()] == [ANNA, BERT]


def test_a_login_needs_an_address(strava):
    app = App(*strava.credentials, store=MemoryTokenStore())
    with pytest.raises(exc.LoginRequired, match="redirect_uri"):
        app.start_login()


@pytest.mark.parametrize("how", ["sync", "async"])
def test_a_login_that_fails_leaves_nothing_open(app, monkeypatch, how):
    _, state = app.start_login()
    query = {"code": ["unknown"], "scope": ["read"], "state": [state]}
    closed = []
    if how == "sync":
        monkeypatch.setattr(Client, "close", lambda client: closed.append(client))
        with pytest.raises(exc.BadRequest):
            app.finish_login(query, state)
    else:

        async def close(client):
            closed.append(client)
            await client.protocol.aclose()

        monkeypatch.setattr(AsyncClient, "aclose", close)
        with pytest.raises(exc.BadRequest):
            asyncio.run(app.finish_login_async(query, state))
    assert len(closed) == 1
