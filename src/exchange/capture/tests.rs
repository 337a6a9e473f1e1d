//! Tests of the whole reading.

mod accounting;
mod fixtures;
mod hostile;
mod shapes;
mod wrapping;
