//! Decoding, developing, limits and the worker, from outside.

#[cfg(test)]
mod avif;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod cuts;
#[cfg(test)]
mod decode;
#[cfg(test)]
mod develop;
#[cfg(test)]
mod fingerprints;
#[cfg(test)]
mod glance;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod made;
#[cfg(test)]
mod worker;
