//! One's own account: name and signature, password, second factor, sessions and tokens; a page each.

use std::net::IpAddr;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use newsroom::refusal::Refusal;
use newsroom::staff::policy::Scope;
use serde::Deserialize;
use store::{Session, Token, View};

use super::browser::called;
use super::forms::{Choice, Field, Kept, Own, Wrong};
use super::frame::{Frame, page};
use super::{Colleague, Form, From, Hindrance, Room};
use crate::actions::Denied;
use crate::actions::staff::accounts::{AccountChange, change_account};
use crate::actions::staff::second_factor::{self, Offer};
use crate::actions::staff::{sign_in, tokens};

const PART_OF_DESK: &str = "/desk/me";
/// Days that a token is good where nothing else is asked for.
const DAYS: &str = "90";

/// A page with one form.
#[derive(Template)]
#[template(path = "desk/account_form.html")]
struct OneForm {
    frame: Frame,
    kept: bool,
    wrong: Option<String>,
    action: &'static str,
    text: String,
    /// A secret that is offered, and the same as an address.
    offer: Option<Offer>,
    revision: Option<i64>,
    fields: Vec<Field>,
    button: String,
}

impl OneForm {
    fn new(frame: Frame, action: &'static str, text: &str, button: &str) -> Self {
        let (text, button) = (frame.t.say(text), frame.t.say(button));
        Self {
            frame,
            kept: false,
            wrong: None,
            action,
            text,
            offer: None,
            revision: None,
            fields: Vec::new(),
            button,
        }
    }

    fn shown(mut self, kept: bool, wrong: &Wrong) -> Response {
        self.kept = kept;
        self.wrong = wrong.besides(&[&self.fields]);
        page(wrong.status(), &self)
    }
}

/// A name and a signature.
#[derive(Deserialize)]
pub struct Signed {
    revision: i64,
    name: String,
    byline: String,
    credit: String,
    copyright: String,
}

/// The form for name and signature.
pub async fn name(State(room): State<Room>, colleague: Colleague, Query(kept): Query<Kept>) -> Response {
    let (account, signature) = (&colleague.account, &colleague.account.signature);
    let line = |line: &Option<String>| line.clone().unwrap_or_default();
    let typed = Signed {
        revision: account.revision,
        name: account.name.clone(),
        byline: line(&signature.byline),
        credit: line(&signature.credit),
        copyright: line(&signature.copyright),
    };
    name_form(&room, &colleague, &typed).shown(kept.is_said(), &Wrong::default())
}

fn name_form(room: &Room, colleague: &Colleague, typed: &Signed) -> OneForm {
    let frame = Frame::inside(room, colleague, "signature", PART_OF_DESK);
    let t = frame.t;
    let field = |name, label: String, value: &str| Field::new("me", name, "text", label).value(value);
    let fields = vec![
        field("name", t.say("name"), &typed.name).needed().completes("name"),
        field("byline", t.say("byline"), &typed.byline).hint(t.say("byline-hint")),
        field("credit", t.say("credit"), &typed.credit).hint(t.say("credit-hint")),
        field("copyright", t.say("copyright"), &typed.copyright).hint(t.say("copyright-hint")),
    ];
    let form = OneForm::new(frame, "/desk/me/name", "signature-is", "keep");
    OneForm { revision: Some(typed.revision), fields, ..form }
}

/// Changes name and signature.
pub async fn change_name(
    State(room): State<Room>,
    _: Own,
    colleague: Colleague,
    Form(typed): Form<Signed>,
) -> Result<Response, Hindrance> {
    let change = AccountChange {
        revision: Some(typed.revision),
        name: Some(typed.name.clone()),
        byline: Some(typed.byline.clone()),
        credit: Some(typed.credit.clone()),
        copyright: Some(typed.copyright.clone()),
        ..AccountChange::default()
    };
    match change_account(&colleague.app, &colleague.who, colleague.account.id, &change).await {
        Ok(_) => Ok(Redirect::to("/desk/me/name?kept=1").into_response()),
        Err(denied) => {
            let wrong = Wrong::of(&room, denied)?;
            let mut form = name_form(&room, &colleague, &typed);
            form.fields = form.fields.into_iter().map(|field| field.wrong(&wrong)).collect();
            Ok(form.shown(false, &wrong))
        }
    }
}

