-- Who works here. Secrets are kept as SHA-256 (of sessions, links and tokens) or argon2id (of passwords).
CREATE TABLE staff (
  id BLOB NOT NULL PRIMARY KEY,
  address TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  byline TEXT,
  credit TEXT,
  copyright TEXT,
  revision INTEGER NOT NULL,
  password TEXT,
  second_factor TEXT,
  second_factor_step INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  left_at INTEGER
) STRICT;

CREATE TABLE sessions (
  digest TEXT NOT NULL PRIMARY KEY,
  staff BLOB NOT NULL REFERENCES staff (id),
  agent TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  valid_until INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_of_staff ON sessions (staff, started_at, digest);
CREATE INDEX sessions_by_end ON sessions (valid_until, digest);

CREATE TABLE links (
  digest TEXT NOT NULL PRIMARY KEY,
  address TEXT NOT NULL,
  role TEXT,
  staff BLOB REFERENCES staff (id),
  made_at INTEGER NOT NULL,
  valid_until INTEGER NOT NULL
) STRICT;
CREATE INDEX links_to_address ON links (address, digest);
CREATE INDEX links_by_end ON links (valid_until, digest);

CREATE TABLE tokens (
  id BLOB NOT NULL PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE,
  staff BLOB NOT NULL REFERENCES staff (id),
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  valid_until INTEGER NOT NULL,
  used_at INTEGER,
  ended_at INTEGER
) STRICT;
CREATE INDEX tokens_of_staff ON tokens (staff, made_at, id);

-- Whose draft and whose photo it is; NULL for what came in on the machine itself.
ALTER TABLE stories ADD COLUMN owner BLOB REFERENCES staff (id);
CREATE INDEX stories_by_owner ON stories (owner, changed_at, id) WHERE owner IS NOT NULL;
ALTER TABLE photos ADD COLUMN owner BLOB REFERENCES staff (id);
CREATE INDEX photos_by_owner ON photos (owner, created_at, id) WHERE owner IS NOT NULL;

-- Requests with a key (Idempotency-Key), and their answers.
CREATE TABLE answers (
  key_digest TEXT NOT NULL PRIMARY KEY,
  request TEXT NOT NULL,
  staff BLOB NOT NULL REFERENCES staff (id),
  began_at INTEGER NOT NULL,
  status INTEGER,
  location TEXT,
  etag TEXT,
  body TEXT
) STRICT;
CREATE INDEX answers_by_time ON answers (began_at, key_digest);
