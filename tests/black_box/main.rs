//! Halftone from outside: the real binary on a data folder of its own, and a reader on the other side. Nothing here
//! knows how it works inside.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "the helpers of these tests end a test that cannot go on"
)]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test that is skipped says so, and a seed is shown"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "tests read the environment and make files that need no durability"
)]

mod again;
mod api;
mod browser;
mod bucket;
mod capture;
mod cdn;
mod client;
mod cluster;
mod corpus;
mod corrections;
mod crash;
mod described;
mod desk_around;
mod desk_home;
mod desk_photos;
mod desk_publish;
mod desk_site;
mod desk_story;
mod desk_ways;
mod desk_work;
mod documented;
mod door;
mod exif_tool;
mod export;
mod export_cut_short;
mod first_light;
mod formats;
mod lists;
mod live;
mod machinery;
mod machines;
mod mail;
mod move_house;
mod odd_pictures;
mod operate;
mod operations;
mod packages;
mod page;
mod passkeys;
mod photos;
mod plans;
mod postgres;
mod previews;
mod proxies;
mod public_files;
mod publishing;
mod pushing;
mod races;
mod renditions;
mod revisions;
mod roles;
mod sent_by_form;
mod sent_early;
mod servers;
mod serving;
mod shares;
mod signing;
mod similar;
mod site;
mod staff;
mod strangers;
mod system;
mod updates;
mod upgrade;
mod uploading;
mod watched;
mod withdraw;
