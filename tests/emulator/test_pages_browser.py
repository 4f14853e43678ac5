"""A person's way through consent and the pages, in a real browser."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests
from small_world import ANNA, BERT, RUN
from webdriver import BROWSER, DRIVER, ENTER, SPACE, TAB, Chromium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from stravalib.emulator import LocalStrava

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        DRIVER is None or BROWSER is None, reason="needs chromium and chromedriver"
    ),
]


class Landing(BaseHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        body = b"<!doctype html><title>Landed</title>Landed"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="module")
def landing() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Landing)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/back"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with Chromium(tmp_path_factory.mktemp("profile")) as chromium:
        yield chromium


def consent_url(strava: LocalStrava, landing: str) -> str:
    query = {
        "client_id": strava.credentials.client_id,
        "redirect_uri": landing,
        "response_type": "code",
        "scope": "read,activity:read_all,activity:write",
        "state": "abc",
        "approval_prompt": "force",
    }
    return strava.oauth_url + "/authorize?" + urlencode(query)


def wait(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.02)


def landed(browser: Chromium) -> dict[str, str]:
    wait(lambda: "/back?" in browser.url)
    wait(lambda: browser.text() == "Landed")
    query = parse_qs(urlsplit(browser.url).query)
    return {key: values[0] for key, values in query.items()}


def test_person_unticks_a_scope_and_authorizes(
    small: LocalStrava, browser: Chromium, landing: str
) -> None:
    browser.go(consent_url(small, landing))
    assert "Not affiliated with Strava" in browser.text()
    browser.click('input[value="activity:write"]')
    browser.click(f'option[value="{BERT}"]')
    browser.click('button[value="authorize"]')
    answers = landed(browser)
    assert answers["scope"] == "read,activity:read_all"
    assert answers["state"] == "abc"
    client_id, secret = small.credentials
    body = requests.post(
        small.oauth_url + "/token",
        data={
            "client_id": client_id,
            "client_secret": secret,
            "code": answers["code"],
            "grant_type": "authorization_code",
        },
        timeout=10,
    ).json()
    assert body["athlete"]["id"] == BERT
    assert body["scope"] == "read,activity:read_all"


def test_person_cancels(small: LocalStrava, browser: Chromium, landing: str) -> None:
    browser.go(consent_url(small, landing))
    browser.click('button[value="cancel"]')
    assert landed(browser) == {"state": "abc", "error": "access_denied"}


def test_consent_by_keyboard_alone(
    small: LocalStrava, browser: Chromium, landing: str
) -> None:
    browser.go(consent_url(small, landing))
    focus = "return document.activeElement.value || document.activeElement.className"
    seen = []
    for _ in range(8):
        browser.press(TAB)
        seen.append(browser.run(focus))
        if seen[-1] == "activity:write":
            browser.press(SPACE)
        if seen[-1] == "authorize":
            outline = browser.run(
                "return getComputedStyle(document.activeElement).outlineStyle"
            )
            assert outline == "solid"
            browser.press(ENTER)
            break
    assert seen[0] == "skip"
    assert "read" not in seen  # required, so no stop
    assert landed(browser)["scope"] == "read,activity:read_all"


def test_every_field_has_a_label(
    small: LocalStrava, browser: Chromium, landing: str
) -> None:
    unlabelled = """
        return [...document.querySelectorAll(
            'input:not([type=hidden]), select, button')]
          .filter(e => !(e.labels && e.labels.length) && !e.textContent.trim()
            && !e.getAttribute('aria-label')).map(e => e.outerHTML)"""
    for place in (
        consent_url(small, landing),
        small.origin + "/",
        f"{small.origin}/_emulator/activities/{RUN}",
    ):
        browser.go(place)
        assert browser.run(unlabelled) == []
        assert browser.run("return document.documentElement.lang") == "en"
        assert browser.run("return document.querySelectorAll('h1').length") == 1


CONTRAST = """
  const rgb = s => (s.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(c => (c /= 255) <= .03928
    ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const ground = e => { for (; e; e = e.parentElement) {
    const c = rgb(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
  const weak = [];
  for (const e of document.querySelectorAll('main *, header *')) {
    const words = [...e.childNodes].some(n => n.nodeType == 3 && n.data.trim());
    if (!words || !e.checkVisibility() || e.tagName == 'OPTION') continue;
    const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) weak.push(e.outerHTML.slice(0, 80) + ratio);
  }
  return weak"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read_in_light_and_dark(
    small: LocalStrava, tmp_path_factory: pytest.TempPathFactory, scheme: str
) -> None:
    flags = ("--force-dark-mode",) if scheme == "dark" else ()
    with Chromium(tmp_path_factory.mktemp(scheme), *flags) as browser:
        small.faults.add("slow", path="/nowhere")
        for place in ("/", f"/_emulator/athletes/{ANNA}"):
            browser.go(small.origin + place)
            dark = browser.run(
                "return matchMedia('(prefers-color-scheme: dark)').matches"
            )
            assert dark is (scheme == "dark")
            assert browser.run(CONTRAST) == []


def test_pages_load_nothing_from_elsewhere(
    small: LocalStrava, browser: Chromium
) -> None:
    for place in ("/", f"/_emulator/athletes/{ANNA}", f"/_emulator/activities/{RUN}"):
        browser.go(small.origin + place)
        loaded = browser.run(
            "return performance.getEntriesByType('resource').map(e => e.name)"
        )
        assert loaded == []
    assert browser.run("return document.querySelectorAll('svg path').length") == 1
    assert len(browser.picture()) > 5000


def test_switches_work(small: LocalStrava, browser: Chromium) -> None:
    browser.go(small.origin + "/")
    browser.click('form[action$="/faults"] option[value="503"]')
    browser.click('form[action$="/faults"] button')
    wait(lambda: browser.url == small.origin + "/#faults")
    assert [rule.kind for rule in small.faults.rules] == ["503"]
    browser.click('button[aria-label="Lift the fault 503"]')
    wait(lambda: small.faults.rules == [])
    before = small.clock.now()
    browser.click('form[action$="/clock"] button')
    wait(lambda: small.clock.now() == before + 900)
    browser.click('button[aria-label^="Make a token for Anna"]')
    wait(lambda: len(small.state.accounts.tokens) == 1)
    wait(lambda: browser.url == small.origin + "/#tokens")
    assert next(iter(small.state.accounts.tokens)) not in browser.text()
    browser.click('button[aria-label^="End access"]')
    wait(lambda: not small.state.accounts.tokens)
    browser.click('button[aria-label^="Switch the status"]')
    wait(lambda: not small.application.active)
