-- A link that signs an account in and leaves all that it is known by as it is: 1; 0 for one that sets a password.
ALTER TABLE links ADD COLUMN signs_in INTEGER NOT NULL DEFAULT 0;
