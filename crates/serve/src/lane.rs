//! The quick lane: plain reads of the tree, answered from the bytes that lie ready.
//!
//! Nearly every request is a GET or HEAD of something printed, without conditions. Such a request is parsed where it
//! lies (by the parser that hyper uses) and answered with one write of a finished head and body. At the first request
//! that is anything else, the connection goes over to hyper for good, with what was read so far: there is one place
//! that knows the rest of HTTP, and nothing here has to.

use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::{Buf as _, Bytes, BytesMut};
use hyper::{Method, Uri};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::face::{Face, Store};
use crate::grant::PictureAddress;
use crate::key::{Asked, Key, asked, stands_in_an_address};
use crate::negotiate::choose;
use crate::server::{Desk, RequestRecord, Source, told};
use crate::site::{Site, Target};
use crate::tree::Kind;
use crate::visitor::Visitor;
use crate::wire::Wire;

/// Fields that ask for more than the lane gives.
const ELSEWHERE: [&str; 10] = [
    "content-length",
    "transfer-encoding",
    "upgrade",
    "expect",
    "range",
    "if-range",
    "if-match",
    "if-none-match",
    "if-modified-since",
    "if-unmodified-since",
];

/// Room that is made for a request before it is read.
const ROOM: usize = 2048;

/// Fields of a request that the lane reads.
const FIELDS: usize = 48;

/// How a connection left the lane.
pub(crate) enum Left {
    /// The other side, or the stop, ended it between two requests.
    Closed,
    /// It broke off, took nothing, or did not finish a request.
    Broken,
    /// A request begins here that is not for the lane.
    Begun(Bytes),
}

/// A request that the lane takes.
#[derive(Debug, Default, PartialEq, Eq)]
struct Plain<'b> {
    /// Where it ends in the buffer.
    end: usize,
    head_only: bool,
    /// Path and query.
    target: &'b str,
    accept_encoding: Option<&'b [u8]>,
    forwarded_for: Option<&'b [u8]>,
}

#[derive(Debug, PartialEq, Eq)]
enum Parsed<'b> {
    Plain(Plain<'b>),
    /// There is more to come.
    Unfinished,
    Elsewhere,
}

/// Answers on a connection for as long as it asks nothing but plain reads of what is there.
pub(crate) async fn run(
    stream: &mut TcpStream,
    peer: SocketAddr,
    desk: &Desk,
    mut stopped: watch::Receiver<bool>,
) -> Left {
    let stopping = stopped.clone();
    let mut stop = pin!(told(&mut stopped));
    let mut buffer = BytesMut::new();
    let (mut date, mut wire) = (DateLine::default(), Wire::new(desk.options.stall_timeout));
    let mut since = Instant::now();
    let mut deadline = pin!(sleep_until(since + desk.options.head_timeout));
    loop {
        match parse(&buffer) {
            Parsed::Plain(_) if *stopping.borrow() => return Left::Begun(buffer.freeze()),
            Parsed::Plain(request) => {
                let begun = Instant::now();
                let Some(face) = desk.site.plainly(&request).await else {
                    return Left::Begun(buffer.freeze());
                };
                let date = date.at((desk.options.clock)());
                let written = wire.answer(stream, &face, request.head_only, date).await;
                if written.is_err() {
                    return Left::Broken;
                }
                record(desk, peer, &request, &face, begun);
                let end = request.end;
                buffer.advance(end);
                since = Instant::now();
                continue;
            }
            Parsed::Unfinished if buffer.len() < desk.options.longest_head => {}
            Parsed::Unfinished | Parsed::Elsewhere => return Left::Begun(buffer.freeze()),
        }
        buffer.reserve(ROOM);
        tokio::select! {
            biased;
            read = stream.read_buf(&mut buffer) => match read {
                Ok(0) if buffer.is_empty() => return Left::Closed,
                Ok(0) | Err(_) => return Left::Broken,
                Ok(_) => {}
            },
            () = stop.as_mut() => return end(buffer),
            () = patience(deadline.as_mut(), since + desk.options.head_timeout) => {
                return if buffer.is_empty() { Left::Closed } else { Left::Broken };
            }
        }
    }
}

/// The stop came while nothing was being answered.
fn end(buffer: BytesMut) -> Left {
    if buffer.is_empty() { Left::Closed } else { Left::Begun(buffer.freeze()) }
}

/// Done at `until`. The timer is set anew only when it rings too early, so that most requests never touch it.
async fn patience(mut timer: Pin<&mut Sleep>, until: Instant) {
    timer.as_mut().await;
    while timer.deadline() < until {
        timer.as_mut().reset(until);
        timer.as_mut().await;
    }
}

