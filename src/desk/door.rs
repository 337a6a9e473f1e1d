//! The door: signing in and out, and following a link that lets somebody in once.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use hyper::header::{self, HeaderMap};
use hyper::{Method, StatusCode};
use newsroom::refusal::Refusal;
use newsroom::staff::EmailAddress;
use serde::Deserialize;
use store::Link;

use super::forms::Own;
use super::frame::{Frame, page};
use super::{Colleague, Form, From, Hindrance, Room};
use crate::actions::Denied;
use crate::actions::staff::Secret;
use crate::actions::staff::links::{Acceptance, accept, dead_link, link_of, sign_in_by_link};
use crate::actions::staff::sign_in::{self, Credentials, SESSION_LIFE, SignedIn, let_in};
use crate::app::App;
use crate::cookies::{Origin, own_origin, set_cookie};

#[derive(Template)]
#[template(path = "desk/sign_in.html")]
struct SignInPage<'a> {
    frame: Frame,
    /// What was wrong with the last try.
    wrong: Option<&'a str>,
    address: &'a str,
    /// Whether a code is asked for.
    code: bool,
    /// The page of the desk that was asked for.
    to: &'a str,
}

#[derive(Template)]
#[template(path = "desk/welcome.html")]
struct WelcomePage<'a> {
    frame: Frame,
    wrong: Option<&'a str>,
    /// Of the link, to be sent with the form.
    secret: &'a str,
    /// Whether an account is made; else one gets a new password.
    makes_account: bool,
    /// Whether the link signs in, and nothing more.
    signs_in: bool,
    /// Whether the address is asked for.
    asks_address: bool,
    address: &'a str,
    role: String,
    name: &'a str,
}

/// The form to sign in.
pub async fn sign_in(State(room): State<Room>, Query(wanted): Query<Wanted>) -> Response {
    let frame = Frame::outside(&room, "sign-in");
    let to = within(&wanted.to);
    page(StatusCode::OK, &SignInPage { frame, wrong: None, address: "", code: false, to })
}

/// Where somebody wanted to go.
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    to: String,
}

/// The page that was wanted, if it is one of the desk's: nobody is led elsewhere by a link that begins here.
fn within(to: &str) -> &str {
    let sound = to.starts_with("/desk/") && !to.contains(['\\', '\n', '\r']) && !to.contains("//");
    if sound { to } else { super::ROOT }
}

/// What was typed to sign in.
#[derive(Deserialize)]
pub struct Typed {
    address: String,
    password: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    to: String,
}

