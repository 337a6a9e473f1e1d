-- A moment before which nothing of a story may be seen outside the house.
CREATE TABLE embargoes (
  story BLOB NOT NULL PRIMARY KEY REFERENCES stories (id),
  until INTEGER NOT NULL,
  set_at INTEGER NOT NULL,
  set_by TEXT NOT NULL
) STRICT;

-- Stories that are to be published at a time, as their draft stands then. due_at is the later one of publish_at and the embargo's
-- end; NULL once the time came and the checks refused (failed_at, refusals).
CREATE TABLE plans (
  story BLOB NOT NULL PRIMARY KEY REFERENCES stories (id),
  publish_at INTEGER NOT NULL,
  due_at INTEGER,
  planned_at INTEGER NOT NULL,
  planned_by TEXT NOT NULL,
  how TEXT NOT NULL,
  failed_at INTEGER,
  refusals TEXT
) STRICT;
CREATE INDEX plans_by_time ON plans (due_at, story);
