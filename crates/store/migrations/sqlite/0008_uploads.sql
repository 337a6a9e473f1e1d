-- Files that are being sent in pieces. `received` bytes of `bytes` are durable and acknowledged; `fence` is the number of
-- whoever opened the upload last; `parts` names what is being put together in a bucket, as JSON, for whoever cleans up.
CREATE TABLE uploads (
  id BLOB NOT NULL PRIMARY KEY,
  owner BLOB NOT NULL,
  name TEXT NOT NULL,
  metadata TEXT NOT NULL,
  story BLOB REFERENCES stories (id),
  bytes INTEGER NOT NULL,
  received INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  parts TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  closed_at INTEGER,
  finished_at INTEGER,
  sha256 TEXT,
  photo BLOB,
  refused TEXT
) STRICT;
CREATE INDEX uploads_of_owner ON uploads (owner, id);
CREATE INDEX uploads_of_story ON uploads (story);
CREATE INDEX uploads_expiring ON uploads (expires_at, id);

-- The pieces that an upload's acknowledged bytes lie in, without gaps from 0 on.
CREATE TABLE upload_pieces (
  upload BLOB NOT NULL REFERENCES uploads (id),
  starts_at INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (upload, starts_at)
) STRICT;
