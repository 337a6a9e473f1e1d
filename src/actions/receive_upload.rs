//! Files that are sent in pieces: announcing one, giving one up, and taking one in all of whose bytes are there.

use newsroom::id::{PhotoId, StaffId, StoryId, UploadId};
use newsroom::refusal::Refusal;
use newsroom::staff::policy::Permission;
use store::{
    Beside, BlobKey, FinishRefusal, Finished, Gathered, Incoming, KeptUpload, NewUpload, Sha256, StoreError,
    Tx, UploadOutcome, View,
};

use super::attach_originals::{Arrival, attach};
use super::audit::Deed;
use super::draft_photos::{Looked, Placing, Sent};
use super::leave_out_position;
use super::take_in::{NotIn, SIDECAR_BYTES, look_into, not_in};
use super::upload_metadata::{self, announced_hash};
use super::{Acted, Denied, Who, must_reach, no_such_story, refuse};
use crate::app::App;
use crate::jobs::Context;

/// How long an upload waits for more bytes, and how long what became of it can be asked for, in seconds.
pub const UPLOAD_LIFE: i64 = 24 * 3600;
/// Files that a person may be sending at once.
const MOST_FILES: u64 = 2_000;
/// Bytes that these may have together, with [`BESIDE_BYTES`] for each.
const MOST_BYTES: u64 = 64 << 30;
/// Bytes that may lie beside each, counted whether they do or not: a sidecar, and a preview that was encoded again.
const BESIDE_BYTES: u64 = SIDECAR_BYTES + (1 << 20);
/// Characters of a file's name at most.
const LONGEST_NAME: usize = 255;

/// A file that is to be sent.
#[derive(Debug, Clone)]
pub struct Announced {
    /// Its name, as the sender calls it; what stands before the last slash is left out.
    pub name: String,
    /// What else the sender said of it.
    pub metadata: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// The story that it is for.
    pub story: Option<StoryId>,
    /// The hash of all its bytes, where the sender says it: bytes that are known need not come.
    pub sha256: Option<Sha256>,
    /// The hash of the .xmp file that is to come with it.
    pub sidecar: Option<Sha256>,
}

/// What became of an announcement.
#[derive(Debug)]
pub enum Begun {
    /// Its bytes are to come.
    Sending(NewUpload),
    /// They are here: the sender's own photo has them, or one that the sender reaches.
    Known(NewUpload),
}

/// Announces a file. That leaves no entry in the audit log: it changes nothing but what is under way, and what becomes of it, a
/// photo or nothing, leaves one.
///
/// # Errors
/// A refusal of its length, its name or its story; a fault of the store.
pub async fn announce_upload(app: &App, who: &Who, owner: StaffId, new: Announced) -> Result<Begun, Denied> {
    who.may(Permission::SendPhotos)?;
    let at_most = app.config().limits.file_bytes;
    if new.bytes == 0 || new.bytes > at_most {
        let sentence = format!("A file has 1 to {at_most} bytes here; this one has {}.", new.bytes);
        return Err(Refusal::new("file_size", sentence).field("Upload-Length").rule("R41").into());
    }
    let (now, known) = (app.now(), known(app, who, &new).await?);
    let upload = NewUpload {
        id: UploadId::new(now, app.random()),
        owner,
        name: file_name(&new.name),
        metadata: new.metadata,
        story: new.story,
        bytes: new.bytes,
        created_at: now,
        expires_at: now.plus_seconds(UPLOAD_LIFE),
    };
    if let Some(known) = known {
        let sent = Sent::new(app, std::slice::from_ref(&known.looked), Placing::ByCaption);
        let deed = Deed { who, at: now, verb: "attach_originals" };
        let attached = app.store().act(async |tx: &mut Tx| {
            must_have_room(tx, owner, 0).await?;
            tx.insert_upload(&upload).await?;
            let Some(photo) = place(tx, &sent, upload.story, &deed).await? else { return Ok(()) };
            tx.finish_known_upload(upload.id, (known.sha256, photo), deed.at).await?;
            attach(tx, &Arrival { photo, ..known.clone() }, &deed).await?;
            Ok(())
        });
        attached.await.map_err(Denied::from)?;
        return Ok(Begun::Known(upload));
    }
    app.store()
        .act(async |tx: &mut Tx| {
            if let Some(story) = upload.story {
                must_reach(tx, who, Permission::SendPhotos, story).await?;
                if tx.story(story).await?.is_none() {
                    return refuse(no_such_story(&story.to_string()));
                }
            }
            must_have_room(tx, owner, upload.bytes).await?;
            tx.insert_upload(&upload).await?;
            Ok(())
        })
        .await
        .map_err(Denied::from)?;
    Ok(Begun::Sending(upload))
}

