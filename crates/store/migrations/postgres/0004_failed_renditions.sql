-- Sets of files that could not be made of a photo, by their recipe: another encoder is another recipe.
CREATE TABLE failed_renditions (
  photo UUID NOT NULL REFERENCES photos (id),
  recipe TEXT COLLATE "C" NOT NULL,
  failed_at BIGINT NOT NULL,
  sentence TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (photo, recipe)
);
