-- What was measured on a photo while it was developed: where attention falls, in thousandths, and its gradient hash.
ALTER TABLE photos ADD COLUMN attention_x INTEGER;
ALTER TABLE photos ADD COLUMN attention_y INTEGER;
ALTER TABLE photos ADD COLUMN fingerprint INTEGER;
-- The point that a cut must keep, where the desk set one, in thousandths.
ALTER TABLE slides ADD COLUMN focus_x INTEGER;
ALTER TABLE slides ADD COLUMN focus_y INTEGER;

CREATE TABLE publication_bylines (
  byline TEXT NOT NULL,
  listed_at INTEGER NOT NULL,
  story BLOB NOT NULL REFERENCES publications (story),
  PRIMARY KEY (byline, listed_at, story)
) STRICT;
CREATE INDEX publication_bylines_of_story ON publication_bylines (story);

CREATE TABLE published_months (
  month TEXT NOT NULL PRIMARY KEY,
  stories INTEGER NOT NULL
) STRICT;

CREATE TABLE search_words (
  word TEXT NOT NULL,
  story BLOB NOT NULL REFERENCES publications (story),
  PRIMARY KEY (word, story)
) STRICT, WITHOUT ROWID;
CREATE INDEX search_words_of_story ON search_words (story, word);
