//! Reads the settings of one section and collects what is wrong with them.

use std::fmt;
use std::str::FromStr;

use toml::{Table, Value};

/// One thing that is wrong, with the setting it is wrong with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    setting: String,
    sentence: String,
}

impl Fault {
    /// `setting` is the section, or section and key with a dot between.
    pub fn new(setting: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self { setting: setting.into(), sentence: sentence.into() }
    }

    /// The setting inside its section.
    pub fn key(&self) -> &str {
        self.setting.rsplit('.').next().unwrap_or(&self.setting)
    }

    /// What is wrong with it.
    pub fn sentence(&self) -> &str {
        &self.sentence
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.setting, self.sentence)
    }
}

/// One section while it is read: each setting is taken out, so that what is left over is unknown.
pub struct SectionReader {
    name: &'static str,
    left: Table,
    faults: Vec<Fault>,
}

impl SectionReader {
    /// Takes the section out of the file's table.
    pub fn take(file: &mut Table, name: &'static str) -> Self {
        let mut faults = Vec::new();
        let left = match file.remove(name) {
            None => Table::new(),
            Some(Value::Table(table)) => table,
            Some(_) => {
                faults.push(Fault::new(name, format!("must be a section, written [{name}]")));
                Table::new()
            }
        };
        Self { name, left, faults }
    }

    /// Notes a fault with a setting of this section.
    pub fn fault(&mut self, key: &str, sentence: impl Into<String>) {
        self.faults.push(Fault::new(format!("{}.{key}", self.name), sentence));
    }

    /// A text, or the default.
    pub fn text(&mut self, key: &str, default: &str) -> String {
        self.optional_text(key).unwrap_or_else(|| default.to_owned())
    }

    /// A text, where one is set.
    pub fn optional_text(&mut self, key: &str) -> Option<String> {
        match self.left.remove(key)? {
            Value::String(text) => Some(text),
            other => {
                self.fault(key, format!("must be a text in quotation marks, not {}", other.type_str()));
                None
            }
        }
    }

    /// A whole number from `least` to `most`, or the default.
    pub fn number(&mut self, key: &str, default: u64, least: u64, most: u64) -> u64 {
        let Some(value) = self.left.remove(key) else { return default };
        let number = value.as_integer().and_then(|n| u64::try_from(n).ok());
        match number.filter(|n| (least..=most).contains(n)) {
            Some(number) => number,
            None => {
                self.fault(key, format!("must be a whole number from {least} to {most}"));
                default
            }
        }
    }

    /// A text that reads as `T`, or the default; `expected` says what would be accepted.
    pub fn parsed<T: FromStr>(&mut self, key: &str, default: T, expected: &str) -> T {
        match self.optional_text(key) {
            None => default,
            Some(text) => text.parse().unwrap_or_else(|_| {
                self.fault(key, format!("is \"{text}\"; expected is {expected}"));
                default
            }),
        }
    }

    /// A list of texts that each read as `T`; nothing set is an empty list.
    pub fn list<T: FromStr>(&mut self, key: &str, expected: &str) -> Vec<T> {
        let Some(value) = self.left.remove(key) else { return Vec::new() };
        let Value::Array(items) = value else {
            self.fault(key, "must be a list in square brackets");
            return Vec::new();
        };
        let mut read = Vec::new();
        for item in items {
            match item.as_str().map(str::parse) {
                Some(Ok(one)) => read.push(one),
                _ => self.fault(key, format!("holds {item}; expected is {expected}")),
            }
        }
        read
    }

    /// Pairs of a name and a text (`{ name = "text" }`), by name; nothing set is none.
    pub fn texts(&mut self, key: &str) -> Vec<(String, String)> {
        let Some(value) = self.left.remove(key) else { return Vec::new() };
        let Value::Table(pairs) = value else {
            self.fault(key, "must be pairs in curly brackets: { NAME = \"TEXT\" }");
            return Vec::new();
        };
        let mut read = Vec::new();
        for (name, value) in pairs {
            match value {
                Value::String(text) => read.push((name, text)),
                other => self.fault(key, format!("says {other} of \"{name}\"; expected is a text")),
            }
        }
        read
    }

    /// What was wrong, unknown settings included.
    pub fn finish(mut self) -> Vec<Fault> {
        let unknown: Vec<String> = self.left.keys().cloned().collect();
        for key in unknown {
            self.fault(&key, "is not a setting of this section");
        }
        self.faults
    }
}
