from __future__ import annotations

import os
import resource
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stravalib.archive import (
    Archive,
    ArchiveBusy,
    ArchiveFull,
    ArchiveReadOnly,
    ArchiveTooNew,
    MixedSources,
    NotAnArchive,
    NotKept,
)

from .samples import ME, OTHER, Clock, detail, streams, summary

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_json_comes_back_equal(archive: Archive) -> None:
    for kind, body in (("activity", summary(1)), ("activity_detail", detail(1))):
        assert archive.add(kind, body, athlete_id=ME).state == "new"
        assert archive.raw(kind, body["id"]) == body
    odd = {"id": 3, "huge": 2**80, "tiny": 5e-324, "lone": "\ud800", "n": [None, -0.0]}
    archive.add("gear", odd, athlete_id=ME)
    found = archive.raw("gear", 3)
    assert found == odd
    assert str(found["n"][1]) == "-0.0"


def test_streams_come_back_equal_in_both_shapes(archive: Archive) -> None:
    by_type = streams()
    listed = [{"type": name, **item} for name, item in streams().items()]
    archive.add("activity_streams", by_type, key=1, athlete_id=ME)
    archive.add("route_streams", listed, key=2, athlete_id=ME)
    assert archive.raw("activity_streams", 1) == by_type
    assert archive.raw("route_streams", 2) == listed
    assert archive.stream_set(2, of="route")["moving"] == by_type["moving"]["data"]


def test_the_same_again_is_the_same(archive: Archive, clock: Clock) -> None:
    archive.add("activity", summary(1), athlete_id=ME)
    clock.now += 100
    assert archive.add("activity", summary(1), athlete_id=ME).state == "same"
    assert archive.add("activity", summary(1, name="b"), athlete_id=ME).state == (
        "changed"
    )
    assert len(archive.activities()) == 1
    assert archive.activities()["name"] == ["b"]


def test_changed_streams_replace_the_old_ones(archive: Archive) -> None:
    archive.add("activity_streams", streams(20), key=1, athlete_id=ME)
    fewer = {"time": {"data": [0, 5]}}
    assert archive.add("activity_streams", fewer, key=1, athlete_id=ME).state == (
        "changed"
    )
    assert archive.raw("activity_streams", 1) == fewer


def test_a_later_summary_wins_and_details_stay(archive: Archive, clock: Clock) -> None:
    archive.add("activity_detail", detail(1), athlete_id=ME)
    clock.now += 60
    archive.add("activity", summary(1, name="Renamed"), athlete_id=ME)
    (row,) = archive.activities().rows()
    assert row["name"] == "Renamed"
    assert row["calories"] == 870.2
    assert row["level"] == 3


def test_views_speak_sql(archive: Archive) -> None:
    body = detail(1)
    archive.add("activity", summary(1), athlete_id=ME)
    archive.add("activity_detail", body, athlete_id=ME)
    archive.add("activity_streams", streams(), key=body["id"], athlete_id=ME)
    asked = archive.sql("SELECT name, distance FROM laps ORDER BY position")
    assert list(asked.rows()) == [
        {"name": "Lap 1", "distance": 1000.0},
        {"name": "Lap 2", "distance": 900.5},
    ]
    assert archive.sql("SELECT id FROM segments")["id"] == [99]
    assert archive.sql("SELECT id FROM segment_efforts")["id"] == [2693271924383944911]
    assert archive.sql("SELECT type FROM streams WHERE points = 50")["type"] == list(
        streams()
    )
    assert archive.sql("SELECT url FROM activities")["url"] == [
        f"https://www.strava.com/activities/{body['id']}"
    ]


def test_every_view_can_be_read(archive: Archive) -> None:
    views = archive.sql("SELECT name FROM sqlite_master WHERE type = 'view'")["name"]
    assert len(views) > 15
    for view in views:
        assert len(archive.sql(f"SELECT * FROM {view}")) == 0


def test_sql_cannot_write(archive: Archive) -> None:
    archive.add("activity", summary(1), athlete_id=ME)
    with pytest.raises(RuntimeError, match="readonly"):
        archive.sql("DELETE FROM record")
    archive.add("activity", summary(2), athlete_id=ME)
    assert len(archive.activities()) == 2


def test_plain_sqlite_reads_it(archive: Archive) -> None:
    archive.add("activity", summary(1), athlete_id=ME)
    plain = sqlite3.connect(archive.store.path)
    assert plain.execute("SELECT sport_type FROM activities").fetchall() == [
        ("GravelRide",)
    ]
    plain.close()


def test_athletes_stay_apart(archive: Archive) -> None:
    archive.add("segment", {"id": 9, "name": "mine"}, athlete_id=ME)
    archive.add("segment", {"id": 9, "name": "theirs"}, athlete_id=OTHER)
    assert archive.raw("segment", 9, athlete_id=ME)["name"] == "mine"
    assert archive.raw("segment", 9, athlete_id=OTHER)["name"] == "theirs"


def test_api_data_never_enter_the_permanent_part(archive: Archive) -> None:
    with pytest.raises(MixedSources, match="keep"):
        archive.add("activity", summary(1), athlete_id=ME, source="export")
    assert len(archive.activities()) == 0


def test_what_is_missing_says_what_to_do(archive: Archive) -> None:
    with pytest.raises(NotKept, match="sync"):
        archive.raw("activity", 1)
    with pytest.raises(NotKept, match="sync"):
        archive.stream_set(1)


def test_the_file_is_private(archive: Archive) -> None:
    mode = stat.S_IMODE(archive.store.path.stat().st_mode)
    assert mode & 0o077 == 0


