//! The blobs of a move: what the records name, and the printed tree whole. Each is hashed as it is read, and what lies at
//! the target is read again and compared.

use std::fs::File;
use std::io::Seek as _;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::shape::Kind;
use super::{MoveFault, Moving, Step};
use crate::blob_key::{BlobKey, BlobKind};
use crate::blobs::{Blobs, blocking, of_io};
use crate::error::StoreError;
use crate::files::{self, CopyFault, Draft};
use crate::value::Value;

/// Blobs that are on their way at once; originals are large, and take tens of megabytes each.
const AT_ONCE: usize = 16;
const ORIGINALS_AT_ONCE: usize = 4;
/// Blobs after which it is kept how far the move is.
const BATCH: usize = 256;

/// What was brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Brought {
    /// Blobs, those among them that were there already.
    pub blobs: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Blobs that the records name and that the source lacks. They are lacking at the target as well.
    pub missing: Vec<BlobKey>,
}

/// Where the records name blobs: the column of their names, and what tells how many bytes each has.
struct Named {
    kind: BlobKind,
    table: &'static str,
    column: &'static str,
    bytes: &'static str,
}

const NAMED: [Named; 4] = [
    Named { kind: BlobKind::Original, table: "originals", column: "sha256", bytes: "bytes" },
    Named { kind: BlobKind::Sidecar, table: "originals", column: "sidecar", bytes: "CAST(NULL AS BIGINT)" },
    Named { kind: BlobKind::Rendition, table: "renditions", column: "blob", bytes: "bytes" },
    Named { kind: BlobKind::PublicFile, table: "public_files", column: "blob", bytes: "bytes" },
];

/// A blob that is to be brought, and how many bytes it has by the records.
struct Wanted {
    key: BlobKey,
    bytes: Option<u64>,
}

impl Moving {
    /// Brings every blob that the records name, and the printed tree. The rows have to be there.
    ///
    /// # Errors
    /// [`MoveFault`]. What was brought before it stays.
    pub async fn blobs(
        &mut self,
        from: &Blobs,
        to: &Blobs,
        mut told: impl FnMut(Step) + Send,
    ) -> Result<Brought, MoveFault> {
        let done = NAMED.iter().position(|named| named.kind.folder() == self.marker.kind);
        let tree = self.marker.kind == BlobKind::Tree.folder();
        let first = if tree { NAMED.len() } else { done.unwrap_or(0) };
        for named in NAMED.iter().skip(first) {
            if self.marker.kind != named.kind.folder() {
                self.marker.kind = named.kind.folder().to_owned();
                self.marker.name.clear();
            }
            loop {
                let (names, wanted): (Vec<String>, Vec<Wanted>) =
                    self.named(named).await?.into_iter().unzip();
                let Some(name) = names.last() else { break };
                let (blobs, bytes) = self.bring_blobs((from, to), wanted, &mut told).await?;
                self.marker.name.clone_from(name);
                self.marker.blobs += blobs;
                self.marker.bytes += bytes;
                self.mark().await?;
            }
        }
        self.marker.kind = BlobKind::Tree.folder().to_owned();
        let (mut blobs, mut bytes) = (self.marker.blobs, self.marker.bytes);
        let mut wanted = Vec::new();
        from.list(BlobKind::Tree, |entry| wanted.push(Wanted { key: entry.key, bytes: None })).await?;
        while !wanted.is_empty() {
            // A move that is cut short here looks at the whole tree again; marking keeps the connection.
            self.mark().await?;
            let some = wanted.split_off(wanted.len().saturating_sub(BATCH));
            let brought = self.bring_blobs((from, to), some, &mut told).await?;
            (blobs, bytes) = (blobs + brought.0, bytes + brought.1);
        }
        let missing = self.marker.missing.iter().filter_map(|name| name.parse().ok()).collect();
        Ok(Brought { blobs, bytes, missing })
    }

