//! What forms of the desk are made of, and what is said beside their fields where something is wrong.

use axum::extract::FromRequestParts;
use hyper::StatusCode;
use hyper::http::request::Parts;
use newsroom::refusal::Refusal;
use serde::Deserialize;

use super::{Hindrance, Room};
use crate::actions::Denied;
use crate::cookies::{Origin, own_origin};

/// A request that a page of ours sent, as each that changes something has to be.
pub struct Own;

impl FromRequestParts<Room> for Own {
    type Rejection = Hindrance;
    async fn from_request_parts(parts: &mut Parts, _: &Room) -> Result<Self, Hindrance> {
        match own_origin(&parts.method, &parts.headers, Origin::MustBeSaid) {
            Ok(()) => Ok(Self),
            Err(_) => Err(Hindrance::sign_in()),
        }
    }
}

/// Whether the page before did what it was asked.
#[derive(Deserialize)]
pub struct Kept {
    #[serde(default)]
    kept: String,
}

impl Kept {
    /// Whether it is to be said.
    pub fn is_said(&self) -> bool {
        !self.kept.is_empty()
    }
}

/// What was wrong with what was sent.
#[derive(Default)]
pub struct Wrong(Vec<Refusal>);

impl Wrong {
    /// One reason.
    pub fn one(refusal: Refusal) -> Self {
        Self(vec![refusal])
    }

    /// Why an action refused.
    ///
    /// # Errors
    /// The page for a fault, and for what is not allowed at all.
    pub fn of(room: &Room, denied: Denied) -> Result<Self, Hindrance> {
        let Denied::Refused(refusals) = &denied else { return Err(room.denied(&denied)) };
        if refusals.iter().any(|one| one.code == "not_allowed") {
            return Err(room.denied(&denied));
        }
        Ok(Self(refusals.to_vec()))
    }

    /// The same, with what has this code beside another field.
    pub fn moved(self, code: &str, field: &'static str) -> Self {
        let place = |one: Refusal| if one.code == code { one.field(field) } else { one };
        Self(self.0.into_iter().map(place).collect())
    }

    /// The status of a page that says it.
    pub fn status(&self) -> StatusCode {
        if self.0.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }

    /// What is wrong with this field.
    pub fn at(&self, field: &str) -> Option<String> {
        self.0.iter().find(|one| one.field == Some(field)).map(|one| one.sentence.clone())
    }

    /// Whether it was refused with this code.
    pub fn has(&self, code: &str) -> bool {
        self.0.iter().any(|one| one.code == code)
    }

    /// What is wrong with none of these fields.
    pub fn besides(&self, fields: &[&[Field]]) -> Option<String> {
        let shown = |one: &Refusal| {
            fields.iter().flat_map(|form| form.iter()).any(|field| one.field == Some(field.name))
        };
        let others: Vec<&str> =
            self.0.iter().filter(|one| !shown(one)).map(|one| one.sentence.as_str()).collect();
        (!others.is_empty()).then(|| others.join(" "))
    }
}

/// One of several answers.
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Whether it is the one.
    pub chosen: bool,
}

impl Choice {
    /// One that is `chosen`, or not.
    pub fn new(value: impl Into<String>, label: impl Into<String>, chosen: bool) -> Self {
        Self { value: value.into(), label: label.into(), chosen }
    }
}

/// A field of a form, as `templates/desk/fields.html` shows it.
pub struct Field {
    /// Unique on the page.
    pub id: String,
    /// By which it is sent.
    pub name: &'static str,
    /// `text`, `email`, `password`, `number`, `area`, `select` or `checks`.
    pub kind: &'static str,
    pub label: String,
    pub hint: Option<String>,
    pub value: String,
    /// For `select` and `checks`.
    pub choices: Vec<Choice>,
    pub wrong: Option<String>,
    pub needed: bool,
    /// What a browser may fill in.
    pub completes: &'static str,
}

impl Field {
    /// A field of a form.
    pub fn new(form: &str, name: &'static str, kind: &'static str, label: String) -> Self {
        Self {
            id: format!("{form}-{name}"),
            name,
            kind,
            label,
            hint: None,
            value: String::new(),
            choices: Vec::new(),
            wrong: None,
            needed: false,
            completes: "off",
        }
    }

    /// The same with what stands in it.
    pub fn value(self, value: impl Into<String>) -> Self {
        Self { value: value.into(), ..self }
    }

    /// The same with a hint.
    pub fn hint(self, hint: String) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// The same, to be filled in.
    pub fn needed(self) -> Self {
        Self { needed: true, ..self }
    }

    /// The same, filled in by the browser with this.
    pub fn completes(self, completes: &'static str) -> Self {
        Self { completes, ..self }
    }

    /// The same with its answers.
    pub fn choices(self, choices: impl IntoIterator<Item = Choice>) -> Self {
        Self { choices: choices.into_iter().collect(), ..self }
    }

    /// The same with what is wrong with it.
    pub fn wrong(self, wrong: &Wrong) -> Self {
        Self { wrong: wrong.at(self.name), ..self }
    }

    /// The ids of what tells more of it.
    pub fn described(&self) -> Option<String> {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        let wrong = self.wrong.as_ref().map(|_| format!("{}-wrong", self.id));
        let all: Vec<String> = hint.into_iter().chain(wrong).collect();
        (!all.is_empty()).then(|| all.join(" "))
    }
}
