//! What the records decide of uploads. Their bytes: `tests/uploads.rs`.

use bytes::Bytes;
use newsroom::id::{StaffId, UploadId};
use store::{AppendRefusal, Appending, Blobs, Durable, FinishRefusal, Incoming, NewUpload, Tx, Upload, View};

use crate::samples::{BY, act, story, story_id};
use crate::site::{Site, on_both, second};

pub fn upload_id(n: u8) -> UploadId {
    UploadId::new(second(i64::from(n)), [n; 10])
}

fn owner(n: u8) -> StaffId {
    StaffId::new(second(1), [n; 10])
}

pub fn announced(n: u8, bytes: u64) -> NewUpload {
    NewUpload {
        id: upload_id(n),
        owner: owner(1),
        name: format!("{n}.jpg"),
        metadata: "filename MS5qcGc=".to_owned(),
        story: None,
        bytes,
        created_at: second(1),
        expires_at: second(100),
    }
}

async fn insert(site: &Site, upload: &NewUpload) {
    act(&site.store, async |tx: &mut Tx| tx.insert_upload(upload).await).await;
}

async fn look(site: &Site, n: u8) -> Option<Upload> {
    site.look(async |view: &mut View| view.upload(upload_id(n)).await).await
}

async fn begin(site: &Site, n: u8, at: u64) -> Result<Appending, AppendRefusal> {
    act(&site.store, async |tx: &mut Tx| tx.begin_append(upload_id(n), at, second(200)).await).await
}

async fn write(blobs: &Blobs, appending: Appending, bytes: &'static [u8]) -> Durable {
    let mut writer = blobs.append_upload(appending, None).await.unwrap();
    writer.write(Bytes::from_static(bytes)).await.unwrap();
    writer.end().await.unwrap()
}

async fn advance(site: &Site, durable: &Durable) -> bool {
    act(&site.store, async |tx: &mut Tx| tx.advance_upload(durable, second(300)).await).await
}

async fn blobs() -> (tempfile::TempDir, Blobs) {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(folder.path()).await.unwrap();
    (folder, blobs)
}

