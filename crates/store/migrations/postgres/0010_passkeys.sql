-- By what a person is known beside a password: the public half of a key that an authenticator holds.
CREATE TABLE passkeys (
  id UUID NOT NULL PRIMARY KEY,
  staff UUID NOT NULL REFERENCES staff (id),
  credential TEXT COLLATE "C" NOT NULL UNIQUE,
  name TEXT COLLATE "C" NOT NULL,
  public_key TEXT COLLATE "C" NOT NULL,
  made_at BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX passkeys_of_staff ON passkeys (staff, made_at, id);

-- Passkeys that are being made (with staff) or shown (without), for five minutes at most.
CREATE TABLE ceremonies (
  digest TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  staff UUID REFERENCES staff (id),
  state TEXT COLLATE "C" NOT NULL,
  valid_until BIGINT NOT NULL
);
CREATE INDEX ceremonies_by_end ON ceremonies (valid_until, digest);
