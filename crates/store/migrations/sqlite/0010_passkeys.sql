-- By what a person is known beside a password: the public half of a key that an authenticator holds.
CREATE TABLE passkeys (
  id BLOB NOT NULL PRIMARY KEY,
  staff BLOB NOT NULL REFERENCES staff (id),
  credential TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  public_key TEXT NOT NULL,
  made_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;
CREATE INDEX passkeys_of_staff ON passkeys (staff, made_at, id);

-- Passkeys that are being made (with staff) or shown (without), for five minutes at most.
CREATE TABLE ceremonies (
  digest TEXT NOT NULL PRIMARY KEY,
  staff BLOB REFERENCES staff (id),
  state TEXT NOT NULL,
  valid_until INTEGER NOT NULL
) STRICT;
CREATE INDEX ceremonies_by_end ON ceremonies (valid_until, digest);
