"""What stands in for Strava in these tests: an adapter, and a bare session."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import BaseAdapter

PART = re.compile(rb'name="([^"]*)"(?:; filename="([^"]*)")?')


@dataclass(frozen=True)
class Sent:
    """One request as Strava would see it."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    # a form (dict), JSON (`Json`), the parts of a multipart body (list), or nothing
    body: Any = None
    bearer: bool = True
    host: str = "www.strava.com"


@dataclass(frozen=True)
class Json:
    """A JSON body."""

    value: Any


def read_body(content_type: str, body: bytes | str | None) -> Any:
    if body is None or body in (b"", ""):
        return None
    content = body.encode() if isinstance(body, str) else body
    if content_type.startswith("application/json"):
        return Json(json.loads(content))
    if content_type.startswith("multipart/form-data"):
        return [part.decode() for pair in PART.findall(content) for part in pair]
    return dict(parse_qsl(content.decode(), keep_blank_values=True))


def seen(request: requests.PreparedRequest) -> Sent:
    parts = urlsplit(str(request.url))
    return Sent(
        method=str(request.method),
        path=parts.path,
        query=dict(parse_qsl(parts.query, keep_blank_values=True)),
        body=read_body(request.headers.get("Content-Type", ""), request.body),
        bearer=request.headers.get("Authorization", "").startswith("Bearer "),
        host=parts.netloc,
    )


def make_response(
    status: int = 200,
    body: Any = None,
    headers: dict[str, str] | None = None,
    url: str = "",
) -> requests.Response:
    response = requests.Response()
    response.status_code = status
    response.reason = requests.status_codes._codes[status][0].replace("_", " ").title()
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    response._content = content
    response.headers.update(headers or {})
    response.url = url
    response.encoding = "utf-8"
    return response


class Adapter(BaseAdapter):
    """Answers from a list, then with an empty JSON list."""

    def __init__(self, *answers: Any) -> None:
        super().__init__()
        self.answers = list(answers)
        self.requests: list[requests.PreparedRequest] = []
        self.keywords: list[dict[str, Any]] = []

    def send(
        self, request: requests.PreparedRequest, *args: Any, **keywords: Any
    ) -> requests.Response:
        self.requests.append(request)
        self.keywords.append(keywords)
        answer = self.answers.pop(0) if self.answers else []
        if isinstance(answer, BaseException):
            raise answer
        if not isinstance(answer, requests.Response):
            answer = make_response(200, answer)
        answer.url = str(request.url)
        answer.request = request
        return answer

    def close(self) -> None:
        pass

    @property
    def sent(self) -> list[Sent]:
        return [seen(request) for request in self.requests]


def session(adapter: Adapter) -> requests.Session:
    made = requests.Session()
    made.mount("https://", adapter)
    made.mount("http://", adapter)
    return made


class BareSession:
    """The least that 2.6 needed of a session: four methods, no base class."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.calls: list[tuple[str, str, dict[str, Any]]] = []

    def _answer(self, method: str, url: str, keywords: dict[str, Any]) -> Any:
        self.calls.append((method, url, keywords))
        answer = self.answers.pop(0) if self.answers else []
        if isinstance(answer, requests.Response):
            return answer
        return make_response(200, answer)

    def get(
        self,
        url: str,
        params: Any = None,
        data: Any = None,
        json: Any = None,
        headers: Any = None,
        timeout: Any = None,
    ) -> Any:
        return self._answer(
            "get",
            url,
            {"params": params, "data": data, "json": json, "headers": headers},
        )

    def post(
        self,
        url: str,
        files: Any = None,
        params: Any = None,
        data: Any = None,
        json: Any = None,
        headers: Any = None,
        timeout: Any = None,
    ) -> Any:
        return self._answer(
            "post",
            url,
            {
                "files": files,
                "params": params,
                "data": data,
                "json": json,
                "headers": headers,
            },
        )

    def put(
        self,
        url: str,
        params: Any = None,
        data: Any = None,
        json: Any = None,
        headers: Any = None,
        timeout: Any = None,
    ) -> Any:
        return self._answer(
            "put",
            url,
            {"params": params, "data": data, "json": json, "headers": headers},
        )

    def delete(
        self,
        url: str,
        params: Any = None,
        data: Any = None,
        json: Any = None,
        headers: Any = None,
        timeout: Any = None,
    ) -> Any:
        return self._answer(
            "delete",
            url,
            {"params": params, "data": data, "json": json, "headers": headers},
        )
