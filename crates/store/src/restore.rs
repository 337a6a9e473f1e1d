//! Putting a backup back into an empty place; what a backup is: `backup.rs`.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use crate::backup::{BLOBS, BackupError, Copied, FORMAT, Head, Line, MANIFEST, RECORDS, make_empty};
use crate::blob_key::BlobKey;
use crate::blobs::{blocking, of_io};
use crate::files::{CopyFault, Draft};

/// Puts a backup back: the records as the file `records`, the blobs into the folder `blobs`. The file must not be
/// there, the folder must be empty or not there (the file may lie in it). Every file is compared with the manifest as
/// it is copied; the records come last, so that an interrupted restore is not taken for a store.
///
/// # Errors
/// [`BackupError`]. What was copied before it stays: empty the folder before trying again.
pub async fn restore(from: &Path, records: &Path, blobs: &Path) -> Result<Copied, BackupError> {
    make_empty(blobs).await?;
    let (from, records, blobs) = (from.to_owned(), records.to_owned(), blobs.to_owned());
    blocking(move || restore_now(&from, &records, &blobs)).await
}

fn restore_now(from: &Path, records: &Path, blobs: &Path) -> Result<Copied, BackupError> {
    if records.exists() {
        return Err(BackupError::NotEmpty(records.to_owned()));
    }
    let mut copied = Copied::default();
    let mut records_line = None;
    for line in manifest(from)? {
        let line = line?;
        if line.path == RECORDS {
            records_line = Some(line);
            continue;
        }
        // Only a blob's own name is believed: a manifest cannot write elsewhere.
        let key = line.path.strip_prefix(BLOBS).and_then(|path| path.strip_prefix('/'));
        let Some(key) = key.and_then(|key| key.parse::<BlobKey>().ok()) else {
            return Err(BackupError::NotABackup(from.to_owned()));
        };
        copied.count(bring(from, &line, blobs, &blobs.join(key.to_string()))?);
    }
    let Some(line) = records_line else { return Err(BackupError::NotABackup(from.to_owned())) };
    copied.count(bring(from, &line, blobs, records)?);
    Ok(copied)
}

/// The manifest's lines, one at a time.
fn manifest(from: &Path) -> Result<impl Iterator<Item = Result<Line, BackupError>>, BackupError> {
    let path = from.join(MANIFEST);
    let not = || BackupError::NotABackup(from.to_owned());
    let mut lines = BufReader::new(File::open(&path).map_err(|_| not())?).lines();
    let head = lines.next().and_then(Result::ok).and_then(|line| serde_json::from_str::<Head>(&line).ok());
    if head.is_none_or(|head| head.halftone_backup != FORMAT) {
        return Err(not());
    }
    let from = from.to_owned();
    Ok(lines.map(move |line| {
        let line = line.ok().and_then(|line| serde_json::from_str(&line).ok());
        line.ok_or_else(|| BackupError::NotABackup(from.clone()))
    }))
}

/// Copies one file of a backup to its place and compares it with its line.
fn bring(from: &Path, line: &Line, drafts: &Path, to: &Path) -> Result<u64, BackupError> {
    let source = from.join(&line.path);
    let differs = || BackupError::Differs(source.clone());
    let mut file = File::open(&source).map_err(|_| differs())?;
    let mut draft = Draft::in_folder(drafts).map_err(of_io)?;
    let (bytes, sha256) = draft.fill(&mut file, line.bytes).map_err(|fault| match fault {
        CopyFault::Target(error) => BackupError::Store(of_io(error)),
        CopyFault::Source(_) | CopyFault::TooLong => differs(),
    })?;
    if (bytes, sha256) != (line.bytes, line.sha256) {
        return Err(differs());
    }
    draft.publish(to).map_err(of_io)?;
    Ok(bytes)
}
