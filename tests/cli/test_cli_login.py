"""``login`` and ``logout`` at a local Strava, without a browser."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from stravalib._stores.credentials import (
    Credentials,
    delete_credentials,
    load_credentials,
    save_credentials,
)
from stravalib.tokens import FileTokenStore, Token, TokenKey


def consent(url: str) -> str:
    """Do what a person does on the consent page; return where the browser ends up."""
    session = requests.Session()
    page = session.get(url, allow_redirects=False)
    if page.is_redirect:  # the same scopes were granted before
        return page.headers["Location"]
    page.raise_for_status()
    import re

    fields = dict(
        re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    )
    scopes = re.findall(r'name="scope" value="([^"]+)"', page.text)
    action = re.search(r'<form[^>]*action="([^"]*)"', page.text)
    import html

    target = requests.compat.urljoin(
        page.url, html.unescape(action[1] if action else "")
    )
    answer = session.post(
        target,
        data=[
            *((k, html.unescape(v)) for k, v in fields.items()),
            *(("scope", scope) for scope in scopes),
            ("decision", "authorize"),
            ("action", "authorize"),
        ],
        headers={"Origin": f"{urlsplit(url).scheme}://{urlsplit(url).netloc}"},
        allow_redirects=False,
    )
    assert answer.status_code in (302, 303), answer.text
    return answer.headers["Location"]


@pytest.fixture
def logged_out(stravalib, strava, monkeypatch):
    monkeypatch.delenv("STRAVA_ACCESS_TOKEN")
    monkeypatch.setenv("STRAVA_CLIENT_ID", str(strava.credentials.client_id))
    monkeypatch.setenv("STRAVA_CLIENT_SECRET", strava.credentials.client_secret)
    return stravalib


def test_login_whoami_logout(logged_out, strava, monkeypatch, tmp_path):
    shown: list[str] = []

    def prompt(text, **options):
        url = next(part for part in " ".join(shown).split() if part.startswith("http"))
        return consent(url)

    monkeypatch.setattr("stravalib._oauth.login._tell", shown.append)
    monkeypatch.setattr("click.prompt", prompt)
    ran = logged_out("login", "--no-browser")
    assert ran.code == 0, ran.err
    assert str(strava.athlete_id) in ran.err
    assert "state=" not in ran.out
    who = logged_out("whoami", "--json").json
    assert who["id"] == strava.athlete_id
    assert "activity:read_all" in who["scopes"]
    # kept for a cron job, readable by the user only
    monkeypatch.delenv("STRAVA_CLIENT_ID")
    monkeypatch.delenv("STRAVA_CLIENT_SECRET")
    assert logged_out("whoami", "--json").json["id"] == strava.athlete_id
    if os.name == "posix":
        kept = list((tmp_path / "data").rglob("*.json"))
        assert len(kept) == 2
        for path in kept:
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
    out = logged_out("logout", "--forget-secret")
    assert out.code == 0, out.err
    assert logged_out("whoami").code == 6
    assert logged_out("logout").code == 6


@pytest.fixture
def log_in(logged_out, monkeypatch):
    """Log in at the page of the local Strava, ticking everything."""

    def run(*arguments: str):
        shown: list[str] = []

        def prompt(text, **options):
            assert text == "Address: "
            words = " ".join(shown).split()
            return consent(next(word for word in words if word.startswith("http")))

        with monkeypatch.context() as patch:
            patch.setattr("stravalib._oauth.login._tell", shown.append)
            patch.setattr("click.prompt", prompt)
            ran = logged_out("login", "--no-browser", *arguments)
        assert ran.code == 0, ran.err
        return " ".join(shown)

    return run


NEW_ACTIVITY = ("create", "X", "--sport", "Run", "--duration", "30m")


def test_the_advice_of_a_missing_scope_costs_no_other_scope(logged_out, log_in, strava):
    # The token of the fixture may do everything, and the page asks for no less.
    accounts = strava.state.accounts
    for grant in list(accounts.grants.values()):
        strava.state.withdraw(grant)
    log_in()
    refused = logged_out(*NEW_ACTIVITY)
    assert refused.code == 6
    advice = "stravalib login --scope activity:write"
    assert advice in refused.err
    assert (
        "scope=activity:read_all,activity:write,profile:read_all,read)" in refused.err
    )
    log_in(*advice.split()[2:])
    assert logged_out(*NEW_ACTIVITY).code == 0
    assert logged_out("activities", "-n", "1").code == 0
    # What was added stays, also with the next scope and without any.
    log_in("--scope", "profile:write")
    log_in()
    scopes = logged_out("whoami", "--json").json["scopes"].split(", ")
    assert scopes == [
        "activity:read_all",
        "activity:write",
        "profile:read_all",
        "profile:write",
        "read",
    ]
    log_in("--only-scope", "read", "--only-scope", "activity:read")
    assert logged_out("whoami", "--json").json["scopes"] == "activity:read, read"
    both = logged_out("login", "--scope", "read", "--only-scope", "read")
    assert both.code == 2


def login_process(*arguments: str, shell: str) -> subprocess.CompletedProcess[str]:
    """Run ``login`` with another standard input, and without a terminal."""
    command = [sys.executable, "-m", "stravalib", "login", "--no-browser", *arguments]
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {shell}', "sh", *command],
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )


@pytest.mark.skipif(os.name != "posix", reason="closes a descriptor")
@pytest.mark.parametrize("shell", ["<&-", "</dev/null"])
def test_login_without_anybody_to_ask(logged_out, shell, monkeypatch):
    ran = login_process(shell=shell)
    assert ran.returncode == 6, ran.stderr
    assert "Traceback" not in ran.stderr
    assert "standard input is closed or at its end" in ran.stderr
    assert "Run the login in a terminal" in ran.stderr
    monkeypatch.delenv("STRAVA_CLIENT_ID")
    ran = login_process(shell=shell)
    assert ran.returncode == 6, ran.stderr
    assert "Traceback" not in ran.stderr
    assert "set STRAVA_CLIENT_ID and STRAVA_CLIENT_SECRET" in ran.stderr
    ran = login_process("--client-id", "5", shell=shell)
    assert ran.returncode == 6, ran.stderr
    assert "Traceback" not in ran.stderr


def test_ctrl_c_at_a_question_is_no_failure(logged_out, monkeypatch):
    def interrupted(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("click.termui.visible_prompt_func", interrupted)
    ran = logged_out("login", "--no-browser")
    assert ran.code == 130
    assert "Stopped." in ran.err


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("c0de", "holds no code. Paste the whole address"),
        ("localhost/exchange_token?state=x&code=y", "does not belong to the login"),
    ],
)
def test_pasting_something_else(logged_out, monkeypatch, pasted, words):
    monkeypatch.setattr("click.prompt", lambda text, **options: pasted)
    ran = logged_out("login", "--no-browser")
    assert ran.code == 6
    assert words in ran.err


def test_login_at_a_busy_port(logged_out):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = logged_out("login", "--port", str(port))
    assert ran.code == 6
    assert f"Port {port}" in ran.err
    assert "Leave out --port" in ran.err


def test_logout_without_the_kept_secret(logged_out, log_in, strava, monkeypatch):
    # A secret that an earlier login kept goes too.
    log_in()
    log_in("--forget-secret")
    monkeypatch.delenv("STRAVA_CLIENT_ID")
    secret = os.environ["STRAVA_CLIENT_SECRET"]
    monkeypatch.delenv("STRAVA_CLIENT_SECRET")
    assert load_credentials() is None
    assert logged_out("whoami").code == 0

    monkeypatch.setattr("click.termui.hidden_prompt_func", _at_end)
    ran = logged_out("logout")
    assert ran.code == 6
    number = strava.credentials.client_id
    assert f"needs the client secret of application {number}" in ran.err
    assert "STRAVA_CLIENT_SECRET" in ran.err
    assert "stravalib logout --no-revoke" in ran.err
    assert logged_out("whoami").code == 0

    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda text: "wrong")
    ran = logged_out("logout")
    assert ran.code == 6
    assert "do not match" in ran.err
    assert "stravalib logout --no-revoke" in ran.err

    asked: list[str] = []
    monkeypatch.setattr(
        "click.termui.hidden_prompt_func", lambda text: asked.append(text) or secret
    )
    ran = logged_out("logout")
    assert ran.code == 0, ran.err
    assert f"Logged out {strava.athlete_id}" in ran.err
    assert len(asked) == 1
    assert logged_out("whoami").code == 6


def _at_end(text: str) -> str:
    raise EOFError


def test_logout_with_the_secret_in_the_environment(logged_out, log_in, monkeypatch):
    log_in("--forget-secret")
    monkeypatch.delenv("STRAVA_CLIENT_ID")
    ran = logged_out("logout")
    assert ran.code == 0, ran.err
    assert logged_out("logout").code == 6


def test_logout_here_only(logged_out, log_in, strava, monkeypatch):
    log_in("--forget-secret")
    monkeypatch.delenv("STRAVA_CLIENT_ID")
    monkeypatch.delenv("STRAVA_CLIENT_SECRET")
    before = len(strava.requests)
    ran = logged_out("logout", "--no-revoke")
    assert ran.code == 0, ran.err
    assert "forgotten here" in ran.err
    assert "https://www.strava.com/settings/apps" in ran.err
    assert len(strava.requests) == before
    assert logged_out("whoami").code == 6


def test_logout_of_a_token_in_the_environment(logged_out, monkeypatch):
    monkeypatch.setenv("STRAVA_ACCESS_TOKEN", "x")
    ran = logged_out("logout")
    assert ran.code == 6
    assert "unset that" in ran.err


def test_credentials_are_kept_whole_and_privately(tmp_path):
    kept = Credentials(7, "s3cret")
    assert "s3cret" not in repr(kept)
    path = save_credentials(kept, tmp_path / "a" / "b")
    assert load_credentials(tmp_path / "a" / "b") == kept
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.write_text('{"client_id": "s3cret')
    with pytest.raises(ValueError, match="damaged") as caught:
        load_credentials(path.parent)
    assert "s3cret" not in str(caught.value)
    assert caught.value.__cause__ is None
    delete_credentials(path.parent)
    assert load_credentials(path.parent) is None


def test_the_address_of_the_page_asks_for_enough(logged_out, monkeypatch):
    shown: list[str] = []
    monkeypatch.setattr("stravalib._oauth.login._tell", shown.append)

    def decline(text, **options):
        url = next(part for part in " ".join(shown).split() if part.startswith("http"))
        state = parse_qs(urlsplit(url).query)["state"][0]
        return f"http://localhost/exchange_token?state={state}&error=access_denied"

    monkeypatch.setattr("click.prompt", decline)
    ran = logged_out("login", "--no-browser")
    assert ran.code == 6
    text = " ".join(shown)
    assert "activity%3Aread_all" in text or "activity:read_all" in text


def test_who_is_not_logged_in(logged_out, log_in, strava, monkeypatch):
    log_in()
    here = f"{strava.athlete_id} (application {strava.credentials.client_id})"
    for command in ("whoami", "doctor", "limits", "logout"):
        ran = logged_out("--athlete", "5", command)
        assert ran.code == 6
        assert "Athlete 5 is not logged in" in ran.err
        assert f"Logged in: {here}." in ran.err
    monkeypatch.setenv("STRAVA_CLIENT_ID", "99")
    ran = logged_out("whoami")
    assert ran.code == 6
    assert "Nobody is logged in with application 99." in ran.err
    assert here in ran.err
    store = FileTokenStore()
    for athlete in (5, 6):
        store.save(TokenKey(99, athlete), Token("x"))
    for command in ("whoami", "logout"):
        ran = logged_out(command)
        assert ran.code == 6
        assert "(5, 6)" in ran.err
        assert "stravalib --athlete ID" in ran.err


def test_a_damaged_file_stops_the_login_before_it_begins(logged_out, monkeypatch):
    monkeypatch.setattr("click.prompt", lambda *a, **k: pytest.fail("asks"))
    path = FileTokenStore().path
    path.parent.mkdir(parents=True)
    path.write_text("{")
    ran = logged_out("login", "--no-browser")
    assert ran.code == 6
    assert "move it away" in ran.err
