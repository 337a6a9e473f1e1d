//! One photo's way to the site: announced, its sidecar and a small preview ahead, then its bytes, each piece with its hash and
//! none that is there already.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use serde::Deserialize;
use sha2::Digest as _;
use tokio::task::JoinHandle;

use super::super::session::Ended;
use super::pictures::{Lens, Picture};
use super::site::{Answer, NoAnswer, Said, Site};
use crate::actions::upload_metadata;
use crate::api::ROOT;

/// Bytes of the first piece. They grow while pieces pass quickly: what is cut short has to be sent again.
const PIECE: u64 = 256 << 10;
const SMALLEST: u64 = 16 << 10;
const LARGEST: u64 = 4 << 20;
const QUICK: Duration = Duration::from_secs(1);
const SLOW: Duration = Duration::from_secs(10);
/// The pause after a piece that came to nothing; it grows by as much with each further one.
const PAUSE: Duration = Duration::from_millis(100);
/// How often, and after which pause, a file is asked for whose bytes are all there and that is not taken in yet.
const LOOKS: u32 = 120;
const LOOK: Duration = Duration::from_secs(1);

/// A file as the site knows it.
#[derive(Debug, Clone, Deserialize)]
pub struct Upload {
    id: String,
    bytes: u64,
    received: u64,
    story: Option<String>,
    state: String,
    photo: Option<String>,
    reason: Option<String>,
    sha256: Option<String>,
    sidecar: Option<String>,
}

/// A page of them.
#[derive(Debug, Deserialize)]
struct Uploads {
    items: Vec<Upload>,
    next: Option<String>,
}

/// What the site has of files whose bytes are not all there, by the hash that they are to have.
pub type HalfSent = HashMap<String, Upload>;

/// How a file stands before its bytes go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// It goes on at this byte.
    At {
        /// The upload's id.
        upload: String,
        /// Where.
        offset: u64,
    },
    /// A photo has its bytes.
    Known {
        /// The upload's id.
        upload: String,
    },
    /// There is no room for it yet.
    Later,
}

/// Why a photo is not at the site.
#[derive(Debug)]
pub enum NotSent {
    /// It was refused, and others go on.
    Refused(Said),
    /// Nothing can go on.
    NoAnswer(NoAnswer),
}

impl From<NoAnswer> for NotSent {
    fn from(none: NoAnswer) -> Self {
        Self::NoAnswer(none)
    }
}

impl From<Said> for NotSent {
    fn from(said: Said) -> Self {
        Self::Refused(said)
    }
}

impl From<NotSent> for Ended {
    fn from(not: NotSent) -> Self {
        match not {
            NotSent::Refused(said) => said.into(),
            NotSent::NoAnswer(none) => none.into(),
        }
    }
}

/// What sends photos, and for what.
pub struct Sender {
    /// Where to.
    pub site: Site,
    /// What makes previews.
    pub lens: Arc<Lens>,
    /// The id of the story that they are for.
    pub story: Option<String>,
    /// Bytes of photos that were sent.
    pub sent: u64,
    piece: u64,
    /// Previews that are being made, and the uploads that they are for.
    making: VecDeque<(String, JoinHandle<Option<Bytes>>)>,
}

impl Sender {
    /// To this site.
    pub fn new(site: Site, lens: Arc<Lens>, story: Option<String>) -> Self {
        Self { site, lens, story, sent: 0, piece: PIECE, making: VecDeque::new() }
    }

    /// What was begun before, by this command or another, for the same story.
    ///
    /// # Errors
    /// What the site says instead; no answer.
    pub async fn half_sent(&self) -> Result<HalfSent, NotSent> {
        let (mut found, mut after) = (HalfSent::new(), String::new());
        loop {
            let page: Uploads = self.site.get(&format!("/uploads?limit=200{after}")).await?.json()?;
            let ours = |one: &Upload| one.state == "receiving" && one.story == self.story;
            for one in page.items.into_iter().filter(ours) {
                let Some(sha256) = one.sha256.clone() else { continue };
                // Of several the one of which most is there.
                let better = |there: &Upload| there.received < one.received;
                if found.get(&sha256).is_none_or(better) {
                    found.insert(sha256, one);
                }
            }
            match page.next {
                Some(next) => after = format!("&after={next}"),
                None => return Ok(found),
            }
        }
    }

