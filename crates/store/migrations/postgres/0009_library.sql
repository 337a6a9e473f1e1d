-- The photo library. Each photo has a number, in the order of their coming, and the terms by which it is found; what of
-- a photo changed last has the highest version.
CREATE TABLE photo_shelf (
  photo UUID NOT NULL PRIMARY KEY REFERENCES photos (id),
  number BIGINT NOT NULL,
  version BIGINT NOT NULL,
  gradient_hash BIGINT,
  terms TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX photo_shelf_by_number ON photo_shelf (number);
CREATE INDEX photo_shelf_by_version ON photo_shelf (version, number);

-- Which of each 4,096 photos have a term, by their numbers, as a text.
CREATE TABLE photo_postings (
  term TEXT COLLATE "C" NOT NULL,
  block BIGINT NOT NULL,
  photos TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (term, block)
);

-- Photos that changed since they were shelved.
CREATE TABLE photos_to_shelve (
  photo UUID NOT NULL PRIMARY KEY REFERENCES photos (id)
);
