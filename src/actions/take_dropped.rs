//! Takes in what was dropped into the watched folder, and writes down what became of each file.

use std::path::PathBuf;

use newsroom::id::{PhotoId, StaffId, StoryId};
use newsroom::refusal::Refusal;
use store::{StoreError, Tx, View, WatchedFile, WatchedName, WatchedState};

use super::attach_originals::{Arrival, Became, attach_originals, give_up_arrival};
use super::draft_photos::{Looked, Placing, draft_photos, keep_photos};
use super::take_in::{NotIn, Seen, bring_in_together, in_showing_order, look_at_all};
use super::{Denied, Who, find_story};
use crate::config::WatchConfig;
use crate::exchange::dropped::Dropped;
use crate::exchange::folder::other_than_photo;
use crate::jobs::Context;

/// Photos that are copied at once and written down together.
const BATCH: usize = 16;

/// Photos that get their places in one transaction, which others wait for.
const PLACED_TOGETHER: usize = 200;

/// Whose the files of a folder are, and into which story they go.
#[derive(Debug, Clone)]
pub struct Destination {
    who: Who,
    owner: Option<StaffId>,
    story: Option<StoryId>,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is in.
    In {
        /// As this photo.
        photo: PhotoId,
        /// Its bytes were known.
        known: bool,
    },
    /// It is refused, and why.
    Refused(String),
    /// The rest of it may be on its way.
    Unfinished(String),
    /// It is nothing that is taken in.
    LeftAlone(String),
    /// It is not its fault: it is tried again.
    Waiting(String),
}

/// What the settings say of the files of a folder, or why nothing can be taken from there now.
///
/// # Errors
/// A fault of the store.
pub async fn destination_of(
    context: &Context,
    folder: &str,
) -> Result<Result<Destination, String>, StoreError> {
    let (app, set) = (&context.app, &context.app.config().watch);
    let account = match WatchConfig::nearest(&set.accounts, folder) {
        None => None,
        Some(address) => {
            let found = app.store().view(async |view: &mut View| view.account_of(address).await).await?;
            match found.filter(|account| account.left.is_none()) {
                Some(account) => Some(account),
                None => {
                    return Ok(Err(format!(
                        "Its folder is set to be {address}'s, and nobody of the staff has this address (any more): watch.accounts."
                    )));
                }
            }
        }
    };
    let story = match WatchConfig::nearest(&set.stories, folder) {
        None => None,
        Some(text) => match find_story(app.store(), text).await.map_err(fault_of)? {
            Some(story) => Some(story),
            None => {
                return Ok(Err(format!(
                    "Its folder is set to go into the story \"{text}\", and there is none: watch.stories."
                )));
            }
        },
    };
    let owner = account.as_ref().map(|account| account.id);
    let who = account.as_ref().map_or_else(Who::watched_folder, Who::of);
    Ok(Ok(Destination { who, owner, story }))
}

/// Takes files in that lie in folders of one destination. One answer for each, in any order; those that are missing because
/// it was told to stop are tried again.
///
/// # Errors
/// A fault of the store.
pub async fn take_dropped(
    context: &Context,
    to: &Destination,
    files: Vec<Dropped>,
    stopped: impl Fn() -> bool,
) -> Result<Vec<(Dropped, Fate)>, StoreError> {
    let mut fates = Vec::with_capacity(files.len());
    let mut photos = Vec::with_capacity(files.len());
    for file in files {
        match other_than_photo(&file.candidate.path) {
            Ok(None) => photos.push(file),
            Ok(Some(what)) => fates.push((file, Fate::LeftAlone(format!("It is a {what}.")))),
            Err(error) => fates.push((file, Fate::Waiting(format!("It cannot be read: {error}.")))),
        }
    }
    let candidates = photos.iter().map(|file| file.candidate.clone()).collect();
    let looks = look_at_all(context, candidates, &stopped, || ()).await;
    let mut seen = Vec::with_capacity(looks.len());
    for (candidate, look) in looks {
        match look {
            Ok(one) => seen.push(one),
            Err(fault) => answer(&mut fates, &mut photos, &candidate.path, fate_of(fault)?),
        }
    }
    let mut ordered = in_showing_order(seen);
    while !ordered.is_empty() && !stopped() {
        let batch: Vec<Seen> = ordered.drain(..ordered.len().min(PLACED_TOGETHER)).collect();
        for (path, fate) in place_and_bring(context, to, batch).await? {
            answer(&mut fates, &mut photos, &path, fate);
        }
    }
    Ok(fates)
}

