//! What a browser sends along by itself: the cookie of a session, and where a request comes from.

use hyper::Method;
use hyper::header::{self, HeaderMap, HeaderName};
use newsroom::refusal::Refusal;

use crate::actions::staff::Secret;

/// The cookie of a session where the site is reached by TLS only, and where it is not.
const SECURE_COOKIE: &str = "__Host-halftone";
const PLAIN_COOKIE: &str = "halftone";

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The secret of a session that a browser holds. Where the site is reached by TLS only the cookie counts that nobody but this
/// host can have set, and only over TLS.
pub fn cookie(headers: &HeaderMap, secure: bool) -> Option<Secret> {
    let wanted = if secure { SECURE_COOKIE } else { PLAIN_COOKIE };
    let lines = headers.get_all(header::COOKIE).into_iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == wanted).map(|(_, secret)| Secret::given(secret))
}

/// The line that gives a browser its session, or takes it (`None`).
pub fn set_cookie(secure: bool, session: Option<(&Secret, i64)>) -> String {
    let (name, attribute) = if secure { (SECURE_COOKIE, "; Secure") } else { (PLAIN_COOKIE, "") };
    let (value, age) = session.map_or(("", 0), |(secret, seconds)| (secret.reveal(), seconds));
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{attribute}")
}

/// What a request has to say of the page that it comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// Where it is said, it must be our own; programs say nothing.
    MayBeSilent,
    /// It must be said: the browser's cookie came along, whoever made the browser ask.
    MustBeSaid,
}

/// Refuses changes that another site's page made a browser ask for (beside SameSite, RFC 6265bis section 5.6.7).
pub fn own_origin(method: &Method, headers: &HeaderMap, origin: Origin) -> Result<(), Refusal> {
    if method.is_safe() {
        return Ok(());
    }
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let own = match (text(&FETCH_SITE), text(&header::ORIGIN)) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin)) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == text(&header::HOST)
        }
        (None, None) => origin == Origin::MayBeSilent,
    };
    if own {
        return Ok(());
    }
    let sentence =
        "This request does not come from a page of this site. A program sends a token instead of a cookie.";
    Err(Refusal::new("origin_foreign", sentence))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let lines = lines.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
        lines.collect()
    }

    #[test]
    fn a_change_that_a_foreign_page_asks_for_is_refused() {
        let asked = |lines: &[(&'static str, &'static str)], origin| {
            own_origin(&Method::POST, &headers(lines), origin).is_ok()
        };
        let ours = ("host", "photos.example");
        assert!(asked(&[ours, ("sec-fetch-site", "same-origin")], Origin::MustBeSaid));
        assert!(asked(&[ours, ("origin", "https://photos.example")], Origin::MustBeSaid));
        assert!(!asked(
            &[ours, ("sec-fetch-site", "cross-site"), ("origin", "https://photos.example")],
            Origin::MayBeSilent
        ));
        assert!(!asked(&[ours, ("sec-fetch-site", "same-site")], Origin::MayBeSilent));
        assert!(!asked(&[ours, ("origin", "https://photos.example.evil.example")], Origin::MayBeSilent));
        assert!(!asked(&[ours, ("origin", "null")], Origin::MayBeSilent));
        assert!(!asked(&[ours], Origin::MustBeSaid));
        assert!(asked(&[ours], Origin::MayBeSilent));
        assert!(
            own_origin(&Method::GET, &headers(&[("sec-fetch-site", "cross-site")]), Origin::MustBeSaid)
                .is_ok()
        );
    }

    #[test]
    fn a_site_that_is_reached_by_tls_takes_no_cookie_that_others_can_set() {
        let secret = |line: &'static str, secure| {
            cookie(&headers(&[("cookie", line)]), secure).map(|one| one.reveal().to_owned())
        };
        let both = "a=b; halftone=plain; __Host-halftone=safe";
        assert_eq!(
            (secret(both, true), secret(both, false)),
            (Some("safe".to_owned()), Some("plain".to_owned()))
        );
        assert_eq!(secret("halftone=plain", true), None);
        assert_eq!(secret("nothalftone=x", false), None);
    }
}
