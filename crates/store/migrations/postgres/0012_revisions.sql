-- Every state that a draft had: the story without its slides (head), for each slide in its order the revision whose row holds
-- it (places), and the slides that this revision changed (slides). NULL for who and verb is a state from before this table.
CREATE TABLE revisions (
  story UUID NOT NULL REFERENCES stories (id),
  revision BIGINT NOT NULL,
  made_at BIGINT NOT NULL,
  who TEXT COLLATE "C",
  verb TEXT COLLATE "C",
  head TEXT COLLATE "C" NOT NULL,
  places TEXT COLLATE "C" NOT NULL,
  slides TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (story, revision)
);

-- Who made a link: it ends when they leave. NULL for one that was made on the machine itself.
ALTER TABLE links ADD COLUMN made_by UUID REFERENCES staff (id);
CREATE INDEX links_by_maker ON links (made_by, digest);
