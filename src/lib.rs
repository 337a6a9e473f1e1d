//! Halftone, the photo desk of a newsroom in one binary: the only place that knows routes, configuration and process life.
pub mod pages;
