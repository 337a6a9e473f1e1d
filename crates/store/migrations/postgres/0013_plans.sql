-- A moment before which nothing of a story may be seen outside the house.
CREATE TABLE embargoes (
  story UUID NOT NULL PRIMARY KEY REFERENCES stories (id),
  until BIGINT NOT NULL,
  set_at BIGINT NOT NULL,
  set_by TEXT COLLATE "C" NOT NULL
);

-- Stories that are to be published at a time, as their draft stands then. due_at is the later one of publish_at and the embargo's
-- end; NULL once the time came and the checks refused (failed_at, refusals).
CREATE TABLE plans (
  story UUID NOT NULL PRIMARY KEY REFERENCES stories (id),
  publish_at BIGINT NOT NULL,
  due_at BIGINT,
  planned_at BIGINT NOT NULL,
  planned_by TEXT COLLATE "C" NOT NULL,
  how TEXT COLLATE "C" NOT NULL,
  failed_at BIGINT,
  refusals TEXT COLLATE "C"
);
CREATE INDEX plans_by_time ON plans (due_at, story);
