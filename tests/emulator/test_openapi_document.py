"""The OpenAPI document, and schemathesis against the server that it describes.

Checks that run: not_a_server_error, status_code_conformance, content_type_conformance,
response_headers_conformance, response_schema_conformance, ignored_auth.

Checks that are switched off, because Strava itself behaves otherwise:

- negative_data_rejection: Strava ignores fields and words that it does not know;
- positive_data_acceptance: whether an activity, a club or a file is there and may be
  seen is no part of a schema, and refusing is right;
- unsupported_method, allow_header_conformance: an unknown method is a 404 here as
  there, never a 405;
- missing_required_header: no endpoint requires one beside the token, which ignored_auth
  covers;
- use_after_free, ensure_resource_availability, object_level_authorization: they need
  links between operations, which the document does not declare.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from asking import NOON
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from small_world import ANNA, CLUB, EFFORT, ROUTE, RUN, SEGMENT, small_world

from stravalib.emulator import Clock, LocalStrava
from stravalib.emulator.profiles import PROFILES
from stravalib.emulator.routes.table import routes_for

if TYPE_CHECKING:
    from collections.abc import Iterator

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    ignored_auth,
]
# Ids that exist, so that the endpoints are really reached.
KNOWN = {
    "/activities": RUN,
    "/athletes": ANNA,
    "/clubs": CLUB,
    "/gear": "b401",
    "/routes": ROUTE,
    "/segment_efforts": EFFORT,
    "/segments": SEGMENT,
}
LIMITS = (10**6, 10**7, 10**6, 10**7)


@pytest.fixture(scope="module")
def served() -> Iterator[LocalStrava]:
    # The older profile, in which every endpoint but one still answers.
    strava = LocalStrava(
        small_world(), profile="2026-05", clock=Clock(NOON, frozen=True)
    )
    strava.application.set_limits(LIMITS)
    with strava:
        yield strava


def document(strava: LocalStrava) -> dict[str, Any]:
    from stravalib.emulator.openapi import document as write

    profile = strava.state.profile
    return write(strava.app.router.routes, profile.prefix, profile.name)


@pytest.fixture(scope="module")
def schema(served: LocalStrava) -> Any:
    value = document(served)
    for path, operations in value["paths"].items():
        for start, known in KNOWN.items():
            if path.startswith(("/api/v3" + start, "/_emulator" + start)):
                for operation in operations.values():
                    for parameter in operation.get("parameters", ()):
                        if parameter["name"] == "id":
                            parameter["schema"] = {
                                "anyOf": [{"const": known}, parameter["schema"]]
                            }
    return schemathesis.openapi.from_dict(value)


def operations() -> list[tuple[str, str]]:
    profile = PROFILES["2026-05"]
    return [
        (route.method, route.path if route.oauth else profile.prefix + route.path)
        for route in routes_for(profile)
    ]


@pytest.mark.parametrize(("method", "path"), operations())
def test_server_keeps_its_document(
    served: LocalStrava, schema: Any, method: str, path: str
) -> None:
    @given(case=schema[path][method].as_strategy())
    @settings(
        max_examples=10,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def check(case: Any) -> None:
        served.faults.remove()
        served.clock.freeze()
        served.clock.set(NOON)
        served.application.set_limits(LIMITS)
        case.call_and_validate(
            base_url=served.origin,
            headers={"Authorization": f"Bearer {served.token()}"},
            checks=CHECKS,
            allow_redirects=False,
            timeout=20,
        )

    try:
        check()
    finally:
        served.faults.remove()


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_every_route_is_described(profile: str) -> None:
    strava = LocalStrava(small_world(), profile=profile)
    value = document(strava)
    assert value["openapi"] == "3.1.0"
    described = {
        (method.upper(), path)
        for path, operations in value["paths"].items()
        for method in operations
    }
    routes = strava.app.router.routes
    assert len(described) == len(routes)
    ids = [
        operation["operationId"]
        for operations in value["paths"].values()
        for operation in operations.values()
    ]
    assert len(ids) == len(set(ids))
    names = set(value["components"]["schemas"])
    assert {ref.rpartition("/")[2] for ref in _references(value)} <= names, (
        "a schema is named but not described"
    )


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)
