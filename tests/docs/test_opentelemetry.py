"""The standard instrumentations see the requests of both clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stravalib.testing import connect, connect_async

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opentelemetry.sdk.trace.export.in_memory_span_exporter import (
        InMemorySpanExporter,
    )

    from stravalib.emulator import LocalStrava

pytest.importorskip("opentelemetry.sdk")


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    aiohttp_client = pytest.importorskip("opentelemetry.instrumentation.aiohttp_client")
    requests = pytest.importorskip("opentelemetry.instrumentation.requests")
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import (
        InMemorySpanExporter,
    )

    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    instrumentors = [
        requests.RequestsInstrumentor(),
        aiohttp_client.AioHttpClientInstrumentor(),
    ]
    for instrumentor in instrumentors:
        instrumentor.instrument(tracer_provider=provider)
    yield exporter
    for instrumentor in instrumentors:
        instrumentor.uninstrument()
    provider.shutdown()


def told(spans: InMemorySpanExporter) -> list[tuple[object, object, str]]:
    """Return method, status and path of each span."""
    found = []
    for span in spans.get_finished_spans():
        values = dict(span.attributes or {})
        method = values.get("http.request.method", values.get("http.method"))
        status = values.get("http.response.status_code", values.get("http.status_code"))
        url = str(values.get("url.full", values.get("http.url")))
        found.append((method, status, "/" + url.partition("/api/v3/")[2]))
    return found


def everything(spans: InMemorySpanExporter) -> str:
    return "\n".join(span.to_json() for span in spans.get_finished_spans())


def test_requests(strava_server: LocalStrava, spans: InMemorySpanExporter) -> None:
    with connect(strava_server) as client:
        client.get_athlete()
        list(client.get_activities(limit=1))
        secrets = [client.access_token, client.refresh_token]
    assert told(spans)[0] == ("GET", 200, "/athlete")
    method, status, path = told(spans)[1]
    assert (method, status) == ("GET", 200)
    assert path.startswith("/athlete/activities?")
    assert not [secret for secret in secrets if str(secret) in everything(spans)]


async def test_aiohttp(strava_server: LocalStrava, spans: InMemorySpanExporter) -> None:
    async with connect_async(strava_server, session=None) as client:
        await client.get_athlete()
        secrets = [client.access_token, client.refresh_token]
    assert told(spans) == [("GET", 200, "/athlete")]
    assert not [secret for secret in secrets if str(secret) in everything(spans)]


def test_each_attempt_is_a_span(
    strava_server: LocalStrava, spans: InMemorySpanExporter
) -> None:
    strava_server.faults.add("503", path="/athlete", count=1)
    with connect(strava_server) as client:
        client.protocol.sender.sleep = lambda seconds: None
        client.get_athlete()
    assert [status for _, status, _ in told(spans)] == [503, 200]
