-- Which restrictions of a slide an editor has cleared (R12), as JSON: a list of kinds and words. A clearing from before
-- this migration names none, so it has to be given again.
ALTER TABLE slides ADD COLUMN cleared TEXT NOT NULL DEFAULT '[]';
