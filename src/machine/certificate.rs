//! The certificate that the site's own address shows to readers.

use std::time::Duration;

use newsroom::moment::Moment;
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx, View};

use crate::app::App;
use crate::telemetry::chain;

/// The name in the settings of what was found last.
const SETTING: &str = "certificate.last";
/// How long the address may take to answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// How rustls begins its sentence on a certificate that it does not accept.
const NOT_ACCEPTED: &str = "invalid peer certificate";

/// What was found when the site's address was looked at last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateSeen {
    /// The address (`site.url`).
    pub url: String,
    /// When.
    pub at: Moment,
    /// What came of it.
    pub found: Found,
}

/// What came of a look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// It is accepted until then.
    Until(Moment),
    /// It is not accepted, because of this.
    Refused(String),
    /// The address could not be reached from here, because of this.
    Unreachable(String),
}

/// Whether an address has a certificate.
pub fn has_certificate(url: &str) -> bool {
    url.starts_with("https://")
}

/// Looks at the address of the site and keeps what was found; nothing where it has no certificate.
///
/// # Errors
/// A fault of the store.
pub async fn look_at_certificate(app: &App) -> Result<(), StoreError> {
    let url = &app.config().site.url;
    if !has_certificate(url) {
        return Ok(());
    }
    let found = look(url).await;
    let seen = CertificateSeen { url: url.clone(), at: app.now(), found };
    let text = serde_json::to_string(&seen).unwrap_or_default();
    app.store().write(async |tx: &mut Tx| tx.set_setting(SETTING, Some(&text)).await).await
}

/// What was found last of this address.
pub(super) async fn last_seen(view: &mut View, url: &str) -> Result<Option<CertificateSeen>, StoreError> {
    let kept = view.setting(SETTING).await?.and_then(|text| serde_json::from_str(&text).ok());
    Ok(kept.filter(|seen: &CertificateSeen| seen.url == url))
}

async fn look(url: &str) -> Found {
    match ask(url).await {
        Ok(der) => match until(&der) {
            Some(end) => Found::Until(end),
            None => Found::Refused("its end cannot be read".to_owned()),
        },
        Err(why) if why.contains(NOT_ACCEPTED) => Found::Refused(why),
        Err(why) => Found::Unreachable(why),
    }
}

/// The certificate that an address shows, once it has been accepted.
async fn ask(url: &str) -> Result<Vec<u8>, String> {
    // The first provider stays, and is this one everywhere.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(PATIENCE)
        .tls_info(true)
        .build()
        .map_err(|error| chain(&error))?;
    let answer = client.head(url).send().await.map_err(|error| chain(&error))?;
    let about = answer.extensions().get::<reqwest::tls::TlsInfo>();
    let der = about.and_then(reqwest::tls::TlsInfo::peer_certificate);
    der.map(<[u8]>::to_vec).ok_or_else(|| "it showed no certificate".to_owned())
}

/// The moment from which a certificate (RFC 5280, DER) is accepted no more.
fn until(der: &[u8]) -> Option<Moment> {
    let (_, certificate) = x509_parser::parse_x509_certificate(der).ok()?;
    let seconds = certificate.validity().not_after.timestamp();
    Some(Moment::from_micros(seconds.checked_mul(1_000_000)?))
}
