//! Parses the arguments and calls one role.
fn main() {}
