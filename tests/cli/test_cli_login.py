"""``login`` and ``logout`` at a local Strava, without a browser."""

from __future__ import annotations

import os
import stat
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from stravalib._stores.credentials import (
    Credentials,
    delete_credentials,
    load_credentials,
    save_credentials,
)


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