/// Refuses one more file of so many bytes, none where they need not come, while its sender sends as much as may be sent at once.
async fn must_have_room(tx: &mut Tx, owner: StaffId, bytes: u64) -> Acted<()> {
    let under_way = tx.uploads_under_way(owner).await?;
    if has_room(under_way, bytes) {
        return Ok(());
    }
    let sentence = "You are sending as much as may be sent at once; go on when some of it is here, or give some of it up.";
    refuse(Refusal::new("uploads_many", sentence))
}

fn has_room((files, sending): (u64, u64), bytes: u64) -> bool {
    let beside = files.saturating_add(1).saturating_mul(BESIDE_BYTES);
    let all = sending.saturating_add(bytes).saturating_add(beside);
    files < MOST_FILES && (bytes == 0 || all <= MOST_BYTES)
}

/// The photo that has these bytes, where the sender may send to it and they lie here. Of others' photos nothing is said: their
/// bytes come, and are refused for what they are.
async fn known(app: &App, who: &Who, new: &Announced) -> Result<Option<Arrival>, StoreError> {
    // What is here may say where it was taken.
    let Some(sha256) = new.sha256.filter(|_| !leave_out_position::is_asked(&new.metadata)) else {
        return Ok(None);
    };
    let found = app.store().view(async |view: &mut View| {
        let Some(original) = view.original(sha256).await? else { return Ok(None) };
        let owner = view.owner_of_photo(original.photo).await?;
        let same = original.bytes == new.bytes && (new.sidecar.is_none() || original.sidecar == new.sidecar);
        if !same || !who.reaches(Permission::SendPhotos, owner) {
            return Ok(None);
        }
        let photo = view.photo(original.photo).await?;
        Ok::<_, StoreError>(photo.map(|photo| Arrival {
            photo: photo.id,
            looked: Looked::again(&photo),
            sha256,
            bytes: original.bytes,
            sidecar: None,
        }))
    });
    let Some(arrival) = found.await? else { return Ok(None) };
    let there = app.blobs().length(&BlobKey::Original(sha256)).await? == Some(new.bytes);
    Ok(there.then_some(arrival))
}

/// Gives what was sent its place in the story that it is for, or keeps it without one. The photo that it is.
async fn place(
    tx: &mut Tx,
    sent: &Sent<'_>,
    story: Option<StoryId>,
    deed: &Deed<'_>,
) -> Acted<Option<PhotoId>> {
    let photos = match story {
        Some(story) => sent.draft(tx, story, deed).await?.into_iter().map(|one| one.photo).collect(),
        None => sent.keep(tx, deed).await?,
    };
    Ok(photos.first().copied())
}

/// The last part of a name, without signs that act; never a path.
fn file_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = last.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    let name = name.trim();
    if name.is_empty() || name.chars().all(|c| c == '.') { "photo".to_owned() } else { name.to_owned() }
}

/// The refusal where there is no such upload.
pub fn no_such_upload() -> Refusal {
    Refusal::new("upload_unknown", "There is no such upload (any more): begin it anew.")
}