fn answer(fates: &mut Vec<(Dropped, Fate)>, waiting: &mut Vec<Dropped>, path: &std::path::Path, fate: Fate) {
    if let Some(index) = waiting.iter().position(|file| file.candidate.path == path) {
        fates.push((waiting.swap_remove(index), fate));
    }
}

/// Places photos together; where one of them is refused, each by itself, so that it holds up no other.
async fn place_and_bring(
    context: &Context,
    to: &Destination,
    batch: Vec<Seen>,
) -> Result<Vec<(PathBuf, Fate)>, StoreError> {
    let mut fates = Vec::with_capacity(batch.len());
    let mut placed = Vec::with_capacity(batch.len());
    match place(context, to, &batch).await {
        Ok(photos) => placed.extend(batch.into_iter().zip(photos)),
        Err(Denied::Fault(fault)) => return Err(fault),
        Err(Denied::Refused(_)) => {
            for seen in batch {
                match place(context, to, std::slice::from_ref(&seen)).await {
                    Ok(photos) => placed.extend(std::iter::once(seen).zip(photos)),
                    Err(Denied::Fault(fault)) => return Err(fault),
                    Err(Denied::Refused(refusals)) => fates.push((seen.candidate.path, refused(&refusals))),
                }
            }
        }
    }
    for together in placed.chunks(BATCH) {
        fates.extend(bring(context, to, together).await?);
    }
    Ok(fates)
}

/// In the name of whose they are; into the story in the settings' own name, so that a photographer's photos may go into the
/// desk's story.
async fn place(context: &Context, to: &Destination, batch: &[Seen]) -> Result<Vec<PhotoId>, Denied> {
    let looked: Vec<Looked> = batch.iter().map(|seen| seen.looked.clone()).collect();
    let photos = keep_photos(&context.app, &to.who, &looked).await?;
    if let Some(story) = to.story {
        draft_photos(&context.app, &Who::watched_folder(), story, &looked, Placing::ByCaption).await?;
    }
    Ok(photos)
}

async fn bring(
    context: &Context,
    to: &Destination,
    placed: &[(Seen, PhotoId)],
) -> Result<Vec<(PathBuf, Fate)>, StoreError> {
    let mut fates = Vec::with_capacity(placed.len());
    let (mut came, mut arrivals): (Vec<PathBuf>, Vec<Arrival>) = (Vec::new(), Vec::new());
    let copies = bring_in_together(context, placed.to_vec()).await;
    for ((seen, photo), copied) in placed.iter().zip(copies) {
        let path = seen.candidate.path.clone();
        match copied {
            Ok(arrival) => {
                arrivals.push(arrival);
                came.push(path);
            }
            Err(fault) => {
                let fate = fate_of(fault)?;
                if let Fate::Refused(sentence) = &fate {
                    give_up_arrival(&context.app, *photo, sentence).await.map_err(fault_of)?;
                }
                fates.push((path, fate));
            }
        }
    }
    match attach_originals(&context.app, &to.who, &arrivals).await {
        Ok(became) => {
            let each = came.into_iter().zip(&arrivals).zip(became);
            fates.extend(each.map(|((path, arrival), became)| {
                (path, Fate::In { photo: arrival.photo, known: became == Became::Known })
            }));
        }
        Err(Denied::Fault(fault)) => return Err(fault),
        Err(Denied::Refused(refusals)) => {
            fates.extend(came.into_iter().map(|path| (path, refused(&refusals))));
        }
    }
    Ok(fates)
}

