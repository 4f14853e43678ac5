"""Answers that are errors: which exception they become."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from stravalib._async import _compat
from stravalib._core import http
from stravalib._core.lazy import lazy

if TYPE_CHECKING:
    import requests

    from stravalib import exc
    from stravalib._async.sending import AsyncSender
    from stravalib._core import errors
    from stravalib._core.quota import Refuse
else:
    errors = lazy("stravalib._core.errors")
    exc = lazy("stravalib.exc")


class AsyncFaults:
    """What `AsyncApiV3` does about answers that are errors."""

    sender: AsyncSender

    if TYPE_CHECKING:

        def resolve_url(self, url: str) -> str: ...

    def _judge(
        self, request: http.HttpRequest, response: http.HttpResponse
    ) -> errors.Verdict | None:
        try:
            body = http.decode(response.content)
        except ValueError:
            body = None
        return errors.judge(
            response.status,
            response.reason,
            body,
            request.method,
            urlsplit(request.url).path,
        )

    def _unfollowed(
        self, request: http.HttpRequest, response: http.HttpResponse
    ) -> exc.InvalidResponse:
        """Return the error for a redirect that is not followed."""
        url = http.redact_query(request.url)
        if request.method == "GET":
            what = f"is redirected more than {http.MOST_REDIRECTS} times"
        else:
            what = (
                f"was redirected ({response.status}), which is not followed: what "
                "was asked for has not been done"
            )
        error = exc.InvalidResponse(
            f"{request.method} {url} {what}; check base_url, the API may have moved",
            response=_compat.error_response(request, response),
        )
        error.meta = self.sender.last
        return error

    def _token_is_dead(
        self, request: http.HttpRequest, response: http.HttpResponse
    ) -> bool:
        verdict = self._judge(request, response)
        return verdict is not None and verdict.error is exc.InvalidAccessToken

    def _raise_fault(
        self,
        request: http.HttpRequest,
        response: http.HttpResponse,
        refuse: Refuse | None = None,
    ) -> None:
        verdict = self._judge(request, response)
        if verdict is not None:
            details = verdict.details
            details["request_id"] = response.headers.get("X-Request-Id")
            details["meta"] = self.sender.last
            if refuse is not None:
                details["retry_after"] = details["timeout"] = refuse.retry_after
                details["limit"] = refuse.limit
            raise verdict.error(
                verdict.message,
                response=_compat.error_response(request, response),
                details=details,
            )

    def _invalid_response(
        self, url: str, method: str, response: http.HttpResponse
    ) -> exc.InvalidResponse:
        url = http.redact_query(self.resolve_url(url))
        request = http.HttpRequest(method, url)
        text = (
            f"{method} {url} answered {response.status} with {len(response.content)} "
            "bytes that are not JSON"
        )
        if "/oauth/" in url:
            # Half an answer of the token endpoint has whole tokens in it.
            response = response._replace(content=b"")
        else:
            secrets = [getattr(self, "access_token", None)]
            content = http.redact_bytes(response.content, secrets)
            response = response._replace(content=content)
            start = content[:80].decode("utf-8", "replace")
            text += f", beginning {start!r}"
        advice = "try again later"
        if method != "GET" and "/oauth/" not in url:
            advice = "it may have been carried out: look before you repeat it"
        error = exc.InvalidResponse(
            f"{text}; {advice}",
            response=_compat.error_response(request, response),
        )
        error.meta = self.sender.last
        return error

    def _handle_protocol_error(self, response: requests.Response) -> requests.Response:
        """Return the response, or raise the error that its status stands for."""
        if response.status_code >= 400:
            request = http.HttpRequest(
                response.request.method or "GET", response.url or ""
            )
            self._raise_fault(
                request,
                http.HttpResponse(
                    response.status_code,
                    response.headers,
                    response.content,
                    response.url or "",
                    response.reason or "",
                ),
            )
        return response
