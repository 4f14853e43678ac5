-- An archive as schema version 1 wrote it. Never edit.
PRAGMA foreign_keys = OFF;
BEGIN TRANSACTION;
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
INSERT INTO "activity" VALUES(4242,10000000001,'api','api',3,1714629601,'Ride nö 1 🚲','GravelRide','Ride','2024-05-02T06:00:01Z','2024-05-02T08:00:01','Europe/Berlin',7200,20001.5,3601,3701,210.0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,870.2,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,0,NULL,NULL,3,NULL,NULL,NULL,NULL,NULL,52.5,13.4,NULL,NULL,NULL,NULL,'two
lines','abc');
CREATE TABLE athlete (id INTEGER PRIMARY KEY, added_at INTEGER NOT NULL);
INSERT INTO "athlete" VALUES(4242,1750000000);
CREATE TABLE club (
  record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,
  position INTEGER NOT NULL, id INTEGER, name TEXT, sport_type TEXT, city TEXT,
  state TEXT, country TEXT, member_count INTEGER, private BOOLEAN,
  PRIMARY KEY (record_id, position)
);
CREATE TABLE columnar (
  name TEXT PRIMARY KEY, changes INTEGER NOT NULL, body BLOB NOT NULL
);
CREATE TABLE comment (
  record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,
  position INTEGER NOT NULL, id INTEGER, activity_id INTEGER, created_at TEXT,
  author TEXT, text TEXT,
  PRIMARY KEY (record_id, position)
);
CREATE TABLE counter (name TEXT PRIMARY KEY, changes INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO "counter" VALUES('activity',2);
CREATE TABLE decision (
  id INTEGER PRIMARY KEY, decided_at INTEGER NOT NULL, athlete_id INTEGER,
  keep_days INTEGER, reason TEXT NOT NULL, ended_at INTEGER
);
INSERT INTO "decision" VALUES(1,1750000000,NULL,NULL,'kept for the test',NULL);
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
INSERT INTO "effort" VALUES(2,'segment_efforts',0,2693271924383944911,10000000001,99,'Hill',NULL,NULL,NULL,60,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE file (
  record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,
  name TEXT NOT NULL, path TEXT NOT NULL, sha256 TEXT NOT NULL,
  size INTEGER NOT NULL, media_type TEXT,
  PRIMARY KEY (record_id, name)
);
CREATE TABLE forgotten (
  athlete_id INTEGER NOT NULL, activity_id INTEGER NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (athlete_id, activity_id)
) WITHOUT ROWID;
CREATE TABLE gear (
  record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,
  position INTEGER NOT NULL, id TEXT, kind TEXT, name TEXT, nickname TEXT,
  brand TEXT, model TEXT, distance REAL, is_primary BOOLEAN, retired BOOLEAN,
  PRIMARY KEY (record_id, position)
);
CREATE TABLE kudo (
  record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,
  position INTEGER NOT NULL, activity_id INTEGER, giver TEXT,
  PRIMARY KEY (record_id, position)
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
INSERT INTO "lap" VALUES(2,0,10000000001,5,1,'Lap 1',NULL,1000.0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "lap" VALUES(2,1,10000000001,6,2,'Lap 2',NULL,900.5,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE migration (
  version INTEGER PRIMARY KEY, name TEXT NOT NULL,
  release TEXT NOT NULL, applied_at TEXT NOT NULL
);
INSERT INTO "migration" VALUES(1,'first schema','3.0.0a1','2025-06-15T15:06:40Z');
CREATE TABLE miss (
  athlete_id INTEGER NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
  status TEXT NOT NULL, tries INTEGER NOT NULL, tried_at INTEGER NOT NULL,
  again_at INTEGER, reason TEXT NOT NULL,
  PRIMARY KEY (athlete_id, kind, key)
) WITHOUT ROWID;
CREATE TABLE photo (
  record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,
  position INTEGER NOT NULL, unique_id TEXT, activity_id INTEGER, caption TEXT,
  created_at TEXT, lat REAL, lng REAL, is_default BOOLEAN, is_video BOOLEAN,
  PRIMARY KEY (record_id, position)
);
CREATE TABLE profile (
  record_id INTEGER PRIMARY KEY REFERENCES record(id) ON DELETE CASCADE,
  athlete_id INTEGER, firstname TEXT, lastname TEXT, username TEXT, city TEXT,
  state TEXT, country TEXT, sex TEXT, weight REAL, ftp INTEGER, created_at TEXT,
  measurement_preference TEXT
);
CREATE TABLE receipt (
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, action TEXT NOT NULL,
  athlete_id INTEGER, activity_id INTEGER, sources TEXT NOT NULL,
  reason TEXT NOT NULL, removed TEXT NOT NULL
);
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
INSERT INTO "record" VALUES(1,4242,'activity','10000000001','api',1750000000,NULL,'1900b32ba3ccb501ab900cb64606aca1',NULL,NULL,X'0178BB3059A9F99DD6410AC2301005D0AB04D76D9999246D6FE005DCD92E8CAD2068854017527A7727AD228931885D64910C8484F92F9D7E405091A2A4834E17313423C0A914289AB1AB65C7636FC8138F00000B1DA8C7C1C7103E59B9B9B87D8469FBB696DBE0F25C597483D717774EE7403B2817BD30E9DC5A59BF2BFF70AEA2D5398F23F9A94218FB20BF9AF82251162A12644F29DC64319B0EE6F885A7C08D33FFD70FAE1BCD9DDFE5EBCD5AD7E413F751CFBBEC31233E8D2B6DE7F9013DC2BB40');
INSERT INTO "record" VALUES(2,4242,'activity_detail','10000000001','api',1750000000,NULL,'325de75f364d2c463a67acc7376bfbca',NULL,NULL,X'0178BB3059A9F99D96CF6E83300CC65F0571CE50ECFC813C4177D871B7C1A1AC9D5489D189AD9AA68A779F0DDDBA9894C33870801827F8F3CFDF79A150B380A0458BAB1C64BA647D7DD2FAC56790D5A75D657674DFB718110FB5D65038413D6A7C90E033253F4BB30F619D7D9B8164D05DDE4C74D33F579A73EE4EE3A3F613BD609573F3CAEABAF21F9C2B71E65C8423B3A4826C7BD1BF0EE94782296CA291234A41AE526CDAB6CF37F024B871205FDFB31ADB2F9ACBAFC76160919F49477BCAF2040AE934BCB419553CB0F38FCF63DD73BEF7FCEFE0AE4A5D90A07E8D0EE7724A58AF8BB41EB66F194422E26A1634DAE7381FC56114178B2F509863E778C3864D59451A1052A5D24D5F483833DE0CFA60B08480D65426581BE07A90FB43D7E552E65E2B694A429021A2F0DC4054FB661C9BF11BD6B12D2B');
INSERT INTO "record" VALUES(3,4242,'activity_streams','10000000001','api',1750000000,NULL,'cba384e8351e891ad5709b3e0e27f669',NULL,NULL,X'0178BB3059A9F9AB86B60EAB9580D93A11446703ED064A8085C14D4650690B2B57E0A5978E12B0144ECF04B9BF38B30A28650C2D2A734AA14D3770D8000D80A5300C1BA012D4B00351A862D80297A2863D486908C322841C356C82B42C8A73F3F34B32B05886224D0DFB20F510169BA01294DB510B0041CED6DF');
CREATE TABLE removal (path TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE route (
  record_id INTEGER PRIMARY KEY REFERENCES record(id) ON DELETE CASCADE,
  id INTEGER, name TEXT, description TEXT, type INTEGER, sub_type INTEGER,
  distance REAL, elevation_gain REAL, estimated_moving_time INTEGER,
  private BOOLEAN, starred BOOLEAN, created_at TEXT, summary_polyline TEXT
);
CREATE TABLE run (
  id INTEGER PRIMARY KEY, athlete_id INTEGER, kind TEXT NOT NULL,
  started_at INTEGER NOT NULL, ended_at INTEGER, outcome TEXT,
  requests INTEGER NOT NULL DEFAULT 0, summary TEXT
);
CREATE TABLE seen (
  athlete_id INTEGER NOT NULL, activity_id INTEGER NOT NULL,
  PRIMARY KEY (athlete_id, activity_id)
) WITHOUT ROWID;
CREATE TABLE segment (
  record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,
  id INTEGER NOT NULL, name TEXT, activity_type TEXT, distance REAL,
  average_grade REAL, maximum_grade REAL, elevation_high REAL, elevation_low REAL,
  climb_category INTEGER, city TEXT, state TEXT, country TEXT, private BOOLEAN,
  starred BOOLEAN, start_lat REAL, start_lng REAL, end_lat REAL, end_lng REAL,
  effort_count INTEGER, athlete_count INTEGER,
  PRIMARY KEY (record_id, id)
);
INSERT INTO "segment" VALUES(2,99,'Hill',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1.5,2.5,NULL,NULL,NULL,NULL);
CREATE TABLE split (
  record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,
  unit TEXT NOT NULL, position INTEGER NOT NULL, activity_id INTEGER,
  split INTEGER, distance REAL, moving_time INTEGER, elapsed_time INTEGER,
  elevation_difference REAL, average_speed REAL,
  average_grade_adjusted_speed REAL, average_heartrate REAL, pace_zone INTEGER,
  PRIMARY KEY (record_id, unit, position)
);
INSERT INTO "split" VALUES(2,'metric',0,10000000001,1,1000.1,200,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE stale (
  athlete_id INTEGER NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
  since INTEGER NOT NULL,
  PRIMARY KEY (athlete_id, kind, key)
) WITHOUT ROWID;
CREATE TABLE stat (
  record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,
  period TEXT NOT NULL, sport TEXT NOT NULL, count INTEGER, distance REAL,
  moving_time REAL, elapsed_time REAL, elevation_gain REAL,
  PRIMARY KEY (record_id, period, sport)
);
CREATE TABLE state (
  athlete_id INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (athlete_id, key)
) WITHOUT ROWID;
CREATE TABLE stream (
  record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,
  type TEXT NOT NULL,
  position INTEGER NOT NULL,
  points INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (record_id, type)
);
INSERT INTO "stream" VALUES(3,'time',0,30,X'789C636460906300014646061860C4070007C8003F');
INSERT INTO "stream" VALUES(3,'latlng',1,30,X'789C636464906360606064656464B8201DC000028CF80013030307E359FB8D4A53D82A5E45233394618C3325D287B384762670AC0FFFB7CCF7EB1CE7D793AC1E761ADCA8573B572A7BE48CE336ADF9221D7F8B9E459F77D9A9BB48BC9BA1F465DC65F73D864BA5FA99CFD4EADEEBB37F3F3F806163A2D0A162E52B2DA64FA7BA7D5B1ECEB12353F2D499D3A74E1C3F76E4F0A183FBF7EDDDBD6BE7F66D5B376FDAB87EDDDA35AB56AE5876062FD0C20B1CF0020092E87660');
INSERT INTO "stream" VALUES(3,'distance',2,30,X'789C63646090636060600402061850C407003E7B03E1');
INSERT INTO "stream" VALUES(3,'heartrate',3,30,X'789C63646094636060686000014646860A060628130418987E304201320300538E041D');
INSERT INTO "stream" VALUES(3,'grade_smooth',4,30,X'789C63646090636060606260E06064987576D62C06E33486594091590C69C60CB3802270D1996766CE04D340D99920D999401184E800C9BE7CB3F3E587CBCF3EDC7CF0E1C1CD0FCF2E7F78B9F3CD4B982883BDBDFDFEFDFBD1C8062807002351674B');
INSERT INTO "stream" VALUES(3,'moving',5,30,X'789C63646090636060600662861FFFFFDB03000ADB0358');
CREATE TABLE twin (
  athlete_id INTEGER NOT NULL REFERENCES athlete(id) ON DELETE CASCADE,
  file_id INTEGER NOT NULL,
  activity_id INTEGER NOT NULL,
  PRIMARY KEY (athlete_id, file_id)
);
CREATE TABLE writing (path TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE zone (
  record_id INTEGER NOT NULL REFERENCES record(id) ON DELETE CASCADE,
  position INTEGER NOT NULL, activity_id INTEGER, type TEXT, bucket INTEGER,
  low REAL, high REAL, time REAL,
  PRIMARY KEY (record_id, position)
);
CREATE INDEX record_expiry ON record(expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX record_key ON record(key, kind);
CREATE INDEX activity_start ON activity(start_epoch);
CREATE INDEX effort_segment ON effort(segment_id);
CREATE TRIGGER file_gone AFTER DELETE ON file BEGIN
  INSERT OR IGNORE INTO removal (path) VALUES (old.path);
END;
CREATE TRIGGER activity_added AFTER INSERT ON activity BEGIN
  UPDATE counter SET changes = changes + 1 WHERE name = 'activity';
END;
CREATE TRIGGER activity_changed AFTER UPDATE ON activity BEGIN
  UPDATE counter SET changes = changes + 1 WHERE name = 'activity';
END;
CREATE TRIGGER activity_gone AFTER DELETE ON activity BEGIN
  UPDATE counter SET changes = changes + 1 WHERE name = 'activity';
END;
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
COMMIT;
PRAGMA user_version = 1;
PRAGMA application_id = 1398035009;
