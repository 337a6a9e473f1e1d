-- Who works here. Secrets are kept as SHA-256 (of sessions, links and tokens) or argon2id (of passwords).
CREATE TABLE staff (
  id UUID NOT NULL PRIMARY KEY,
  address TEXT COLLATE "C" NOT NULL UNIQUE,
  name TEXT COLLATE "C" NOT NULL,
  role TEXT COLLATE "C" NOT NULL,
  byline TEXT COLLATE "C",
  credit TEXT COLLATE "C",
  copyright TEXT COLLATE "C",
  revision BIGINT NOT NULL,
  password TEXT COLLATE "C",
  second_factor TEXT COLLATE "C",
  second_factor_step BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  left_at BIGINT
);

CREATE TABLE sessions (
  digest TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  staff UUID NOT NULL REFERENCES staff (id),
  agent TEXT COLLATE "C" NOT NULL,
  started_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  valid_until BIGINT NOT NULL
);
CREATE INDEX sessions_of_staff ON sessions (staff, started_at, digest);
CREATE INDEX sessions_by_end ON sessions (valid_until, digest);

CREATE TABLE links (
  digest TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  address TEXT COLLATE "C" NOT NULL,
  role TEXT COLLATE "C",
  staff UUID REFERENCES staff (id),
  made_at BIGINT NOT NULL,
  valid_until BIGINT NOT NULL
);
CREATE INDEX links_to_address ON links (address, digest);
CREATE INDEX links_by_end ON links (valid_until, digest);

CREATE TABLE tokens (
  id UUID NOT NULL PRIMARY KEY,
  digest TEXT COLLATE "C" NOT NULL UNIQUE,
  staff UUID NOT NULL REFERENCES staff (id),
  name TEXT COLLATE "C" NOT NULL,
  scopes TEXT COLLATE "C" NOT NULL,
  made_at BIGINT NOT NULL,
  valid_until BIGINT NOT NULL,
  used_at BIGINT,
  ended_at BIGINT
);
CREATE INDEX tokens_of_staff ON tokens (staff, made_at, id);

-- Whose draft and whose photo it is; NULL for what came in on the machine itself.
ALTER TABLE stories ADD COLUMN owner UUID REFERENCES staff (id);
CREATE INDEX stories_by_owner ON stories (owner, changed_at, id) WHERE owner IS NOT NULL;
ALTER TABLE photos ADD COLUMN owner UUID REFERENCES staff (id);
CREATE INDEX photos_by_owner ON photos (owner, created_at, id) WHERE owner IS NOT NULL;

-- Requests with a key (Idempotency-Key), and their answers.
CREATE TABLE answers (
  key_digest TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  request TEXT COLLATE "C" NOT NULL,
  staff UUID NOT NULL REFERENCES staff (id),
  began_at BIGINT NOT NULL,
  status BIGINT,
  location TEXT COLLATE "C",
  etag TEXT COLLATE "C",
  body TEXT COLLATE "C"
);
CREATE INDEX answers_by_time ON answers (began_at, key_digest);
