//! Halftone, the photo desk of a newsroom in one binary: the only place that knows routes, configuration and process life.

pub mod actions;
pub mod allowance;
pub mod api;
pub mod app;
pub mod attend;
pub mod cli;
pub mod config;
pub mod cookies;
pub mod desk;
pub mod doctor;
pub mod exchange;
pub mod export;
pub mod http;
pub mod jobs;
pub mod keeps;
pub mod machine;
pub mod pages;
pub mod telemetry;
pub mod texts;
