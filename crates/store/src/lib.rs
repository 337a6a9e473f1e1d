//! Everything durable: SQL on SQLite and PostgreSQL, the job queue, blobs.
