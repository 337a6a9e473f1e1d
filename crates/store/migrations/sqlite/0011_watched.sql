-- Files that lay in the watched folder, and what became of each. One that came again under the same name is another.
CREATE TABLE watched_files (
  folder TEXT NOT NULL,
  path TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  modified_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  sentence TEXT,
  photo BLOB REFERENCES photos (id),
  owner BLOB REFERENCES staff (id),
  told_at INTEGER NOT NULL,
  PRIMARY KEY (path, bytes, modified_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX watched_files_by_time ON watched_files (told_at, path);
CREATE INDEX watched_files_by_folder ON watched_files (folder, told_at, path);
CREATE INDEX watched_files_by_owner ON watched_files (owner, told_at, path);
CREATE INDEX watched_files_by_state ON watched_files (state, path);
