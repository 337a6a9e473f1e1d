-- The log by whom, by what was done and to what. 42 characters are `staff ` and an id: a token's deeds are its maker's.
CREATE INDEX audit_by_whom ON audit (substr(who, 1, 42), id);
CREATE INDEX audit_by_verb ON audit (verb, id);
CREATE INDEX audit_by_noun ON audit (noun, id);
