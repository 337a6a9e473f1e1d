//! Whose a bucket is: the records and the bucket hold the same word, so that two sites never write over each other.

use serde::{Deserialize, Serialize};
use store::{ActError, Bucket, Store, StoreError, Tx, View};

/// The object that tells whose the bucket is.
const NAME: &str = "halftone.json";
/// An object that comes and goes.
const TRIED: &str = "halftone-doctor.txt";
/// The setting under which the records hold the word.
const SETTING: &str = "site";

#[derive(Serialize, Deserialize)]
struct Card {
    halftone_site: String,
}

/// Why a bucket is not used.
#[derive(Debug, thiserror::Error)]
pub enum Stranger {
    /// It is another site's.
    #[error(
        "the bucket belongs to another site than these records: name another bucket or prefix in blobs.url; nothing was changed"
    )]
    Other,
    /// Something lies in it, and nothing says whose.
    #[error(
        "something else lies in the bucket: name an empty bucket or prefix in blobs.url; nothing was changed"
    )]
    Unknown,
    /// It could not be found out.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes sure that bucket and records belong together, and writes that down where the bucket is new. `word` is what a
/// new site is called.
///
/// # Errors
/// [`Stranger`].
pub async fn meet(bucket: &Bucket, store: &Store, word: &str) -> Result<(), Stranger> {
    let known = store.view(async |view: &mut View| view.setting(SETTING).await).await?;
    let ours = match known {
        Some(ours) => ours,
        None => call_it(store, word).await?,
    };
    recognise(bucket, ours).await
}

/// Does once all that is ever done in a bucket, with an object that nobody else has.
///
/// # Errors
/// What the store says to the first thing that it refuses.
pub async fn try_out(bucket: &Bucket) -> Result<(), StoreError> {
    bucket.put(TRIED, "halftone doctor wrote this, and deletes it again".into()).await?;
    bucket.is_empty().await?;
    bucket.get(TRIED).await?;
    bucket.delete(TRIED).await
}

async fn call_it(store: &Store, word: &str) -> Result<String, StoreError> {
    store.act(async |tx: &mut Tx| own_word(tx, word).await).await.map_err(|error| match error {
        ActError::Fault(fault) | ActError::Refused(fault) => fault,
    })
}

async fn recognise(bucket: &Bucket, ours: String) -> Result<(), Stranger> {
    if let Some(bytes) = bucket.get(NAME).await? {
        let card: Result<Card, _> = serde_json::from_slice(&bytes);
        return match card {
            Ok(card) if card.halftone_site == ours => Ok(()),
            Ok(_) => Err(Stranger::Other),
            Err(_) => Err(Stranger::Unknown),
        };
    }
    if !bucket.is_empty().await? {
        return Err(Stranger::Unknown);
    }
    let card = serde_json::to_vec(&Card { halftone_site: ours.clone() });
    let card = card.map_err(|error| StoreError::Fault(std::sync::Arc::new(error)))?;
    bucket.put(NAME, card.into()).await?;
    // Two new sites may have met here; without conditional writes the later one has won, and the other sees it now.
    let there = bucket.get(NAME).await?.and_then(|bytes| serde_json::from_slice::<Card>(&bytes).ok());
    if there.is_some_and(|card| card.halftone_site == ours) { Ok(()) } else { Err(Stranger::Other) }
}

async fn own_word(tx: &mut Tx, word: &str) -> Result<String, ActError<StoreError>> {
    if let Some(ours) = tx.setting(SETTING).await? {
        return Ok(ours);
    }
    tx.set_setting(SETTING, Some(word)).await?;
    Ok(word.to_owned())
}