/// Signs in, or says what was wrong.
pub async fn try_to_sign_in(
    State(room): State<Room>,
    From(from): From,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response, Hindrance> {
    let app = room.app()?;
    let again = |status, refusal: &Refusal| {
        let frame = Frame::outside(&room, "sign-in");
        let code = refusal.code.starts_with("second_factor");
        let (wrong, to) = (Some(refusal.sentence.as_str()), within(&typed.to));
        page(status, &SignInPage { frame, wrong, address: &typed.address, code, to })
    };
    if let Err(refusal) = own_origin(&Method::POST, &headers, Origin::MayBeSilent) {
        return Ok(again(StatusCode::FORBIDDEN, &refusal));
    }
    if let Err(seconds) = room.gate.try_to_sign_in(&typed.address, from) {
        let refusal = Refusal::new("address_rate", format!("Too many tries; go on in {seconds} s."));
        return Ok(again(StatusCode::TOO_MANY_REQUESTS, &refusal));
    }
    let code = Some(typed.code.clone()).filter(|code| !code.trim().is_empty());
    let with = Credentials { address: typed.address.clone(), password: typed.password.clone(), code };
    match sign_in::sign_in(&app, &with, agent(&headers)).await {
        Ok(signed_in) => Ok(let_through(&room, &signed_in, within(&typed.to))),
        Err(Denied::Refused(refusals)) => {
            tracing::warn!(%from, "somebody was not let in");
            let refusal = refusals.first().cloned().unwrap_or_else(dead_link);
            Ok(again(StatusCode::UNAUTHORIZED, &refusal))
        }
        Err(Denied::Fault(error)) => Err(room.fault(&error)),
    }
}

/// Signs out.
pub async fn sign_out(State(room): State<Room>, _: Own, colleague: Colleague) -> Result<Response, Hindrance> {
    let (staff, session) = (colleague.account.id, colleague.session.digest);
    if let Err(Denied::Fault(error)) =
        sign_in::end_session(&colleague.app, &colleague.who, staff, session).await
    {
        return Err(room.fault(&error));
    }
    let cookie = set_cookie(secure(&room), None);
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/desk/sign-in")).into_response())
}

/// A link's secret.
#[derive(Deserialize)]
pub struct Followed {
    #[serde(default)]
    link: String,
}

/// The form behind a link.
pub async fn welcome(
    State(room): State<Room>,
    Query(followed): Query<Followed>,
) -> Result<Response, Hindrance> {
    let app = room.app()?;
    match link_of(&app, &Secret::given(&followed.link)).await {
        Ok(Some(link)) => Ok(welcome_page(&room, StatusCode::OK, &link, &followed.link, None)),
        Ok(None) => Ok(Frame::outside(&room, "welcome").say(StatusCode::NOT_FOUND, &dead_link().sentence)),
        Err(error) => Err(room.fault(&error)),
    }
}

/// What was typed behind a link.
#[derive(Deserialize)]
pub struct Accepted {
    link: String,
    #[serde(default)]
    address: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
}

/// Makes the account, or gives it a new password, and signs in.
pub async fn follow(
    State(room): State<Room>,
    headers: HeaderMap,
    Form(typed): Form<Accepted>,
) -> Result<Response, Hindrance> {
    let app = room.app()?;
    let secret = Secret::given(&typed.link);
    let link = match link_of(&app, &secret).await {
        Ok(Some(link)) => link,
        Ok(None) => {
            return Ok(Frame::outside(&room, "welcome").say(StatusCode::NOT_FOUND, &dead_link().sentence));
        }
        Err(error) => return Err(room.fault(&error)),
    };
    let again = |refusal: &Refusal| {
        welcome_page(&room, StatusCode::UNPROCESSABLE_ENTITY, &link, &typed.link, Some((refusal, &typed)))
    };
    if let Err(refusal) = own_origin(&Method::POST, &headers, Origin::MayBeSilent) {
        return Ok(again(&refusal));
    }
    let address = EmailAddress::parse(&typed.address);
    if link.address.is_none() && address.is_none() {
        return Ok(again(&Refusal::new("address_wrong", "Type your mail address.").field("address")));
    }
    if link.signs_in {
        return signed_in_by_link(&room, &app, &secret, agent(&headers)).await;
    }
    let with = Acceptance { address, name: Some(typed.name.clone()), password: typed.password.clone() };
    let accepted = accept(&app, &secret, &with).await;
    let signed_in = match accepted {
        Ok(account) => let_in(&app, account, agent(&headers)).await,
        Err(denied) => Err(denied),
    };
    match signed_in {
        Ok(signed_in) => Ok(let_through(&room, &signed_in, super::ROOT)),
        Err(Denied::Refused(refusals)) => Ok(again(&refusals.first().cloned().unwrap_or_else(dead_link))),
        Err(Denied::Fault(error)) => Err(room.fault(&error)),
    }
}

/// Signs in, and begins with the three steps: such a link is followed by somebody new.
async fn signed_in_by_link(
    room: &Room,
    app: &App,
    secret: &Secret,
    agent: &str,
) -> Result<Response, Hindrance> {
    let signed_in = match sign_in_by_link(app, secret).await {
        Ok(account) => let_in(app, account, agent).await,
        Err(denied) => Err(denied),
    };
    match signed_in {
        Ok(signed_in) => Ok(let_through(room, &signed_in, "/desk?welcome=1")),
        Err(Denied::Refused(_)) => {
            Ok(Frame::outside(room, "welcome").say(StatusCode::NOT_FOUND, &dead_link().sentence))
        }
        Err(Denied::Fault(error)) => Err(room.fault(&error)),
    }
}

fn welcome_page(
    room: &Room,
    status: StatusCode,
    link: &Link,
    secret: &str,
    again: Option<(&Refusal, &Accepted)>,
) -> Response {
    let address = link.address.as_ref().map(EmailAddress::as_str);
    let welcome = WelcomePage {
        frame: Frame::outside(room, "welcome"),
        wrong: again.map(|(refusal, _)| refusal.sentence.as_str()),
        secret,
        makes_account: link.role.is_some(),
        signs_in: link.signs_in,
        asks_address: address.is_none(),
        address: address.or(again.map(|(_, typed)| typed.address.as_str())).unwrap_or_default(),
        role: link.role.map_or_else(String::new, |role| room.texts().say(&format!("role-{role}"))),
        name: again.map_or("", |(_, typed)| &typed.name),
    };
    page(status, &welcome)
}

fn let_through(room: &Room, signed_in: &SignedIn, to: &str) -> Response {
    let cookie = set_cookie(secure(room), Some((&signed_in.secret, SESSION_LIFE)));
    ([(header::SET_COOKIE, cookie)], Redirect::to(to)).into_response()
}

fn secure(room: &Room) -> bool {
    room.held().site.url.starts_with("https://")
}

fn agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default()
}
