-- A link that signs an account in and leaves all that it is known by as it is: 1; 0 for one that sets a password.
ALTER TABLE links ADD COLUMN signs_in INTEGER NOT NULL DEFAULT 0;

-- Links to drafts end with whoever made them, and are forgotten some time after their end.
CREATE INDEX shares_by_maker ON shares (made_by);
CREATE INDEX shares_by_end ON shares (valid_until);