/// The form for another password.
pub async fn password(State(room): State<Room>, colleague: Colleague, Query(kept): Query<Kept>) -> Response {
    password_form(&room, &colleague).shown(kept.is_said(), &Wrong::default())
}

fn password_form(room: &Room, colleague: &Colleague) -> OneForm {
    let frame = Frame::inside(room, colleague, "password", PART_OF_DESK);
    let t = frame.t;
    let fields = vec![
        Field::new("me", "old", "password", t.say("password-now")).needed().completes("current-password"),
        Field::new("me", "password", "password", t.say("password-new")).needed().completes("new-password"),
    ];
    OneForm { fields, ..OneForm::new(frame, "/desk/me/password", "password-ends", "set-password") }
}

/// An old password and a new one.
#[derive(Deserialize)]
pub struct Passwords {
    old: String,
    password: String,
}

/// Changes the password; all other sessions end.
pub async fn change_password(
    State(room): State<Room>,
    _: Own,
    colleague: Colleague,
    From(from): From,
    Form(typed): Form<Passwords>,
) -> Result<Response, Hindrance> {
    let words = (typed.old.as_str(), typed.password.as_str());
    let done = match counted(&room, &colleague, from) {
        Ok(()) => {
            let session = Some(colleague.session.digest);
            sign_in::change_password(&colleague.app, &colleague.account, words, session).await
        }
        Err(refusal) => Err(refusal.into()),
    };
    match done {
        Ok(()) => Ok(Redirect::to("/desk/me/password?kept=1").into_response()),
        Err(denied) => {
            // The old one is wrong, or the new one will not do: the action names both a password.
            let wrong = Wrong::of(&room, denied)?.moved("password_wrong", "old");
            let mut form = password_form(&room, &colleague);
            form.fields = form.fields.into_iter().map(|field| field.wrong(&wrong)).collect();
            Ok(form.shown(false, &wrong))
        }
    }
}

/// Who holds somebody's session must not search for their password with it.
fn counted(room: &Room, colleague: &Colleague, from: IpAddr) -> Result<(), Refusal> {
    let tried = room.gate.try_to_sign_in(colleague.account.address.as_str(), from);
    tried.map_err(|seconds| Refusal::new("address_rate", format!("Too many tries; go on in {seconds} s.")))
}

/// The second factor: one is offered, or the one that is there can be taken away.
pub async fn factor(
    State(room): State<Room>,
    colleague: Colleague,
    Query(kept): Query<Kept>,
) -> Result<Response, Hindrance> {
    let form = factor_form(&room, &colleague, None).await?;
    Ok(form.shown(kept.is_said(), &Wrong::default()))
}

async fn factor_form(
    room: &Room,
    colleague: &Colleague,
    offered: Option<Offer>,
) -> Result<OneForm, Hindrance> {
    let has = second_factor::has(&colleague.app, &colleague.account).await;
    let has = has.map_err(|error| room.fault(&error))?;
    let frame = Frame::inside(room, colleague, "second-factor", PART_OF_DESK);
    let t = frame.t;
    let password = Field::new("me", "password", "password", t.say("password-again"))
        .needed()
        .completes("current-password");
    let address = "/desk/me/second-factor";
    if has {
        let form = OneForm::new(frame, address, "factor-there", "factor-remove");
        return Ok(OneForm { fields: vec![password], ..form });
    }
    let code = Field::new("me", "code", "text", t.say("code")).needed().completes("one-time-code");
    let offer = offered.unwrap_or_else(|| second_factor::offer(&colleague.app, &colleague.account));
    let form = OneForm::new(frame, address, "factor-is", "factor-set");
    Ok(OneForm { offer: Some(offer), fields: vec![code, password], ..form })
}

/// The second factor that somebody wants, or none.
#[derive(Deserialize)]
pub struct Factor {
    password: String,
    #[serde(default)]
    secret: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    code: String,
}