    /// Begins a file, or goes on with one that was begun; sends its sidecar, and has its preview made and sent while others
    /// are begun.
    ///
    /// # Errors
    /// [`NotSent`].
    pub async fn begin(&mut self, picture: &Picture, half_sent: &HalfSent) -> Result<Begun, NotSent> {
        // With another .xmp file than was announced it would be refused at its end.
        let is_it = |one: &&Upload| one.bytes == picture.bytes && one.sidecar == picture.sidecar;
        let there = half_sent.get(&picture.sha256).filter(is_it);
        let begun = match there {
            Some(upload) => Begun::At { upload: upload.id.clone(), offset: upload.received },
            None => self.announce(picture).await?,
        };
        if let Begun::At { upload, offset } = &begun {
            self.send_sidecar(picture, upload).await?;
            // What its photographer rejected nobody looks for.
            if *offset == 0 && !picture.is_rejected {
                self.make_preview(picture, upload);
                self.send_previews(self.lens.at_once()).await?;
            }
        }
        Ok(begun)
    }

    async fn announce(&self, picture: &Picture) -> Result<Begun, NotSent> {
        let mut pairs = vec![("filename", picture.name.as_str()), (upload_metadata::SHA256, &picture.sha256)];
        pairs.extend(self.story.as_deref().map(|story| ("story", story)));
        pairs.extend(picture.sidecar.as_deref().map(|sidecar| (upload_metadata::SIDECAR, sidecar)));
        let request = tus(&self.site, Method::POST, "/uploads")
            .header("upload-length", picture.bytes)
            .header("upload-metadata", upload_metadata::written(pairs));
        let answer = self.site.ask(request).await?;
        if answer.status != 201 {
            let said = answer.said();
            return if said.code == "uploads_many" { Ok(Begun::Later) } else { Err(said.into()) };
        }
        let location =
            answer.header("location").and_then(|path| path.strip_prefix(&format!("{ROOT}/uploads/")));
        let upload = location.ok_or_else(|| answer.said())?.to_owned();
        let offset = answer.number("upload-offset").unwrap_or_default();
        Ok(if offset == picture.bytes { Begun::Known { upload } } else { Begun::At { upload, offset } })
    }

    async fn send_sidecar(&self, picture: &Picture, upload: &str) -> Result<(), NotSent> {
        let sidecar = picture.read_sidecar().map_err(|error| unreadable(&error))?;
        match sidecar {
            Some(sidecar) => {
                let put = self.put(upload, "sidecar", ("application/rdf+xml", sidecar));
                let answer = self.site.ask(put).await?;
                // All bytes came before, with the sidecar of then.
                if answer.status < 300 || answer.said().code == "upload_whole" {
                    Ok(())
                } else {
                    Err(answer.said().into())
                }
            }
            None => Ok(()),
        }
    }

    fn make_preview(&mut self, picture: &Picture, upload: &str) {
        let (lens, path) = (Arc::clone(&self.lens), picture.candidate.path.clone());
        let made = tokio::task::spawn_blocking(move || lens.preview(&path));
        self.making.push_back((upload.to_owned(), made));
    }

    /// Sends the previews that are still on their way.
    ///
    /// # Errors
    /// [`NoAnswer::Stopped`].
    pub async fn send_last_previews(&mut self) -> Result<(), NoAnswer> {
        self.send_previews(0).await
    }

    /// Sends previews until no more than so many are being made. One that cannot be made, is refused or does not pass is no
    /// reason to hold a photo back.
    async fn send_previews(&mut self, left: usize) -> Result<(), NoAnswer> {
        while self.making.len() > left {
            let Some((upload, made)) = self.making.pop_front() else { break };
            if let Ok(Some(preview)) = made.await {
                self.site.ask_once(self.put(&upload, "preview", ("image/jpeg", preview))).await?;
            }
        }
        Ok(())
    }

