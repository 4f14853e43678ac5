"""The servers that some stores need, and which stores there are."""

from __future__ import annotations

import pytest

REDIS = "redis://127.0.0.1:6379/0"
POSTGRES = "postgresql://{user}@127.0.0.1:5432/{name}"


def redis_client():
    redis = pytest.importorskip("redis")
    client = redis.Redis.from_url(REDIS)
    try:
        client.ping()
    except redis.ConnectionError:
        client.close()
        pytest.skip("no Redis on 127.0.0.1:6379")
    return client


def clean_redis(client, prefix):
    for name in client.scan_iter(prefix + "*"):
        client.delete(name)
    client.close()


def postgres_address():
    psycopg = pytest.importorskip("psycopg")
    for user, name in [("postgres", "postgres"), ("root", "test")]:
        address = POSTGRES.format(user=user, name=name)
        try:
            psycopg.connect(address, connect_timeout=2).close()
        except psycopg.OperationalError:
            continue
        return address
    pytest.skip("no PostgreSQL on 127.0.0.1:5432")


KINDS = [
    "memory",
    "file",
    "sqlite",
    "keyring",
    pytest.param("redis", marks=pytest.mark.service),
    pytest.param("postgres", marks=pytest.mark.service),
]
SHARED = ["file", "sqlite", *KINDS[4:]]
