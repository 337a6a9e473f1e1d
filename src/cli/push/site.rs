//! The site that photos are pushed to, over its API: asked again while the network is away or the site is restarted.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use newsroom::refusal::Refusal;
use reqwest::header::{AUTHORIZATION, HeaderMap, RETRY_AFTER};
use reqwest::{Method, RequestBuilder, Url};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::sync::watch;

use super::super::report::Report;
use super::super::session::Ended;
use crate::api::ROOT;
use crate::telemetry::chain;

/// How long one request may take: the smallest piece, 16 KiB, passes at 140 bytes a second.
const REQUEST: Duration = Duration::from_secs(120);
const CONNECT: Duration = Duration::from_secs(10);
/// The first pause before asking again; each further one is twice as long, up to the longest.
const PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(20);
/// How often a request is tried that ends in a fault of the site.
const FAULTS: u32 = 3;
/// Bytes of an answer that are read.
const LONGEST_ANSWER: usize = 8 << 20;

/// A site, and who asks it.
pub struct Site {
    client: reqwest::Client,
    root: String,
    authorization: String,
    patience: Duration,
    stop: watch::Receiver<bool>,
    report: Report,
}

/// What a site answered.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The header fields.
    pub headers: HeaderMap,
    body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum NoAnswer {
    /// The person stopped it.
    Stopped,
    /// The site could not be reached for as long as there was patience.
    Away(String),
}

/// What a site says instead of doing what it was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Said {
    /// Its stable code.
    pub code: String,
    /// One sentence.
    pub detail: String,
}

impl Site {
    /// The site at this address. `patience` is how long it may be away.
    ///
    /// # Errors
    /// Wrong use: an address of another kind, or one over which others could read the token.
    pub fn new(
        address: &str,
        token: &str,
        patience: Duration,
        (stop, report): (watch::Receiver<bool>, Report),
    ) -> Result<Self, Ended> {
        let wrong = |what: &str| Ended::WrongUse(format!("\"{address}\" {what}"));
        let url =
            Url::parse(address).map_err(|_| wrong("is no address; write it as https://desk.example."))?;
        let here = url.host_str().is_some_and(is_this_machine);
        if url.scheme() != "https" && !(url.scheme() == "http" && here) {
            return Err(wrong(
                "is not reached by https, so that others could read the token and the photos.",
            ));
        }
        // The first provider stays, and is this one everywhere.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .timeout(REQUEST);
        if url.scheme() == "http" {
            // A proxy of the environment's would be given the token in plain text.
            client = client.no_proxy();
        }
        let client = client
            .build()
            .map_err(|error| Ended::machine("this machine cannot ask a site", chain(&error)))?;
        let root = url.as_str().trim_end_matches('/').to_owned();
        let authorization = format!("Bearer {token}");
        Ok(Self { client, root, authorization, patience, stop, report })
    }

    /// The site's own address.
    pub fn address(&self) -> &str {
        &self.root
    }

    /// Whether the person stopped it.
    pub fn stopped(&self) -> bool {
        *self.stop.borrow()
    }

