from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from stravalib.archive import Archive, schema
from stravalib.archive.migrations import migrate, statements
from stravalib.archive.schema import Step

from .samples import ME, Clock, detail, streams, summary

V1 = Path(__file__).with_name("version-1.sql")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "old.db"
    plain = sqlite3.connect(path)
    plain.executescript(V1.read_text(encoding="utf-8"))
    plain.close()
    return path


def test_an_archive_of_version_1_opens(old: Path, clock: Clock) -> None:
    with Archive(old, clock=clock) as archive:
        assert archive.store.query("PRAGMA user_version") == [(schema.CURRENT,)]
        number = detail(1)["id"]
        assert archive.raw("activity", number) == summary(1)
        assert archive.raw("activity_detail", number) == detail(1)
        assert archive.raw("activity_streams", number) == streams(30)
        assert archive.activities()["calories"] == [870.2]
        assert archive.sql("SELECT name FROM laps")["name"] == ["Lap 1", "Lap 2"]
        assert archive.add("activity", summary(1), athlete_id=ME).state == "same"
        assert len(archive.decisions()) == 1
        assert archive.sql("PRAGMA integrity_check")["integrity_check"] == ["ok"]


def test_an_old_archive_has_the_schema_of_a_new_one(
    old: Path, archive: Archive, clock: Clock
) -> None:
    asked = "SELECT type, name, sql FROM sqlite_master WHERE sql NOT NULL ORDER BY 1, 2"
    with Archive(old, clock=clock) as opened:
        assert opened.store.query(asked) == archive.store.query(asked)


def test_steps_apply_once_and_are_written_down(tmp_path: Path) -> None:
    steps = (*schema.STEPS, Step(schema.CURRENT + 1, "more", "CREATE TABLE more (x);"))
    plain = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    assert migrate(plain, Clock()) is False
    assert migrate(plain, Clock(), steps=steps) is False
    assert migrate(plain, Clock(), steps=steps) is False
    rows = plain.execute("SELECT version, name FROM migration").fetchall()
    assert rows[-1] == (schema.CURRENT + 1, "more")
    assert len(rows) == len(steps)
    plain.close()


def test_a_step_may_ask_for_the_typed_rows_anew(tmp_path: Path) -> None:
    step = Step(schema.CURRENT + 1, "more", "CREATE TABLE more (x);", True)
    plain = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    migrate(plain, Clock())
    assert migrate(plain, Clock(), steps=(*schema.STEPS, step)) is True
    plain.close()
    plain = sqlite3.connect(tmp_path / "new.db", isolation_level=None)
    assert migrate(plain, Clock(), steps=(*schema.STEPS, step)) is False
    plain.close()


def test_a_step_that_fails_leaves_the_version_before(tmp_path: Path) -> None:
    bad = Step(
        schema.CURRENT + 1, "bad", "CREATE TABLE more (x);\nINSERT INTO nowhere;"
    )
    plain = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    migrate(plain, Clock())
    with pytest.raises(sqlite3.OperationalError):
        migrate(plain, Clock(), steps=(*schema.STEPS, bad))
    assert plain.execute("PRAGMA user_version").fetchone() == (schema.CURRENT,)
    found = plain.execute("SELECT 1 FROM sqlite_master WHERE name = 'more'").fetchall()
    assert found == []
    plain.close()


def test_typed_rows_can_be_made_anew(archive: Archive) -> None:
    archive.add("activity_detail", detail(1), athlete_id=ME)
    before = archive.sql("SELECT * FROM laps"), archive.sql("SELECT * FROM activities")
    archive.store.execute("DELETE FROM lap")
    archive.store.execute("DELETE FROM activity")
    archive.store.project_again()
    after = archive.sql("SELECT * FROM laps"), archive.sql("SELECT * FROM activities")
    assert [list(frame) for frame in after] == [list(frame) for frame in before]


def test_scripts_are_cut_at_statements() -> None:
    script = (
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN\n  DELETE FROM b;\nEND;\nSELECT 1;\n"
    )
    assert len(statements(script)) == 2
