//! The body of an answer: bytes that are there, a picture that is read piece by piece, or a live route's own.

use std::error::Error;
use std::fs::File;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::task::JoinHandle;

use crate::keep::{Blobs, read_part};

/// What a live route's body may fail with.
pub type BodyFault = Box<dyn Error + Send + Sync>;

/// How much of a large picture is held at a time, in bytes.
const PIECE: usize = 128 * 1024;

/// The body of an answer.
pub struct Body(Inner);

enum Inner {
    Whole(Option<Bytes>),
    Pieces(Pieces),
    Live(Pin<Box<dyn HttpBody<Data = Bytes, Error = BodyFault> + Send>>),
}

impl Body {
    /// No body.
    #[must_use]
    pub const fn empty() -> Self {
        Self(Inner::Whole(None))
    }

    /// A live route's body. Map its error into a box first.
    #[must_use]
    pub fn live(body: impl HttpBody<Data = Bytes, Error = BodyFault> + Send + 'static) -> Self {
        Self(Inner::Live(Box::pin(body)))
    }

    pub(crate) const fn pieces(pieces: Pieces) -> Self {
        Self(Inner::Pieces(pieces))
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self(Inner::Whole((!bytes.is_empty()).then_some(bytes)))
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Self::from(Bytes::from_static(text.as_bytes()))
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = BodyFault;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyFault>>> {
        match &mut self.0 {
            Inner::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Inner::Pieces(pieces) => pieces.poll(cx),
            Inner::Live(body) => body.as_mut().poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Inner::Whole(bytes) => bytes.is_none(),
            Inner::Pieces(pieces) => pieces.left() == 0,
            Inner::Live(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Inner::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64)),
            Inner::Pieces(pieces) => SizeHint::with_exact(pieces.left()),
            Inner::Live(body) => body.size_hint(),
        }
    }
}

/// Where pieces come from.
#[derive(Clone)]
enum Source {
    Blobs(Arc<dyn Blobs>, String),
    File(Arc<File>),
}

impl Source {
    fn read(&self, from: u64, at_most: usize) -> io::Result<Option<Bytes>> {
        match self {
            Self::Blobs(blobs, key) => blobs.read(key, from, at_most),
            Self::File(file) => read_part(file, from, at_most).map(Some),
        }
    }

    fn quick(&self) -> bool {
        match self {
            Self::Blobs(blobs, key) => blobs.quick(key),
            Self::File(_) => true,
        }
    }
}

/// A stretch of a body that is read as the reader takes it.
pub(crate) struct Pieces {
    source: Source,
    /// Read ahead already, so that a missing blob is known before the head is sent.
    first: Bytes,
    from: u64,
    until: u64,
    reading: Option<JoinHandle<io::Result<Option<Bytes>>>>,
}

impl Pieces {
    /// The bytes of a blob from `from` to before `until`, the first piece read ahead. `Ok(None)` where there is no such
    /// blob.
    pub(crate) async fn open(
        blobs: Arc<dyn Blobs>,
        key: &str,
        from: u64,
        until: u64,
    ) -> io::Result<Option<Self>> {
        let source = Source::Blobs(blobs, key.to_owned());
        let mut pieces = Self { source, first: Bytes::new(), from, until, reading: None };
        let first = if pieces.source.quick() {
            pieces.source.read(from, pieces.next())?
        } else {
            pieces.read().await.map_err(io::Error::other)??
        };
        let Some(first) = first else { return Ok(None) };
        if first.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        pieces.from += first.len() as u64;
        pieces.first = first;
        Ok(Some(pieces))
    }

    /// The bytes of an open file from `from` to before `until`.
    pub(crate) const fn of_file(file: Arc<File>, from: u64, until: u64) -> Self {
        Self { source: Source::File(file), first: Bytes::new(), from, until, reading: None }
    }

    fn next(&self) -> usize {
        usize::try_from(self.until - self.from).map_or(PIECE, |left| left.min(PIECE))
    }

    const fn left(&self) -> u64 {
        self.first.len() as u64 + (self.until - self.from)
    }

    fn read(&self) -> JoinHandle<io::Result<Option<Bytes>>> {
        let (source, from, next) = (self.source.clone(), self.from, self.next());
        tokio::task::spawn_blocking(move || source.read(from, next))
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyFault>>> {
        if !self.first.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut self.first)))));
        }
        if self.from == self.until {
            return Poll::Ready(None);
        }
        let piece = if self.source.quick() {
            self.source.read(self.from, self.next())
        } else {
            let fresh = self.reading.take().unwrap_or_else(|| self.read());
            let reading = self.reading.insert(fresh);
            let done = ready!(Pin::new(reading).poll(cx));
            self.reading = None;
            done.map_err(io::Error::other).flatten()
        };
        Poll::Ready(Some(match piece {
            Ok(Some(bytes)) if !bytes.is_empty() => {
                self.from += bytes.len() as u64;
                Ok(Frame::data(bytes))
            }
            // The head has promised more: breaking off is the only way to say that this is not all.
            Ok(_) => Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
            Err(error) => Err(error.into()),
        }))
    }
}
