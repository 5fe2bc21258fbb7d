"""The services that tests start are real, apart from each other, and gone afterwards."""

import psycopg
import pytest
import redis

from tests.services import PostgresServer, postgres


def test_postgres_gives_each_asker_an_empty_database(postgres_server: PostgresServer) -> None:
    first, second = postgres_server.new_database(), postgres_server.new_database()
    with psycopg.connect(first) as connection:
        connection.execute("CREATE TABLE medal (name text)")
    with psycopg.connect(second) as connection:
        found = connection.execute("SELECT count(*) FROM pg_tables WHERE tablename = 'medal'").fetchone()
        durable = connection.execute("SHOW fsync").fetchone()
    assert found == (0,)
    assert durable == ("on",)


def test_postgres_is_stopped_with_open_connections() -> None:
    with postgres() as server:
        left_open = psycopg.connect(server.url("postgres"))
    with pytest.raises(psycopg.OperationalError, match="refused"):
        psycopg.connect(server.url("postgres"), connect_timeout=2)
    left_open.close()


def test_redis_answers(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        client.set("name", "才让多杰")
        assert client.get("name") == "才让多杰".encode()
        assert client.config_get("save") == {"save": ""}
