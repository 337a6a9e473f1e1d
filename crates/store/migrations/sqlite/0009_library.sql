-- The photo library. Each photo has a number, in the order of their coming, and the terms by which it is found; what of
-- a photo changed last has the highest version.
CREATE TABLE photo_shelf (
  photo BLOB NOT NULL PRIMARY KEY REFERENCES photos (id),
  number INTEGER NOT NULL,
  version INTEGER NOT NULL,
  gradient_hash INTEGER,
  terms TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX photo_shelf_by_number ON photo_shelf (number);
CREATE INDEX photo_shelf_by_version ON photo_shelf (version, number);

-- Which of each 4,096 photos have a term, by their numbers, as a text.
CREATE TABLE photo_postings (
  term TEXT NOT NULL,
  block INTEGER NOT NULL,
  photos TEXT NOT NULL,
  PRIMARY KEY (term, block)
) STRICT, WITHOUT ROWID;

-- Photos that changed since they were shelved.
CREATE TABLE photos_to_shelve (
  photo BLOB NOT NULL PRIMARY KEY REFERENCES photos (id)
) STRICT, WITHOUT ROWID;
