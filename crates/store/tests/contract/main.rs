//! The contract of the store, the same on SQLite and on PostgreSQL: each test below runs on both from one body.
//!
//! PostgreSQL tests need `HALFTONE_TEST_POSTGRES`, the address of a database whose user may make schemas; each test
//! makes one of its own.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test fails by panicking and says aloud what it skips"
)]

mod actions;
mod desk;
mod finding;
mod jobs;
mod leaving;
mod library;
mod opening;
mod pages;
mod passkeys;
mod photos;
mod plans;
mod publications;
mod revisions;
mod samples;
mod schema;
mod shares;
mod site;
mod staff;
mod stories;
mod survey;
mod uploads;
mod watched;
