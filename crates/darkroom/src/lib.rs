//! Photo bytes in, facts and renditions out. No network, no database, no async.