    /// A request below the API's root.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{ROOT}{path}", self.root));
        request.header(AUTHORIZATION, &self.authorization)
    }

    /// Asks for a thing.
    ///
    /// # Errors
    /// [`NoAnswer`].
    pub async fn get(&self, path: &str) -> Result<Answer, NoAnswer> {
        self.ask(self.request(Method::GET, path)).await
    }

    /// Asks, and asks again while the site is away, has too much to do, or fails. Whoever asks for a change has to bear that
    /// it may have been made although no answer came.
    ///
    /// # Errors
    /// [`NoAnswer`].
    pub async fn ask(&self, request: RequestBuilder) -> Result<Answer, NoAnswer> {
        let (begun, mut pause, mut tries) = (Instant::now(), PAUSE, 0);
        loop {
            if self.stopped() {
                return Err(NoAnswer::Stopped);
            }
            let once =
                request.try_clone().ok_or_else(|| NoAnswer::Away("it cannot be asked twice".to_owned()))?;
            tries += 1;
            let (why, wanted) = match answer(once).await {
                Ok(answer) if !answer.is_worth_another_try(tries) => return Ok(answer),
                Ok(answer) => (format!("it answers {}", answer.status), answer.seconds()),
                Err(error) => (chain(&error.without_url()), None),
            };
            if begun.elapsed() >= self.patience {
                return Err(NoAnswer::Away(why));
            }
            if tries == 2 {
                let address = &self.root;
                self.report.complain(&format!("{address} cannot be reached ({why}); it is tried again."));
            }
            self.pause(wanted.unwrap_or(pause).max(pause).min(self.patience)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Asks once. `None` where the network broke or the site has to be asked again; whether anything was changed is not known.
    ///
    /// # Errors
    /// [`NoAnswer::Stopped`].
    pub async fn ask_once(&self, request: RequestBuilder) -> Result<Option<Answer>, NoAnswer> {
        if self.stopped() {
            return Err(NoAnswer::Stopped);
        }
        Ok(answer(request).await.ok().filter(|answer| !answer.is_worth_another_try(1)))
    }

    /// How long it may be away.
    pub fn patience(&self) -> Duration {
        self.patience
    }

    /// Waits, unless the person stops it.
    pub async fn pause(&self, wait: Duration) {
        let mut stop = self.stop.clone();
        // Without signals there is nobody to stop it; then the whole pause is waited for.
        let _ = tokio::time::timeout(wait, async {
            if stop.wait_for(|stop| *stop).await.is_err() {
                std::future::pending::<()>().await;
            }
        })
        .await;
    }
}

async fn answer(request: RequestBuilder) -> Result<Answer, reqwest::Error> {
    let mut response = request.send().await?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST_ANSWER {
            break;
        }
    }
    Ok(Answer { status, headers, body })
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

impl Answer {
    fn is_worth_another_try(&self, tries: u32) -> bool {
        match self.status {
            // That there is too much of it is for who asks.
            429 => self.said().code != "uploads_many",
            408 | 502..=504 => true,
            500..=599 => tries < FAULTS,
            _ => false,
        }
    }

    /// Seconds after which the site wants to be asked again.
    fn seconds(&self) -> Option<Duration> {
        self.header(RETRY_AFTER.as_str())?.parse().ok().map(Duration::from_secs)
    }

    /// A header field.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// A header field with a number.
    pub fn number(&self, name: &str) -> Option<u64> {
        self.header(name)?.parse().ok()
    }

    /// The body, where the answer is a good one.
    ///
    /// # Errors
    /// What was said instead.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Said> {
        if self.status >= 300 {
            return Err(self.said());
        }
        serde_json::from_slice(&self.body).map_err(|_| self.odd())
    }

    /// What was said instead of a good answer.
    pub fn said(&self) -> Said {
        let said: Option<Said> = serde_json::from_slice(&self.body).ok();
        said.filter(|said| !said.detail.is_empty()).unwrap_or_else(|| self.odd())
    }

    fn odd(&self) -> Said {
        let to = self.header("location").map(|to| format!(" and leads to {to}")).unwrap_or_default();
        let detail =
            format!("It answers {}{to}, as no Halftone does; is this the site's own address?", self.status);
        Said { code: "site_odd".to_owned(), detail }
    }
}

impl From<NoAnswer> for Ended {
    fn from(none: NoAnswer) -> Self {
        match none {
            NoAnswer::Stopped => {
                Self::Fault("it was stopped; the same command goes on where it stopped".to_owned())
            }
            NoAnswer::Away(why) => Self::Fault(format!(
                "the site cannot be reached ({why}); the same command goes on where it stopped"
            )),
        }
    }
}

impl From<Said> for Ended {
    fn from(said: Said) -> Self {
        let code = match said.code.as_str() {
            "not_signed_in" => "not_signed_in",
            "scope_missing" => "scope_missing",
            "not_allowed" => "not_allowed",
            "story_unknown" => "story_unknown",
            _ => "site_refused",
        };
        Self::Refused(vec![Refusal::new(code, said.detail)])
    }
}