def test_a_failed_transaction_leaves_nothing(archive: Archive) -> None:
    def interrupted() -> None:
        with archive.store.transaction():
            archive.add("activity", summary(1), athlete_id=ME)
            raise KeyError

    with pytest.raises(KeyError):
        interrupted()
    assert len(archive.activities()) == 0


def test_threads_share_it(archive: Archive) -> None:
    def work(first: int) -> None:
        for number in range(first, first + 10):
            archive.add("activity", summary(number), athlete_id=ME)

    threads = [threading.Thread(target=work, args=(n * 10,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(archive.activities()) == 40


def test_a_full_disk_leaves_the_old_archive(archive: Archive) -> None:
    archive.add("activity", summary(1), athlete_id=ME)
    store = archive.store
    ((pages,),) = store.query("PRAGMA page_count")
    store.query(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(ArchiveFull, match="make room"):
        archive.add("activity_streams", streams(9000), key=1, athlete_id=ME)
    store.query("PRAGMA max_page_count = 1000000")
    assert archive.activities()["id"] == [summary(1)["id"]]
    archive.add("activity_streams", streams(9000), key=1, athlete_id=ME)
    assert archive.sql("PRAGMA integrity_check")["integrity_check"] == ["ok"]


_FILL = """
import resource, signal, sys
from stravalib.archive import Archive, ArchiveFull
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
archive = Archive(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
try:
    for number in range(1, 1000):
        archive.add("gear", {"id": number, "text": str(number) * 9000}, athlete_id=1)
except ArchiveFull:
    print(number)
"""


def test_a_write_that_the_system_refuses(tmp_path: Path) -> None:
    assert resource.RLIMIT_FSIZE is not None
    path = tmp_path / "a.db"
    done = subprocess.run(
        [sys.executable, "-c", _FILL, str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    failed = int(done.stdout)
    with Archive(path) as archive:
        assert archive.sql("PRAGMA integrity_check")["integrity_check"] == ["ok"]
        kept = archive.sql("SELECT count(*) AS n FROM record")["n"]
        assert kept == [failed - 1]


def test_another_writer_is_named_busy(archive: Archive, tmp_path: Path) -> None:
    archive.add("activity", summary(1), athlete_id=ME)
    other = Archive(archive.store.path, busy_timeout=0.05)
    with archive.store.transaction():
        archive.add("activity", summary(2), athlete_id=ME)
        with pytest.raises(ArchiveBusy, match="another program"):
            other.add("activity", summary(3), athlete_id=ME)
    other.close()


def test_foreign_files_are_left_alone(tmp_path: Path) -> None:
    text = tmp_path / "text.db"
    text.write_text("not a database at all, but long enough to look at" * 50)
    with pytest.raises(NotAnArchive, match="not an archive"):
        Archive(text)
    foreign = tmp_path / "foreign.db"
    plain = sqlite3.connect(foreign)
    plain.execute("CREATE TABLE mine (x)")
    plain.commit()
    plain.close()
    before = foreign.read_bytes()
    with pytest.raises(NotAnArchive, match="another program"):
        Archive(foreign)
    assert foreign.read_bytes() == before
    plain = sqlite3.connect(foreign)
    assert plain.execute("SELECT name FROM sqlite_master").fetchall() == [("mine",)]
    plain.close()


def test_a_newer_archive_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    Archive(path).close()
    plain = sqlite3.connect(path)
    plain.execute("PRAGMA user_version = 999")
    plain.close()
    with pytest.raises(ArchiveTooNew, match="999"):
        Archive(path)


def test_read_only(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "a.db"
    with pytest.raises(NotAnArchive, match="nothing to read"):
        Archive(path, read_only=True)
    assert not path.exists()
    with Archive(path, clock=clock) as archive:
        archive.add("activity", summary(1), athlete_id=ME)
    with Archive(path, read_only=True, clock=clock) as archive:
        assert len(archive.activities()) == 1
        with pytest.raises(ArchiveReadOnly, match="reading only"):
            archive.add("activity", summary(2), athlete_id=ME)


NOBODY = 65534


@contextmanager
def ordinary_user(folder: Path) -> Iterator[None]:
    """Be a user whom permissions hold: root may write everywhere."""
    if os.geteuid() != 0:
        yield
        return
    for path in (folder, *folder.iterdir()):
        os.chown(path, NOBODY, -1)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(sys.platform == "win32", reason="n/a: permissions of POSIX")
def test_a_folder_that_cannot_be_written(clock: Clock) -> None:
    # Not tmp_path: the folders above that one are closed to other users.
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        folder = Path(name) / "closed"
        folder.mkdir()
        with Archive(folder / "a.db", clock=clock) as archive:
            archive.add("activity", summary(1), athlete_id=ME)
        (folder / "a.db").chmod(0o400)
        folder.chmod(0o500)
        with ordinary_user(folder):
            with pytest.raises(ArchiveReadOnly):
                Archive(folder / "new.db")
            with pytest.raises(ArchiveReadOnly), Archive(folder / "a.db") as closed:
                closed.add("activity", summary(2), athlete_id=ME)
            with Archive(folder / "a.db", read_only=True) as archive:
                assert len(archive.activities()) == 1
        folder.chmod(0o700)


@pytest.mark.parametrize(
    "statement",
    [
        "attach '{}' as other",
        "vacuum into '{}'",
        "pragma query_only = 0",
        "pragma user_version = 99",
        "drop table record",
    ],
)
def test_sql_only_reads(archive: Archive, tmp_path: Path, statement: str) -> None:
    target = tmp_path / "made.db"
    with pytest.raises(Exception, match=r".+"):
        archive.sql(statement.format(target))
    assert not target.exists()
    assert len(archive.sql("pragma table_info(record)"))
    assert len(archive.sql("select 1 as one")) == 1