fn fault_of(denied: Denied) -> StoreError {
    match denied {
        Denied::Fault(fault) => fault,
        refused @ Denied::Refused(_) => StoreError::Fault(std::sync::Arc::new(refused)),
    }
}

fn fate_of(fault: NotIn) -> Result<Fate, StoreError> {
    match fault {
        NotIn::Refused(sentence) => Ok(Fate::Refused(sentence)),
        NotIn::Unfinished(sentence) => Ok(Fate::Unfinished(sentence)),
        NotIn::Store(fault) => Err(fault),
        NotIn::Fault(sentence) => Ok(Fate::Waiting(format!("It could not be looked at: {sentence}."))),
    }
}

/// What somebody may not do is a matter of settings or roles, which change; what is wrong with the photo stays wrong.
fn refused(refusals: &[Refusal]) -> Fate {
    let Some(first) = refusals.first() else { return Fate::Waiting("It was refused.".to_owned()) };
    let sentence = first.sentence.clone();
    if first.code == "not_allowed" { Fate::Waiting(sentence) } else { Fate::Refused(sentence) }
}

/// What is known of a file as it stands.
///
/// # Errors
/// A fault of the store.
pub async fn told_of(context: &Context, file: &Dropped) -> Result<Option<WatchedFile>, StoreError> {
    let name = name_of(file);
    context.app.store().view(async |view: &mut View| view.watched_file(&name).await).await
}

/// What is known of files, as it stands: one that was taken is refused where its photo could not be developed.
///
/// # Errors
/// A fault of the store.
pub async fn as_they_stand(
    view: &mut View,
    mut files: Vec<WatchedFile>,
) -> Result<Vec<WatchedFile>, StoreError> {
    for file in &mut files {
        let Some(photo) = file.photo else { continue };
        if let Some(decision) = view.photo(photo).await?.and_then(|photo| photo.refused) {
            (file.state, file.sentence) = (WatchedState::Refused, Some(decision.reason));
        }
    }
    Ok(files)
}

/// Writes down what became of files, in one transaction.
///
/// # Errors
/// A fault of the store.
pub async fn tell(
    context: &Context,
    owner: Option<StaffId>,
    fates: &[(Dropped, Fate)],
) -> Result<(), StoreError> {
    let told_at = context.app.now();
    let rows: Vec<WatchedFile> = fates
        .iter()
        .map(|(file, fate)| {
            let (state, sentence, photo) = match fate {
                Fate::In { photo, known: false } => (WatchedState::Taken, None, Some(*photo)),
                Fate::In { photo, known: true } => (WatchedState::Known, None, Some(*photo)),
                Fate::Refused(sentence) => (WatchedState::Refused, Some(sentence), None),
                Fate::LeftAlone(sentence) => (WatchedState::LeftAlone, Some(sentence), None),
                Fate::Unfinished(sentence) | Fate::Waiting(sentence) => {
                    (WatchedState::Waiting, Some(sentence), None)
                }
            };
            WatchedFile { name: name_of(file), state, sentence: sentence.cloned(), photo, owner, told_at }
        })
        .collect();
    context
        .app
        .store()
        .write(async |tx: &mut Tx| {
            for row in &rows {
                tx.tell_watched_file(row).await?;
            }
            Ok(())
        })
        .await
}

impl Destination {
    /// Whose the files are.
    pub fn owner(&self) -> Option<StaffId> {
        self.owner
    }
}

fn name_of(file: &Dropped) -> WatchedName {
    WatchedName { path: file.name.clone(), bytes: file.stamp.bytes, modified_at: file.stamp.modified }
}
