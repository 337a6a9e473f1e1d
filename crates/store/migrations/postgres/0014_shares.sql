-- Links by which somebody without an account looks at a draft. Of a link's secret its SHA-256 alone is kept.
CREATE TABLE shares (
  digest TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  story UUID NOT NULL REFERENCES stories (id),
  name TEXT COLLATE "C" NOT NULL,
  made_by TEXT COLLATE "C" NOT NULL,
  made_at BIGINT NOT NULL,
  valid_until BIGINT NOT NULL,
  revoked_at BIGINT
);
CREATE INDEX shares_of_story ON shares (story, made_at, digest);

-- Who found which revision of a draft good: an account, or the person of a link; the page, or the proof sheet.
CREATE TABLE approvals (
  story UUID NOT NULL REFERENCES stories (id),
  approved_at BIGINT NOT NULL,
  who TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  revision BIGINT NOT NULL,
  looked_over TEXT COLLATE "C" NOT NULL,
  remark TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (story, approved_at, who)
);