/// Gives an upload up. `false` when it was not there.
///
/// # Errors
/// A refusal; a fault of the store.
pub async fn give_up_upload(app: &App, who: &Who, upload: &NewUpload) -> Result<bool, Denied> {
    who.may(Permission::SendPhotos)?;
    let deed = Deed { who, at: app.now(), verb: "give_up_upload" };
    let given_up = app.store().act(async |tx: &mut Tx| {
        if !tx.close_upload(upload.id, deed.at).await? {
            return Ok(false);
        }
        let before = serde_json::json!({ "name": upload.name, "bytes": upload.bytes, "story": upload.story });
        deed.note(tx, "upload", upload.id.to_string(), Some(before), None).await?;
        Ok(true)
    });
    let there = given_up.await.map_err(Denied::from)?;
    app.blobs().clear_upload(app.store(), upload.id).await?;
    Ok(there)
}

/// Takes in an upload all of whose bytes are there: they are looked at, become a photo's original, and the photo gets its place
/// in the story that it was sent for. What became of it stands in the records then; asked for again, it is told again. `None`
/// where bytes are missing, the upload is gone, or somebody else takes it in.
///
/// # Errors
/// A fault of the store or of the machine; then it may be taken in again.
pub async fn take_in_upload(context: &Context, who: &Who, id: UploadId) -> Result<Option<Finished>, Denied> {
    let app = &context.app;
    let begun = app.store().write(async |tx: &mut Tx| tx.begin_finish(id).await).await?;
    let finishing = match begun {
        Ok(finishing) => finishing,
        Err(FinishRefusal::Finished(finished)) => return Ok(Some(finished)),
        Err(FinishRefusal::Gone | FinishRefusal::Incomplete { .. }) => return Ok(None),
    };
    let Some(upload) = app.store().view(async |view: &mut View| view.upload(id).await).await? else {
        return Ok(None);
    };
    let gathered = app.blobs().gather_upload(finishing).await?;
    let outcome = match look(context, gathered, &upload.about).await {
        Ok((gathered, seen)) => {
            match app.blobs().keep_upload(app.store(), gathered, Incoming::Original).await? {
                Some(kept) => attach_upload(app, who, &upload.about, (seen, kept)).await,
                None => return Ok(None),
            }
        }
        Err(NotIn::Refused(sentence) | NotIn::NotYet(sentence)) => {
            Err(Refusal::new("photo_refused", sentence).rule("R44").into())
        }
        Err(NotIn::Store(fault)) => return Err(fault.into()),
        Err(fault @ NotIn::Fault(_)) => {
            return Err(StoreError::Fault(std::sync::Arc::new(fault)).into());
        }
    };
    match outcome {
        Ok(true) => {}
        Ok(false) => return Ok(None),
        Err(Denied::Refused(refusals)) => {
            let reason =
                refusals.first().map_or("It was refused.", |first| first.sentence.as_str()).to_owned();
            let now = app.now();
            app.store().write(async |tx: &mut Tx| tx.refuse_upload(id, &reason, now).await).await?;
        }
        Err(fault) => return Err(fault),
    }
    app.blobs().clear_upload(app.store(), id).await?;
    let ended = app.store().view(async |view: &mut View| view.upload(id).await).await?;
    Ok(ended.and_then(|upload| upload.finished))
}

/// The hash that the .xmp file of an announced photo is to have.
pub fn announced_sidecar(metadata: &str) -> Option<Sha256> {
    upload_metadata::hash(&upload_metadata::pairs(metadata)?, upload_metadata::SIDECAR).ok().flatten()
}

/// What was seen in an upload, and its sidecar, kept by then.
type Seen = (Looked, Option<Sha256>);