/// Takes the second factor that was offered, or takes the one away that is there.
pub async fn set_factor(
    State(room): State<Room>,
    _: Own,
    colleague: Colleague,
    From(from): From,
    Form(typed): Form<Factor>,
) -> Result<Response, Hindrance> {
    let factor = (!typed.secret.is_empty()).then_some((typed.secret.as_str(), typed.code.as_str()));
    let done = match counted(&room, &colleague, from) {
        Ok(()) => second_factor::set(&colleague.app, &colleague.account, &typed.password, factor).await,
        Err(refusal) => Err(refusal.into()),
    };
    match done {
        Ok(()) => Ok(Redirect::to("/desk/me/second-factor?kept=1").into_response()),
        Err(denied) => {
            let wrong = Wrong::of(&room, denied)?;
            let sound = typed.address.starts_with("otpauth://totp/") && !typed.secret.is_empty();
            let offered = sound.then_some(Offer { secret: typed.secret, address: typed.address });
            let mut form = factor_form(&room, &colleague, offered).await?;
            form.fields = form.fields.into_iter().map(|field| field.wrong(&wrong)).collect();
            Ok(form.shown(false, &wrong))
        }
    }
}

/// A session as it is told.
struct SessionLine {
    id: String,
    /// What the browser is called, where it is known.
    name: Option<String>,
    agent: String,
    started: String,
    seen: String,
    this: bool,
}

#[derive(Template)]
#[template(path = "desk/sessions.html")]
struct Sessions {
    frame: Frame,
    kept: bool,
    lines: Vec<SessionLine>,
    others: bool,
}

async fn sessions_of(room: &Room, colleague: &Colleague) -> Result<Vec<Session>, Hindrance> {
    let (id, now) = (colleague.account.id, colleague.app.now());
    let found = colleague.app.store().view(async |view: &mut View| view.sessions_of(id).await).await;
    let found: Vec<Session> = found.map_err(|error| room.fault(&error))?;
    Ok(found.into_iter().filter(|session| session.valid_until > now).collect())
}

/// One's own sessions.
pub async fn sessions(
    State(room): State<Room>,
    colleague: Colleague,
    Query(kept): Query<Kept>,
) -> Result<Response, Hindrance> {
    let found = sessions_of(&room, &colleague).await?;
    let lines = found.iter().map(|session| SessionLine {
        id: session.digest.to_string(),
        name: called(&session.agent).map(|(program, system)| {
            room.texts().fill("browser-on", &[("program", program), ("system", system)])
        }),
        agent: session.agent.clone(),
        started: room.told_time(session.started_at),
        seen: room.told_time(session.seen_at),
        this: session.digest == colleague.session.digest,
    });
    let sessions = Sessions {
        frame: Frame::inside(&room, &colleague, "sessions", PART_OF_DESK),
        kept: kept.is_said(),
        lines: lines.collect(),
        others: found.len() > 1,
    };
    Ok(page(hyper::StatusCode::OK, &sessions))
}

/// Ends one of one's own sessions.
pub async fn end_session(
    State(room): State<Room>,
    _: Own,
    colleague: Colleague,
    Path(id): Path<String>,
) -> Result<Response, Hindrance> {
    if let Ok(session) = id.parse() {
        ended(&room, &colleague, session).await?;
    }
    Ok(Redirect::to("/desk/me/sessions?kept=1").into_response())
}

/// Ends all of one's own sessions but this.
pub async fn end_others(
    State(room): State<Room>,
    _: Own,
    colleague: Colleague,
) -> Result<Response, Hindrance> {
    for session in sessions_of(&room, &colleague).await? {
        if session.digest != colleague.session.digest {
            ended(&room, &colleague, session.digest).await?;
        }
    }
    Ok(Redirect::to("/desk/me/sessions?kept=1").into_response())
}

/// A session that is over already is over.
async fn ended(room: &Room, colleague: &Colleague, session: store::Sha256) -> Result<(), Hindrance> {
    let (who, id) = (&colleague.who, colleague.account.id);
    match sign_in::end_session(&colleague.app, who, id, session).await {
        Err(Denied::Fault(error)) => Err(room.fault(&error)),
        Ok(()) | Err(Denied::Refused(_)) => Ok(()),
    }
}

/// A token as it is told.
struct TokenLine {
    id: String,
    name: String,
    scopes: String,
    until: String,
    used: Option<String>,
    is_over: bool,
}

#[derive(Template)]
#[template(path = "desk/tokens.html")]
struct Tokens {
    frame: Frame,
    kept: bool,
    wrong: Option<String>,
    /// A token that was just made, shown this once.
    made: Option<String>,
    fields: Vec<Field>,
    lines: Vec<TokenLine>,
}