on_both! {
    async fn an_upload_is_found_by_its_id_and_by_its_owner_oldest_first(site) {
        act(&site.store, async |tx: &mut Tx| tx.insert_story(&story(1), &BY).await).await;
        let first = NewUpload { story: Some(story_id(1)), ..announced(1, 7) };
        insert(site, &NewUpload { owner: owner(2), ..announced(4, 1) }).await;
        for upload in [&announced(3, 0), &first, &announced(2, 9)] {
            insert(site, upload).await;
        }
        assert_eq!(look(site, 1).await, Some(Upload { about: first, received: 0, finished: None }));
        assert_eq!(look(site, 9).await, None);
        let of = async |who, after, limit| {
            let found = site.look(async |view: &mut View| view.uploads_of(owner(who), after, limit).await).await;
            found.into_iter().map(|upload| upload.about.id).collect::<Vec<_>>()
        };
        assert_eq!(of(1, None, 2).await, [upload_id(1), upload_id(2)]);
        assert_eq!(of(1, Some(upload_id(2)), 2).await, [upload_id(3)]);
        assert_eq!(of(2, None, 9).await, [upload_id(4)]);
        assert_eq!(of(3, None, 9).await, []);
    }

    async fn an_offset_is_moved_by_the_newest_who_began_and_only_forwards(site) {
        let (_folder, blobs) = blobs().await;
        insert(site, &announced(1, 9)).await;
        let late = begin(site, 1, 0).await.unwrap();
        assert_eq!((late.upload(), late.missing()), (upload_id(1), 9));
        let newest = begin(site, 1, 0).await.unwrap();
        let late = write(&blobs, late, b"wrong").await;
        assert!(!advance(site, &late).await);
        assert_eq!(look(site, 1).await.unwrap().received, 0);
        let right = write(&blobs, newest, b"right").await;
        assert_eq!(right.received(), 5);
        assert!(advance(site, &right).await);
        assert!(advance(site, &right).await, "an answer that got lost is given again");
        assert!(!advance(site, &late).await);
        let moved = look(site, 1).await.unwrap();
        assert_eq!((moved.received, moved.about.expires_at), (5, second(300)));
        let begun = begin(site, 1, 5).await.unwrap();
        assert!(!advance(site, &right).await, "somebody else has the right now");
        let rest = write(&blobs, begun, b"rest").await;
        assert!(advance(site, &rest).await);
        assert_eq!(look(site, 1).await.unwrap().received, 9);
    }

    async fn appending_and_finishing_are_refused_with_their_reasons_and_change_nothing(site) {
        let (_folder, blobs) = blobs().await;
        insert(site, &announced(1, 5)).await;
        let finish = async || act(&site.store, async |tx: &mut Tx| tx.begin_finish(upload_id(1)).await).await;
        assert_eq!(begin(site, 9, 0).await.unwrap_err(), AppendRefusal::Gone);
        assert_eq!(begin(site, 1, 1).await.unwrap_err(), AppendRefusal::Offset { received: 0 });
        assert_eq!(finish().await.unwrap_err(), FinishRefusal::Incomplete { received: 0 });
        assert_eq!(look(site, 1).await.unwrap().about, announced(1, 5));
        let begun = begin(site, 1, 0).await.unwrap();
        assert_eq!(begin(site, 1, 4).await.unwrap_err(), AppendRefusal::Offset { received: 0 });
        let durable = write(&blobs, begun, b"bytes").await;
        assert!(advance(site, &durable).await, "who was refused took no right away");
        let gathered = blobs.gather_upload(finish().await.unwrap()).await.unwrap();
        assert!(!advance(site, &durable).await, "who finishes has taken the right");
        let kept = blobs.keep_upload(&site.store, gathered, Incoming::Original).await.unwrap().unwrap();
        assert!(act(&site.store, async |tx: &mut Tx| tx.finish_upload(&kept, crate::samples::photo_id(1), second(7)).await).await);
        assert!(!act(&site.store, async |tx: &mut Tx| tx.finish_upload(&kept, crate::samples::photo_id(1), second(8)).await).await);
        let finished = look(site, 1).await.unwrap().finished.unwrap();
        let outcome = store::UploadOutcome::Kept { sha256: kept.taken().sha256, photo: crate::samples::photo_id(1) };
        assert_eq!(finished, store::Finished { at: second(7), outcome });
        assert_eq!(begin(site, 1, 5).await.unwrap_err(), AppendRefusal::Finished(finished.clone()));
        assert_eq!(finish().await.unwrap_err(), FinishRefusal::Finished(finished));
        let close = async || act(&site.store, async |tx: &mut Tx| tx.close_upload(upload_id(1), second(9)).await).await;
        assert!(close().await);
        assert!(!close().await);
        assert_eq!(finish().await.unwrap_err(), FinishRefusal::Gone);
        assert_eq!(begin(site, 1, 5).await.unwrap_err(), AppendRefusal::Gone);
    }

    async fn an_upload_that_is_no_photo_is_refused_for_good_with_its_reason(site) {
        let (_folder, blobs) = blobs().await;
        insert(site, &announced(1, 5)).await;
        let refuse = async || act(&site.store, async |tx: &mut Tx| tx.refuse_upload(upload_id(1), "No photo.", second(7)).await).await;
        assert!(!refuse().await, "bytes are missing");
        let whole = async |before| site.look(async |view: &mut View| view.whole_uploads(before, 9).await).await;
        assert_eq!(whole(second(10_000)).await, []);
        let begun = begin(site, 1, 0).await.unwrap();
        assert!(advance(site, &write(&blobs, begun, b"bytes").await).await);
        let until = look(site, 1).await.unwrap().about.expires_at;
        assert_eq!(whole(until).await, []);
        assert_eq!(whole(until.plus_seconds(1)).await, [upload_id(1)]);
        assert!(refuse().await);
        assert!(!refuse().await);
        assert_eq!(whole(until.plus_seconds(1)).await, []);
        let finished = look(site, 1).await.unwrap().finished.unwrap();
        assert_eq!(finished.outcome, store::UploadOutcome::Refused("No photo.".to_owned()));
        insert(site, &announced(2, 5)).await;
        let owner = announced(1, 5).owner;
        let refused = site.look(async |view: &mut View| view.refused_uploads(owner, 9).await).await;
        assert_eq!(refused.iter().map(|one| one.about.id).collect::<Vec<_>>(), [upload_id(1)]);
        assert!(blobs.clear_upload(&site.store, upload_id(1)).await.unwrap());
        assert!(look(site, 1).await.is_some(), "the reason stays");
    }

    async fn uploads_expire_unless_something_is_appended_and_are_given_until_they_are_cleared(site) {
        let (_folder, blobs) = blobs().await;
        for n in [1, 2, 3] {
            insert(site, &announced(n, 5)).await;
        }
        let late = begin(site, 1, 0).await.unwrap();
        let appended = begin(site, 2, 0).await.unwrap();
        let expired = async |now, limit| {
            let mut ids =
                act(&site.store, async |tx: &mut Tx| tx.close_expired_uploads(second(now), limit).await).await;
            ids.sort();
            ids
        };
        assert_eq!(expired(99, 9).await, []);
        assert_eq!(expired(100, 9).await, [upload_id(3)]);
        assert_eq!(look(site, 3).await, None);
        assert!(advance(site, &write(&blobs, appended, b"by").await).await);
        assert_eq!(expired(200, 1).await, [upload_id(3)], "longest ago first");
        assert_eq!(expired(200, 9).await, [upload_id(1), upload_id(3)]);
        assert!(!advance(site, &write(&blobs, late, b"by").await).await);
        for n in [1, 3] {
            assert!(blobs.clear_upload(&site.store, upload_id(n)).await.unwrap());
        }
        assert_eq!(expired(299, 9).await, []);
        assert!(!blobs.clear_upload(&site.store, upload_id(2)).await.unwrap(), "it is under way");
        assert_eq!(look(site, 2).await.unwrap().received, 2);
    }
}
