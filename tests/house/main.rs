//! House rules that no lint can express: directions between packages and rooms, sizes, words, documents, licences.
//! Each failure names the file and says what to do. ARCHITECTURE.md and CONTRIBUTING.md tell the rules in prose.

#[cfg(test)]
mod dependencies;
#[cfg(test)]
mod directions;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod rooms;
#[cfg(test)]
mod rust;
#[cfg(test)]
mod settings;
#[cfg(test)]
mod sizes;
#[cfg(test)]
mod tree;
#[cfg(test)]
mod words;
