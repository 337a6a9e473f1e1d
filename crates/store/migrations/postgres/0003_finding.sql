-- What was measured on a photo while it was developed: where attention falls, in thousandths, and its gradient hash.
ALTER TABLE photos ADD COLUMN attention_x BIGINT;
ALTER TABLE photos ADD COLUMN attention_y BIGINT;
ALTER TABLE photos ADD COLUMN fingerprint BIGINT;
-- The point that a cut must keep, where the desk set one, in thousandths.
ALTER TABLE slides ADD COLUMN focus_x BIGINT;
ALTER TABLE slides ADD COLUMN focus_y BIGINT;

CREATE TABLE publication_bylines (
  byline TEXT COLLATE "C" NOT NULL,
  listed_at BIGINT NOT NULL,
  story UUID NOT NULL REFERENCES publications (story),
  PRIMARY KEY (byline, listed_at, story)
);
CREATE INDEX publication_bylines_of_story ON publication_bylines (story);

CREATE TABLE published_months (
  month TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  stories BIGINT NOT NULL
);

CREATE TABLE search_words (
  word TEXT COLLATE "C" NOT NULL,
  story UUID NOT NULL REFERENCES publications (story),
  PRIMARY KEY (word, story)
);
CREATE INDEX search_words_of_story ON search_words (story, word);
