//! What the API answers instead of what was asked for: problem details (RFC 9457) with the stable codes of refusals.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use hyper::{StatusCode, header};
use newsroom::check::Warning;
use newsroom::refusal::{Correction, Refusal, Span};
use serde::Serialize;
use store::StoreError;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response as Described, ResponseBuilder};
use utoipa::{IntoResponses, ToSchema};

use crate::actions::Denied;
use crate::telemetry::chain;

/// The media type of problem details.
const MEDIA_TYPE: &str = "application/problem+json";

/// Seconds after which what could not be reached is worth another try.
const AGAIN: u64 = 5;

/// What is answered instead of what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is told.
    pub told: Box<ProblemBody>,
    /// Seconds to wait.
    retry_after: Option<u64>,
}

/// What is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// The status once more (RFC 9457 section 3.1.2).
    pub status: u16,
    /// The name of the status.
    pub title: String,
    /// Stable, lower case with underscores; of the first reason where there are several.
    #[schema(example = "story_unknown")]
    pub code: String,
    /// What is wrong and what would be accepted, in one sentence; of the first reason where there are several.
    pub detail: String,
    /// All that stands against it.
    pub reasons: Vec<Reason>,
    /// By what an operator finds in the log what went wrong here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub incident: Option<String>,
}

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reason {
    /// Stable, lower case with underscores.
    pub code: String,
    /// One sentence.
    pub detail: String,
    /// The field concerned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The slide concerned, by its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slide: Option<String>,
    /// The slide's place in the story, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slide_number: Option<usize>,
    /// The rule of the newsroom behind it, such as `R10`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What of the field's text it is about, where it is a part: of the desk's own text where it wrote one, else of what
    /// readers see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<SpanBody>,
    /// What would put the text right, where that is safe.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correction: Option<CorrectionBody>,
}

/// A stretch of a text, in Unicode code points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct SpanBody {
    /// Where it begins.
    pub start: usize,
    /// Where it ends; the same as the beginning where something is lacking.
    pub end: usize,
}

/// What would put a text right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CorrectionBody {
    /// What is replaced.
    pub at: SpanBody,
    /// What comes in its place; empty to take it away.
    pub replacement: String,
}

impl From<Span> for SpanBody {
    fn from(span: Span) -> Self {
        Self { start: span.start, end: span.end }
    }
}

impl From<&Correction> for CorrectionBody {
    fn from(correction: &Correction) -> Self {
        Self { at: correction.at.into(), replacement: correction.replacement.clone() }
    }
}

impl From<&Warning> for Reason {
    fn from(warning: &Warning) -> Self {
        Self {
            code: warning.code.to_owned(),
            detail: warning.sentence.clone(),
            field: warning.field.map(str::to_owned),
            slide: warning.slide.as_ref().map(|place| place.id.to_string()),
            slide_number: warning.slide.as_ref().map(|place| place.number),
            rule: warning.rule.map(str::to_owned),
            at: warning.at.map(SpanBody::from),
            correction: warning.correction.as_ref().map(CorrectionBody::from),
        }
    }
}

impl From<&Refusal> for Reason {
    fn from(refusal: &Refusal) -> Self {
        Self {
            code: refusal.code.to_owned(),
            detail: refusal.sentence.clone(),
            field: refusal.field.map(str::to_owned),
            slide: refusal.slide.as_ref().map(|place| place.id.to_string()),
            slide_number: refusal.slide.as_ref().map(|place| place.number),
            rule: refusal.rule.map(str::to_owned),
            at: refusal.at.as_deref().copied().map(SpanBody::from),
            correction: None,
        }
    }
}

