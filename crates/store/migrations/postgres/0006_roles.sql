-- What a process does: "serve and work", "serve" or "work".
ALTER TABLE nodes ADD COLUMN role TEXT COLLATE "C" NOT NULL DEFAULT 'serve and work';
