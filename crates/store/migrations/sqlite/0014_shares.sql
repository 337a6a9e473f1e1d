-- Links by which somebody without an account looks at a draft. Of a link's secret its SHA-256 alone is kept.
CREATE TABLE shares (
  digest TEXT NOT NULL PRIMARY KEY,
  story BLOB NOT NULL REFERENCES stories (id),
  name TEXT NOT NULL,
  made_by TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  valid_until INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;
CREATE INDEX shares_of_story ON shares (story, made_at, digest);

-- Who found which revision of a draft good: an account, or the person of a link; the page, or the proof sheet.
CREATE TABLE approvals (
  story BLOB NOT NULL REFERENCES stories (id),
  approved_at INTEGER NOT NULL,
  who TEXT NOT NULL,
  name TEXT NOT NULL,
  revision INTEGER NOT NULL,
  looked_over TEXT NOT NULL,
  remark TEXT NOT NULL,
  PRIMARY KEY (story, approved_at, who)
) STRICT;
