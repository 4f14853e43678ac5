"""The SQL of the archive, one step a version. Steps are never changed, only added."""

from __future__ import annotations

from typing import NamedTuple

APPLICATION_ID = 0x53545241  # tells `file` and others what this SQLite file is


class Step(NamedTuple):
    """One migration: its SQL, and whether the typed tables are then made anew."""

    version: int
    name: str
    sql: str
    project_again: bool = False


_V1 = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE migration (
  version INTEGER PRIMARY KEY, name TEXT NOT NULL,
  release TEXT NOT NULL, applied_at TEXT NOT NULL
);
CREATE TABLE athlete (id INTEGER PRIMARY KEY, added_at INTEGER NOT NULL);

-- What came in, each JSON object or list as it was. Everything typed below is made
-- from here and goes with its record.
CREATE TABLE record (
  id INTEGER PRIMARY KEY,
  athlete_id INTEGER NOT NULL REFERENCES athlete(id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('api', 'export', 'file')),
  fetched_at INTEGER NOT NULL,
  expires_at INTEGER CHECK (source = 'api' OR expires_at IS NULL),
  hash TEXT NOT NULL,
  etag TEXT,
  origin TEXT,
  body BLOB NOT NULL,
  UNIQUE (athlete_id, kind, key, source)
);
CREATE INDEX record_expiry ON record(expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX record_key ON record(key, kind);

CREATE TABLE stream (
  record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,
  type TEXT NOT NULL,
  position INTEGER NOT NULL,
  points INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (record_id, type)
);

CREATE TABLE activity (
  athlete_id INTEGER NOT NULL REFERENCES athlete(id) ON DELETE CASCADE,
  id INTEGER NOT NULL,
  source TEXT NOT NULL, sources TEXT NOT NULL, level INTEGER NOT NULL,
  start_epoch INTEGER,
  name TEXT, sport_type TEXT, type TEXT, start_date TEXT, start_date_local TEXT,
  timezone TEXT, utc_offset INTEGER, distance REAL, moving_time INTEGER,
  elapsed_time INTEGER, total_elevation_gain REAL, elev_high REAL, elev_low REAL,
  average_speed REAL, max_speed REAL, average_heartrate REAL, max_heartrate REAL,
  average_watts REAL, max_watts INTEGER, weighted_average_watts INTEGER,
  device_watts BOOLEAN, kilojoules REAL, calories REAL, average_cadence REAL,
  average_temp REAL, suffer_score REAL, perceived_exertion REAL,
  workout_type INTEGER, gear_id TEXT, device_name TEXT, trainer BOOLEAN,
  commute BOOLEAN, manual BOOLEAN, private BOOLEAN, visibility TEXT,
  flagged BOOLEAN, kudos_count INTEGER, comment_count INTEGER,
  achievement_count INTEGER, pr_count INTEGER, athlete_count INTEGER,
  total_photo_count INTEGER, start_lat REAL, start_lng REAL, end_lat REAL,
  end_lng REAL, external_id TEXT, upload_id INTEGER, description TEXT,
  summary_polyline TEXT,
  PRIMARY KEY (athlete_id, id)
);
CREATE INDEX activity_start ON activity(start_epoch);
-- A recording of a loose file (its own negative id) and the activity that it is.
CREATE TABLE twin (
  athlete_id INTEGER NOT NULL REFERENCES athlete(id) ON DELETE CASCADE,
  file_id INTEGER NOT NULL,
  activity_id INTEGER NOT NULL,
  PRIMARY KEY (athlete_id, file_id)
);

CREATE TABLE profile (
  record_id INTEGER PRIMARY KEY REFERENCES record(id) ON DELETE CASCADE,
  athlete_id INTEGER, firstname TEXT, lastname TEXT, username TEXT, city TEXT,
  state TEXT, country TEXT, sex TEXT, weight REAL, ftp INTEGER, created_at TEXT,
  measurement_preference TEXT
);
CREATE TABLE lap (
  record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,
  position INTEGER NOT NULL, activity_id INTEGER, id INTEGER, lap_index INTEGER,
  name TEXT, start_date TEXT, distance REAL, moving_time INTEGER,
  elapsed_time INTEGER, total_elevation_gain REAL, average_speed REAL,
  max_speed REAL, average_heartrate REAL, max_heartrate REAL, average_cadence REAL,
  average_watts REAL, start_index INTEGER, end_index INTEGER, pace_zone INTEGER,
  PRIMARY KEY (record_id, position)
);
CREATE TABLE split (
  record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,
  unit TEXT NOT NULL, position INTEGER NOT NULL, activity_id INTEGER,
  split INTEGER, distance REAL, moving_time INTEGER, elapsed_time INTEGER,
  elevation_difference REAL, average_speed REAL,
  average_grade_adjusted_speed REAL, average_heartrate REAL, pace_zone INTEGER,
  PRIMARY KEY (record_id, unit, position)
);
CREATE TABLE effort (
  record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,
  list TEXT NOT NULL, position INTEGER NOT NULL, id INTEGER, activity_id INTEGER,
  segment_id INTEGER, name TEXT, start_date TEXT, distance REAL,
  moving_time INTEGER, elapsed_time INTEGER, average_heartrate REAL,
  max_heartrate REAL, average_watts REAL, average_cadence REAL,
  start_index INTEGER, end_index INTEGER, pr_rank INTEGER, kom_rank INTEGER,
  hidden BOOLEAN,
  PRIMARY KEY (record_id, list, position)
);
CREATE INDEX effort_segment ON effort(segment_id);
CREATE TABLE segment (
  record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,
  id INTEGER NOT NULL, name TEXT, activity_type TEXT, distance REAL,
  average_grade REAL, maximum_grade REAL, elevation_high REAL, elevation_low REAL,
  climb_category INTEGER, city TEXT, state TEXT, country TEXT, private BOOLEAN,
  starred BOOLEAN, start_lat REAL, start_lng REAL, end_lat REAL, end_lng REAL,
  effort_count INTEGER, athlete_count INTEGER,
  PRIMARY KEY (record_id, id)
);
CREATE TABLE gear (
  record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,
  position INTEGER NOT NULL, id TEXT, kind TEXT, name TEXT, nickname TEXT,
  brand TEXT, model TEXT, distance REAL, is_primary BOOLEAN, retired BOOLEAN,
  PRIMARY KEY (record_id, position)
);
CREATE TABLE route (
  record_id INTEGER PRIMARY KEY REFERENCES record(id) ON DELETE CASCADE,
  id INTEGER, name TEXT, description TEXT, type INTEGER, sub_type INTEGER,
  distance REAL, elevation_gain REAL, estimated_moving_time INTEGER,
  private BOOLEAN, starred BOOLEAN, created_at TEXT, summary_polyline TEXT
);
CREATE TABLE photo (
  record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,
  position INTEGER NOT NULL, unique_id TEXT, activity_id INTEGER, caption TEXT,
  created_at TEXT, lat REAL, lng REAL, is_default BOOLEAN, is_video BOOLEAN,
  PRIMARY KEY (record_id, position)
);
CREATE TABLE comment (
  record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,
  position INTEGER NOT NULL, id INTEGER, activity_id INTEGER, created_at TEXT,
  author TEXT, text TEXT,
  PRIMARY KEY (record_id, position)
);
CREATE TABLE kudo (
  record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,
  position INTEGER NOT NULL, activity_id INTEGER, giver TEXT,
  PRIMARY KEY (record_id, position)
);
CREATE TABLE zone (
  record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,
  position INTEGER NOT NULL, activity_id INTEGER, type TEXT, bucket INTEGER,
  low REAL, high REAL, time REAL,
  PRIMARY KEY (record_id, position)
);
CREATE TABLE stat (
  record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,
  period TEXT NOT NULL, sport TEXT NOT NULL, count INTEGER, distance REAL,
  moving_time REAL, elapsed_time REAL, elevation_gain REAL,
  PRIMARY KEY (record_id, period, sport)
);
CREATE TABLE club (
  record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,
  position INTEGER NOT NULL, id INTEGER, name TEXT, sport_type TEXT, city TEXT,
  state TEXT, country TEXT, member_count INTEGER, private BOOLEAN,
  PRIMARY KEY (record_id, position)
);

-- Files beside the database. Taking a row away puts its path on the list of files
-- to remove, so that none stays behind when the program dies in between.
CREATE TABLE file (
  record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,
  name TEXT NOT NULL, path TEXT NOT NULL, sha256 TEXT NOT NULL,
  size INTEGER NOT NULL, media_type TEXT,
  PRIMARY KEY (record_id, name)
);
CREATE TABLE removal (path TEXT PRIMARY KEY) WITHOUT ROWID;
-- Files that are being written; what is left here was cut off.
CREATE TABLE writing (path TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TRIGGER file_gone AFTER DELETE ON file BEGIN
  INSERT OR IGNORE INTO removal (path) VALUES (old.path);
END;

-- Whose data: decisions to keep, receipts of what was removed, what stays forgotten.
CREATE TABLE decision (
  id INTEGER PRIMARY KEY, decided_at INTEGER NOT NULL, athlete_id INTEGER,
  keep_days INTEGER, reason TEXT NOT NULL, ended_at INTEGER
);
CREATE TABLE receipt (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, action TEXT NOT NULL,
  athlete_id INTEGER, activity_id INTEGER, sources TEXT NOT NULL,
  reason TEXT NOT NULL, removed TEXT NOT NULL
);
CREATE TABLE forgotten (
  athlete_id INTEGER NOT NULL, activity_id INTEGER NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (athlete_id, activity_id)
) WITHOUT ROWID;

-- Where syncs and imports stand.
CREATE TABLE state (
  athlete_id INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (athlete_id, key)
) WITHOUT ROWID;
CREATE TABLE miss (
  athlete_id INTEGER NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
  status TEXT NOT NULL, tries INTEGER NOT NULL, tried_at INTEGER NOT NULL,
  again_at INTEGER, reason TEXT NOT NULL,
  PRIMARY KEY (athlete_id, kind, key)
) WITHOUT ROWID;
CREATE TABLE stale (
  athlete_id INTEGER NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (athlete_id, kind, key)
) WITHOUT ROWID;
CREATE TABLE seen (
  athlete_id INTEGER NOT NULL, activity_id INTEGER NOT NULL,
  PRIMARY KEY (athlete_id, activity_id)
) WITHOUT ROWID;
CREATE TABLE run (
  id INTEGER PRIMARY KEY, athlete_id INTEGER, kind TEXT NOT NULL,
  started_at INTEGER NOT NULL, ended_at INTEGER, outcome TEXT,
  requests INTEGER NOT NULL DEFAULT 0, summary TEXT
);

-- The columnar copy of the activities; counts as made from `changes` of the counter.
CREATE TABLE counter (name TEXT PRIMARY KEY, changes INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO counter VALUES ('activity', 0);
CREATE TABLE columnar (
  name TEXT PRIMARY KEY, changes INTEGER NOT NULL, body BLOB NOT NULL
);
CREATE TRIGGER activity_added AFTER INSERT ON activity BEGIN
  UPDATE counter SET changes = changes + 1 WHERE name = 'activity';
END;
CREATE TRIGGER activity_changed AFTER UPDATE ON activity BEGIN
  UPDATE counter SET changes = changes + 1 WHERE name = 'activity';
END;
CREATE TRIGGER activity_gone AFTER DELETE ON activity BEGIN
  UPDATE counter SET changes = changes + 1 WHERE name = 'activity';
END;

-- Views, for people.
CREATE VIEW activities AS
  SELECT *, substr(start_date_local, 1, 10) AS date,
    CASE WHEN id > 0 THEN 'https://www.strava.com/activities/' || id END AS url
  FROM activity;
CREATE VIEW records AS
  SELECT id, athlete_id, kind, key, source,
    strftime('%Y-%m-%dT%H:%M:%SZ', fetched_at, 'unixepoch') AS fetched_at,
    strftime('%Y-%m-%dT%H:%M:%SZ', expires_at, 'unixepoch') AS expires_at,
    hash, etag, origin, length(body) AS bytes
  FROM record;
CREATE VIEW streams AS
  SELECT r.athlete_id, substr(r.kind, 1, instr(r.kind || '_', '_') - 1) AS of,
    CAST(r.key AS INTEGER) AS id, r.source, s.type, s.points,
    length(s.data) AS bytes
  FROM stream s JOIN record r ON r.id = s.record_id;
CREATE VIEW athletes AS
  SELECT a.id, p.firstname, p.lastname, p.username, p.city, p.state, p.country,
    p.sex, p.weight, p.ftp, r.source
  FROM athlete a LEFT JOIN record r ON r.athlete_id = a.id AND r.kind = 'athlete'
  LEFT JOIN profile p ON p.record_id = r.id;
CREATE VIEW laps AS
  SELECT r.athlete_id, r.source, l.* FROM lap l JOIN record r ON r.id = l.record_id
  WHERE r.kind = 'activity_laps' OR NOT EXISTS (
    SELECT 1 FROM record o WHERE o.athlete_id = r.athlete_id AND o.key = r.key
    AND o.source = r.source AND o.kind = 'activity_laps');
CREATE VIEW splits AS
  SELECT r.athlete_id, r.source, s.* FROM split s JOIN record r ON r.id = s.record_id;
CREATE VIEW segment_efforts AS
  SELECT r.athlete_id, r.source, e.* FROM effort e
  JOIN record r ON r.id = e.record_id WHERE e.list = 'segment_efforts';
CREATE VIEW best_efforts AS
  SELECT r.athlete_id, r.source, e.* FROM effort e
  JOIN record r ON r.id = e.record_id WHERE e.list = 'best_efforts';
CREATE VIEW segments AS
  SELECT r.athlete_id, r.source, s.* FROM segment s
  JOIN record r ON r.id = s.record_id
  WHERE r.kind = 'segment' OR (NOT EXISTS (
    SELECT 1 FROM segment t JOIN record o ON o.id = t.record_id
    WHERE t.id = s.id AND o.athlete_id = r.athlete_id AND o.kind = 'segment')
  AND s.record_id = (SELECT max(t.record_id) FROM segment t
    JOIN record o ON o.id = t.record_id
    WHERE t.id = s.id AND o.athlete_id = r.athlete_id));
CREATE VIEW gears AS
  SELECT r.athlete_id, r.source, g.* FROM gear g JOIN record r ON r.id = g.record_id
  WHERE r.kind = 'gear' OR r.source <> 'api' OR NOT EXISTS (
    SELECT 1 FROM record o WHERE o.athlete_id = r.athlete_id
    AND o.kind = 'gear' AND o.key = g.id);
CREATE VIEW routes AS
  SELECT r.athlete_id, r.source, t.* FROM route t JOIN record r ON r.id = t.record_id;
CREATE VIEW photos AS
  SELECT r.athlete_id, r.source, p.*, f.path, f.size, f.sha256 FROM photo p
  JOIN record r ON r.id = p.record_id
  LEFT JOIN file f ON f.record_id = p.record_id AND f.name = p.unique_id;
CREATE VIEW comments AS
  SELECT r.athlete_id, r.source, c.* FROM comment c
  JOIN record r ON r.id = c.record_id;
CREATE VIEW kudos AS
  SELECT r.athlete_id, r.source, k.* FROM kudo k JOIN record r ON r.id = k.record_id;
CREATE VIEW zones AS
  SELECT r.athlete_id, r.source, z.* FROM zone z JOIN record r ON r.id = z.record_id;
CREATE VIEW stats AS
  SELECT r.athlete_id, r.source, s.* FROM stat s JOIN record r ON r.id = s.record_id;
CREATE VIEW clubs AS
  SELECT r.athlete_id, r.source, c.* FROM club c JOIN record r ON r.id = c.record_id;
CREATE VIEW weekly_totals AS
  SELECT athlete_id,
    date(substr(start_date_local, 1, 10), '-6 days', 'weekday 1') AS week,
    sport_type, count(*) AS activities, sum(distance) AS distance,
    sum(moving_time) AS moving_time, sum(elapsed_time) AS elapsed_time,
    sum(total_elevation_gain) AS total_elevation_gain
  FROM activity WHERE start_date_local IS NOT NULL GROUP BY 1, 2, 3;
CREATE VIEW monthly_totals AS
  SELECT athlete_id, substr(start_date_local, 1, 7) AS month,
    sport_type, count(*) AS activities, sum(distance) AS distance,
    sum(moving_time) AS moving_time, sum(elapsed_time) AS elapsed_time,
    sum(total_elevation_gain) AS total_elevation_gain
  FROM activity WHERE start_date_local IS NOT NULL GROUP BY 1, 2, 3;
"""

STEPS: tuple[Step, ...] = (Step(1, "first schema", _V1),)
CURRENT = STEPS[-1].version
