-- Moments are microseconds since 1970 in UTC, ids are 16 bytes, lists and records are JSON as text.
-- migrations/postgres holds the same tables; a test compares the two.

CREATE TABLE change_counter (
  only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
  number INTEGER NOT NULL
) STRICT;
INSERT INTO change_counter (only_row, number) VALUES (1, 0);

CREATE TABLE settings (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE nodes (
  id TEXT NOT NULL PRIMARY KEY,
  started_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  applied_change INTEGER NOT NULL
) STRICT;

CREATE TABLE audit (
  id INTEGER NOT NULL PRIMARY KEY,
  at INTEGER NOT NULL,
  who TEXT NOT NULL,
  verb TEXT NOT NULL,
  noun TEXT NOT NULL,
  noun_id TEXT NOT NULL,
  state_before TEXT,
  state_after TEXT
) STRICT;
CREATE INDEX audit_of_noun ON audit (noun, noun_id, id);

CREATE TABLE photos (
  id BLOB NOT NULL PRIMARY KEY,
  picture_hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  name TEXT NOT NULL,
  taken_key INTEGER,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  facts TEXT NOT NULL,
  report TEXT NOT NULL,
  developed_at INTEGER,
  colour TEXT,
  refused_at INTEGER,
  refused_sentence TEXT,
  withdrawn_at INTEGER,
  withdrawn_reason TEXT
) STRICT;
CREATE INDEX photos_newest ON photos (created_at, id);

CREATE TABLE originals (
  sha256 TEXT NOT NULL PRIMARY KEY,
  photo BLOB NOT NULL REFERENCES photos (id),
  bytes INTEGER NOT NULL,
  media_type TEXT NOT NULL,
  added_at INTEGER NOT NULL,
  name TEXT NOT NULL,
  sidecar TEXT
) STRICT;
CREATE INDEX originals_of_photo ON originals (photo, added_at, sha256);
CREATE INDEX originals_by_sidecar ON originals (sidecar) WHERE sidecar IS NOT NULL;

CREATE TABLE renditions (
  photo BLOB NOT NULL REFERENCES photos (id),
  recipe TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  blob TEXT NOT NULL UNIQUE,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (photo, recipe, width)
) STRICT;

CREATE TABLE public_files (
  photo BLOB NOT NULL REFERENCES photos (id),
  version TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  blob TEXT NOT NULL UNIQUE,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (photo, version, width)
) STRICT;

CREATE TABLE grants (
  photo BLOB NOT NULL PRIMARY KEY REFERENCES photos (id),
  token TEXT NOT NULL UNIQUE,
  version TEXT NOT NULL,
  granted_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;

CREATE TABLE stories (
  id BLOB NOT NULL PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  short_code TEXT NOT NULL UNIQUE,
  revision INTEGER NOT NULL,
  section TEXT NOT NULL,
  headline TEXT NOT NULL,
  lede TEXT NOT NULL,
  body TEXT NOT NULL,
  dateline TEXT,
  bylines TEXT NOT NULL,
  tags TEXT NOT NULL,
  cover TEXT,
  language TEXT NOT NULL,
  direction TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  first_published_at INTEGER,
  published_at INTEGER,
  shown_at INTEGER,
  shown_unconfirmed INTEGER NOT NULL,
  withdrawn_at INTEGER,
  withdrawn_reason TEXT,
  comments_offset INTEGER NOT NULL,
  views_offset INTEGER NOT NULL,
  kept_lines TEXT NOT NULL
) STRICT;
CREATE INDEX stories_by_headline ON stories (headline, id);
CREATE INDEX stories_by_change ON stories (changed_at, id);

CREATE TABLE old_slugs (
  slug TEXT NOT NULL PRIMARY KEY,
  story BLOB NOT NULL REFERENCES stories (id),
  left_at INTEGER NOT NULL
) STRICT;
CREATE INDEX old_slugs_of_story ON old_slugs (story, slug);

CREATE TABLE slides (
  story BLOB NOT NULL REFERENCES stories (id),
  id TEXT NOT NULL,
  place_in_story INTEGER NOT NULL,
  photo BLOB REFERENCES photos (id),
  proposed BLOB REFERENCES photos (id),
  caption TEXT,
  alt TEXT,
  long_description TEXT,
  credit TEXT,
  place TEXT,
  taken_on TEXT,
  language TEXT,
  cleared_at INTEGER,
  cleared_reason TEXT,
  PRIMARY KEY (story, id)
) STRICT;
CREATE INDEX slides_by_photo ON slides (photo, story);
CREATE INDEX slides_by_proposed ON slides (proposed) WHERE proposed IS NOT NULL;

CREATE TABLE publications (
  story BLOB NOT NULL PRIMARY KEY REFERENCES stories (id),
  revision INTEGER NOT NULL,
  section TEXT NOT NULL,
  published_at INTEGER NOT NULL,
  listed_at INTEGER,
  withdrawn_at INTEGER,
  withdrawn_reason TEXT,
  record TEXT NOT NULL
) STRICT;
CREATE INDEX publications_newest ON publications (listed_at, story) WHERE listed_at IS NOT NULL;
CREATE INDEX publications_by_section ON publications (section, listed_at, story) WHERE listed_at IS NOT NULL;

CREATE TABLE publication_tags (
  tag TEXT NOT NULL,
  listed_at INTEGER NOT NULL,
  story BLOB NOT NULL REFERENCES publications (story),
  PRIMARY KEY (tag, listed_at, story)
) STRICT;
CREATE INDEX publication_tags_of_story ON publication_tags (story);

CREATE TABLE publication_photos (
  photo BLOB NOT NULL REFERENCES photos (id),
  story BLOB NOT NULL REFERENCES publications (story),
  PRIMARY KEY (photo, story)
) STRICT;
CREATE INDEX publication_photos_of_story ON publication_photos (story);

CREATE TABLE published_names (
  kind TEXT NOT NULL,
  slug TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (kind, slug)
) STRICT;

CREATE TABLE notices (
  id BLOB NOT NULL PRIMARY KEY,
  term TEXT NOT NULL,
  variants TEXT NOT NULL,
  text TEXT NOT NULL,
  language TEXT,
  story BLOB REFERENCES stories (id),
  mention TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  valid_from INTEGER,
  valid_until INTEGER,
  removed_at INTEGER
) STRICT;
CREATE INDEX notices_of_story ON notices (story);

CREATE TABLE pages (
  path TEXT NOT NULL PRIMARY KEY,
  page_key TEXT NOT NULL,
  change_number INTEGER NOT NULL,
  status INTEGER NOT NULL,
  etag TEXT NOT NULL,
  printed_at INTEGER NOT NULL,
  printer INTEGER NOT NULL
) STRICT;
CREATE INDEX pages_by_change ON pages (change_number, path);
CREATE INDEX pages_by_printer ON pages (printer, printed_at, path);

CREATE TABLE page_keys (
  path TEXT NOT NULL REFERENCES pages (path),
  touched TEXT NOT NULL,
  PRIMARY KEY (path, touched)
) STRICT;
CREATE INDEX page_keys_by_key ON page_keys (touched, path);

CREATE TABLE jobs (
  id BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  dedupe TEXT NOT NULL UNIQUE,
  payload TEXT NOT NULL,
  next_payload TEXT,
  next_run_after INTEGER,
  run_after INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  claims INTEGER NOT NULL,
  worker TEXT,
  lease_until INTEGER,
  failed_at INTEGER,
  last_error TEXT
) STRICT;
CREATE INDEX jobs_waiting ON jobs (kind, run_after, id) WHERE failed_at IS NULL;