/// The one table from a refusal's code to a status. What is not in it is an input that was understood and refused: 422.
const STATUSES: &[(&str, StatusCode)] = &[
    ("account_rate", StatusCode::TOO_MANY_REQUESTS),
    ("address_rate", StatusCode::TOO_MANY_REQUESTS),
    ("body_long", StatusCode::PAYLOAD_TOO_LARGE),
    ("body_media_type", StatusCode::UNSUPPORTED_MEDIA_TYPE),
    ("body_slow", StatusCode::REQUEST_TIMEOUT),
    ("invitation_unknown", StatusCode::NOT_FOUND),
    ("json_malformed", StatusCode::BAD_REQUEST),
    ("ceremony_unknown", StatusCode::NOT_FOUND),
    ("key_in_use", StatusCode::CONFLICT),
    ("link_unknown", StatusCode::NOT_FOUND),
    ("method_unknown", StatusCode::METHOD_NOT_ALLOWED),
    ("not_allowed", StatusCode::FORBIDDEN),
    ("not_signed_in", StatusCode::UNAUTHORIZED),
    ("notice_unknown", StatusCode::NOT_FOUND),
    ("origin_foreign", StatusCode::FORBIDDEN),
    ("outcome_unknown", StatusCode::CONFLICT),
    ("passkey_refused", StatusCode::UNAUTHORIZED),
    ("passkey_unknown", StatusCode::NOT_FOUND),
    ("photo_unknown", StatusCode::NOT_FOUND),
    ("preview_unknown", StatusCode::NOT_FOUND),
    ("cursor_unknown", StatusCode::BAD_REQUEST),
    ("query_empty", StatusCode::BAD_REQUEST),
    ("query_too_long", StatusCode::BAD_REQUEST),
    ("query_too_many", StatusCode::BAD_REQUEST),
    ("query_wrong", StatusCode::BAD_REQUEST),
    ("rendition_refused", StatusCode::NOT_FOUND),
    ("rendition_unknown", StatusCode::NOT_FOUND),
    ("rendition_waiting", StatusCode::NOT_FOUND),
    ("rendition_withdrawn", StatusCode::NOT_FOUND),
    ("revision_unknown", StatusCode::NOT_FOUND),
    ("records_away", StatusCode::SERVICE_UNAVAILABLE),
    ("job_unknown", StatusCode::NOT_FOUND),
    ("route_unknown", StatusCode::NOT_FOUND),
    ("scope_missing", StatusCode::FORBIDDEN),
    ("second_factor_missing", StatusCode::UNAUTHORIZED),
    ("second_factor_wrong", StatusCode::UNAUTHORIZED),
    ("session_unknown", StatusCode::NOT_FOUND),
    ("share_unknown", StatusCode::NOT_FOUND),
    ("sign_in_failed", StatusCode::UNAUTHORIZED),
    ("slide_unknown", StatusCode::NOT_FOUND),
    ("staff_unknown", StatusCode::NOT_FOUND),
    ("stale_revision", StatusCode::PRECONDITION_FAILED),
    ("story_unknown", StatusCode::NOT_FOUND),
    ("token_unknown", StatusCode::NOT_FOUND),
    ("tus_version", StatusCode::PRECONDITION_FAILED),
    ("upload_offset", StatusCode::CONFLICT),
    ("upload_overtaken", StatusCode::CONFLICT),
    ("upload_too_long", StatusCode::BAD_REQUEST),
    ("upload_unknown", StatusCode::NOT_FOUND),
    ("upload_whole", StatusCode::CONFLICT),
    ("uploads_many", StatusCode::TOO_MANY_REQUESTS),
    ("file_size", StatusCode::PAYLOAD_TOO_LARGE),
    ("key_wrong", StatusCode::BAD_REQUEST),
    ("header_wrong", StatusCode::BAD_REQUEST),
];

/// A checksum that is not met has a status of its own (tus 1.0, extension "Checksum").
const CHECKSUM_MISMATCH: u16 = 460;

fn status_of(code: &str) -> StatusCode {
    if code == "checksum_mismatch" {
        return StatusCode::from_u16(CHECKSUM_MISMATCH).unwrap_or(StatusCode::CONFLICT);
    }
    let found = STATUSES.iter().find(|(known, _)| *known == code);
    found.map_or(StatusCode::UNPROCESSABLE_ENTITY, |(_, status)| *status)
}

impl Problem {
    /// All that stands against a request; the first reason gives the status.
    pub fn refused(refusals: &[Refusal]) -> Self {
        let first = refusals.first();
        let code = first.map_or("refused", |first| first.code);
        let detail = first.map_or_else(|| "Refused.".to_owned(), |first| first.sentence.clone());
        let mut problem = Self::of(status_of(code), code, detail);
        problem.told.reasons = refusals.iter().map(Reason::from).collect();
        problem
    }

    /// The records cannot be reached.
    pub fn away() -> Self {
        let sentence = "The records cannot be reached now; nothing was changed. Try again in a few seconds.";
        Self { retry_after: Some(AGAIN), ..Self::from(Refusal::new("records_away", sentence)) }
    }

    /// Somebody asked too often.
    pub fn too_often(code: &'static str, seconds: u64) -> Self {
        let sentence = format!("Too many requests; go on in {seconds} s.");
        Self { retry_after: Some(seconds), ..Self::from(Refusal::new(code, sentence)) }
    }

    fn of(status: StatusCode, code: &str, detail: String) -> Self {
        let told = ProblemBody {
            status: status.as_u16(),
            title: status.canonical_reason().unwrap_or("Checksum Mismatch").to_owned(),
            code: code.to_owned(),
            detail,
            reasons: Vec::new(),
            incident: None,
        };
        Self { told: Box::new(told), retry_after: None }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::refused(&[refusal])
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Refused(refusals) => Self::refused(&refusals),
            Denied::Fault(fault) => fault.into(),
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NulInText => {
                Refusal::new("text_nul", "A text may not hold the character U+0000.").into()
            }
            StoreError::Unavailable(_)
            | StoreError::Busy(_)
            | StoreError::Conflict(_)
            | StoreError::Bucket { .. } => {
                tracing::warn!(error = %chain(&error), "a request could not be carried out");
                Self::away()
            }
            error => {
                let incident = incident();
                tracing::error!(error = %chain(&error), incident, "a request failed");
                let detail = "Something went wrong here, and it has been noted. Whether anything was changed can be seen by getting it again.";
                let mut problem = Self::of(StatusCode::INTERNAL_SERVER_ERROR, "fault", detail.to_owned());
                problem.told.incident = Some(incident);
                problem
            }
        }
    }
}