    /// Brings some blobs; gives how many there are now, and their bytes.
    async fn bring_blobs(
        &mut self,
        (from, to): (&Blobs, &Blobs),
        wanted: Vec<Wanted>,
        told: &mut (impl FnMut(Step) + Send),
    ) -> Result<(u64, u64), MoveFault> {
        let large = wanted.first().is_some_and(|wanted| wanted.key.kind() == BlobKind::Original);
        let moved = stream::iter(wanted.into_iter().map(|wanted| async move {
            let bytes = one(from, to, &wanted).await?;
            Ok::<_, MoveFault>((wanted.key, bytes))
        }));
        let at_once = if large { ORIGINALS_AT_ONCE } else { AT_ONCE };
        let moved: Vec<_> = moved.buffered(at_once).try_collect().await?;
        let mut brought = (0, 0);
        for (key, bytes) in moved {
            match bytes {
                Some(bytes) => {
                    brought = (brought.0 + 1, brought.1 + bytes);
                    told(Step::Blob(key));
                }
                None => self.marker.missing.push(key.to_string()),
            }
        }
        Ok(brought)
    }

    /// The next blobs of a kind, by the names under which the records keep them.
    async fn named(&mut self, named: &Named) -> Result<Vec<(String, Wanted)>, StoreError> {
        let Named { kind, table, column, bytes } = named;
        let text = format!(
            "SELECT DISTINCT {column}, {bytes} FROM {table} WHERE {column} > $1 ORDER BY {column} LIMIT {BATCH}"
        );
        let after = vec![self.marker.name.as_str().into()];
        let rows = self.from.rows(&text, after, &[Kind::Text, Kind::Int]).await?;
        let key = |name: &String| match kind {
            BlobKind::Original => name.parse().ok().map(BlobKey::Original),
            BlobKind::Sidecar => name.parse().ok().map(BlobKey::Sidecar),
            BlobKind::Rendition | BlobKind::PublicFile | BlobKind::Tree => name.parse().ok(),
        };
        let mut wanted = Vec::with_capacity(rows.len());
        for row in rows {
            let [Value::Text(Some(name)), Value::Int(bytes)] = row.as_slice() else { continue };
            let key = key(name).ok_or_else(|| {
                StoreError::fault(format!("the records name a blob \"{name}\", which is no name"))
            })?;
            let bytes = bytes.and_then(|bytes| u64::try_from(bytes).ok());
            wanted.push((name.clone(), Wanted { key, bytes }));
        }
        Ok(wanted)
    }
}

/// Brings one blob, unless the same bytes are there, and compares both; `None` where the source lacks it.
async fn one(from: &Blobs, to: &Blobs, wanted: &Wanted) -> Result<Option<u64>, MoveFault> {
    let Wanted { key, bytes } = wanted;
    let Some(source) = from.open_file(key).await? else { return Ok(None) };
    let (source, length, sha256) = blocking(move || {
        let mut source = source;
        let (length, sha256) = files::hash(&mut source).map_err(of_io)?;
        Ok::<_, StoreError>((source, length, sha256))
    })
    .await?;
    let damaged = match key {
        BlobKey::Original(own) | BlobKey::Sidecar(own) => *own != sha256,
        BlobKey::Rendition { .. } | BlobKey::PublicFile { .. } | BlobKey::Tree(_) => false,
    };
    if damaged || bytes.is_some_and(|bytes| bytes != length) {
        return Ok(None);
    }
    let there = match to.length(key).await? {
        Some(bytes) if bytes == length => to.length_and_hash(key).await?,
        _ => None,
    };
    if there != Some((length, sha256)) {
        put(to, key, source).await?;
        if to.length_and_hash(key).await? != Some((length, sha256)) {
            return Err(MoveFault::Differs { what: key.to_string() });
        }
    }
    Ok(Some(length))
}

async fn put(to: &Blobs, key: &BlobKey, mut source: File) -> Result<(), StoreError> {
    let folder = to.incoming().to_path_buf();
    let draft = blocking(move || {
        source.rewind().map_err(of_io)?;
        let mut draft = Draft::in_folder(&folder).map_err(of_io)?;
        draft.fill(&mut source, u64::MAX).map_err(|fault| match fault {
            CopyFault::Source(error) | CopyFault::Target(error) => of_io(error),
            CopyFault::TooLong => StoreError::fault("a blob of more bytes than there are"),
        })?;
        Ok::<_, StoreError>(draft.leave())
    })
    .await?;
    to.move_in(vec![(draft, key.clone())]).await
}
