-- What a process does: "serve and work", "serve" or "work".
ALTER TABLE nodes ADD COLUMN role TEXT NOT NULL DEFAULT 'serve and work';
