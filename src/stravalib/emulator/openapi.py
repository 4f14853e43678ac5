"""The OpenAPI 3.1 document, made from the table of endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stravalib._facts.scopes import SCOPES
from stravalib.emulator.routing import PAGING, Answer, Call, Param, Route, answer
from stravalib.emulator.schemas import SCHEMAS, named

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stravalib.emulator.records import Json

_KINDS: dict[str, Json] = {
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "string": {"type": "string"},
    "file": {"type": "string", "contentMediaType": "application/octet-stream"},
    "any": {},
}
_BODIES = (
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/json",
)
_FILES = {"gpx": "application/gpx+xml", "tcx": "application/tcx+xml"}
_TEXTS = {
    200: "The answer",
    201: "Made",
    202: "Taken",
    204: "Done, nothing to say",
    302: "Go back to the application",
    303: "Go on",
    304: "Not changed since the given ETag",
    400: "A parameter is missing or wrong",
    401: "The token or a scope is missing, or the endpoint is Strava's own",
    402: "For subscribers only",
    403: "Forbidden: an inactive application, or somebody else's",
    404: "Unknown, deleted, hidden or foreign",
    413: "The body is too long",
    429: "Too many requests",
}
_RATE_HEADERS = (
    "X-RateLimit-Limit",
    "X-RateLimit-Usage",
    "X-ReadRateLimit-Limit",
    "X-ReadRateLimit-Usage",
)


def document(routes: Iterable[Route], prefix: str, profile: str) -> Json:
    """Describe all endpoints of a profile."""
    paths: dict[str, Json] = {}
    for route in routes:
        path = route.path if route.oauth else prefix + route.path
        paths.setdefault(path, {})[route.method.lower()] = _operation(route, path)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Local Strava",
            "version": profile,
            "summary": "What the emulator serves; unofficial, not Strava's document.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "application": {"type": "http", "scheme": "basic"},
                "strava": {
                    "type": "oauth2",
                    "flows": {
                        "authorizationCode": {
                            "authorizationUrl": "/oauth/authorize",
                            "tokenUrl": "/oauth/token",
                            "scopes": SCOPES,
                        }
                    },
                },
            },
        },
    }


def _operation(route: Route, path: str) -> Json:
    own = path.startswith("/_emulator") or path in ("/", "/openapi.json")
    operation: Json = {
        "operationId": _operation_id(route.method, path),
        "summary": route.about,
        "tags": ["Emulator" if own else route.resource],
        "responses": _responses(route),
    }
    parameters = [_parameter(p) for p in route.params if p.place != "form"]
    if parameters:
        operation["parameters"] = parameters
    fields = [param for param in route.params if param.place == "form"]
    if fields:
        operation["requestBody"] = _body(fields)
    if route.token:
        operation["security"] = [{"bearer": []}]
        if route.scopes:
            operation["description"] = "Needs " + " or ".join(route.scopes) + "."
    return operation


def _operation_id(method: str, path: str) -> str:
    words = path.replace("{", "").replace("}", "").replace("-", "_").split("/")
    return "_".join([method.lower(), *filter(None, words)])


def _schema(param: Param) -> Json:
    schema = dict(_KINDS[param.kind])
    if param.lenient and param.kind != "string":
        # Words that mean nothing are ignored, not refused.
        schema = {}
    if param.minimum is not None and schema:
        schema["minimum"] = param.minimum
    if param.maximum is not None and schema:
        schema["maximum"] = param.maximum
    if param.choices:
        schema["enum"] = list(param.choices)
    if param.default is not None:
        schema["default"] = param.default
    return schema


def _parameter(param: Param) -> Json:
    value: Json = {
        "name": param.name,
        "in": param.place,
        "required": param.required or param.place == "path",
        "schema": _schema(param),
    }
    if param.about:
        value["description"] = param.about
    return value


def _body(fields: list[Param]) -> Json:
    properties = {param.name: _schema(param) for param in fields}
    schema: Json = {"type": "object", "properties": properties}
    required = [param.name for param in fields if param.required]
    if required:
        schema["required"] = required
    kinds: tuple[str, ...] = _BODIES
    if any(param.kind == "file" for param in fields):
        kinds = ("multipart/form-data",)
    return {
        "required": bool(required),
        "content": {kind: {"schema": schema} for kind in kinds},
    }


def _responses(route: Route) -> Json:
    statuses = set(route.statuses) | {400}
    if route.token:
        statuses |= {401, 403, 429}
    if any(param.place == "form" for param in route.params):
        statuses.add(413)
    if any(param.name == "back" for param in route.params) or route.path.startswith(
        "/_emulator"
    ):
        statuses.add(303)
    if set(PAGING) <= set(route.params):
        statuses.add(400)
    answers: Json = {}
    for status in sorted(statuses):
        response: Json = {"description": _TEXTS[status]}
        if status in (200, 201) and route.gives:
            response["content"] = _content(route.gives)
            if route.token and route.rate_headers:
                response["headers"] = {
                    name: {"schema": {"type": "string"}} for name in _RATE_HEADERS
                }
        elif status >= 400:
            response["content"] = {"application/json": {"schema": named("Fault")}}
            if route.gives == "html" and status == 403:
                response["content"]["text/html"] = {"schema": {"type": "string"}}
        answers[str(status)] = response
    return answers


def _content(gives: str) -> Json:
    if gives == "html":
        return {"text/html": {"schema": {"type": "string"}}}
    if gives in _FILES:
        return {_FILES[gives]: {"schema": {"type": "string"}}}
    if gives == "object":
        return {"application/json": {"schema": {}}}
    if gives.endswith("[]"):
        schema: Json = {"type": "array", "items": named(gives[:-2])}
    else:
        schema = named(gives)
    return {"application/json": {"schema": schema}}


def show(call: Call) -> Answer:
    """Give the document."""
    profile = call.state.profile
    routes = call.server.router.routes
    value: dict[str, Any] = document(routes, profile.prefix, profile.name)
    return answer(value)


ROUTES: tuple[Route, ...] = (
    Route(
        "GET",
        "/openapi.json",
        show,
        "This document",
        "LocalStrava",
        token=False,
        oauth=True,
    ),
)