async fn look(context: &Context, gathered: Gathered, upload: &NewUpload) -> Result<(Gathered, Seen), NotIn> {
    if announced_hash(&upload.metadata).is_some_and(|said| said != gathered.sha256()) {
        let sentence =
            "These are not the bytes that were announced: they have another SHA-256. Send the file again.";
        return Err(NotIn::Refused(sentence.to_owned()));
    }
    let blobs = context.app.blobs();
    let sidecar = blobs.open_beside_upload(upload.id, Beside::Sidecar).await?;
    let announced = announced_sidecar(&upload.metadata);
    if announced.is_some() && sidecar.is_none() {
        let sentence = "An .xmp file was announced with this photo and did not come before its last byte. Send both again.";
        return Err(NotIn::Refused(sentence.to_owned()));
    }
    let leaves_out = leave_out_position::is_asked(&upload.metadata);
    let (gathered, sidecar, sent) = if leaves_out {
        let (gathered, bare) = leave_out_position::left_out(context, gathered, sidecar).await?;
        let (sidecar, sent) = bare.unzip();
        (gathered, sidecar, sent)
    } else {
        (gathered, sidecar, None)
    };
    let file = gathered.open().await?;
    let (asked, name) = (context.clone(), upload.name.clone());
    let looked = tokio::task::spawn_blocking(move || {
        look_into(&asked, &file, sidecar.as_ref(), &name).map(|looked| (looked, sidecar))
    });
    let (looked, sidecar) = looked.await.unwrap_or_else(|broken| Err(NotIn::Fault(broken.to_string())))?;
    let sidecar = match sidecar {
        Some(file) => {
            blobs.take_in_file(Incoming::Sidecar, file, SIDECAR_BYTES).await.map(Some).map_err(not_in)?
        }
        None => None,
    };
    let sidecar = sidecar.map(|taken| taken.sha256);
    if announced.is_some() && sent.or(sidecar) != announced {
        let sentence = "This is not the .xmp file that was announced: it has another SHA-256. Send the photo again with it.";
        return Err(NotIn::Refused(sentence.to_owned()));
    }
    Ok((gathered, (looked, sidecar)))
}

/// Makes the bytes a photo's original. `false` where somebody else has taken the upload in.
async fn attach_upload(
    app: &App,
    who: &Who,
    upload: &NewUpload,
    ((looked, sidecar), kept): (Seen, KeptUpload),
) -> Result<bool, Denied> {
    let deed = Deed { who, at: app.now(), verb: "attach_originals" };
    let sent = Sent::new(app, std::slice::from_ref(&looked), Placing::ByCaption);
    let (sha256, bytes) = (kept.taken().sha256, kept.taken().bytes);
    let done = app
        .store()
        .act(async |tx: &mut Tx| {
            deed.who.may(Permission::SendPhotos).or_else(refuse)?;
            let Some(photo) = place(tx, &sent, upload.story, &deed).await? else { return Ok(false) };
            if !tx.finish_upload(&kept, photo, deed.at).await? {
                return Ok(false);
            }
            let arrival = Arrival { photo, looked: looked.clone(), sha256, bytes, sidecar };
            attach(tx, &arrival, &deed).await?;
            Ok(true)
        })
        .await;
    Ok(done?)
}

/// What became of a finished upload, for people.
pub fn told(outcome: &UploadOutcome) -> &'static str {
    match outcome {
        UploadOutcome::Kept { .. } => "taken in",
        UploadOutcome::Refused(_) => "refused",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_a_path() {
        for (given, kept) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\photos\\a.jpg", "a.jpg"),
            ("a\u{0}b.jpg", "ab.jpg"),
            ("", "photo"),
            ("..", "photo"),
            ("dir/", "photo"),
            ("صورة.jpg", "صورة.jpg"),
        ] {
            assert_eq!(file_name(given), kept, "{given:?}");
        }
        assert_eq!(file_name(&"x".repeat(300)).len(), 255);
    }

    #[test]
    fn what_may_lie_beside_files_counts_as_bytes_that_are_sent() {
        assert!(has_room((0, 0), MOST_BYTES - BESIDE_BYTES));
        assert!(!has_room((0, 0), MOST_BYTES - BESIDE_BYTES + 1));
        let most = MOST_BYTES - MOST_FILES * BESIDE_BYTES;
        assert!(has_room((MOST_FILES - 1, most - 1), 1));
        assert!(!has_room((MOST_FILES - 1, most), 1));
        assert!(has_room((MOST_FILES - 1, most), 0), "nothing of it need come");
        assert!(!has_room((MOST_FILES, 0), 0));
    }
}
