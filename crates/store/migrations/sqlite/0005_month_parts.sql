-- When what stands on a part of a month changed last.
CREATE TABLE month_parts (
  month TEXT NOT NULL,
  part INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (month, part)
) STRICT;