/// A short word that stands in the log and in the answer.
fn incident() -> String {
    use crate::app::{Chance as _, SystemChance};
    let mut bytes = [0; 6];
    SystemChance.fill(&mut bytes);
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.told.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self.told).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, MEDIA_TYPE)], body).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            // RFC 9110 section 11.6.1 wants to be told by what; a browser asks its user nothing on this one.
            headers.insert(
                header::WWW_AUTHENTICATE,
                header::HeaderValue::from_static("Bearer realm=\"Halftone\""),
            );
        }
        response
    }
}

/// The problems that a group of routes may answer with, for the description.
fn described(statuses: &[StatusCode]) -> BTreeMap<String, RefOr<Described>> {
    let schema = Ref::from_schema_name("Problem");
    let one = |status: &StatusCode| {
        let content = ContentBuilder::new().schema(Some(schema.clone())).build();
        let text = status.canonical_reason().unwrap_or_default();
        let response = ResponseBuilder::new().description(text).content(MEDIA_TYPE, content).build();
        (status.as_str().to_owned(), RefOr::T(response))
    };
    statuses.iter().map(one).collect()
}

/// What any route may answer.
const ANY: [StatusCode; 5] = [
    StatusCode::BAD_REQUEST,
    StatusCode::TOO_MANY_REQUESTS,
    StatusCode::INTERNAL_SERVER_ERROR,
    StatusCode::SERVICE_UNAVAILABLE,
    StatusCode::METHOD_NOT_ALLOWED,
];

/// The problems of a route that is open to everybody and takes a body.
pub struct Open;

impl IntoResponses for Open {
    fn responses() -> BTreeMap<String, RefOr<Described>> {
        let more = [
            StatusCode::UNAUTHORIZED,
            StatusCode::FORBIDDEN,
            StatusCode::NOT_FOUND,
            StatusCode::REQUEST_TIMEOUT,
            StatusCode::PAYLOAD_TOO_LARGE,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            StatusCode::UNPROCESSABLE_ENTITY,
        ];
        described(&[ANY.as_slice(), &more].concat())
    }
}

/// The problems of a route that only reads.
pub struct Reading;

impl IntoResponses for Reading {
    fn responses() -> BTreeMap<String, RefOr<Described>> {
        let more = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN, StatusCode::NOT_FOUND];
        described(&[ANY.as_slice(), &more].concat())
    }
}

/// The problems of a route that changes something.
pub struct Writing;

impl IntoResponses for Writing {
    fn responses() -> BTreeMap<String, RefOr<Described>> {
        let more = [
            StatusCode::UNAUTHORIZED,
            StatusCode::FORBIDDEN,
            StatusCode::NOT_FOUND,
            StatusCode::REQUEST_TIMEOUT,
            StatusCode::CONFLICT,
            StatusCode::PRECONDITION_FAILED,
            StatusCode::PAYLOAD_TOO_LARGE,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            StatusCode::UNPROCESSABLE_ENTITY,
        ];
        described(&[ANY.as_slice(), &more].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_statuses_has_each_code_once_and_unknown_codes_are_refused_inputs() {
        let mut codes: Vec<&str> = STATUSES.iter().map(|(code, _)| *code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), STATUSES.len());
        assert_eq!(status_of("credit_missing"), StatusCode::UNPROCESSABLE_ENTITY);
        for (code, status) in STATUSES.iter().filter(|(code, _)| code.ends_with("_unknown")) {
            let expected = match *code {
                "method_unknown" => StatusCode::METHOD_NOT_ALLOWED,
                "outcome_unknown" => StatusCode::CONFLICT,
                "cursor_unknown" => StatusCode::BAD_REQUEST,
                "language_unknown" => StatusCode::UNPROCESSABLE_ENTITY,
                _ => StatusCode::NOT_FOUND,
            };
            assert_eq!(*status, expected, "{code}");
        }
    }

    #[test]
    fn several_reasons_stand_in_one_problem_and_the_first_gives_the_status() {
        let refusals = [
            Refusal::new("credit_missing", "No credit.").field("credit").rule("R10"),
            Refusal::new("not_allowed", "May not."),
        ];
        let told = serde_json::to_value(Problem::refused(&refusals).told).unwrap();
        assert_eq!(told["status"], 422);
        assert_eq!(told["code"], "credit_missing");
        assert_eq!(told["reasons"][0]["rule"], "R10");
        assert_eq!(told["reasons"].as_array().unwrap().len(), 2);
    }
}
