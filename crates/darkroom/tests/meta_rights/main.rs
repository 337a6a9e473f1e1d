//! The rights metadata of public files (R5): what is written, that it reads back, and that it is all there is.

#[cfg(test)]
mod avif;
#[cfg(test)]
mod jpeg;
#[cfg(test)]
mod record;
