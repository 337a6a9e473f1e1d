-- Files that lay in the watched folder, and what became of each. One that came again under the same name is another.
CREATE TABLE watched_files (
  folder TEXT COLLATE "C" NOT NULL,
  path TEXT COLLATE "C" NOT NULL,
  bytes BIGINT NOT NULL,
  modified_at BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  sentence TEXT COLLATE "C",
  photo UUID REFERENCES photos (id),
  owner UUID REFERENCES staff (id),
  told_at BIGINT NOT NULL,
  PRIMARY KEY (path, bytes, modified_at)
);
CREATE INDEX watched_files_by_time ON watched_files (told_at, path);
CREATE INDEX watched_files_by_folder ON watched_files (folder, told_at, path);
CREATE INDEX watched_files_by_owner ON watched_files (owner, told_at, path);
CREATE INDEX watched_files_by_state ON watched_files (state, path);