fn parse(buffer: &[u8]) -> Parsed<'_> {
    if buffer.is_empty() {
        return Parsed::Unfinished;
    }
    let mut fields = [httparse::EMPTY_HEADER; FIELDS];
    let mut request = httparse::Request::new(&mut fields);
    match request.parse(buffer) {
        Ok(httparse::Status::Complete(end)) => {
            plain(&request).map_or(Parsed::Elsewhere, |plain| Parsed::Plain(Plain { end, ..plain }))
        }
        Ok(httparse::Status::Partial) => Parsed::Unfinished,
        Err(_) => Parsed::Elsewhere,
    }
}

/// The request as the lane sees it, without its end; None where it asks for more.
fn plain<'b>(request: &httparse::Request<'_, 'b>) -> Option<Plain<'b>> {
    let head_only = match request.method? {
        "GET" => false,
        "HEAD" => true,
        _ => return None,
    };
    let target =
        request.path.filter(|target| target.starts_with('/') && target.bytes().all(stands_in_an_address))?;
    if request.version != Some(1) {
        return None;
    }
    let mut plain = Plain { head_only, target, ..Plain::default() };
    let mut host = None;
    for field in &*request.headers {
        let named = |name: &str| field.name.eq_ignore_ascii_case(name);
        let once = if named("host") {
            &mut host
        } else if named("accept-encoding") {
            &mut plain.accept_encoding
        } else if named("x-forwarded-for") {
            &mut plain.forwarded_for
        } else if ELSEWHERE.into_iter().any(named)
            || (named("connection") && !field.value.eq_ignore_ascii_case(b"keep-alive"))
        {
            return None;
        } else {
            continue;
        };
        if once.replace(field.value).is_some() {
            return None;
        }
    }
    host.map(|_| plain)
}

impl Site {
    /// What a plain read gets, where that is one whole body in memory; None for all that needs more thought, and for
    /// what is damaged: [`Site::answer`] tells that.
    async fn plainly(&self, request: &Plain<'_>) -> Option<Arc<Face>> {
        let (path, query) = match request.target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (request.target, None),
        };
        let Asked::Path(path) = asked(path) else { return None };
        let path = self.edition(path, query);
        let key = Key::of(&path);
        let Some(mark) = self.mark_of(&key) else { return self.picture_plainly(&path).await };
        if !matches!(mark.kind(), Kind::Page | Kind::Redirect | Kind::Farewell) {
            return None;
        }
        let coding = choose(request.accept_encoding.into_iter(), mark.codings());
        self.face(&Target { path: &path, key, mark }, coding).await.ok()
    }

    async fn picture_plainly(&self, path: &str) -> Option<Arc<Face>> {
        let address = PictureAddress::parse(path)?;
        let key = Key::of(address.grant);
        let mark = self.mark_of(&key).filter(|mark| mark.kind() == Kind::Grant)?;
        let target = Target { path: address.grant, key, mark };
        let granted = self.granted(&target).await.ok()?;
        let mut renditions = granted.grant.renditions.iter().enumerate();
        let (number, rendition) = renditions.find(|(_, one)| one.file == address.file)?;
        if granted.grant.version != address.version {
            return None;
        }
        let face = self.picture(&target, &granted, number, rendition).await.ok();
        face.filter(|face| !matches!(face.body, Store::Blobs))
    }
}

fn record(desk: &Desk, peer: SocketAddr, request: &Plain<'_>, face: &Face, begun: Instant) {
    let bytes = if request.head_only { 0 } else { face.length };
    desk.site.meters().answered(face.status.as_u16(), bytes);
    let Some(log) = &desk.options.access_log else { return };
    // Cannot fail: `plain` takes only what may stand in an address.
    let Ok(uri) = Uri::try_from(request.target) else { return };
    log(&RequestRecord {
        method: if request.head_only { &Method::HEAD } else { &Method::GET },
        uri: &uri,
        status: face.status.as_u16(),
        bytes: Some(bytes),
        from: Visitor::behind(peer, request.forwarded_for.into_iter(), &desk.options.trusted_proxies)
            .short_address(),
        took: begun.elapsed(),
        source: Source::Tree,
    });
}

/// The `Date` field and the empty line that ends a head, made once a second.
struct DateLine {
    second: u64,
    line: Vec<u8>,
}

impl Default for DateLine {
    fn default() -> Self {
        Self { second: u64::MAX, line: Vec::new() }
    }
}

impl DateLine {
    fn at(&mut self, now: SystemTime) -> &[u8] {
        let second = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        if second != self.second {
            self.second = second;
            self.line = format!("date: {}\r\n\r\n", httpdate::fmt_http_date(now)).into_bytes();
        }
        &self.line
    }
}

#[cfg(test)]
#[path = "lane_tests.rs"]
mod tests;
