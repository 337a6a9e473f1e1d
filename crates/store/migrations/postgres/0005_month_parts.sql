-- When what stands on a part of a month changed last.
CREATE TABLE month_parts (
  month TEXT COLLATE "C" NOT NULL,
  part BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  PRIMARY KEY (month, part)
);