    fn put(
        &self,
        upload: &str,
        what: &str,
        (media_type, bytes): (&'static str, Bytes),
    ) -> reqwest::RequestBuilder {
        let request = self.site.request(Method::PUT, &format!("/uploads/{upload}/{what}"));
        request.header(CONTENT_TYPE, media_type).body(bytes)
    }

    /// Sends the bytes of a file from `offset` on.
    ///
    /// # Errors
    /// [`NotSent`].
    pub async fn send(&mut self, picture: &Picture, upload: &str, offset: u64) -> Result<(), NotSent> {
        let (mut offset, mut vain, mut moved) = (offset, 0, Instant::now());
        while offset < picture.bytes {
            if !picture.is_unchanged() {
                return Err(changed());
            }
            let piece = picture.read(offset, self.piece).map_err(|error| unreadable(&error))?;
            let (begun, before) = (Instant::now(), offset);
            let answer = self.site.ask_once(self.patch(upload, offset, piece)).await?;
            offset = match &answer {
                Some(passed) if passed.status == 204 => passed.number("upload-offset").unwrap_or(offset),
                // The network broke, bytes were spoilt on the way, or they came although no answer did: the site says where it
                // goes on.
                None => self.offset(upload).await?,
                Some(passed) if matches!(passed.status, 409 | 460) => self.offset(upload).await?,
                Some(refused) => return Err(refused.said().into()),
            };
            if offset > before {
                self.sent += offset - before;
                (vain, moved) = (0, Instant::now());
            } else {
                vain += 1;
                if moved.elapsed() >= self.site.patience() {
                    return Err(NoAnswer::Away("no piece passes".to_owned()).into());
                }
                self.site.pause(PAUSE * vain).await;
            }
            self.adapt(answer.is_some(), begun.elapsed());
        }
        Ok(())
    }

    fn adapt(&mut self, passed: bool, took: Duration) {
        if passed && took < QUICK {
            self.piece = (self.piece * 2).min(LARGEST);
        } else if !passed || took > SLOW {
            self.piece = (self.piece / 2).max(SMALLEST);
        }
    }

    fn patch(&self, upload: &str, offset: u64, piece: Bytes) -> reqwest::RequestBuilder {
        let hash = STANDARD.encode(sha2::Sha256::digest(&piece));
        tus(&self.site, Method::PATCH, &format!("/uploads/{upload}"))
            .header("upload-offset", offset)
            .header("upload-checksum", format!("sha256 {hash}"))
            .header(CONTENT_TYPE, "application/offset+octet-stream")
            .body(piece)
    }

    async fn offset(&self, upload: &str) -> Result<u64, NotSent> {
        let answer = self.site.ask(tus(&self.site, Method::HEAD, &format!("/uploads/{upload}"))).await?;
        answer.number("upload-offset").ok_or_else(|| gone(&answer))
    }

    /// The photo that a file became.
    ///
    /// # Errors
    /// Why it was refused; no answer.
    pub async fn became(&self, upload: &str) -> Result<Option<String>, NotSent> {
        for _ in 0..LOOKS {
            let found: Upload = self.site.get(&format!("/uploads/{upload}")).await?.json()?;
            match found.state.as_str() {
                "taken in" => return Ok(found.photo),
                "refused" => {
                    let detail = found.reason.unwrap_or_else(|| "It was refused.".to_owned());
                    return Err(Said { code: "photo_refused".to_owned(), detail }.into());
                }
                _ if self.site.stopped() => return Err(NoAnswer::Stopped.into()),
                // Whoever was to take it in was ended just then; the background work does it within a minute.
                _ => tokio::time::sleep(LOOK).await,
            }
        }
        Ok(None)
    }
}

fn tus(site: &Site, method: Method, path: &str) -> reqwest::RequestBuilder {
    site.request(method, path).header("tus-resumable", "1.0.0")
}

fn gone(answer: &Answer) -> NotSent {
    let code = if answer.status == 404 { "upload_unknown" } else { "site_odd" };
    let detail = "The site has given this upload up; the same command begins it anew.".to_owned();
    Said { code: code.to_owned(), detail }.into()
}

fn changed() -> NotSent {
    let detail = "The file was changed while it was sent. Send it again when it is finished.".to_owned();
    Said { code: "photo_refused".to_owned(), detail }.into()
}

fn unreadable(error: &std::io::Error) -> NotSent {
    let detail = format!("The file cannot be read: {error}.");
    Said { code: "photo_refused".to_owned(), detail }.into()
}
