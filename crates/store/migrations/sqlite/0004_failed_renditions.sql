-- Sets of files that could not be made of a photo, by their recipe: another encoder is another recipe.
CREATE TABLE failed_renditions (
  photo BLOB NOT NULL REFERENCES photos (id),
  recipe TEXT NOT NULL,
  failed_at INTEGER NOT NULL,
  sentence TEXT NOT NULL,
  PRIMARY KEY (photo, recipe)
) STRICT;
