"""Who closes a session, and what is left of tokens after they were revoked."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from requests.adapters import BaseAdapter

from stravalib import Client, exc


class Answering(BaseAdapter):
    """Answers everything with a status, and notes whether it was closed."""

    def __init__(self, status: int = 200, **headers: str) -> None:
        self.status, self.headers, self.closed = status, headers, 0

    def send(self, request: Any, *args: Any, **kwargs: Any) -> requests.Response:
        response = requests.Response()
        response.status_code = self.status
        response.headers.update(self.headers)
        response._content = b'{"id": 1}'
        response.url = request.url
        response.request = request
        return response

    def close(self) -> None:
        self.closed += 1


def mounted(session: requests.Session, adapter: Answering) -> Answering:
    session.mount("https://", adapter)
    return adapter


def test_a_session_that_was_given_stays_open() -> None:
    session = requests.Session()
    adapter = mounted(session, Answering())
    with Client("T", requests_session=session) as client:
        client.get_athlete()
    client.close()
    assert adapter.closed == 0


def test_a_session_of_the_client_s_own_is_closed() -> None:
    client = Client("T")
    adapter = mounted(client.protocol.rsession, Answering())
    with client:
        client.get_athlete()
    assert adapter.closed == 1


def logged_in(adapter: Answering) -> Client:
    client = Client("ACC", client_id=1, client_secret="S", refresh_token="REF")
    mounted(client.protocol.rsession, adapter)
    return client


def tokens_of(client: Client) -> tuple[str | None, str | None]:
    return client.access_token, client.refresh_token


def test_revoked_tokens_are_forgotten() -> None:
    client = logged_in(Answering())
    client.revoke()
    assert tokens_of(client) == (None, None)


@pytest.mark.parametrize(
    ("status", "headers"),
    [(302, {"Location": "/login"}), (302, {"Location": "https://evil.example/"})],
)
def test_tokens_that_were_not_revoked_are_kept(
    status: int, headers: dict[str, str]
) -> None:
    client = logged_in(Answering(status, **headers))
    with pytest.raises(exc.StravalibError, match="redirect"):
        client.revoke()
    assert tokens_of(client) == ("ACC", "REF")
