-- Every state that a draft had: the story without its slides (head), for each slide in its order the revision whose row holds
-- it (places), and the slides that this revision changed (slides). NULL for who and verb is a state from before this table.
CREATE TABLE revisions (
  story BLOB NOT NULL REFERENCES stories (id),
  revision INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  who TEXT,
  verb TEXT,
  head TEXT NOT NULL,
  places TEXT NOT NULL,
  slides TEXT NOT NULL,
  PRIMARY KEY (story, revision)
) STRICT;

-- Who made a link: it ends when they leave. NULL for one that was made on the machine itself.
ALTER TABLE links ADD COLUMN made_by BLOB REFERENCES staff (id);
CREATE INDEX links_by_maker ON links (made_by, digest);
