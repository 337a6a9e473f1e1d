-- What a process is of and has room for: its release, its machine, and the file systems that hold its data folder (JSON).
ALTER TABLE nodes ADD COLUMN version TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE nodes ADD COLUMN machine TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE nodes ADD COLUMN disks TEXT COLLATE "C" NOT NULL DEFAULT '[]';

-- The log by whom, by what was done and to what. 42 characters are `staff ` and an id: a token's deeds are its maker's.
CREATE INDEX audit_by_whom ON audit (substr(who, 1, 42), id);
CREATE INDEX audit_by_verb ON audit (verb, id);
CREATE INDEX audit_by_noun ON audit (noun, id);

-- Stories that readers do not have, or not as they are now.
CREATE INDEX stories_open ON stories (changed_at, id)
  WHERE withdrawn_at IS NULL AND (published_at IS NULL OR published_at < changed_at);
