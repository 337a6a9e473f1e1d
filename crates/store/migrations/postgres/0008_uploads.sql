-- Files that are being sent in pieces. `received` bytes of `bytes` are durable and acknowledged; `fence` is the number of
-- whoever opened the upload last; `parts` names what is being put together in a bucket, as JSON, for whoever cleans up.
CREATE TABLE uploads (
  id UUID NOT NULL PRIMARY KEY,
  owner UUID NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  metadata TEXT COLLATE "C" NOT NULL,
  story UUID REFERENCES stories (id),
  bytes BIGINT NOT NULL,
  received BIGINT NOT NULL,
  fence BIGINT NOT NULL,
  parts TEXT COLLATE "C",
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  closed_at BIGINT,
  finished_at BIGINT,
  sha256 TEXT COLLATE "C",
  photo UUID,
  refused TEXT COLLATE "C"
);
CREATE INDEX uploads_of_owner ON uploads (owner, id);
CREATE INDEX uploads_of_story ON uploads (story);
CREATE INDEX uploads_expiring ON uploads (expires_at, id);

-- The pieces that an upload's acknowledged bytes lie in, without gaps from 0 on.
CREATE TABLE upload_pieces (
  upload UUID NOT NULL REFERENCES uploads (id),
  starts_at BIGINT NOT NULL,
  fence BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  PRIMARY KEY (upload, starts_at)
);
