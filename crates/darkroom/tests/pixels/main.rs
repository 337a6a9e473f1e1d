//! Decoding, developing, limits and the worker, from outside.

mod corpus;
mod decode;
mod develop;
mod hostile;
mod limits;
mod made;
mod worker;
