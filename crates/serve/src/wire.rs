//! Writing a finished answer to a socket with as few calls as there are places where its bytes lie.

use std::fs::File;
use std::io::{self, IoSlice};
use std::time::Duration;

use rustix::fs::sendfile;
use rustix::net::{SendFlags, send};
use tokio::io::Interest;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::face::{Face, Store};

/// The writing side of a connection.
pub(crate) struct Wire {
    /// How long a reader may take nothing.
    patience: Duration,
    /// Head and date of an answer whose body comes from elsewhere; kept for the next one.
    joined: Vec<u8>,
}

impl Wire {
    pub(crate) const fn new(patience: Duration) -> Self {
        Self { patience, joined: Vec::new() }
    }

    /// Writes head, date and body of a face whose body is at hand.
    pub(crate) async fn answer(
        &mut self,
        stream: &TcpStream,
        face: &Face,
        head_only: bool,
        date: &[u8],
    ) -> io::Result<()> {
        match &face.body {
            _ if head_only => self.all(stream, [&face.head, date, &[]]).await,
            Store::Memory(body) => self.all(stream, [&face.head, date, body]).await,
            Store::File(file, from) => {
                self.joined.clear();
                self.joined.extend_from_slice(&face.head);
                self.joined.extend_from_slice(date);
                self.with_more_to_come(stream, &self.joined).await?;
                self.file(stream, file, *from, face.length).await
            }
            Store::Blobs => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    async fn all(&self, stream: &TcpStream, parts: [&[u8]; 3]) -> io::Result<()> {
        let mut left = parts.map(IoSlice::new);
        let mut left = &mut left[..];
        IoSlice::advance_slices(&mut left, 0);
        while !left.is_empty() {
            let written = self.when_ready(stream, || stream.try_write_vectored(left)).await?;
            IoSlice::advance_slices(&mut left, written);
        }
        Ok(())
    }

    /// Lets the kernel wait for the body before it sends a packet.
    async fn with_more_to_come(&self, stream: &TcpStream, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let attempt = || Ok(send(stream, bytes, SendFlags::MORE | SendFlags::NOSIGNAL)?);
            let sent = self.when_ready(stream, || stream.try_io(Interest::WRITABLE, attempt)).await?;
            bytes = &bytes[sent.min(bytes.len())..];
        }
        Ok(())
    }

    async fn file(&self, stream: &TcpStream, file: &File, from: u64, length: u64) -> io::Result<()> {
        let (mut at, until) = (from, from + length);
        while at < until {
            let left = usize::try_from(until - at).unwrap_or(usize::MAX);
            let mut attempt = || Ok(sendfile(stream, file, Some(&mut at), left)?);
            self.when_ready(stream, || stream.try_io(Interest::WRITABLE, &mut attempt)).await?;
        }
        Ok(())
    }

    /// Tries, and waits for the socket between tries; not for a reader who takes nothing.
    async fn when_ready(
        &self,
        stream: &TcpStream,
        mut attempt: impl FnMut() -> io::Result<usize>,
    ) -> io::Result<usize> {
        loop {
            match attempt() {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    timeout(self.patience, stream.writable()).await??;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                done => return done,
            }
        }
    }
}
