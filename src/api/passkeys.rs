//! Passkeys: making one, signing in by one, and what their owner does with them. Each takes two requests: one that asks the
//! browser's authenticator, and one with its answer, within five minutes.

use axum::response::Response;
use hyper::header::HeaderMap;
use hyper::{Method, StatusCode};
use newsroom::id::PasskeyId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::Passkey;
use utoipa::ToSchema;

use super::ask::{Caller, From, Json, Open, Path};
use super::me::{AccountBody, counted};
use super::problem::{self, Problem};
use super::sessions::{agent, welcomed};
use super::{Api, Page, carried_out, made};
use crate::actions::staff::Secret;
use crate::actions::staff::ceremonies::{Answer, Question, ask_to_show};
use crate::actions::staff::passkeys::{self, Proof, no_such_passkey};
use crate::cookies::{Origin, own_origin};

/// A question for an authenticator.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionBody {
    /// To be sent along with the answer, within five minutes.
    ceremony: String,
    /// `publicKey` of `navigator.credentials.create` or `get`; bytes are base64url.
    #[schema(value_type = Object)]
    options: Value,
}

impl QuestionBody {
    fn of(question: Question) -> axum::Json<Self> {
        axum::Json(Self { ceremony: question.ceremony.reveal().to_owned(), options: question.options })
    }
}

/// An answer of an authenticator.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerBody {
    /// Of the question.
    ceremony: String,
    /// The credential as `PublicKeyCredential.toJSON` gives it.
    #[schema(value_type = Object)]
    credential: Value,
}

impl AnswerBody {
    fn answer(self) -> Answer {
        Answer { ceremony: Secret::given(&self.ceremony), credential: self.credential }
    }
}

/// Asks for a passkey, to sign in by it.
#[utoipa::path(post, path = "/session/passkey", tag = "sign-in", security(()),
    responses((status = 200, body = QuestionBody), problem::Open))]
pub async fn ask(
    axum::extract::State(api): axum::extract::State<Api>,
    Open(app): Open,
    From(from): From,
    headers: HeaderMap,
) -> Result<axum::Json<QuestionBody>, Problem> {
    own_origin(&Method::POST, &headers, Origin::MayBeSilent)?;
    api.gate.begin_ceremony(from).map_err(|wait| Problem::too_often("address_rate", wait))?;
    Ok(QuestionBody::of(ask_to_show(&app).await?))
}

/// Signs in by a passkey; no second factor is asked for. The answer sets the cookie of a session.
#[utoipa::path(put, path = "/session/passkey", tag = "sign-in", request_body = AnswerBody, security(()),
    responses((status = 200, body = AccountBody), problem::Open))]
pub async fn sign_in(
    axum::extract::State(api): axum::extract::State<Api>,
    Open(app): Open,
    From(from): From,
    headers: HeaderMap,
    Json(body): Json<AnswerBody>,
) -> Result<Response, Problem> {
    own_origin(&Method::POST, &headers, Origin::MayBeSilent)?;
    api.gate.may_knock(from).map_err(|wait| Problem::too_often("address_rate", wait))?;
    let (answer, agent) = (body.answer(), agent(&headers).to_owned());
    match carried_out(async move || passkeys::sign_in(&app, &answer, &agent).await).await {
        Ok(signed_in) => Ok(welcomed(&api, &signed_in)),
        Err(denied) => {
            api.gate.turned_away(from);
            Err(denied.into())
        }
    }
}

/// A passkey.
#[derive(Debug, Serialize, ToSchema)]
pub struct PasskeyBody {
    /// By which it can be renamed and removed; lets nobody in.
    id: String,
    /// What its owner calls it.
    name: String,
    made: String,
    used: Option<String>,
}

impl PasskeyBody {
    fn of(passkey: &Passkey) -> Self {
        Self {
            id: passkey.id.to_string(),
            name: passkey.name.clone(),
            made: passkey.made_at.to_string(),
            used: passkey.used_at.map(|at| at.to_string()),
        }
    }
}

/// Lists one's own passkeys.
#[utoipa::path(get, path = "/me/passkeys", tag = "me", responses((status = 200, body = Page<PasskeyBody>), problem::Reading))]
pub async fn list(caller: Caller) -> Result<axum::Json<Page<PasskeyBody>>, Problem> {
    caller.person()?;
    let found = passkeys::of(&caller.app, &caller.account).await?;
    Ok(axum::Json(Page { items: found.iter().map(PasskeyBody::of).collect(), next: None }))
}

/// How one shows once more who one is: by the password, or by a passkey that was asked for as when signing in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProofBody {
    password: Option<String>,
    /// In place of the password.
    passkey: Option<AnswerBody>,
}

/// Asks for a new passkey to be made.
#[utoipa::path(post, path = "/me/passkeys", tag = "me", request_body = ProofBody,
    responses((status = 200, body = QuestionBody), problem::Writing))]
pub async fn begin(
    axum::extract::State(api): axum::extract::State<Api>,
    caller: Caller,
    From(from): From,
    Json(body): Json<ProofBody>,
) -> Result<axum::Json<QuestionBody>, Problem> {
    caller.person()?;
    let proof = match body.passkey {
        Some(answer) => Proof::Passkey(answer.answer()),
        None => {
            counted(&api, &caller, from)?;
            Proof::Password(body.password.unwrap_or_default())
        }
    };
    let asked =
        carried_out(async move || passkeys::begin_to_make(&caller.app, &caller.account, &proof).await)
            .await?;
    Ok(QuestionBody::of(asked))
}

/// A passkey that was made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPasskey {
    /// What it is to be called.
    #[schema(example = "Phone")]
    name: String,
    /// Of the question.
    ceremony: String,
    /// The credential as `PublicKeyCredential.toJSON` gives it.
    #[schema(value_type = Object)]
    credential: Value,
}

/// Takes the passkey that was made. Its owner is told by mail.
#[utoipa::path(put, path = "/me/passkeys", tag = "me", request_body = NewPasskey,
    responses((status = 201, body = PasskeyBody), problem::Writing))]
pub async fn make(caller: Caller, Json(body): Json<NewPasskey>) -> Result<Response, Problem> {
    caller.person()?;
    let answer = AnswerBody { ceremony: body.ceremony, credential: body.credential }.answer();
    let passkey =
        carried_out(async move || passkeys::make(&caller.app, &caller.account, &body.name, &answer).await)
            .await?;
    Ok(made("/me/passkeys", PasskeyBody::of(&passkey)))
}

/// What a passkey is to be called.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rename {
    name: String,
}

/// Gives one of one's own passkeys another name.
#[utoipa::path(patch, path = "/me/passkeys/{id}", tag = "me", request_body = Rename,
    params(("id" = String, Path, description = "Of the passkey")), responses((status = 204), problem::Writing))]
pub async fn rename(
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<Rename>,
) -> Result<StatusCode, Problem> {
    caller.person()?;
    passkeys::rename(&caller.app, &caller.account, parse(&id)?, &body.name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes one of one's own passkeys: it lets nobody in any more.
#[utoipa::path(delete, path = "/me/passkeys/{id}", tag = "me",
    params(("id" = String, Path, description = "Of the passkey")), responses((status = 204), problem::Writing))]
pub async fn remove(caller: Caller, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    caller.person()?;
    passkeys::remove(&caller.app, &caller.account, parse(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn parse(id: &str) -> Result<PasskeyId, Problem> {
    id.parse().map_err(|_| no_such_passkey().into())
}
