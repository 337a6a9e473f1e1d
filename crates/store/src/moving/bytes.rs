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

/// Blobs that are on their way at once.
const AT_ONCE: usize = 16;
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

/// Where the records name blobs: a column, and how a name becomes a key.
struct Named {
    kind: BlobKind,
    table: &'static str,
    column: &'static str,
}

const NAMED: [Named; 4] = [
    Named { kind: BlobKind::Original, table: "originals", column: "sha256" },
    Named { kind: BlobKind::Sidecar, table: "originals", column: "sidecar" },
    Named { kind: BlobKind::Rendition, table: "renditions", column: "blob" },
    Named { kind: BlobKind::PublicFile, table: "public_files", column: "blob" },
];

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
        let mut brought = Brought::default();
        let done = NAMED.iter().position(|named| named.kind.folder() == self.marker.kind);
        let tree = self.marker.kind == BlobKind::Tree.folder();
        let first = if tree { NAMED.len() } else { done.unwrap_or(0) };
        for named in NAMED.iter().skip(first) {
            if self.marker.kind != named.kind.folder() {
                self.marker.kind = named.kind.folder().to_owned();
                self.marker.name.clear();
            }
            loop {
                let keys = self.named(named).await?;
                let Some((name, _)) = keys.last() else { break };
                self.marker.name.clone_from(name);
                let keys = keys.into_iter().map(|(_, key)| key).collect();
                bring(from, to, keys, &mut brought, &mut told).await?;
                self.mark().await?;
            }
        }
        self.marker.kind = BlobKind::Tree.folder().to_owned();
        self.mark().await?;
        let mut keys = Vec::new();
        from.list(BlobKind::Tree, |entry| keys.push(entry.key)).await?;
        while !keys.is_empty() {
            let some = keys.split_off(keys.len().saturating_sub(BATCH));
            bring(from, to, some, &mut brought, &mut told).await?;
        }
        Ok(brought)
    }

    /// The next blobs of a kind, by the names under which the records keep them.
    async fn named(&mut self, named: &Named) -> Result<Vec<(String, BlobKey)>, StoreError> {
        let Named { kind, table, column } = named;
        let text = format!(
            "SELECT DISTINCT {column} FROM {table} WHERE {column} > $1 ORDER BY {column} LIMIT {BATCH}"
        );
        let rows = self.from.rows(&text, vec![self.marker.name.as_str().into()], &[Kind::Text]).await?;
        let key = |name: &String| match kind {
            BlobKind::Original => name.parse().ok().map(BlobKey::Original),
            BlobKind::Sidecar => name.parse().ok().map(BlobKey::Sidecar),
            BlobKind::Rendition | BlobKind::PublicFile | BlobKind::Tree => name.parse().ok(),
        };
        rows.into_iter()
            .filter_map(|row| match row.into_iter().next() {
                Some(Value::Text(name)) => name,
                _ => None,
            })
            .map(|name| match key(&name) {
                Some(key) => Ok((name, key)),
                None => {
                    Err(StoreError::fault(format!("the records name a blob \"{name}\", which is no name")))
                }
            })
            .collect()
    }
}

async fn bring(
    from: &Blobs,
    to: &Blobs,
    keys: Vec<BlobKey>,
    brought: &mut Brought,
    told: &mut (impl FnMut(Step) + Send),
) -> Result<(), MoveFault> {
    let moved = stream::iter(keys.into_iter().map(|key| async move {
        let bytes = one(from, to, &key).await?;
        Ok::<_, MoveFault>((key, bytes))
    }));
    let moved: Vec<_> = moved.buffered(AT_ONCE).try_collect().await?;
    for (key, bytes) in moved {
        match bytes {
            Some(bytes) => {
                brought.blobs += 1;
                brought.bytes += bytes;
                told(Step::Blob(key));
            }
            None => brought.missing.push(key),
        }
    }
    Ok(())
}

/// Brings one blob, unless the same bytes are there, and compares both; `None` where the source lacks it.
async fn one(from: &Blobs, to: &Blobs, key: &BlobKey) -> Result<Option<u64>, MoveFault> {
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
    if damaged {
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