/// What was typed for a new token.
#[derive(Default)]
struct NewToken {
    name: String,
    days: String,
    scopes: Vec<Scope>,
}

/// One's own tokens.
pub async fn tokens(
    State(room): State<Room>,
    colleague: Colleague,
    Query(kept): Query<Kept>,
) -> Result<Response, Hindrance> {
    let typed = NewToken { days: DAYS.to_owned(), ..NewToken::default() };
    tokens_page(&room, &colleague, kept.is_said(), (&Wrong::default(), &typed, None)).await
}

async fn tokens_page(
    room: &Room,
    colleague: &Colleague,
    kept: bool,
    (wrong, typed, made): (&Wrong, &NewToken, Option<String>),
) -> Result<Response, Hindrance> {
    let (id, now) = (colleague.account.id, colleague.app.now());
    let found = colleague.app.store().view(async |view: &mut View| view.tokens_of(id).await).await;
    let mut found: Vec<Token> = found.map_err(|error| room.fault(&error))?;
    found.reverse();
    let frame = Frame::inside(room, colleague, "tokens", PART_OF_DESK);
    let t = frame.t;
    let scope = |scope: &Scope| t.say(&format!("scope-{scope}"));
    let choices = Scope::ALL.map(|one| Choice::new(one.as_str(), scope(&one), typed.scopes.contains(&one)));
    let fields = vec![
        Field::new("token", "name", "text", t.say("token-name")).value(&typed.name).needed().wrong(wrong),
        Field::new("token", "scopes", "checks", t.say("token-scopes")).choices(choices).wrong(wrong),
        Field::new("token", "days", "number", t.say("token-days")).value(&typed.days).needed().wrong(wrong),
    ];
    let lines = found.iter().map(|token| TokenLine {
        id: token.id.to_string(),
        name: token.name.clone(),
        scopes: token.scopes.iter().map(scope).collect::<Vec<_>>().join(", "),
        until: room.told_time(token.valid_until),
        used: token.used_at.map(|at| room.told_time(at)),
        is_over: token.ended_at.is_some() || token.valid_until <= now,
    });
    let tokens =
        Tokens { kept, wrong: wrong.besides(&[&fields]), made, fields, lines: lines.collect(), frame };
    Ok(page(wrong.status(), &tokens))
}

/// Makes a token in one's own name, and shows it once.
pub async fn make_token(
    State(room): State<Room>,
    _: Own,
    colleague: Colleague,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Hindrance> {
    let mut typed = NewToken::default();
    for (name, value) in sent {
        match name.as_str() {
            "name" => typed.name = value,
            "days" => typed.days = value,
            "scopes" => typed.scopes.extend(Scope::parse(&value)),
            _ => {}
        }
    }
    // What is no number is none of the days that a token may be good.
    let days = typed.days.trim().parse().unwrap_or(0);
    let wanted = (typed.name.as_str(), typed.scopes.as_slice());
    let made = tokens::make_token(&colleague.app, &colleague.who, colleague.account.id, wanted, days).await;
    match made {
        Ok((_, secret)) => {
            let again = NewToken { days: DAYS.to_owned(), ..NewToken::default() };
            let made = Some(secret.reveal().to_owned());
            tokens_page(&room, &colleague, false, (&Wrong::default(), &again, made)).await
        }
        Err(denied) => {
            let wrong = Wrong::of(&room, denied)?;
            tokens_page(&room, &colleague, false, (&wrong, &typed, None)).await
        }
    }
}

/// Takes one of one's own tokens back.
pub async fn end_token(
    State(room): State<Room>,
    _: Own,
    colleague: Colleague,
    Path(id): Path<String>,
) -> Result<Response, Hindrance> {
    let unknown = || Refusal::new("token_unknown", "You have no token of this name that is good.");
    let done = match id.parse() {
        Ok(id) => tokens::end_token(&colleague.app, &colleague.who, colleague.account.id, id).await,
        Err(_) => Err(unknown().into()),
    };
    match done {
        Ok(()) => Ok(Redirect::to("/desk/me/tokens?kept=1").into_response()),
        Err(denied) => Err(room.denied(&denied)),
    }
}
