//! Messages over a Unix socket, with file descriptors beside them.

use std::io::{self, IoSlice, IoSliceMut, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags, recvmsg, sendmsg,
};
use serde::Serialize;

/// The largest message: the facts of a photo with 16 MB of metadata.
const LARGEST: usize = 64_000_000;

/// Descriptors beside one message: the photo and its sidecar.
const DESCRIPTORS: usize = 2;

const CONTROL: usize = rustix::cmsg_space!(ScmRights(DESCRIPTORS));

/// A message's bytes: length and JSON.
pub(super) fn frame(message: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; 4];
    serde_json::to_writer(&mut bytes, message)?;
    let length = u32::try_from(bytes.len() - 4)
        .ok()
        .filter(|length| *length as usize <= LARGEST)
        .ok_or_else(|| io::Error::other("the message is too large"))?;
    if let Some(head) = bytes.get_mut(..4) {
        head.copy_from_slice(&length.to_le_bytes());
    }
    Ok(bytes)
}

/// Length of the JSON that follows these four bytes.
pub(super) fn length(head: [u8; 4]) -> io::Result<usize> {
    let length = u32::from_le_bytes(head) as usize;
    if length > LARGEST {
        return Err(io::Error::other("the message is too large"));
    }
    Ok(length)
}

/// Sends a message with descriptors.
pub(super) fn send(
    stream: &UnixStream,
    message: &impl Serialize,
    descriptors: &[BorrowedFd<'_>],
) -> io::Result<()> {
    let bytes = frame(message)?;
    let mut space = [MaybeUninit::uninit(); CONTROL];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !descriptors.is_empty() && !control.push(SendAncillaryMessage::ScmRights(descriptors)) {
        return Err(io::Error::other("too many descriptors for one message"));
    }
    let sent = loop {
        match sendmsg(stream, &[IoSlice::new(&bytes)], &mut control, SendFlags::NOSIGNAL) {
            Err(rustix::io::Errno::INTR) => {}
            other => break other?,
        }
    };
    let mut stream = stream;
    stream.write_all(bytes.get(sent..).unwrap_or_default())
}

/// Receives a message's JSON and descriptors; `None` when the other end is closed.
pub(super) fn receive(socket: impl AsFd) -> io::Result<Option<(Vec<u8>, Vec<OwnedFd>)>> {
    let mut descriptors = Vec::new();
    let mut head = [0; 4];
    if !fill(&socket, &mut head, &mut descriptors)? {
        return Ok(None);
    }
    let mut json = vec![0; length(head)?];
    if !fill(&socket, &mut json, &mut descriptors)? {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some((json, descriptors)))
}

/// Reads until the buffer is full; false when the other end is closed before its first byte.
fn fill(socket: &impl AsFd, buffer: &mut [u8], descriptors: &mut Vec<OwnedFd>) -> io::Result<bool> {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        let mut space = [MaybeUninit::uninit(); CONTROL];
        let mut control = RecvAncillaryBuffer::new(&mut space);
        let mut parts = [IoSliceMut::new(rest)];
        let received = match recvmsg(socket, &mut parts, &mut control, RecvFlags::CMSG_CLOEXEC) {
            Err(rustix::io::Errno::INTR) => continue,
            other => other?.bytes,
        };
        for message in control.drain() {
            if let RecvAncillaryMessage::ScmRights(passed) = message {
                descriptors.extend(passed);
            }
        }
        match (received, filled) {
            (0, 0) => return Ok(false),
            (0, _) => return Err(io::ErrorKind::UnexpectedEof.into()),
            _ => filled += received,
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::{Read, Seek};

    use super::*;

    #[test]
    fn a_message_brings_its_descriptors_along() {
        let (here, there) = UnixStream::pair().unwrap();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"pixels").unwrap();
        send(&here, &"please", &[file.as_fd()]).unwrap();
        send(&here, &"and again", &[]).unwrap();
        drop(here);
        let (json, mut passed) = receive(&there).unwrap().unwrap();
        assert_eq!((json.as_slice(), passed.len()), (&b"\"please\""[..], 1));
        let mut copy = File::from(passed.remove(0));
        copy.rewind().unwrap();
        let mut text = String::new();
        copy.read_to_string(&mut text).unwrap();
        assert_eq!(text, "pixels");
        let (json, passed) = receive(&there).unwrap().unwrap();
        assert_eq!((json.as_slice(), passed.len()), (&b"\"and again\""[..], 0));
        assert!(receive(&there).unwrap().is_none());
    }

    #[test]
    fn a_message_that_breaks_off_is_an_error() {
        let (mut here, there) = UnixStream::pair().unwrap();
        here.write_all(&[200, 0, 0, 0, b'"']).unwrap();
        drop(here);
        assert!(receive(&there).is_err());
    }
}
